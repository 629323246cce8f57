"""The articles before and after another one of the same source, by the key that lists are paged by."""

from dataclasses import dataclass

from django.db.models import Q

from accounts.preferences import Preferences
from aggregator.models import Article, ArticleQuerySet

NEAREST = 30  # looked at on each side; whoever rules out more of a source than this has no neighbour there


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The next older and the next newer article of a source that the reader did not rule out."""

    older: Article | None
    newer: Article | None


def neighbours_of(article: Article, preferences: Preferences) -> Neighbours:
    at, pk = article.published_at, article.pk
    of_source = Article.objects.filter(source=article.source_id)
    # The first condition says nothing new, but it is the half that the index can use.
    older = of_source.filter(Q(published_at__lte=at), Q(published_at__lt=at) | Q(pk__lt=pk)).newest_first()
    newer = of_source.filter(Q(published_at__gte=at), Q(published_at__gt=at) | Q(pk__gt=pk)).order_by(
        "published_at", "pk"
    )
    return Neighbours(first_visible(older, preferences), first_visible(newer, preferences))


def first_visible(articles: ArticleQuerySet, preferences: Preferences) -> Article | None:
    """Return the first of the next few articles that the reader did not rule out."""
    if preferences.blocked or preferences.hidden_sources:
        nearest = articles.values("pk")[:NEAREST]
        order = articles.query.order_by
        articles = Article.objects.visible_to(preferences).filter(pk__in=nearest).order_by(*order)
    return articles.only("title", "slug", "language", "published_at").first()
