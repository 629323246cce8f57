"""What search engines shall find: our own pages and what only we have, the stories as their countries tell them.

Articles are left out: each leads to its original, which is where they should be found. A story's file is that of the
day of its newest article, so that a file of a past day is never read again in vain.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.db.models import Min, OuterRef, QuerySet, Subquery
from django.urls import reverse

from aggregator.heading import headlines_of
from aggregator.models import Article, Story
from feeds.formats.characters import without_forbidden
from feeds.models import Category, Country, Source

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
MOST_ADDRESSES = 50_000  # of a file, sitemaps.org
NEWS_DAYS, MOST_NEWS = 2, 1_000  # Google, "Create a News sitemap"
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
    yield from (Address(reverse("country", args=[iso.lower()])) for iso in told)
    slugs = Source.objects.order_by("slug").values_list("slug", flat=True)
    yield from (Address(reverse("source", args=[slug])) for slug in slugs[: MOST_ADDRESSES - 1_000])


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
    headline = Article.objects.filter(story=OuterRef("pk"), title=OuterRef("title"))
    stories: QuerySet[Story] = Story.objects.standing().told_by_several()
    begun = stories.filter(
        newest_at__gte=now - timedelta(days=NEWS_DAYS), first_at__gte=now - timedelta(days=NEWS_DAYS)
    )
    fields = "title", "slug", "first_at", "headlines", "is_title_pinned"
    rows = begun.annotate(language=Subquery(headline.values("language")[:1])).order_by("-newest_at").only(*fields)
    told = list(rows[:MOST_NEWS])
    headlines = headlines_of(told, settings.LANGUAGE_CODE)
    return [
        NewsPage(story.get_absolute_url(), title, language or story.language or "en", story.first_at)
        for story in told
        for title, language in [headlines[story.pk]]
    ]


def write_index(addresses: Iterable[str]) -> bytes:
    """A sitemap index of absolute addresses of sitemaps."""
    root = Element("sitemapindex", {"xmlns": SITEMAP})
    for address in addresses:
        SubElement(SubElement(root, "sitemap"), "loc").text = address
    return tostring(root, encoding="utf-8", xml_declaration=True)


def write_sitemap(addresses: Iterable[Address], root_address: str) -> bytes:
    """A sitemap of paths under an absolute address that ends without a slash."""
    root = Element("urlset", {"xmlns": SITEMAP})
    for address in addresses:
        element = SubElement(root, "url")
        SubElement(element, "loc").text = root_address + address.path
        if address.changed_at:
            SubElement(element, "lastmod").text = address.changed_at.isoformat(timespec="seconds")
    return tostring(root, encoding="utf-8", xml_declaration=True)


def write_news(pages: Iterable[NewsPage], root_address: str) -> bytes:
    """A news sitemap, with ourselves as the publication."""
    root = Element("urlset", {"xmlns": SITEMAP, "xmlns:news": NEWS})
    for page in pages:
        element = SubElement(root, "url")
        SubElement(element, "loc").text = root_address + page.path
        news = SubElement(element, "news:news")
        publication = SubElement(news, "news:publication")
        SubElement(publication, "news:name").text = "ZisNews"
        SubElement(publication, "news:language").text = page.language
        SubElement(news, "news:publication_date").text = page.published_at.isoformat(timespec="seconds")
        SubElement(news, "news:title").text = without_forbidden(page.title)
    return tostring(root, encoding="utf-8", xml_declaration=True)
