"""What came in, hour by hour: articles by category and country, how late they were, how many are shown shorter.

An hour that is over is counted once and kept in the cache; where the cache was lost, the hours are counted anew.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.core.cache import cache
from django.db import connection

from aggregator.models import Article

HOUR = timedelta(hours=1)
HOURS = 48  # that the charts show
SETTLED = timedelta(minutes=5)  # after its end an hour gets no more articles: no transaction lasts longer
KEPT_SECONDS = (HOURS + 2) * 3600
PRESENT_SECONDS = 15  # how long the count of an unfinished hour is good enough
MOST_REASONS = 30  # of an hour; a sentence may quote what a page says
QUANTILES = (0.5, 0.9, 0.95, 0.99)

# Lags are counted in classes that grow by a tenth, from a second to some two days: a quantile is right to 5 %.
CLASS_GROWTH, CLASSES = 1.1, 128


@dataclass(slots=True)
class Tally:
    """The articles that were added within one hour.

    lags, handling: seconds from the publisher's stamp, and from our first sight, to our page: class → articles
    shortened: (how much is shown, why not all) → articles
    """

    categories: Counter[str] = field(default_factory=Counter)
    countries: Counter[str] = field(default_factory=Counter)
    shortened: Counter[tuple[str, str]] = field(default_factory=Counter)
    lags: Counter[int] = field(default_factory=Counter)
    handling: Counter[int] = field(default_factory=Counter)

    @property
    def articles(self) -> int:
        return self.categories.total()


@dataclass(frozen=True, slots=True)
class Lags:
    """Quantiles in seconds, by name (p50 …); None where nothing was measured."""

    publication: Mapping[str, float | None]
    handling: Mapping[str, float | None]


def hours_until(now: datetime, count: int = HOURS) -> list[datetime]:
    """The beginnings of the last hours, the one that runs included, oldest first."""
    present = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return [present - HOUR * back for back in range(count - 1, -1, -1)]


def tallies(now: datetime, count: int = HOURS) -> dict[datetime, Tally]:
    """What came in each of the last hours, oldest first."""
    hours = hours_until(now, count)
    found: dict[str, Tally] = cache.get_many([_key(hour) for hour in hours])
    missing = [hour for hour in hours if _key(hour) not in found]
    if missing:
        counted = count_articles(missing[0], missing[-1] + HOUR)
        fresh = {hour: counted.get(hour, Tally()) for hour in missing}
        over = {_key(hour): tally for hour, tally in fresh.items() if hour + HOUR + SETTLED < now}
        cache.set_many(over, KEPT_SECONDS)
        cache.set_many({_key(hour): fresh[hour] for hour in missing if _key(hour) not in over}, PRESENT_SECONDS)
        found |= {_key(hour): tally for hour, tally in fresh.items()}
    return {hour: found[_key(hour)] for hour in hours}


def count_articles(start: datetime, end: datetime) -> dict[datetime, Tally]:
    """Count the articles added in [start, end) in one pass, by hour. Hours without any are missing.

    Of lags only those count that say something of us: the publisher stamped the article with a time before we saw
    it, at most a day before, and while we already asked this source.
    """
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"start": start, "end": end, "growth": math.log(CLASS_GROWTH), "last": CLASSES})
        rows = cursor.fetchall()
    counted: dict[datetime, Tally] = {}
    for hour, kind, first, second, number in rows:
        tally = counted.setdefault(hour, Tally())
        match kind:
            case "category":
                tally.categories[first] = number
            case "country":
                tally.countries[first] = number
            case "shortened" if first:
                tally.shortened[first, second] = number
            case "lag" if first is not None:
                tally.lags[int(first)] = number
            case "handling" if first is not None:
                tally.handling[int(first)] = number
    for tally in counted.values():
        tally.shortened = Counter(dict(tally.shortened.most_common(MOST_REASONS)))
    return counted


# What says something of us: see count_articles.
IS_MEASURED = "published_at < seen_at AND published_at > GREATEST(seen_at - interval '1 day', source.added_at)"
LAG, HANDLING = (f"date_part('epoch', article.added_at - {moment})" for moment in ("published_at", "seen_at"))
CLASS = "least(ceil(ln(greatest({seconds}, 1)) / %(growth)s), %(last)s)::int"
COUNT = f"""
WITH added AS MATERIALIZED (
  SELECT date_trunc('hour', article.added_at, 'UTC') AS hour, article.category_id AS category,
         source.country_id AS country,
         CASE WHEN page_display <> 'full_text' THEN page_display END AS display,
         CASE WHEN page_display <> 'full_text' THEN page_display_reason END AS reason,
         CASE WHEN {IS_MEASURED} THEN {CLASS.format(seconds=LAG)} END AS lag,
         {CLASS.format(seconds=HANDLING)} AS handling
  FROM aggregator_article AS article JOIN feeds_source AS source ON source.id = article.source_id
  WHERE article.added_at >= %(start)s AND article.added_at < %(end)s)
SELECT hour,
       CASE GROUPING(category, country, display, lag, handling)
         WHEN 15 THEN 'category' WHEN 23 THEN 'country' WHEN 27 THEN 'shortened' WHEN 29 THEN 'lag' ELSE 'handling' END,
       COALESCE(category, country, display, lag::text, handling::text), reason, count(*)
FROM added
GROUP BY GROUPING SETS ((hour, category), (hour, country), (hour, display, reason), (hour, lag), (hour, handling))
"""  # noqa: S608 - built from the constants above


def _key(hour: datetime) -> str:
    return f"tally:1:{int(hour.timestamp())}"


def lags_of(tallies: Iterable[Tally]) -> Lags:
    """How late the articles of these hours were."""
    lags: Counter[int] = Counter()
    handling: Counter[int] = Counter()
    for tally in tallies:
        lags.update(tally.lags)
        handling.update(tally.handling)
    return Lags(quantiles(lags), quantiles(handling))


def quantiles(classes: Counter[int]) -> dict[str, float | None]:
    """Read the quantiles off a count by class; the middle of a class stands for it."""
    total = classes.total()
    return {f"p{share * 100:g}": _quantile(classes, share * total) if total else None for share in QUANTILES}


def _quantile(classes: Counter[int], rank: float) -> float:
    seen = 0
    for number in sorted(classes):
        seen += classes[number]
        if seen >= rank:
            break
    return round(CLASS_GROWTH ** max(number - 0.5, 0), 1)


def lags_of_last_hour(now: datetime) -> Lags:
    """How late the articles of the last sixty minutes were, exactly."""
    with connection.cursor() as cursor:
        cursor.execute(LAGS, {"since": now - HOUR, "shares": list(QUANTILES)})
        publication, handling = cursor.fetchone()
    return Lags(_named(publication), _named(handling))


def _named(seconds: Sequence[float] | None) -> dict[str, float | None]:
    values = [round(value, 1) for value in seconds] if seconds else [None] * len(QUANTILES)
    return {f"p{share * 100:g}": value for share, value in zip(QUANTILES, values, strict=True)}


LAGS = f"""
SELECT percentile_cont(%(shares)s::float8[]) WITHIN GROUP (ORDER BY {LAG}) FILTER (WHERE {IS_MEASURED}),
       percentile_cont(%(shares)s::float8[]) WITHIN GROUP (ORDER BY {HANDLING})
FROM aggregator_article AS article JOIN feeds_source AS source ON source.id = article.source_id
WHERE article.added_at > %(since)s
"""  # noqa: S608 - built from the constants above


def articles_since(moment: datetime) -> int:
    """How many articles were added since; for a moment not long ago."""
    return Article.objects.filter(added_at__gt=moment).count()


def shortened(tallies: Sequence[Tally]) -> list[tuple[str, str, int]]:
    """How much is shown, why not all of it, and of how many articles; the most frequent first."""
    counts: Counter[tuple[str, str]] = Counter()
    for tally in tallies:
        counts.update(tally.shortened)
    return [(display, reason, number) for (display, reason), number in counts.most_common()]
