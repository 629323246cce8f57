"""A stretch of invented articles, and the stories they tell: composed as rows, in order of time."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.text import slugify

from aggregator.finding.choosing import TIME_GATE
from aggregator.finding.features import features, weigh
from aggregator.finding.profiles import begun, index_terms
from aggregator.looking import hash_of, stretches_between
from aggregator.search.lexemes import shelves_of
from aggregator.slugs import SLUG_LENGTH
from feeds.models import GENERAL, Display
from zisnews.bench.filling.events import OFF_SHELF_SHARE, Event
from zisnews.bench.filling.pictures import Picture
from zisnews.bench.filling.sources import Publisher
from zisnews.bench.filling.tokens import heading_tokens, heading_words, terms_of
from zisnews.bench.filling.wording import Wording

PICTURE_SHARE, AUTHOR_SHARE, TAGS_SHARE, EXCERPT_SHARE = 0.6, 0.5, 0.4, 0.2  # of all articles
LONGEST_WAY = timedelta(minutes=12)  # from a publisher to us
A_MOMENT = timedelta(seconds=20)  # from our seeing an item to its article
STORY_FIELDS = (
    "id", "title", "slug", "category", "article_count", "source_count", "country_count", "voices",
    "first_at", "newest_at", "profile", "key_terms",
)  # fmt: skip
NEWEST_AT, KEY_TERMS = STORY_FIELDS.index("newest_at"), STORY_FIELDS.index("key_terms")
LISTED_FIELDS = ("stretch", "term", "story_id")
NO_PICTURE = ("", "", 0, 0, "")


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
        title, voices = tellings[event.places[0]].title, event.voices
        profile = begun(features(weigh(title), {}, 0), moments[event.places[0]])
        yield (
            story_id, title, slug_of(title), event.category,
            len(event.places), sum(voices.values()), len(voices), voices,
            moments[event.places[0]], moments[event.places[-1]],
            profile.as_json(), index_terms(profile),
        )  # fmt: skip


def listed(stories: Iterable[Sequence[Any]], now: datetime) -> Iterator[tuple[int, int, int]]:
    """Under what articles of now or later find these stories, in LISTED_FIELDS; older stories none asks for."""
    for story in stories:
        newest_at = story[NEWEST_AT]
        if newest_at >= now - TIME_GATE:
            for stretch in stretches_between(newest_at, newest_at):
                for term in {hash_of(term) for term in story[KEY_TERMS]}:
                    yield stretch, term, story[0]


@dataclass(frozen=True, slots=True)
class Page:
    """What all articles of a stretch are put together with. pictures: by category; wordings: by language."""

    wordings: Mapping[str, Wording]
    pictures: Mapping[str, Picture]
    writings: Mapping[str, range]


def rows_of(
    chance: random.Random, page: Page, tellings: Sequence[Telling], ids: Sequence[int], moments: Sequence[datetime]
) -> Iterator[tuple[Any, ...]]:
    """The articles of a stretch in order of time, in FIELDS of composing.py."""
    for telling, pk, published_at in zip(tellings, ids, moments, strict=True):
        publisher, wording = telling.publisher, page.wordings[telling.publisher.language]
        tags = wording.tags(chance) if chance.random() < TAGS_SHARE else []
        picture = page.pictures[telling.category] if chance.random() < PICTURE_SHARE else None
        slug = slug_of(telling.title)
        url = f"{publisher.site_url}{telling.category}/{pk}-{slug}"
        seen_at = published_at + LONGEST_WAY * chance.random()
        shelves = shelves_of(
            source=publisher.id,
            country=publisher.country,
            category=telling.category,
            language=publisher.language,
            published_at=published_at,
        )
        yield (
            pk, publisher.id, publisher.country, telling.story_id, telling.category, how_told(telling),
            url, telling.title, slug, chance.choice(page.writings[publisher.language]),
            wording.author(chance) if chance.random() < AUTHOR_SHARE else "",
            publisher.language, tags, published_at, seen_at, seen_at + A_MOMENT,
            Display.EXCERPT.value if chance.random() < EXCERPT_SHARE else Display.FULL_TEXT.value,
            *((f"{url}.jpg", picture.name, picture.width, picture.height, picture.colour) if picture else NO_PICTURE),
            wording.spelled(wording.headline(chance)) if picture else "",
            heading_tokens(telling.headline, tags, publisher.name),
            f"{heading_words(wording.searched(telling.headline, telling.title))} {shelves}",
        )  # fmt: skip


def terms_of_headline(telling: Telling) -> set[str]:
    """The terms of the headline that a document frequency counts (aggregator.finding)."""
    return {term for word in telling.headline for term in terms_of(word)}


def how_told(telling: Telling) -> str:
    """What would have told us the category (Article.category_how)."""
    if telling.category == GENERAL:
        return ""
    return "feed" if telling.category == telling.publisher.category else "text"


def slug_of(title: str) -> str:
    return slugify(title, allow_unicode=True)[:SLUG_LENGTH].strip("-_")
