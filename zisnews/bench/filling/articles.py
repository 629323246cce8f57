"""A stretch of invented articles, and the stories they tell: composed as rows, in order of time."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.text import slugify

from aggregator import clustering
from aggregator.content import SLUG_LENGTH
from aggregator.search.lexemes import shelves_of
from feeds.models import GENERAL, Display
from feeds.sanitising import SANITISER_VERSION
from zisnews.bench.filling.events import OFF_SHELF_SHARE, Event
from zisnews.bench.filling.pictures import Picture
from zisnews.bench.filling.sources import Publisher
from zisnews.bench.filling.tokens import search_literal, terms_of, tokens_literal
from zisnews.bench.filling.wording import Body, Description, Wording

PICTURE_SHARE, AUTHOR_SHARE, TAGS_SHARE, EXCERPT_SHARE = 0.6, 0.5, 0.4, 0.2  # of all articles
LONGEST_WAY = timedelta(minutes=12)  # from a publisher to us
A_MOMENT = timedelta(seconds=20)  # from our seeing an item to its article
STORY_FIELDS = (
    "id", "title", "slug", "category", "article_count", "source_count", "country_count", "voices",
    "first_at", "newest_at", "centroid", "key_terms",
)  # fmt: skip
ARTICLE_FIELDS = (
    "id", "source", "story", "category", "category_how", "url", "title", "slug", "description", "html", "text",
    "sanitiser_version", "author", "language", "tags", "word_count", "published_at", "seen_at", "added_at",
    "page_display", "picture_url", "picture", "picture_width", "picture_height", "picture_colour", "picture_caption",
    "tokens",
)  # fmt: skip
SEARCH_FIELDS = ("article", "published_at", "source", "country", "category", "language", "words")
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
        centroid = clustering.features(clustering.term_weights(title), {}, 0)
        yield (
            story_id, title, slug_of(title), event.category,
            len(event.places), sum(voices.values()), len(voices), voices,
            moments[event.places[0]], moments[event.places[-1]],
            centroid, clustering.key_terms(centroid),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """An article that is written. picture: None for none; caption: of the picture."""

    id: int
    telling: Telling
    published_at: datetime
    seen_at: datetime
    description: Description
    body: Body
    tags: list[str]
    author: str
    is_excerpt: bool
    picture: Picture | None
    caption: str


def drafts_of(
    chance: random.Random,
    *,
    tellings: Sequence[Telling],
    ids: Sequence[int],
    moments: Sequence[datetime],
    wordings: Mapping[str, Wording],
    pictures: Mapping[str, Picture],
) -> Iterator[Draft]:
    """Write each article of a stretch, in order of time."""
    for telling, pk, published_at in zip(tellings, ids, moments, strict=True):
        wording = wordings[telling.publisher.language]
        description = wording.description(chance)
        has_picture = chance.random() < PICTURE_SHARE
        yield Draft(
            id=pk,
            telling=telling,
            published_at=published_at,
            seen_at=published_at + LONGEST_WAY * chance.random(),
            description=description,
            body=wording.body(chance, description),
            tags=wording.tags(chance) if chance.random() < TAGS_SHARE else [],
            author=wording.author(chance) if chance.random() < AUTHOR_SHARE else "",
            is_excerpt=chance.random() < EXCERPT_SHARE,
            picture=pictures[telling.category] if has_picture else None,
            caption=wording.spelled(wording.headline(chance)) if has_picture else "",
        )


def article_row(draft: Draft) -> tuple[Any, ...]:
    """The article, in ARTICLE_FIELDS."""
    telling, publisher, picture = draft.telling, draft.telling.publisher, draft.picture
    slug = slug_of(telling.title)
    url = f"{publisher.site_url}{telling.category}/{draft.id}-{slug}"
    tokens = tokens_literal(
        title=telling.headline, description=draft.description.words, tags=draft.tags, source_name=publisher.name
    )
    return (
        draft.id, publisher.id, telling.story_id, telling.category, how_told(telling),
        url, telling.title, slug, draft.description.text, draft.body.html, draft.body.text,
        SANITISER_VERSION, draft.author, publisher.language, draft.tags, draft.body.word_count,
        draft.published_at, draft.seen_at, draft.seen_at + A_MOMENT,
        Display.EXCERPT.value if draft.is_excerpt else Display.FULL_TEXT.value,
        *((f"{url}.jpg", picture.name, picture.width, picture.height, picture.colour) if picture else NO_PICTURE),
        draft.caption, tokens,
    )  # fmt: skip


def terms_said(draft: Draft) -> set[str]:
    """The terms of the article that a document frequency counts (aggregator.clustering)."""
    said = {term for word in (*draft.telling.headline, *draft.description.words) for term in terms_of(word)}
    return said.union(*draft.body.terms)


def search_row(draft: Draft, wording: Wording) -> tuple[Any, ...]:
    """What search finds the article by, in SEARCH_FIELDS: as aggregator.search.documents stores it."""
    telling, publisher = draft.telling, draft.telling.publisher
    texts = [draft.body.pieces]
    if not draft.body.text.startswith(draft.description.text):
        texts.insert(0, wording.searched(draft.description.words, draft.description.text))
    words = search_literal(wording.searched(telling.headline, telling.title), *texts)
    shelves = shelves_of(
        source=publisher.id,
        country=publisher.country,
        category=telling.category,
        language=publisher.language,
        published_at=draft.published_at,
    )
    return (
        draft.id, draft.published_at, publisher.id, publisher.country, telling.category, publisher.language,
        f"{words} {shelves}",
    )  # fmt: skip


def how_told(telling: Telling) -> str:
    """What would have told us the category (Article.category_how)."""
    if telling.category == GENERAL:
        return ""
    return "feed" if telling.category == telling.publisher.category else "text"


def slug_of(title: str) -> str:
    return slugify(title, allow_unicode=True)[:SLUG_LENGTH].strip("-_")
