"""What a reader's keywords do to our articles: how many each hides, which and why."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import BooleanField, F, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from accounts.excluding import note_counts
from accounts.keywords import Keyword
from accounts.models import BlockedKeyword, User
from accounts.preferences import Preferences, with_exclusions
from aggregator.card_rows import whole
from aggregator.models import Article, ArticleQuerySet
from aggregator.templatetags.places import language_name

WEEK = timedelta(days=7)
MOST_COUNTED = 10_000
RECOUNT_AFTER = timedelta(hours=6)
COUNTED_PER_RUN = 500
COUNTED_AT_ONCE = 30  # of a list, while its reader waits; a worker counts the rest


def matching(keyword: Keyword, now: datetime) -> ArticleQuerySet:
    """The articles of the last week that a keyword hides."""
    asks = RawSQL("aggregator_article.tokens @@ %s::tsquery", [keyword.query], output_field=BooleanField())
    return Article.objects.filter(asks, published_at__gt=now - WEEK, published_at__lte=now)


def count_of(articles: ArticleQuerySet) -> int:
    return articles.order_by()[:MOST_COUNTED].count()


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
            [[text for text, _query in asked], [query for _text, query in asked], pks],
        )
        for pk, text in cursor.fetchall():
            found.setdefault(pk, []).append(text)
    return found


def reasons_for(article: Article, user: object, now: datetime, preferences: Preferences | None = None) -> list[str]:
    """Why a reader would not have met this article, in words; one without account has no reasons."""
    explain([article], user, now, preferences)
    return article.hidden_by  # type: ignore[attr-defined]


def explain(
    articles: Sequence[Article],
    user: object,
    now: datetime,
    preferences: Preferences | None = None,
    *,
    are_hidden: bool = False,
) -> None:
    """Write beside each article that is shown all the same why it is hidden: `hidden_by`, some words for each reason.

    preferences: the reader's own, where they were looked up already; are_hidden: whether it is known that all are
    """
    for article in articles:
        article.hidden_by = []  # type: ignore[attr-defined]
    if not isinstance(user, User):
        return
    preferences = preferences or with_exclusions(Preferences(), user)
    found: Mapping[int, list[str]] = {}
    if preferences.blocked:
        pks = {article.pk for article in articles}
        if not are_hidden:
            hidden = Article.objects.filter(pk__in=pks).hidden_from(preferences)
            pks = set(hidden.values_list("pk", flat=True))
        if pks:
            in_force = BlockedKeyword.objects.filter(user=user).in_force(now)
            found = reasons([article for article in articles if article.pk in pks], in_force)
    for article in articles:
        article.hidden_by = [  # type: ignore[attr-defined]
            *(_("keyword “%(keyword)s”") % {"keyword": text} for text in found.get(article.pk, [])),
            *beyond_keywords(article, preferences),
        ]


def why_hidden(pks: Collection[int], user: object, preferences: Preferences, now: datetime) -> list[tuple[str, int]]:
    """Why these articles, all hidden from the reader, are: each reason in words with of how many, the commonest
    first.
    """
    articles = list(whole(pks).values())
    explain(articles, user, now, preferences, are_hidden=True)
    return Counter(reason for article in articles for reason in article.hidden_by).most_common()  # type: ignore[attr-defined]


def beyond_keywords(article: Article, preferences: Preferences) -> Iterator[str]:
    """In words, whether the reader hides the article's source or language. source: loaded with the article."""
    if article.source_id in preferences.hidden_sources:
        yield _("source %(name)s") % {"name": article.source.name}
    if article.language in preferences.hidden_languages:
        yield _("language %(name)s") % {"name": language_name(article.language)}


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
