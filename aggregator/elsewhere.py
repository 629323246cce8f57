"""How others tell the story of an article: one telling per country, for the page of that article."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from accounts.preferences import Preferences
from aggregator.briefly import Briefly
from aggregator.models import Article

NEWEST = 200  # articles of the story that are looked at
SHOWN = 8
KEPT_SECONDS, MOST_KEPT = 60, 500
# As the QuerySet asks it for who excludes something, planned once: an index alone tells it.
_NEWEST = f"""
    SELECT country_id, article.language, published_at, article.id
    FROM aggregator_article article JOIN feeds_source source ON source.id = source_id
    WHERE story_id = %s AND article.id <> %s ORDER BY published_at DESC, article.id DESC LIMIT {NEWEST}"""  # noqa: S608

_kept: Briefly[list[int]] = Briefly(KEPT_SECONDS, MOST_KEPT)


def told_elsewhere(article: Article, preferences: Preferences, *, language: str) -> list[int]:
    """Return by which articles other countries tell the story, or its own country's other sources where nobody else
    does.

    Of each country its newest article, one in `language` before others; the readable ones first, then by time; SHOWN
    at most. One query, none for a story of one source; for who excludes nothing it is remembered for a minute while
    article and story stay as they are.

    article: with its story, as whole_article gives it
    """
    if article.story is None or article.story.source_count < 2:
        return []
    if preferences.excludes:
        visible = Article.objects.visible_to(preferences).filter(story=article.story).exclude(pk=article.pk)
        newest = visible.newest_first().values_list("source__country", "language", "published_at", "pk")[:NEWEST]
        return chosen_among(newest, article, language)

    def find() -> list[int]:
        rows = connection.rows(_NEWEST, [article.story_id, article.pk])  # type: ignore[attr-defined]  # zisnews.postgres
        return chosen_among(rows, article, language)

    return _kept.get((article.pk, article.says, language), find)  # type: ignore[attr-defined]  # whole_article


def chosen_among(newest: Iterable[tuple[str, str, datetime, int]], article: Article, language: str) -> list[int]:
    """Of (country, language, published at, id), the newest first."""
    chosen: dict[str, tuple[bool, datetime, int]] = {}
    for country, told_in, at, pk in newest:
        is_foreign = told_in != language
        if country not in chosen or (chosen[country][0] and not is_foreign):
            chosen[country] = is_foreign, at, pk
    own = article.source.country_id
    wanted = sorted(told for country, told in chosen.items() if country != own or len(chosen) == 1)
    return [pk for _is_foreign, _at, pk in wanted[:SHOWN]]
