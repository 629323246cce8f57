"""A site of some thousand rows of each kind, copied into the tables in seconds, for tests that look at plans.

Rows are as wide as real ones, so that Postgres chooses as it does among millions: a page of them by an index is always
cheaper than all of them.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Model

from accounts import excluding
from accounts.models import BlockedKeyword, Follow, HiddenSource, Notification, SavedSearch, User
from aggregator.about import count_days
from aggregator.models import About, Article, FollowedStory, Saved, Story, StoryChange, StoryPass, Visit
from comments.models import BlockedReader, Comment, ModerationAction, Reaction
from feeds.models import Category, Country, Entry, Feed, FetchRecord, Source
from feeds.tsvector import tsvector_literal
from tests.factories import make_curator, make_reader
from zisnews.bench.filling.copying import Copier

COUNTRIES = "GB FR DE US ES IT AM RU JP IN BR ZA AU CA PL SE NO FI AT CH".split()
SOURCES, STORIES, TELLINGS, COMMENTS = 100, 1_600, 5, 6_000
OF_LONG_AGO = 8_000  # stories whose articles have left: reading all stories must never look cheaper than a reader's own
READERS, OF_ANNA, OF_OTHERS = 300, 150, 20
BETWEEN = timedelta(minutes=6)
WORDS = "river ministry harvest railway election orchard glacier verdict museum striker harbour treaty budget".split()


def fill(now: datetime) -> User:
    """Fill the database; returns a reader who has hundreds of everything, as have others."""
    sources = tuple(made_sources())
    shelves = list(Category.objects.sections().values_list("pk", flat=True))
    copy(Story, "id title slug category article_count source_count country_count voices first_at newest_at",
         (story(number, shelves, now) for number in range(STORIES + OF_LONG_AGO)))  # fmt: skip
    told = [(number, place) for number in range(STORIES) for place in range(TELLINGS)]
    said = "id title slug url description text language source story category published_at seen_at added_at tokens"
    copy(Article, said, (article(number, place, sources, shelves, now) for number, place in told))  # fmt: skip
    connection.cursor().execute("UPDATE aggregator_article SET comment_count = 9 WHERE id <= 50")
    copy(About, "article teller subject category published_at",
         (row for number, place in told for row in about(number, place, sources, shelves, now)))  # fmt: skip
    count_days(now)
    anna = make_reader(display_name="Anna")
    others = [User(email=f"other{number}@example.org", display_name=f"Other {number}") for number in range(READERS)]
    readers = [anna, *User.objects.bulk_create(others)]
    of_readers(readers, sources, now)
    excluding.block_all(anna, map(excluding.Wanted, [f"blocked{number}" for number in range(300)]), now)
    discussed(readers, now)
    announced(sources, now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return anna


def copy(model: type[Model], fields: str, rows: Iterable[tuple[Any, ...]]) -> None:
    Copier(model, fields.split()).copy(rows)


def made_sources() -> Iterable[Source]:
    for iso in COUNTRIES:
        Country.objects.get_or_create(iso=iso)
    named = [(number, COUNTRIES[number % len(COUNTRIES)]) for number in range(SOURCES)]
    return Source.objects.bulk_create(
        Source(name=f"Paper {number:03}", slug=f"paper-{number:03}", site_url=f"https://paper{number}.example/",
               language="en", country_id=iso)
        for number, iso in named
    )  # fmt: skip


def sides_of(number: int) -> list[int]:
    """Which sources tell a story, by their places: each fifth story those of one country alone."""
    step = len(COUNTRIES) if number % 5 == 0 else 7
    return [(number * 3 + place * step) % SOURCES for place in range(TELLINGS)]


def story(number: int, shelves: list[str], now: datetime) -> tuple[Any, ...]:
    newest = now - BETWEEN * TELLINGS * number - BETWEEN
    voices: dict[str, int] = {}
    for place in sides_of(number):
        iso = COUNTRIES[place % len(COUNTRIES)]
        voices[iso] = voices.get(iso, 0) + 1
    title = f"{WORDS[number % len(WORDS)]} {number}"
    return (
        number + 1, title, f"story-{number}", shelves[number % len(shelves)], TELLINGS, TELLINGS, len(voices), voices,
        newest - BETWEEN * (TELLINGS - 1), newest,
    )  # fmt: skip


def article(number: int, place: int, sources: tuple[Source, ...], shelves: list[str], now: datetime) -> tuple[Any, ...]:
    pk, at = number * TELLINGS + place + 1, now - BETWEEN * (number * TELLINGS + place + 1)
    title = f"{WORDS[number % len(WORDS)]} {WORDS[pk % len(WORDS)]} {pk}"
    said = f"{' '.join(WORDS)} {title}. " * 3
    return (
        pk, title, f"article-{pk}", f"https://paper.example/{pk}", said, said * 2, "en",
        sources[sides_of(number)[place]].pk, number + 1, shelves[number % len(shelves)], at, at, at,
        tsvector_literal(title=title, description=said, source_name=""),
    )  # fmt: skip


def about(
    number: int, place: int, sources: tuple[Source, ...], shelves: list[str], now: datetime
) -> Iterable[tuple[Any, ...]]:
    pk, at = number * TELLINGS + place + 1, now - BETWEEN * (number * TELLINGS + place + 1)
    teller = sources[sides_of(number)[place]].country_id
    for subject in ("", COUNTRIES[number % 3]):
        yield pk, teller, subject, shelves[number % len(shelves)], at


def of_readers(readers: list[User], sources: tuple[Source, ...], now: datetime) -> None:
    """What each keeps, opened, likes, follows, hides and was told of."""
    each = [
        (reader.pk, number, now - timedelta(minutes=number))
        for reader in readers
        for number in range(1, (OF_OTHERS if reader is not readers[0] else OF_ANNA) + 1)
    ]
    copy(Saved, "user article at", each)
    copy(Visit, "user article first_at at", ((who, number, at, at) for who, number, at in each))
    copy(Reaction, "user article kind at", ((who, number, "like", at) for who, number, at in each))
    copy(FollowedStory, "user story followed_at", ((who, n * 60, at) for who, n, at in each))  # of all times
    copy(SavedSearch, "user name query added_at", ((who, f"of {n}", f"q=word{n}", at) for who, n, at in each))
    copy(Notification, "user kind key url first_at at data",
         ((who, "story", f"story:{n}", f"/story/{n}/-/", at, at, {}) for who, n, at in each))  # fmt: skip
    copy(Follow, "user source added_at", ((who, sources[n % 60].pk, at) for who, n, at in each if n < 60))
    copy(HiddenSource, "user source added_at", ((who, sources[60 + n].pk, at) for who, n, at in each if n < 40))
    copy(BlockedReader, "user blocked added_at", ((who, readers[n].pk, at) for who, n, at in each))
    copy(BlockedKeyword, "user text normal_form added_at",
         ((who, f"word{n}", f"word{n}", at) for who, n, at in each if who != readers[0].pk))  # fmt: skip


def discussed(readers: list[User], now: datetime) -> None:
    """Comments under fifty articles, a third under the first; some wait for a moderator, some are flagged."""
    rows = []
    for number in range(10, COMMENTS):
        block = number // 10
        under = 1 if block % 3 == 0 else block % 50 + 1
        is_answer = number % 2 == 0 and number % 10 != 0
        path = f"{block * 10:011}{number:011}" if is_answer else f"{number:011}"
        words = f"{WORDS[number % len(WORDS)]} {number} " * 20
        rows.append(
            (number, under, readers[number % len(readers)].pk, path, int(is_answer), words, f"<p>{words}</p>",
             f"\\x{number:032x}", now - timedelta(minutes=COMMENTS - number), "held" if number % 41 == 0 else "shown",
             int(number % 37 == 0), number % 1000, 4 if number % 10 == 0 else 0)
        )  # fmt: skip
    copy(
        Comment, "id article author path depth body html body_hash posted_at state flag_count score answer_count", rows
    )
    moderator = make_curator()
    copy(ModerationAction, "action ground moderator comment at",
         (("approved", "spam", moderator.pk, n, now - timedelta(minutes=n)) for n in range(10, 3_010)))  # fmt: skip


def announced(sources: tuple[Source, ...], now: datetime) -> None:
    """A feed of each source with what it announced and when it was asked; and what the machine did with stories."""
    feeds = Feed.objects.bulk_create(Feed(source=one, url=f"{one.site_url}feed.xml") for one in sources)
    many = [(number, feeds[number % len(feeds)].pk, now - timedelta(minutes=number)) for number in range(1, 6_001)]
    copy(Entry, "feed identity title description url state published_at seen_at content_hash",
         ((feed, f"e{n}", f"Entry {n}", " ".join(WORDS) * 4, f"https://paper.example/e{n}",
           "refused" if n % 9 == 0 else "published", at, at, str(n)) for n, feed, at in many))  # fmt: skip
    copy(FetchRecord, "feed at status error", ((feed, at, 500, "It failed.") for _n, feed, at in many))
    copy(StoryChange, "story kind made_at numbers", ((n % STORIES + 1, "merge", at, {}) for n, _feed, at in many))
    copy(StoryPass, "kind began_at numbers", (("merge", at, {}) for _n, _feed, at in many))
