"""The articles before and after another one of the same source, by the key that lists are paged by."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from accounts.preferences import Preferences
from aggregator.addresses import article_address
from aggregator.models import Article, ArticleQuerySet

NEAREST = 30  # looked at on each side; whoever rules out more of a source than this has no neighbour there
SHOWN = ("title", "slug", "language")
# The first condition says nothing new, but it is the half that the index can use.
_NEXT = """(SELECT {side}, id, {shown} FROM aggregator_article WHERE source_id = %(source)s
    AND published_at {sign}= %(at)s AND (published_at {sign} %(at)s OR id {sign} %(pk)s)
    ORDER BY published_at {order}, id {order} LIMIT 1)"""
_BOTH = " UNION ALL ".join(
    _NEXT.format(side=side, sign=sign, order=order, shown=", ".join(SHOWN))
    for side, sign, order in (("'older'", "<", "DESC"), ("'newer'", ">", "ASC"))
)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What the page of an article says of the one before or after it."""

    pk: int
    title: str
    slug: str
    language: str

    def get_absolute_url(self) -> str:
        return article_address(self.pk, self.slug)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The next older and the next newer article of a source that the reader did not rule out."""

    older: Neighbour | None
    newer: Neighbour | None


def neighbours_of(article: Article, preferences: Preferences) -> Neighbours:
    """Of who rules out articles by what they say or whose they are, two queries; of others one, in plain SQL."""
    if not (preferences.blocked or preferences.hidden_sources):
        return next_to(article)
    at, pk = article.published_at, article.pk
    of_source = Article.objects.filter(source=article.source_id)
    older = of_source.filter(Q(published_at__lte=at), Q(published_at__lt=at) | Q(pk__lt=pk)).newest_first()
    newer = of_source.filter(Q(published_at__gte=at), Q(published_at__gt=at) | Q(pk__gt=pk)).order_by(
        "published_at", "pk"
    )
    return Neighbours(first_visible(older, preferences), first_visible(newer, preferences))


def next_to(article: Article) -> Neighbours:
    asked = {"source": article.source_id, "at": article.published_at, "pk": article.pk}
    found = {side: Neighbour(*row) for side, *row in connection.rows(_BOTH, asked)}  # type: ignore[attr-defined]  # zisnews.postgres
    return Neighbours(found.get("older"), found.get("newer"))


def first_visible(articles: ArticleQuerySet, preferences: Preferences) -> Neighbour | None:
    """Return the first of the next few articles that the reader did not rule out."""
    nearest = articles.values("pk")[:NEAREST]
    visible = Article.objects.visible_to(preferences).filter(pk__in=nearest).order_by(*articles.query.order_by)
    found = visible.values_list("pk", *SHOWN).first()
    return Neighbour(*found) if found else None
