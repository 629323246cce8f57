"""What a reader's keywords do to our articles: how many each hides, which and why, and other forms of a word."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import connection
from django.db.models import BooleanField, F, Q
from django.db.models.expressions import RawSQL

from accounts.excluding import note_counts
from accounts.keywords import Keyword
from accounts.models import BlockedKeyword, User
from aggregator.models import Article, ArticleQuerySet, DocumentFrequency
from feeds.words import normalise

WEEK = timedelta(days=7)
MOST_COUNTED = 10_000
SAMPLES = 5
RECOUNT_AFTER = timedelta(hours=6)
COUNTED_PER_RUN = 500
COUNTED_AT_ONCE = 30  # of a list, while its reader waits; a worker counts the rest
TOTAL_KEPT_SECONDS = 600
FORMS, SHORTEST_STEM, LONGEST_ENDING = 6, 5, 3
LAST_LETTER = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a keyword would hide of the last week. forms: (word, in how many articles it stood), the commonest first."""

    hides: int
    of: int
    samples: list[Article]
    forms: list[tuple[str, int]]

    @property
    def is_capped(self) -> bool:
        """Whether there are more than were counted."""
        return self.hides >= MOST_COUNTED


def preview(keyword: Keyword, now: datetime) -> Preview:
    """What blocking it would do, shown before it is done."""
    hidden = matching(keyword, now)
    samples = list(hidden.cards().newest_first()[:SAMPLES])
    return Preview(count_of(hidden), total_of_week(now), samples, other_forms(keyword))


def matching(keyword: Keyword, now: datetime) -> ArticleQuerySet:
    """The articles of the last week that a keyword hides."""
    asks = RawSQL("aggregator_article.tokens @@ %s::tsquery", [keyword.query], output_field=BooleanField())
    return Article.objects.filter(asks, published_at__gt=now - WEEK, published_at__lte=now)


def count_of(articles: ArticleQuerySet) -> int:
    return articles.order_by()[:MOST_COUNTED].count()


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


def reasons(articles: Iterable[Article], keywords: Iterable[BlockedKeyword]) -> Mapping[int, list[str]]:
    """By which of a reader's keywords each of these articles is hidden, by article id; one query for all."""
    asked = [(one.text, one.keyword.query) for one in keywords]
    pks = [article.pk for article in articles]
    found: dict[int, list[str]] = {}
    if not (asked and pks):
        return found
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT article.id, keyword.text
               FROM aggregator_article article,
                    unnest(%s::text[], %s::tsquery[]) WITH ORDINALITY AS keyword (text, query, place)
               WHERE article.id = ANY(%s) AND article.tokens @@ keyword.query
               ORDER BY keyword.place""",
            [[text for text, _ in asked], [query for _, query in asked], pks],
        )
        for pk, text in cursor.fetchall():
            found.setdefault(pk, []).append(text)
    return found


def reasons_for(article: Article, user: object, now: datetime) -> list[str]:
    """By which keywords in force a reader would not have met this article; one without account has none."""
    explain([article], user, now)
    return article.hidden_by  # type: ignore[attr-defined]


def explain(articles: Sequence[Article], user: object, now: datetime) -> None:
    """Write beside each article that is shown all the same by which keywords it is hidden: `hidden_by`."""
    found: Mapping[int, list[str]] = {}
    if isinstance(user, User):
        found = reasons(articles, BlockedKeyword.objects.filter(user=user).in_force(now))
    for article in articles:
        article.hidden_by = found.get(article.pk, [])  # type: ignore[attr-defined]


def count_keywords(keywords: Iterable[BlockedKeyword], now: datetime) -> None:
    """Count what each of these hides of the last week, and keep it with them."""
    counts: dict[tuple[str, int, bool], int] = {}
    by_pk: dict[int, int] = {}
    for one in keywords:
        question = (one.normal_form, one.where, one.capitals_matter)
        if question not in counts:
            counts[question] = count_of(matching(one.keyword, now))
        by_pk[one.pk] = counts[question]
        one.hides_count = counts[question]
    note_counts(by_pk, now)


def count_stale(now: datetime) -> int:
    """Count what was never counted, and again what was counted longest ago; returns how many keywords that were."""
    stale = BlockedKeyword.objects.filter(Q(counted_at=None) | Q(counted_at__lt=now - RECOUNT_AFTER))
    taken = list(stale.order_by(F("counted_at").asc(nulls_first=True))[:COUNTED_PER_RUN])
    count_keywords(taken, now)
    return len(taken)
