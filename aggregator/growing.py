"""Which stories grow fastest: how many sources joined each within the last hours."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import connection

from aggregator.output import remembered
from aggregator.ranking import slot_of

HOURS = 3
FEWEST_JOINED = 2
MOST_STORIES = 2_000
JOINED = """SELECT article.story_id, article.source_id FROM aggregator_article article
            WHERE article.story_id = {story} AND article.published_at <= %(now)s
            GROUP BY article.story_id, article.source_id HAVING min(article.published_at) > %(since)s"""


def joined_lately(story_ids: Collection[int], now: datetime) -> dict[int, int]:
    """By story, how many sources told it for the first time within the last HOURS; without those none joined. One
    query along the index of the stories' articles.
    """
    if not story_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT joined.story_id, count(*) FROM unnest(%(stories)s::bigint[]) AS told (story)
                CROSS JOIN LATERAL ({JOINED.format(story="told.story")}) joined GROUP BY 1""",  # noqa: S608  ours
            {"stories": list(story_ids), "now": now, "since": now - timedelta(hours=HOURS)},
        )
        return dict(cursor.fetchall())


def fastest_growing(now: datetime) -> list[tuple[int, int]]:
    """(story, sources that joined) of the stories that two or more joined, the most first, of equals the newest id.

    The same for all readers for five minutes, so that no page of the list is cut from another order than the one
    before it.
    """
    return remembered(f"growing:{slot_of(now).timestamp():.0f}", None, lambda: count_growing(now))


def count_growing(now: datetime) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT joined.story_id, count(*) AS sources FROM (
                    SELECT id FROM aggregator_story
                    WHERE merged_into_id IS NULL AND source_count >= 2 AND newest_at > %(since)s
                ) told CROSS JOIN LATERAL ({JOINED.format(story="told.id")}) joined
                GROUP BY 1 HAVING count(*) >= {FEWEST_JOINED} ORDER BY 2 DESC, 1 DESC LIMIT {MOST_STORIES}""",  # noqa: S608
            {"now": now, "since": now - timedelta(hours=HOURS)},
        )
        return cursor.fetchall()
