"""How others tell the story of an article: one telling per country, for the page of that article."""

from datetime import datetime

from accounts.preferences import Preferences
from aggregator.card_rows import whole
from aggregator.models import Article

NEWEST = 200  # articles of the story that are looked at
SHOWN = 8


def told_elsewhere(article: Article, preferences: Preferences, *, language: str) -> list[Article]:
    """Return how other countries tell the story, or its own country's other sources where nobody else does.

    Of each country its newest article, one in `language` before others; the readable ones first, then by time; SHOWN
    at most. Two queries, none for a story of one source. For who excludes nothing the first reads an index alone.
    """
    if article.story is None or article.story.source_count < 2:
        return []
    visible = Article.objects.visible_to(preferences).filter(story=article.story).exclude(pk=article.pk)
    newest = visible.newest_first().values_list("source__country", "language", "published_at", "pk")[:NEWEST]
    chosen: dict[str, tuple[bool, datetime, int]] = {}
    for country, told_in, at, pk in newest:
        is_foreign = told_in != language
        if country not in chosen or (chosen[country][0] and not is_foreign):
            chosen[country] = is_foreign, at, pk
    own = article.source.country_id
    wanted = sorted(told for country, told in chosen.items() if country != own or len(chosen) == 1)
    tellings = whole([pk for _is_foreign, _at, pk in wanted[:SHOWN]])
    return [tellings[pk] for _is_foreign, _at, pk in wanted[:SHOWN] if pk in tellings]
