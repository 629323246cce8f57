"""Which countries' sources were asked while a story was told, and how many of them usually tell such a story.

What is usual is counted once a day into UsualTelling, by kind of story: a category, and about how many countries told
it. So a story costs two small queries, however much is stored.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max

from aggregator.comparing.silent import Coverage
from aggregator.models import Story, UsualTelling
from feeds.models import Feed

DAYS = 90
SHORTEST_HISTORY = timedelta(days=30)
SETTLED = timedelta(hours=24)  # a story younger than this may still be told
COUNTED_ANEW = timedelta(hours=20)
LONGEST_LATENESS = timedelta(days=3)  # a source that did not answer for so long was not asked
SIZES = (2, 3, 5, 9, 17)  # told by so many countries or more: doublings, since few stories are told by many
COUNTING_LOCK = 0x7A69730002


def coverage_of(story: Story, now: datetime) -> list[Coverage]:
    """Of each country whose sources were polled while the story was told: how many were, and what is usual.

    A source was polled when one of its feeds answered since the story began, and did so within three days of the
    present: what fell silent long ago is not asked. Without 30 days of history nothing is usual.
    """
    polled = polled_since(story.first_at, now)
    kind = UsualTelling.objects.filter(category=story.category_id, size=size_of(story.country_count))
    usual = {
        row.country_id: [*row.telling, *[0] * (row.stories - len(row.telling) - _is_counted(story, row))]
        for row in kind
        if row.counted_at - row.since >= SHORTEST_HISTORY
    }
    return [Coverage(country, count, usual.get(country, ())) for country, count in sorted(polled.items())]


def _is_counted(story: Story, usual: UsualTelling) -> bool:
    """Whether this very story is one of those in which a country told nothing: that is what is to be explained."""
    return usual.country_id not in story.voices and usual.since <= story.newest_at <= usual.counted_at - SETTLED


def polled_since(began: datetime, now: datetime) -> dict[str, int]:
    """How many sources of each country answered since a story began."""
    asked = Feed.objects.filter(succeeded_at__gte=max(began, now - LONGEST_LATENESS) if began < now else began)
    sources = asked.order_by().values("source", "source__country").annotate(at=Max("succeeded_at"))
    return dict(Counter(row["source__country"] for row in sources))


def size_of(countries: int) -> int:
    """The kind of story by how many countries tell it: the largest of SIZES that is not more."""
    return SIZES[max(0, bisect_right(SIZES, countries) - 1)]


def count_usual(now: datetime) -> int:
    """Count what countries usually tell, unless that was done within the day; returns how many rows there are now.

    Of several workers one counts. Stories of two sources at least, of the last 90 days, that are a day old.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [COUNTING_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        newest = UsualTelling.objects.aggregate(at=Max("counted_at"))["at"]
        if newest and newest > now - COUNTED_ANEW:
            return 0
        rows = usual_tellings(now)
        UsualTelling.objects.all().delete()
        UsualTelling.objects.bulk_create(rows, batch_size=1000)
        return len(rows)


def usual_tellings(now: datetime) -> list[UsualTelling]:
    told = Story.objects.told_by_several().standing().filter(country_count__gte=SIZES[0])
    told = told.filter(newest_at__gte=now - timedelta(days=DAYS), newest_at__lte=now - SETTLED).order_by()
    stories = Counter[tuple[str, int]]()
    telling: dict[tuple[str, int, str], list[int]] = defaultdict(list)
    since = now
    fields = "category_id", "country_count", "voices", "first_at"
    for category, countries, voices, first_at in told.values_list(*fields).iterator(chunk_size=2000):
        size = size_of(countries)
        stories[category, size] += 1
        since = min(since, first_at)
        for country, sources in voices.items():
            telling[category, size, country].append(int(sources))
    return [
        UsualTelling(
            category_id=category,
            size=size,
            country_id=country,
            stories=stories[category, size],
            telling=counts,
            since=max(since, now - timedelta(days=DAYS)),
            counted_at=now,
        )
        for (category, size, country), counts in sorted(telling.items())
    ]
