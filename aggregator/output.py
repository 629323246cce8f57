"""How much sources and countries tell: counts over bounded windows along indexes, kept for some minutes.

What a reader blocks does not count: for whoever has keywords or hidden sources the numbers are kept under what they
exclude, so that the next change counts at once.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db import connection
from django.db.models import Count

from accounts.preferences import Preferences
from aggregator.models import Article
from feeds.models import Source

Counted = TypeVar("Counted")

KEPT_SECONDS = 300
DAY, WEEK = timedelta(days=1), timedelta(days=7)
RHYTHM_WEEKS, SUBJECT_DAYS, TOLD_DAYS = 2, 30, 7
MOST_COUNTED = 10_000  # articles of one source; beyond them the newest stand for all
MOST_WEIGHED = 500  # of its newest, for those whose stories are told widest
MOST_TOLD, MOST_SUBJECTS = 5, 6
# Plain SQL that is planned once: Django wrote each for longer than Postgres counts.
_OF_A_WEEK = """SELECT source_id, count(*), min(published_at) FROM aggregator_article
    WHERE source_id = ANY(%s::bigint[]) AND published_at >= %s AND published_at <= %s GROUP BY source_id"""
_BY_HOUR = """SELECT extract(hour FROM published_at AT TIME ZONE %(zone)s::text)::int,
        extract(isodow FROM published_at AT TIME ZONE %(zone)s::text)::int, count(*)
    FROM aggregator_article WHERE source_id = %(source)s AND published_at > %(since)s AND published_at <= %(now)s
    GROUP BY 1, 2"""
_BY_CATEGORY = """SELECT category_id, count(*) FROM aggregator_article
    WHERE source_id = %s AND published_at > %s AND published_at <= %s GROUP BY category_id"""
LOOKED_AT = 40  # of those told widest, at a time, for what the reader rules out


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a source publishes: articles by hour of the day and by weekday, Monday first, in the reader's zone."""

    hours: Sequence[int]
    weekdays: Sequence[int]

    @property
    def is_known(self) -> bool:
        return sum(self.hours) > 0


@dataclass(frozen=True, slots=True)
class Profile:
    """How a source publishes. rate: articles a day. subjects: as subjects_of gives them. most_told: ids of articles"""

    rate: float
    rhythm: Rhythm
    subjects: list[tuple[str, float]]
    most_told: list[int]


def profile_of(source: Source, preferences: Preferences, now: datetime) -> Profile:
    """How a source publishes, as a reader of these preferences is to see it; all of it by one look into the cache."""

    def count() -> Profile:
        rate = articles_per_day([source], now).get(source.pk, 0.0)
        told = most_told_of(source, preferences, now)
        return Profile(rate, rhythm_of(source, preferences.zone, rate, now), subjects_of(source, rate, now), told)

    return remembered(f"profile:{source.pk}:{preferences.zone.key}", preferences, count)


def told_today(preferences: Preferences, now: datetime) -> dict[str, int]:
    """Articles of the last 24 hours by the country of their source."""
    return remembered("told-today", preferences, lambda: count_countries(preferences, now))


def count_countries(preferences: Preferences, now: datetime) -> dict[str, int]:
    recent = Article.objects.visible_to(preferences).filter(published_at__gte=now - DAY)
    by_source, values = recent.order_by().values_list("source").annotate(Count("pk")).query.sql_with_params()
    with connection.cursor() as cursor:  # counted before they are joined: sources are few beside articles
        cursor.execute(
            f"""SELECT country_id, sum(articles)::bigint FROM ({by_source}) counted (id, articles)
                JOIN feeds_source USING (id) GROUP BY country_id""",  # noqa: S608  what Django made of a query
            values,
        )
        return dict(cursor.fetchall())


def articles_per_day(sources: Iterable[Source], now: datetime) -> dict[int, float]:
    """Articles a day over the last week, by source id; over as many days as we read a source, where those are fewer."""
    by_pk = {source.pk: source for source in sources}
    counts = connection.rows(_OF_A_WEEK, [list(by_pk), now - WEEK, now])  # type: ignore[attr-defined]  # zisnews.postgres
    return {pk: count / days_read(by_pk[pk], first, now) for pk, count, first in counts}


def days_read(source: Source, first: datetime, now: datetime) -> float:
    """Over how many days, 1 to 7, a source's articles of a week are spread; some are older than our reading it."""
    known_for = now - min(source.added_at, first)
    return min(max(known_for / DAY, 1.0), 7.0)


def rhythm_of(source: Source, zone: ZoneInfo, rate: float, now: datetime) -> Rhythm:
    """When the source publishes, over the last two weeks; rate: its articles a day."""

    def count() -> Rhythm:
        hours, weekdays = [0] * 24, [0] * 7
        since = now - stretch(RHYTHM_WEEKS * WEEK, rate, least=WEEK)
        asked = {"source": source.pk, "since": since, "now": now, "zone": zone.key}
        for hour, weekday, articles in connection.rows(_BY_HOUR, asked):  # type: ignore[attr-defined]  # zisnews.postgres
            hours[hour] += articles
            weekdays[weekday - 1] += articles
        return Rhythm(hours, weekdays)

    return remembered(f"rhythm:{source.pk}:{zone.key}", None, count)


def subjects_of(source: Source, rate: float, now: datetime) -> list[tuple[str, float]]:
    """(category, its share of the source's articles of a month), the largest first; rate: its articles a day."""

    def count() -> list[tuple[str, float]]:
        since = now - stretch(SUBJECT_DAYS * DAY, rate, least=DAY)
        counts = dict(connection.rows(_BY_CATEGORY, [source.pk, since, now]))  # type: ignore[attr-defined]  # zisnews.postgres
        largest = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_SUBJECTS]
        return [(category, count / sum(counts.values())) for category, count in largest]

    return remembered(f"subjects:{source.pk}", None, count)


def stretch(wanted: timedelta, rate: float, *, least: timedelta) -> timedelta:
    """How far back to count what has so many articles a day: less far where they are more than MOST_COUNTED."""
    return max(least, min(wanted, MOST_COUNTED / max(rate, 1.0) * DAY))


def most_told_of(source: Source, preferences: Preferences, now: datetime) -> list[int]:
    """Of the newest articles of a source the ids of those whose stories most countries tell, one of each story.

    The widest first. Two indexes tell it, without a row of an article or a story.
    """
    found: list[int] = []
    stories: set[int] = set()
    told = told_widest(source, now)
    for start in range(0, len(told), LOOKED_AT):
        some = dict(told[start : start + LOOKED_AT])
        for pk in seen_of(some, preferences):
            if some[pk] not in stories:
                stories.add(some[pk])
                found.append(pk)
        if len(found) >= MOST_TOLD:
            break
    return found[:MOST_TOLD]


def told_widest(source: Source, now: datetime) -> list[tuple[int, int]]:
    """(article, story) of the newest of a source that several countries tell, the widest story first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT article.id, article.story_id FROM (
                   SELECT id, story_id, published_at FROM aggregator_article
                   WHERE source_id = %s AND published_at > %s AND published_at <= %s
                   ORDER BY published_at DESC, id DESC LIMIT %s) article
               JOIN aggregator_story story ON story.id = article.story_id AND story.country_count >= 2
               ORDER BY story.country_count DESC, article.published_at DESC, article.id DESC""",
            [source.pk, now - TOLD_DAYS * DAY, now, MOST_WEIGHED],
        )
        return cursor.fetchall()


def seen_of(articles: Collection[int], preferences: Preferences) -> list[int]:
    """Those of these articles that the reader did not rule out, in the order given."""
    if not preferences.excludes:
        return list(articles)
    seen = set(Article.objects.filter(pk__in=articles).visible_to(preferences).order_by().values_list("pk", flat=True))
    return [pk for pk in articles if pk in seen]


def remembered(name: str, preferences: Preferences | None, count: Callable[[], Counted]) -> Counted:
    """What `count` gives, from the cache where it is fresh: for all, or for those who exclude the same."""
    if preferences is not None and preferences.excludes:
        name = f"{name}:{preferences.digest}"
    found: Counted | None = cache.get(f"output:{name}")
    if found is None:
        found = count()
        cache.set(f"output:{name}", found, KEPT_SECONDS)
    return found
