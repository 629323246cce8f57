"""A story with its comparison as data: what /story/<id>.json and .csv give, which docs/story-data.md describes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.preferences import Preferences
from aggregator.addresses import article_address, story_address
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
    """A story as one reader may see it, without the words of what they hide. comparison: None before a worker has
    made one; is_title_hidden: the story stands under the headline of an article that they hide
    """

    story: Story
    is_title_hidden: bool
    articles: tuple[Told, ...]
    kept: Kept | None
    comparison: Comparison | None


def story_data(story: Story, preferences: Preferences, absolute: Absolute) -> StoryData:
    """Read a story with its comparison. Two queries, and one more for who hides something."""
    told = Article.objects.filter(story=story.pk)
    fields = "pk", "slug", "url", "source__name", "source__country", "language", "published_at", "title", "copy_of"
    rows = told.annotate(is_hidden=is_ruled_out_by(preferences)).newest_first().values_list(*fields, "is_hidden")
    hidden = dict(told.hidden_from(preferences).values_list("pk", "title"))
    # What a curator pinned may say just that.
    is_title_hidden = bool(hidden) if story.is_title_pinned else story.title in hidden.values()
    articles: list[Told] = []
    for pk, slug, url, source, country, language, published_at, title, copy_of, is_hidden in rows[:MOST_ARTICLES]:
        if is_hidden:
            slug = url = title = ""  # noqa: PLW2901
        address = absolute(article_address(pk, slug))
        articles.append(
            Told(pk, address, url, source, country, language, published_at, title, copy_of, is_hidden),
        )
    kept = comparison_of(story)
    comparison = veiled(kept.comparison, hidden) if kept else None
    return StoryData(story, is_title_hidden, tuple(articles), kept, comparison)


def as_json(data: StoryData, absolute: Absolute) -> dict[str, Any]:
    """All of it under names; docs/story-data.md says what each means."""
    story, kept = data.story, data.kept
    address, title = story.get_absolute_url(), story.title
    if data.is_title_hidden:
        address, title = story_address(story.pk, ""), next((one.title for one in data.articles if one.title), "")
    return {
        "story": {
            "id": story.pk,
            "url": absolute(address),
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
