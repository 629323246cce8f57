"""What search engines shall find: our own pages and what only we have, the stories as their countries tell them.

Articles are left out: each leads to its original, which is where they should be found. A story's file is that of the
day of its newest article, so that a file of a past day is never read again in vain.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from html import escape

from django.conf import settings
from django.db import connections, router
from django.db.models import Min
from django.urls import reverse

from aggregator.addresses import country_address, source_address
from aggregator.card_rows import made
from aggregator.heading import headlines_of
from aggregator.models import Story
from feeds.formats.characters import without_forbidden
from feeds.models import Category, Country, Source

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
MOST_ADDRESSES = 50_000  # of a file, sitemaps.org
NEWS_DAYS, MOST_NEWS = 2, 1_000  # Google, "Create a News sitemap"
# Of those that began lately; `language` is that of the article whose headline is the stored one.
_STORY = ("title", "slug", "first_at", "is_title_pinned")
_BEGUN = f"""SELECT id, (SELECT article.language FROM aggregator_article article
        WHERE article.story_id = story.id AND article.title = story.title LIMIT 1), headlines, {", ".join(_STORY)}
    FROM aggregator_story story
    WHERE merged_into_id IS NULL AND source_count >= 2 AND newest_at >= %s AND first_at >= %s
    ORDER BY newest_at DESC LIMIT {MOST_NEWS}"""  # noqa: S608  ours
PLAIN_PAGES = ("front", "latest", "countries", "sources", "about", "app", "sources_policy", "privacy", "terms")


@dataclass(frozen=True, slots=True)
class Address:
    """A path of ours, and when what it shows last changed, where that is known."""

    path: str
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewsPage:
    path: str
    title: str
    language: str
    published_at: datetime


def plain_pages() -> Iterator[Address]:
    """The pages that are always there: sections, countries and sources with their lists."""
    yield from (Address(reverse(name)) for name in PLAIN_PAGES)
    yield from (
        Address(reverse("category", args=[slug])) for slug in Category.objects.sections().values_list("pk", flat=True)
    )
    told = Country.objects.filter(sources__isnull=False).distinct().order_by("pk").values_list("pk", flat=True)
    yield from (Address(country_address(iso)) for iso in told)
    slugs = Source.objects.order_by("slug").values_list("slug", flat=True)
    yield from (Address(source_address(slug)) for slug in slugs[: MOST_ADDRESSES - 1_000])


def days_with_stories(now: datetime) -> list[date]:
    """The days from the oldest story to today, newest first."""
    oldest = Story.objects.standing().aggregate(oldest=Min("newest_at"))["oldest"]
    if oldest is None:
        return []
    today = now.astimezone(UTC).date()
    return [today - timedelta(days=back) for back in range((today - oldest.astimezone(UTC).date()).days + 1)]


def stories_of(day: date) -> list[Address]:
    """The stories of several sources whose newest article is of this day (UTC)."""
    first, last = datetime.combine(day, time.min, UTC), datetime.combine(day, time.max, UTC)
    stories = Story.objects.standing().told_by_several().filter(newest_at__gte=first, newest_at__lte=last)
    rows = stories.order_by("-newest_at").only("slug", "newest_at")[:MOST_ADDRESSES]
    return [Address(story.get_absolute_url(), story.newest_at) for story in rows]


def recent_news(now: datetime) -> list[NewsPage]:
    """The stories of several sources that began in the last two days, under the headlines their pages have for who
    asks for none of our languages, and in the language of each. Two queries.
    """
    since = now - timedelta(days=NEWS_DAYS)
    database = router.db_for_read(Story)
    rows = connections[database].rows(_BEGUN, [since, since])  # type: ignore[attr-defined]  # zisnews.postgres
    languages, told = {}, []
    for pk, language, headlines, *row in rows:
        languages[pk] = language
        values = dict(zip(_STORY, row, strict=True)) | {"headlines": json.loads(headlines)}
        told.append(made(Story, database, pk, values))
    headed = headlines_of(told, settings.LANGUAGE_CODE)
    return [
        NewsPage(story.get_absolute_url(), title, language or languages[story.pk] or "en", story.first_at)
        for story in told
        for title, language in [headed[story.pk]]
    ]


def write_index(addresses: Iterable[str]) -> bytes:
    """A sitemap index of absolute addresses of sitemaps."""
    return _written("sitemapindex", "", (f"<sitemap><loc>{_text(address)}</loc></sitemap>" for address in addresses))


def write_sitemap(addresses: Iterable[Address], root_address: str) -> bytes:
    """A sitemap of paths under an absolute address that ends without a slash."""
    items = (
        f"<url><loc>{_text(root_address + one.path)}</loc>"
        f"{f'<lastmod>{_moment(one.changed_at)}</lastmod>' if one.changed_at else ''}</url>"
        for one in addresses
    )
    return _written("urlset", "", items)


def write_news(pages: Iterable[NewsPage], root_address: str) -> bytes:
    """A news sitemap, with ourselves as the publication."""
    items = (
        f"<url><loc>{_text(root_address + page.path)}</loc><news:news><news:publication><news:name>ZisNews</news:name>"
        f"<news:language>{_text(page.language)}</news:language></news:publication>"
        f"<news:publication_date>{_moment(page.published_at)}</news:publication_date>"
        f"<news:title>{_text(page.title)}</news:title></news:news></url>"
        for page in pages
    )
    return _written("urlset", f' xmlns:news="{NEWS}"', items)


def _written(kind: str, names: str, items: Iterable[str]) -> bytes:
    """The whole file. A tree of elements for a thousand addresses took four times as long as all else."""
    opening = f'<?xml version="1.0" encoding="utf-8"?>\n<{kind} xmlns="{SITEMAP}"{names}>'
    return f"{opening}{''.join(items)}</{kind}>".encode()


def _text(words: str) -> str:
    return escape(without_forbidden(words), quote=False)


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
