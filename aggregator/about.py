"""Keeps which countries the articles of these days are about, and counts by day which country writes about which.

Only these days: pages ask of a week. What an article is about is read once, when it is published (aggregator.subjects).
"""

import time
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from psycopg2.extras import execute_values

from aggregator.models import About, AboutCount, Article, ArticleQuerySet
from aggregator.subjects import subjects

DAYS = 7  # that pages tell of: today and six before, in UTC
KEPT = timedelta(days=DAYS + 2)
COUNTS_KEPT = timedelta(days=35)
OPENING = 1000  # characters of the text of an article without a description
ITSELF = ""  # the subject of the row that each article has, beside one for each country
ARTICLES_PER_BATCH, ROWS_PER_BATCH = 500, 20_000
BUSY_SECONDS = 30
COUNT_LOCK = 0xAB07  # any number that no other advisory lock of ours uses


def first_day(now: datetime) -> date:
    """The first of the days that pages tell of."""
    return now.astimezone(UTC).date() - timedelta(days=DAYS - 1)


def beginning_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def countries_in(article: Article) -> list[str]:
    """The countries an article is about, its source loaded."""
    said = article.description or article.text[:OPENING]
    return subjects(article.title, said, article.language, teller=article.source.country_id)


def note(found: Iterable[tuple[Article, Sequence[str]]], now: datetime) -> None:
    """Store what these stored articles are about, in place of what was stored before; older ones are passed by."""
    rows = [
        (article.pk, article.source.country_id, subject, article.category_id, article.published_at)
        for article, countries in found
        if article.published_at >= now - KEPT
        for subject in (ITSELF, *countries)
    ]
    if not rows:
        return
    with connection.cursor() as cursor:
        execute_values(
            cursor.cursor,
            """INSERT INTO aggregator_about (article_id, teller, subject, category_id, published_at) VALUES %s
               ON CONFLICT (article_id, subject) DO UPDATE SET teller = excluded.teller,
                   category_id = excluded.category_id, published_at = excluded.published_at""",
            sorted(rows),
            page_size=len(rows),
        )


@transaction.atomic
def renew(articles: Iterable[Article], now: datetime) -> None:
    """Read anew what articles are about that say something else now, or stand on another shelf."""
    changed = list(articles)
    if changed:
        About.objects.filter(article__in=changed).delete()
        note(((article, countries_in(article)) for article in changed), now)


def catch_up(now: datetime, *, budget_seconds: float) -> int:
    """Read the articles of these days that came before their countries were kept, the newest first; returns how many.

    Each batch is stored at once: it may be stopped at any time and goes on where it was.
    """
    from feeds.streaming import is_ending  # noqa: PLC0415  the web process loads this module, and not that one

    stop_at = time.monotonic() + budget_seconds
    done = 0
    while time.monotonic() < stop_at and not is_ending.is_set():
        batch = list(unread(now).select_related("source")[:ARTICLES_PER_BATCH])
        note(((article, countries_in(article)) for article in batch), now)
        done += len(batch)
        if len(batch) < ARTICLES_PER_BATCH:
            break
    return done


def unread(now: datetime) -> ArticleQuerySet:
    """The articles of these days of which it is not known what they are about, newest first."""
    fields = "title", "description", "text", "language", "category", "published_at", "source__country"
    recent = Article.objects.filter(published_at__gte=beginning_of(first_day(now)), published_at__lte=now)
    read = About.objects.filter(article=OuterRef("pk"), subject=ITSELF)
    return recent.exclude(Exists(read)).newest_first().only(*fields)


def count_days(now: datetime, *, days: int = DAYS + 1) -> None:
    """Count the last so many days anew. Whoever comes while another counts has nothing to do."""
    since = now.astimezone(UTC).date() - timedelta(days=days - 1)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [COUNT_LOCK])
        if not cursor.fetchone()[0]:
            return
        cursor.execute(
            """WITH counted AS MATERIALIZED (
                   SELECT (published_at AT TIME ZONE 'UTC')::date AS day, teller, subject, category_id,
                          count(*) AS article_count
                   FROM aggregator_about WHERE published_at >= %s GROUP BY 1, 2, 3, 4),
               gone AS (
                   DELETE FROM aggregator_aboutcount old WHERE day >= %s AND NOT EXISTS (
                       SELECT FROM counted WHERE counted.day = old.day AND counted.teller = old.teller
                       AND counted.subject = old.subject AND counted.category_id = old.category_id))
               INSERT INTO aggregator_aboutcount AS old (day, teller, subject, category_id, article_count)
               SELECT * FROM counted
               ON CONFLICT (day, teller, subject, category_id) DO UPDATE SET article_count = excluded.article_count
               WHERE old.article_count <> excluded.article_count""",
            [beginning_of(since), since],
        )


def forget_old(now: datetime) -> int:
    """Let go of a batch of what no page asks for any more; returns how many articles' subjects went."""
    AboutCount.objects.filter(day__lt=(now - COUNTS_KEPT).date()).delete()
    old = About.objects.filter(published_at__lt=now - KEPT).order_by("published_at").values("pk")[:ROWS_PER_BATCH]
    return About.objects.filter(pk__in=old).delete()[0]


def keep_in_step(now: datetime) -> None:
    """What a worker does every few minutes: read what is unread, count, and once an hour the whole week."""
    catch_up(now, budget_seconds=BUSY_SECONDS)
    is_first_of_hour = now.minute < 5
    count_days(now, days=DAYS + 1 if is_first_of_hour else 2)
    if is_first_of_hour:
        forget_old(now)
