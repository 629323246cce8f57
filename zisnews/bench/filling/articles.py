"""A stretch of invented articles, and the stories they tell: composed as rows, in order of time."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.text import slugify

from aggregator import clustering
from aggregator.content import SLUG_LENGTH
from feeds.models import GENERAL, Display
from feeds.sanitising import SANITISER_VERSION
from zisnews.bench.filling.events import OFF_SHELF_SHARE, Event
from zisnews.bench.filling.pictures import Picture
from zisnews.bench.filling.sources import Publisher
from zisnews.bench.filling.tokens import literal
from zisnews.bench.filling.wording import Wording

PICTURE_SHARE, AUTHOR_SHARE, TAGS_SHARE, EXCERPT_SHARE = 0.6, 0.5, 0.4, 0.2  # of all articles
LONGEST_WAY = timedelta(minutes=12)  # from a publisher to us
A_MOMENT = timedelta(seconds=20)  # from our seeing an item to its article
STORY_FIELDS = (
    "id", "title", "slug", "category", "article_count", "source_count", "country_count", "first_at", "newest_at",
    "centroid", "key_terms",
)  # fmt: skip
ARTICLE_FIELDS = (
    "id", "source", "story", "category", "category_how", "url", "title", "slug", "description", "html", "text",
    "sanitiser_version", "author", "language", "tags", "word_count", "published_at", "seen_at", "added_at",
    "page_display", "picture_url", "picture", "picture_width", "picture_height", "picture_colour", "picture_caption",
    "tokens",
)  # fmt: skip
NO_PICTURE = ("", "", 0, 0, "", "")


@dataclass(frozen=True, slots=True)
class Telling:
    """An article before it is written: whose it is, what it is headed, which story it is of."""

    publisher: Publisher
    headline: list[str]  # its words
    title: str
    story_id: int
    category: str


def tellings_of(
    chance: random.Random, events: Sequence[Event], story_ids: Sequence[int], wordings: Mapping[str, Wording]
) -> list[Telling]:
    """What each article of a stretch tells, in order of time; the papers of one language share words of a headline."""
    tellings: dict[int, Telling] = {}
    for event, story_id in zip(events, story_ids, strict=True):
        said: dict[str, list[str]] = {}
        for place, publisher in zip(event.places, event.publishers, strict=True):
            wording = wordings[publisher.language]
            words = said.get(publisher.language)
            headline = wording.retold(chance, words) if words else wording.headline(chance)
            said.setdefault(publisher.language, headline)
            is_off = publisher.category != GENERAL and chance.random() < OFF_SHELF_SHARE
            category = publisher.category if is_off else event.category
            tellings[place] = Telling(publisher, headline, wording.spelled(headline), story_id, category)
    return [tellings[place] for place in range(len(tellings))]


def story_rows(
    events: Sequence[Event], story_ids: Sequence[int], tellings: Sequence[Telling], moments: Sequence[datetime]
) -> Iterator[tuple[Any, ...]]:
    """The stories, in STORY_FIELDS. They are found again by what their first headline says."""
    for event, story_id in zip(events, story_ids, strict=True):
        title = tellings[event.places[0]].title
        centroid = clustering.features(clustering.term_weights(title), {}, 0)
        yield (
            story_id, title, slug_of(title), event.category,
            len(event.places), event.source_count, event.country_count,
            moments[event.places[0]], moments[event.places[-1]],
            centroid, clustering.key_terms(centroid),
        )  # fmt: skip


def article_rows(
    chance: random.Random,
    *,
    tellings: Sequence[Telling],
    ids: Sequence[int],
    moments: Sequence[datetime],
    wordings: Mapping[str, Wording],
    pictures: Mapping[str, Picture],
) -> Iterator[tuple[Any, ...]]:
    """The articles, in ARTICLE_FIELDS."""
    for telling, pk, published_at in zip(tellings, ids, moments, strict=True):
        publisher, wording = telling.publisher, wordings[telling.publisher.language]
        slug = slug_of(telling.title)
        url = f"{publisher.site_url}{telling.category}/{pk}-{slug}"
        description = wording.description(chance)
        body = wording.body(chance, description.text)
        tags = wording.tags(chance) if chance.random() < TAGS_SHARE else []
        seen_at = published_at + LONGEST_WAY * chance.random()
        yield (
            pk, publisher.id, telling.story_id, telling.category, how_told(telling),
            url, telling.title, slug, description.text, body.html, body.text,
            SANITISER_VERSION, wording.author(chance) if chance.random() < AUTHOR_SHARE else "",
            publisher.language, tags, body.word_count,
            published_at, seen_at, seen_at + A_MOMENT,
            Display.EXCERPT.value if chance.random() < EXCERPT_SHARE else Display.FULL_TEXT.value,
            *(shown(pictures[telling.category], url, wording.spelled(wording.headline(chance)))
              if chance.random() < PICTURE_SHARE else NO_PICTURE),
            literal(title=telling.headline, description=description.words, tags=tags, source_name=publisher.name),
        )  # fmt: skip


def how_told(telling: Telling) -> str:
    """What would have told us the category (Article.category_how)."""
    if telling.category == GENERAL:
        return ""
    return "feed" if telling.category == telling.publisher.category else "text"


def shown(picture: Picture, url: str, caption: str) -> tuple[str, str, int, int, str, str]:
    return f"{url}.jpg", picture.name, picture.width, picture.height, picture.colour, caption


def slug_of(title: str) -> str:
    return slugify(title, allow_unicode=True)[:SLUG_LENGTH].strip("-_")
