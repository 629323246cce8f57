"""Follows stories, and tells which moved: told by more sources or countries than when the reader last looked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.following import TooMuchFollowed, one_by_one
from accounts.models import User
from aggregator.models import FollowedStory, Story

MOST_STORIES = 200

# A story and all that became part of it, in SQL.
PARTS = """part AS (
    SELECT %(story)s::bigint AS id
    UNION SELECT aggregator_story.id FROM aggregator_story JOIN part ON merged_into_id = part.id)"""


@dataclass(frozen=True, slots=True)
class News:
    """What came to a story since its reader last looked at it."""

    articles: int
    sources: int
    countries: int

    @property
    def has_any(self) -> bool:
        return bool(self.articles)

    @property
    def has_moved(self) -> bool:
        """Whether others tell it now: worth a notice, which one more article of the same source is not."""
        return bool(self.sources or self.countries)


def follow_story(user: User, story: Story, now: datetime) -> None:
    """Follow a standing story from now on. Raises TooMuchFollowed."""
    with one_by_one(user):
        rows = stories_followed_by(user)
        if not rows.filter(story=story).exists() and rows.count() >= MOST_STORIES:
            raise TooMuchFollowed(
                _("You follow %(limit)d stories, and there is no room for more.") % {"limit": MOST_STORIES}
            )
        FollowedStory.objects.get_or_create(
            user=user, story=story, defaults={"followed_at": now, "seen_at": now} | counts_of(story)
        )


def unfollow_story(user: User, story: Story) -> None:
    """Let go of a story, and of all that became part of it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH RECURSIVE {PARTS}
                DELETE FROM aggregator_followedstory WHERE user_id = %(user)s AND story_id IN (SELECT id FROM part)""",  # noqa: S608
            {"story": story.pk, "user": user.pk},
        )


def stories_followed_by(user: User) -> QuerySet[FollowedStory]:
    """The rows of the stories that a reader follows and that stand."""
    return FollowedStory.objects.filter(user=user, story__merged_into=None)


def is_story_followed(user: User, story: Story) -> bool:
    return FollowedStory.objects.filter(user=user, story=story).exists()


def followed_among(user: User, story_ids: Iterable[int]) -> set[int]:
    """Which of these stories a reader follows. One query."""
    return set(FollowedStory.objects.filter(user=user, story__in=list(story_ids)).values_list("story", flat=True))


def note_story_seen(user: User, story: Story, now: datetime) -> None:
    """Remember how widely a story was told when its reader looked at it; for one they do not follow nothing happens."""
    FollowedStory.objects.filter(user=user, story=story).update(seen_at=now, **counts_of(story))


def counts_of(story: Story) -> dict[str, int]:
    return {
        "seen_articles": story.article_count,
        "seen_sources": story.source_count,
        "seen_countries": story.country_count,
    }


def news_of(row: FollowedStory) -> News:
    """What came to the story of this row. A story that lost articles, or was one of several, has no less than none."""
    story = row.story
    return News(
        articles=max(0, story.article_count - row.seen_articles),
        sources=max(0, story.source_count - row.seen_sources),
        countries=max(0, story.country_count - row.seen_countries),
    )


def moved() -> QuerySet[FollowedStory]:
    """The rows whose story is told by more sources or countries than their reader has seen."""
    grown = Q(story__source_count__gt=F("seen_sources")) | Q(story__country_count__gt=F("seen_countries"))
    return FollowedStory.objects.filter(grown, story__merged_into=None)


def go_along_with_merges() -> int:
    """Let who followed a story that was merged into another follow that one; returns how many rows that were.

    What they had seen stays, so that what the merge brought counts as news. Of a reader who follows both, the row of
    the merged one stays as it is: passed over while that is part of the other, it holds again if they are parted.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH going AS (
                   SELECT DISTINCT ON (user_id, story.merged_into_id) followed.id, story.merged_into_id AS host
                   FROM aggregator_followedstory AS followed JOIN aggregator_story AS story ON story.id = story_id
                   WHERE story.merged_into_id IS NOT NULL AND NOT EXISTS (
                       SELECT FROM aggregator_followedstory
                       WHERE user_id = followed.user_id AND story_id = story.merged_into_id)
                   ORDER BY user_id, story.merged_into_id, followed_at, followed.id)
               UPDATE aggregator_followedstory AS followed
               SET story_id = going.host, chosen_id = coalesce(chosen_id, story_id)
               FROM going WHERE going.id = followed.id"""
        )
        return cursor.rowcount


def go_along_with_split(story: Story, made: Story) -> int:
    """Let who follows a story follow what was split off it too: it was in what they chose. Returns how many rows.

    Nothing of it is news to them yet. Who does not want it lets it go; who lost it would not know.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO aggregator_followedstory
                   (user_id, story_id, followed_at, seen_at, seen_articles, seen_sources, seen_countries)
               SELECT user_id, %s, followed_at, seen_at, %s, %s, %s
               FROM aggregator_followedstory WHERE story_id = %s
               ON CONFLICT (user_id, story_id) DO NOTHING""",
            [made.pk, *counts_of(made).values(), story.pk],
        )
        return cursor.rowcount


def go_back_with(story: Story, host: Story) -> int:
    """Let who had chosen a story follow it again, now that it is no part of the other any more; returns how many.

    So does who had chosen a story that had become part of it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH RECURSIVE {PARTS}
                UPDATE aggregator_followedstory AS followed
                SET story_id = %(story)s, chosen_id = NULLIF(chosen_id, %(story)s)
                WHERE story_id = %(host)s AND chosen_id IN (SELECT id FROM part) AND NOT EXISTS (
                    SELECT FROM aggregator_followedstory
                    WHERE user_id = followed.user_id AND story_id = %(story)s)""",  # noqa: S608
            {"story": story.pk, "host": host.pk},
        )
        return cursor.rowcount
