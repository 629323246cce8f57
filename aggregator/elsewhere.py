"""How others tell the story of an article: one telling per country, for the page of that article."""

from accounts.preferences import Preferences
from aggregator.card_rows import whole
from aggregator.models import Article

NEWEST = 200  # articles of the story that are looked at


def told_elsewhere(article: Article, preferences: Preferences, *, language: str) -> list[Article]:
    """Return how other countries tell the story, or its own country's other sources where nobody else does.

    Of each country its newest article, one in `language` before others; the readable ones first, then by time. Two
    queries, none for a story of one source.
    """
    if article.story is None or article.story.source_count < 2:
        return []
    visible = Article.objects.visible_to(preferences).filter(story=article.story).exclude(pk=article.pk)
    newest = visible.newest_first().values_list("pk", "source__country", "language")[:NEWEST]
    chosen: dict[str, tuple[int, bool]] = {}
    for pk, country, told_in in newest:
        is_readable = told_in == language
        if country not in chosen or (is_readable and not chosen[country][1]):
            chosen[country] = pk, is_readable
    own = article.source.country_id
    wanted = [pk for country, (pk, _) in chosen.items() if country != own or len(chosen) == 1]
    tellings = whole(wanted).values()
    return sorted(tellings, key=lambda telling: (telling.language != language, telling.published_at))
