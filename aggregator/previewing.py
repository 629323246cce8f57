"""What a keyword would do, shown before it is saved: how many articles it hides, which, and other words to block."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.core.cache import cache
from django.db import OperationalError, connection, transaction
from psycopg2.errors import QueryCanceled

from accounts.keywords import Keyword
from accounts.models import BlockedKeyword, User
from aggregator.blocked import MOST_COUNTED, WEEK, matching
from aggregator.card_rows import cards
from aggregator.models import Article, DocumentFrequency
from aggregator.spellings import spellings_of
from feeds.words import normalise

Found = TypeVar("Found")

SAMPLES = 5
TIME_LIMIT_MS = 500  # of one question; somebody is typing
LOOKED_AT = 2_000  # the newest articles, that stand for the week where it takes too long to read
TOTAL_KEPT_SECONDS = 600
FORMS, SPELLINGS = 6, 3
SHORTEST_STEM, LONGEST_ENDING = 5, 3
LAST_LETTER = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class OtherWord:
    """A word that stood in `count` articles. is_blocked: the reader blocks it already."""

    word: str
    count: int
    is_blocked: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What a keyword would hide of the last week: `hides` of `of` articles, or of the newest ones where is_part.

    forms: other words that begin so; spellings: others that may be another spelling; the commonest first
    """

    keyword: Keyword
    hides: int
    of: int
    samples: list[Article]
    is_part: bool = False
    forms: list[OtherWord] = field(default_factory=list)
    spellings: list[OtherWord] = field(default_factory=list)

    @property
    def is_capped(self) -> bool:
        """Whether there are more than were counted."""
        return self.hides >= MOST_COUNTED


def preview_of(keyword: Keyword, user: User, now: datetime) -> Preview:
    """What blocking it would do to this user's pages. Answered in limited time, whatever is typed."""
    pks, of, is_part = hidden_of_week(keyword, now)
    samples = cards(pks[:SAMPLES])
    forms = other_forms(keyword)
    none: list[tuple[str, int]] = []
    alike = in_time(lambda: spellings_of(keyword, now, most=SPELLINGS), otherwise=none)
    spellings = [found for found in alike if found[0] not in dict(forms)]
    known = BlockedKeyword.objects.filter(user=user, normal_form__in=[word for word, _ in [*forms, *spellings]])
    own = set(known.values_list("normal_form", flat=True))
    return Preview(
        keyword,
        len(pks),
        of,
        samples,
        is_part,
        forms=[OtherWord(word, count, word in own) for word, count in forms],
        spellings=[OtherWord(word, count, word in own) for word, count in spellings],
    )


def hidden_of_week(keyword: Keyword, now: datetime) -> tuple[list[int], int, bool]:
    """The ids the keyword hides, newest first; of how many articles; whether those are only a part of the week's."""
    hidden = matching(keyword, now).newest_first().values_list("pk", flat=True)
    found = in_time(lambda: list(hidden[:MOST_COUNTED]), otherwise=None)
    if found is not None:
        return found, max(len(found), total_of_week(now)), False
    recent = Article.objects.filter(published_at__lte=now).newest_first().values_list("pk", flat=True)[:LOOKED_AT]
    newest = list(recent)
    among = matching(keyword, now).filter(pk__in=newest).newest_first().values_list("pk", flat=True)
    return in_time(lambda: list(among), otherwise=[]), len(newest), True


def in_time(ask: Callable[[], Found], *, otherwise: Found) -> Found:
    """What a question gives; `otherwise` where Postgres does not answer it within TIME_LIMIT_MS."""
    try:
        with limited():
            return ask()
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            return otherwise
        raise


@contextmanager
def limited() -> Iterator[None]:
    """Each question within is broken off after TIME_LIMIT_MS. Reads only: what is done within is not kept."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{TIME_LIMIT_MS}ms"])
        yield
        cursor.execute("SELECT set_config('statement_timeout', '0', true)")


def total_of_week(now: datetime) -> int:
    """How many articles the last week had, as of some minutes ago."""
    recent = Article.objects.filter(published_at__gt=now - WEEK, published_at__lte=now)
    return cache.get_or_set("articles-of-week", recent.order_by().count, TOTAL_KEPT_SECONDS) or 0


def other_forms(keyword: Keyword) -> list[tuple[str, int]]:
    """The other words of our articles that begin like a keyword of one word: elections, electoral for election.

    What a word begins with is taken without language: all of it but the last letters, five at least.
    """
    word = normalise(keyword.text)
    if " " in word or "*" in keyword.text or "+" in keyword.text or len(word) < SHORTEST_STEM:
        return []
    stem = word[: max(SHORTEST_STEM, len(word) - LONGEST_ENDING)]
    near = DocumentFrequency.objects.filter(pk__gte=stem, pk__lt=stem + LAST_LETTER).exclude(pk=word)
    return list(near.order_by("-document_count", "pk").values_list("pk", "document_count")[:FORMS])
