"""A reader's own list: the newest of all they follow, each article once.

What is followed is many lists that are each in order: of a source, a category, a story. The newest of all of them lie
in the lists that begin with the newest; so the first of each list says which need to be looked into. What is found is
then asked whether the reader may see it, and where too little is left, the next ones are looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from django.db import connection

from accounts.following import Followed, followed_by
from accounts.models import User
from accounts.preferences import Preferences
from aggregator.card_rows import whole
from aggregator.models import Article, FollowedStory
from aggregator.search.asked import Asked
from aggregator.search.finding import TookTooLong, newest
from aggregator.search.followed import as_one_question
from zisnews.pagination import PAGE_SIZE, Page, parse_position

GROWTH, MOST_LOOKED_AT = 4, 10_000  # rows looked at for one page, where nearly all of them are hidden
Key: TypeAlias = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is made of. languages: primary tags, whose sources stand in for what one follows."""

    followed: Followed = field(default_factory=Followed)
    stories: tuple[int, ...] = ()
    languages: tuple[str, ...] = ()

    @property
    def has_any(self) -> bool:
        parts = self.followed
        return bool(
            parts.sources or parts.categories or parts.countries or parts.queries or self.stories or self.languages
        )


@dataclass(frozen=True, slots=True)
class Found:
    """A page of a reader's own list. hidden: how many articles between its ends their choices take out.

    reached: how far back was looked, where nearly everything is hidden
    """

    page: Page[Article]
    hidden: int
    reached: datetime | None = None


def wanted_by(user: User) -> Wanted:
    """All that a reader follows. Three queries."""
    stories = FollowedStory.objects.filter(user=user).values_list("story__merged_into", "story")
    return Wanted(followed_by(user), tuple({merged_into or story for merged_into, story in stories}))


def page_of(wanted: Wanted, preferences: Preferences, after: str = "", *, now: datetime) -> Found:
    """A page of the newest articles of all that is wanted, behind `after`; one that is in two lists stands once.

    Raises BadRequest when `after` is not one of our own `Page.next`.
    """
    before = parse_position(after) if after else None
    asked = as_one_question(wanted.followed.queries, now)
    wide = 2 if preferences.excludes else 1  # little more than a page is enough for most
    keys: list[Key] = []
    hidden, looked_at, size = 0, 0, wide * (PAGE_SIZE + 1)
    while True:
        batch = newest_keys(wanted, asked, size, before)
        visible = visible_among(batch, preferences)
        for key in batch:
            if len(keys) > PAGE_SIZE:
                break
            if key[1] in visible:
                keys.append(key)
            else:
                hidden += 1
        looked_at += len(batch)
        is_end = len(batch) < size
        if len(keys) > PAGE_SIZE or is_end or looked_at >= MOST_LOOKED_AT:
            break
        before, size = batch[-1], size * GROWTH
    last = keys[PAGE_SIZE - 1] if len(keys) > PAGE_SIZE else None if is_end else batch[-1]
    shown = whole([pk for _moment, pk in keys[:PAGE_SIZE]])
    rows = [shown[pk] for _moment, pk in keys[:PAGE_SIZE] if pk in shown]
    page = Page(rows, f"{last[0].isoformat()}~{last[1]}" if last else "")
    return Found(page, hidden, last[0] if last and len(keys) <= PAGE_SIZE else None)


def visible_among(batch: Sequence[Key], preferences: Preferences) -> set[int]:
    """The ids of those that the reader has not ruled out. One query, none for who rules out nothing."""
    pks = [pk for _moment, pk in batch]
    if not preferences.excludes:
        return set(pks)
    return set(Article.objects.visible_to(preferences).filter(pk__in=pks).order_by().values_list("pk", flat=True))


def newest_keys(wanted: Wanted, asked: Asked | None, size: int, before: Key | None) -> list[Key]:
    """The (published_at, id) of the newest articles of all lists, at most `size`, each once; behind `before`."""
    found = {*of_lists(wanted, size, before), *of_searches(asked, size, before)}
    return sorted(found, reverse=True)[:size]


# The newest of each source, of these the newest sources, and of those their newest: the index of a source's list
# answers both. Categories and stories are few.
OF_LISTS = """
WITH first AS MATERIALIZED (
    SELECT source.id, newest.published_at, newest.id AS article
    FROM feeds_source source CROSS JOIN LATERAL (
        SELECT published_at, id FROM aggregator_article WHERE source_id = source.id {behind}
        ORDER BY published_at DESC, id DESC LIMIT 1) newest
    WHERE source.id = ANY(%(sources)s) OR source.country_id = ANY(%(countries)s)
        OR split_part(source.language, '-', 1) = ANY(%(languages)s)
    ORDER BY newest.published_at DESC, newest.id DESC LIMIT %(size)s
)
SELECT published_at, id FROM (
    SELECT newest.published_at, newest.id FROM first CROSS JOIN LATERAL (
        SELECT published_at, id FROM aggregator_article WHERE source_id = first.id {behind}
        ORDER BY published_at DESC, id DESC LIMIT %(size)s) newest
    UNION
    SELECT newest.published_at, newest.id FROM unnest(%(categories)s::text[]) followed (slug) CROSS JOIN LATERAL (
        SELECT published_at, id FROM aggregator_article WHERE category_id = followed.slug {behind}
        ORDER BY published_at DESC, id DESC LIMIT %(size)s) newest
    UNION
    SELECT newest.published_at, newest.id FROM unnest(%(stories)s::bigint[]) followed (id) CROSS JOIN LATERAL (
        SELECT published_at, id FROM aggregator_article WHERE story_id = followed.id {behind}
        ORDER BY published_at DESC, id DESC LIMIT %(size)s) newest
) merged ORDER BY published_at DESC, id DESC LIMIT %(size)s
"""
BEHIND = "AND published_at <= %(moment)s AND (published_at < %(moment)s OR id < %(pk)s)"


def of_lists(wanted: Wanted, size: int, before: Key | None) -> list[Key]:
    values: dict[str, Any] = {
        "sources": list(wanted.followed.sources),
        "countries": list(wanted.followed.countries),
        "categories": list(wanted.followed.categories),
        "stories": list(wanted.stories),
        "languages": list(wanted.languages),
        "size": size,
        "moment": before[0] if before else None,
        "pk": before[1] if before else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(OF_LISTS.format(behind=BEHIND if before else ""), values)
        return cursor.fetchall()


def of_searches(asked: Asked | None, size: int, before: Key | None) -> list[Key]:
    """The newest that followed searches find; one that takes too long adds what it found until then."""
    if asked is None:
        return []
    try:
        return [match.key for match in newest(asked, size, before).rows]
    except TookTooLong:
        return []
