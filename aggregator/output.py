"""How much sources and countries tell: counts over bounded windows along indexes, kept for some minutes.

What a reader blocks does not count: for whoever has keywords or hidden sources the numbers are made anew each time.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db.models import Count, Min
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay

from accounts.preferences import Preferences
from aggregator.models import Article, ArticleQuerySet
from feeds.models import Source

Counted = TypeVar("Counted")

KEPT_SECONDS = 300
DAY, WEEK = timedelta(days=1), timedelta(days=7)
RHYTHM_WEEKS, SUBJECT_DAYS, TOLD_DAYS = 2, 30, 7
MOST_COUNTED = 20_000  # articles of one source; beyond them the newest stand for all
MOST_TOLD, MOST_SUBJECTS = 5, 6


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a source publishes: articles by hour of the day and by weekday, Monday first, in the reader's zone."""

    hours: list[int]
    weekdays: list[int]

    @property
    def is_known(self) -> bool:
        return sum(self.hours) > 0


def told_today(preferences: Preferences, now: datetime) -> dict[str, int]:
    """Articles of the last 24 hours by the country of their source."""
    return remembered("told-today", preferences, lambda: count_countries(preferences, now))


def count_countries(preferences: Preferences, now: datetime) -> dict[str, int]:
    recent = Article.objects.visible_to(preferences).filter(published_at__gte=now - DAY)
    by_source = dict(recent.order_by().values_list("source").annotate(Count("pk")))
    country_of = dict(Source.objects.filter(pk__in=by_source).order_by().values_list("pk", "country"))
    counts: dict[str, int] = {}
    for source, count in by_source.items():
        counts[country_of[source]] = counts.get(country_of[source], 0) + count
    return counts


def articles_per_day(sources: Iterable[Source], now: datetime) -> dict[int, float]:
    """Articles a day over the last week, by source id; over as many days as we read a source, where those are fewer."""
    by_pk = {source.pk: source for source in sources}
    recent = Article.objects.filter(source__in=by_pk, published_at__gte=now - WEEK, published_at__lte=now)
    counts = recent.order_by().values_list("source").annotate(Count("pk"), Min("published_at"))
    return {pk: count / days_read(by_pk[pk], first, now) for pk, count, first in counts}


def days_read(source: Source, first: datetime, now: datetime) -> float:
    """Over how many days, 1 to 7, a source's articles of a week are spread; some are older than our reading it."""
    known_for = now - min(source.added_at, first)
    return min(max(known_for / DAY, 1.0), 7.0)


def rhythm_of(source: Source, zone: ZoneInfo, now: datetime) -> Rhythm:
    """When the source publishes, over the last two weeks."""

    def count() -> Rhythm:
        recent = newest_of(source, now, RHYTHM_WEEKS * WEEK)
        hours, weekdays = [0] * 24, [0] * 7
        moments = recent.values_list(
            ExtractHour("published_at", tzinfo=zone), ExtractIsoWeekDay("published_at", tzinfo=zone)
        )
        for hour, weekday in moments:
            hours[hour] += 1
            weekdays[weekday - 1] += 1
        return Rhythm(hours, weekdays)

    return remembered(f"rhythm:{source.pk}:{zone.key}", None, count)


def subjects_of(source: Source, now: datetime) -> list[tuple[str, float]]:
    """(category, its share of the source's articles of a month), the largest first."""

    def count() -> list[tuple[str, float]]:
        counts: dict[str, int] = {}
        for category in newest_of(source, now, timedelta(days=SUBJECT_DAYS)).values_list("category", flat=True):
            counts[category] = counts.get(category, 0) + 1
        largest = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_SUBJECTS]
        return [(category, count / sum(counts.values())) for category, count in largest]

    return remembered(f"subjects:{source.pk}", None, count)


def newest_of(source: Source, now: datetime, window: timedelta) -> ArticleQuerySet:
    recent = Article.objects.filter(source=source, published_at__gt=now - window, published_at__lte=now)
    return recent.newest_first()[:MOST_COUNTED]


def most_told_of(source: Source, preferences: Preferences, now: datetime) -> list[Article]:
    """The source's articles of the last week whose stories most countries tell, one of each story, the widest first."""
    recent = Article.objects.filter(source=source, published_at__gt=now - TOLD_DAYS * DAY, story__country_count__gte=2)
    widest = recent.visible_to(preferences).cards().order_by("-story__country_count", "-published_at", "-pk")
    by_story: dict[int | None, Article] = {}
    for article in widest[: MOST_TOLD * 4]:
        by_story.setdefault(article.story_id, article)
    return list(by_story.values())[:MOST_TOLD]


def remembered(name: str, preferences: Preferences | None, count: Callable[[], Counted]) -> Counted:
    """What `count` gives, from the cache where it is fresh and the same for everybody."""
    if preferences is not None and preferences.excludes:
        return count()
    found: Counted | None = cache.get(f"output:{name}")
    if found is None:
        found = count()
        cache.set(f"output:{name}", found, KEPT_SECONDS)
    return found
