"""The rows of what a page of results shows: all that a card says, in one plain query that is planned once."""

from collections.abc import Collection

from django.db import connections, router

from aggregator.card_rows import made
from aggregator.models import Article, Story
from feeds.models import Source

_ARTICLE = (
    "title", "slug", "description", "url", "language", "published_at", "updated_at", "added_at", "category_id",
    "page_display", "max_snippet", "like_count", "comment_count", "source_id", "story_id",
    "picture", "picture_width", "picture_height", "picture_colour", "picture_caption", "picture_after",
)  # fmt: skip
_SOURCE = ("name", "slug", "country_id", "display_policy", "mark")
_STORY = ("title", "slug", "article_count", "source_count", "country_count")
_COLUMNS = ", ".join(
    f"{table}.{name}"
    for table, names in (("article", _ARTICLE), ("source", _SOURCE), ("story", _STORY))
    for name in names
)
# The version as ArticleQuerySet.cards tells it: another one whenever one of these rows is.
_WHOLE = f"""
    SELECT article.id, %s::text || article.xmin || article.ctid::text || source.xmin || source.ctid::text
                       || coalesce(story.xmin || story.ctid::text, ''), {_COLUMNS}
    FROM aggregator_article article JOIN feeds_source source ON source.id = source_id
    LEFT JOIN aggregator_story story ON story.id = story_id
    WHERE article.id = ANY(%s::bigint[])"""  # noqa: S608  names of ours


def whole(pks: Collection[int]) -> dict[int, Article]:
    """Articles by id, with all that their cards show; without those that are gone. One query.

    They are what a reader may see already: whoever asks has judged them.
    """
    if not pks:
        return {}
    database = router.db_for_read(Article)
    rows = connections[database].rows(_WHOLE, [database, list(pks)])  # type: ignore[attr-defined]  # zisnews.postgres
    sources: dict[int, Source] = {}
    found: dict[int, Article] = {}
    in_source, in_story = len(_ARTICLE), len(_ARTICLE) + len(_SOURCE)
    for pk, version, *row in rows:
        article = found[pk] = made(Article, database, pk, dict(zip(_ARTICLE, row, strict=False)))
        source_id, story_id = article.source_id, article.story_id
        if source_id not in sources:
            told_by = dict(zip(_SOURCE, row[in_source:in_story], strict=True))
            sources[source_id] = made(Source, database, source_id, told_by)
        story = made(Story, database, story_id, dict(zip(_STORY, row[in_story:], strict=True))) if story_id else None
        article._state.fields_cache |= {"source": sources[source_id], "story": story}
        article.version = version  # type: ignore[attr-defined]  # as annotated by ArticleQuerySet.cards
    return found
