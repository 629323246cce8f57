"""A story with its comparison as data: what /story/<id>.json and .csv give, which docs/story-data.md describes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.preferences import Preferences
from aggregator.addresses import article_address
from aggregator.comparing.sections import Comparison
from aggregator.comparing.spelling import plain
from aggregator.comparing.veiling import veiled
from aggregator.kept_comparisons import Kept, comparison_of
from aggregator.models import Article, Story
from aggregator.models.articles import is_ruled_out_by

MOST_ARTICLES = 1_000  # the newest

Absolute = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Told:
    """An article of the story. title: "" where the reader's choices hide it, and the slug's words too."""

    article: int
    url: str
    original: str
    source: str
    country: str
    language: str
    published_at: datetime
    title: str
    copy_of: int | None
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class StoryData:
    """A story as one reader may see it; kept, without the words of what they hide. `comparison` is None before a
    worker has made one.
    """

    story: Story
    articles: tuple[Told, ...]
    kept: Kept | None
    comparison: Comparison | None


def story_data(story: Story, preferences: Preferences, absolute: Absolute) -> StoryData:
    """Read a story with its comparison. Two queries.

    What an article says that was let go since is not told either: neither its sentences nor its headline.
    """
    told = Article.objects.filter(story=story.pk).annotate(is_hidden=is_ruled_out_by(preferences)).newest_first()
    fields = "pk", "slug", "url", "source__name", "source__country", "language", "published_at", "title", "copy_of"
    articles = tuple(
        Told(
            pk,
            absolute(article_address(pk, "" if is_hidden else slug)),
            "" if is_hidden else url,
            source,
            country,
            language,
            published_at,
            "" if is_hidden else title,
            copy_of,
            is_hidden,
        )
        for pk, slug, url, source, country, language, published_at, title, copy_of, is_hidden in told.values_list(
            *fields, "is_hidden"
        )[:MOST_ARTICLES]
    )
    kept = comparison_of(story)
    if kept is None:
        return StoryData(story, articles, None, None)
    hidden = {one.article for one in articles if one.is_hidden}
    return StoryData(story, articles, kept, veiled(kept.comparison, hidden))


def as_json(data: StoryData, absolute: Absolute) -> dict[str, Any]:
    """All of it under names; docs/story-data.md says what each means."""
    story, kept = data.story, data.kept
    is_title_hidden = bool(data.articles) and all(one.is_hidden or one.title != story.title for one in data.articles)
    title = next((one.title for one in data.articles if one.title), "") if is_title_hidden else story.title
    return {
        "story": {
            "id": story.pk,
            "url": absolute(story.get_absolute_url() if not is_title_hidden else f"/story/{story.pk}/"),
            "title": title,
            "category": story.category_id,
            "first_at": story.first_at.isoformat(),
            "newest_at": story.newest_at.isoformat(),
            "articles": story.article_count,
            "sources": story.source_count,
            "countries": story.country_count,
            "sources_by_country": story.voices,
            "storyline": story.storyline_id,
            "version": story.version,
        },
        "articles": list(map(plain, data.articles)),
        "compared": {"at": kept.made_at.isoformat(), "version": kept.version, "is_current": kept.is_current}
        if kept
        else None,
        "comparison": plain(data.comparison) if data.comparison else None,
    }
