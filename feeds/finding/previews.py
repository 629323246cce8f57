"""What an address answered, for a person to judge: a feed with its latest items, or a page. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from feeds.errors import NotAFeed
from feeds.finding.links import SitePage, read_site_page
from feeds.items import FeedItem, ParsedFeed
from feeds.language_tags import primary_tag
from feeds.languages import language_of
from feeds.parsing import parse_feed

LATEST = 5
COMPARED = 20  # items by which two documents are known to be the same feed
LONGEST_TITLE = 200
SILENT = timedelta(days=30)
_HTML = re.compile(rb"<!doctype\s+html|<(?:html|head|body)[\s>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LatestItem:
    """One of the newest items of a feed, as a preview shows it."""

    title: str
    url: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class FeedPreview:
    """What a person sees of a feed before adding it.

    latest:  its newest items, the newest first
    per_day: items a day by the dates it gives; None where those do not tell
    marks:   the addresses (or titles) of its newest items, to know the same feed under another address
    """

    title: str
    format: str
    language: str
    site_url: str
    latest: tuple[LatestItem, ...]
    item_count: int
    per_day: float | None
    newest_at: datetime | None
    is_silent: bool
    problems: tuple[str, ...]
    marks: tuple[str, ...]


def read_answer(body: bytes, *, url: str, content_type: str, now: datetime) -> FeedPreview | SitePage:
    """Read an answer as a feed, or where it is none, as a page that may lead to one. Raises NotAFeed for neither."""
    try:
        return preview_of(parse_feed(body, url=url, content_type=content_type, now=now), now)
    except NotAFeed:
        if not _HTML.search(body[:65_536]) and "html" not in content_type.lower():
            raise
    return read_site_page(body, url=url, content_type=content_type)


def preview_of(feed: ParsedFeed, now: datetime) -> FeedPreview:
    """Return what a person should see of a parsed feed."""
    items = newest_first(feed.items)
    dates = sorted(
        (item.published_at for item in items if item.published_at and item.published_at <= now), reverse=True
    )
    newest_at = dates[0] if dates else None
    problems = list(feed.problems)
    is_silent = newest_at is not None and now - newest_at > SILENT
    if newest_at and is_silent:
        problems.append(f"Nothing new for {(now - newest_at).days} days.")
    if items and not dates:
        problems.append("Its items carry no dates; each gets the time we first see it.")
    return FeedPreview(
        title=feed.title[:LONGEST_TITLE],
        format=feed.format,
        language=language_in(feed),
        site_url=feed.site_url,
        latest=tuple(LatestItem(item.title[:LONGEST_TITLE], item.url, item.published_at) for item in items[:LATEST]),
        item_count=len(items),
        per_day=rate_of(dates, now),
        newest_at=newest_at,
        is_silent=is_silent,
        problems=tuple(problems),
        marks=tuple(item.url or item.title for item in items[:COMPARED]),
    )


def newest_first(items: Sequence[FeedItem]) -> list[FeedItem]:
    """Sort by date; items without one keep the place they have in the feed, behind the dated."""
    return sorted(items, key=lambda item: -item.published_at.timestamp() if item.published_at else 0.0)


def rate_of(dates: Sequence[datetime], now: datetime) -> float | None:
    """Items a day: those of the last week where the feed reaches back so far, else over the time it covers.

    dates: the newest first; the time a feed has been silent counts, where that is longer than a week
    """
    if len(dates) < 2:
        return None
    week_ago = now - timedelta(days=7)
    if dates[-1] <= week_ago < dates[0]:
        return round(sum(date > week_ago for date in dates) / 7, 1)
    until = dates[0] if dates[0] > week_ago else now
    days = (until - dates[-1]) / timedelta(days=1)
    return round((len(dates) - 1) / max(days, 1 / 24), 1)


def language_in(feed: ParsedFeed) -> str:
    """The language the items are in; as the feed says it ("en-GB") unless its words are in another."""
    words = " ".join(f"{item.title} {item.description[:200]}" for item in feed.items[:10])
    language = language_of(words, hint=feed.language)
    return well_formed(feed.language) if primary_tag(feed.language) == language else language


def well_formed(tag: str) -> str:
    """A language tag as BCP 47 recommends it: "EN_gb" → "en-GB", "zh-hans-cn" → "zh-Hans-CN"."""
    first, *others = tag.strip().replace("_", "-")[:12].split("-")
    return "-".join([first.lower(), *(part.upper() if len(part) == 2 else part.title() for part in others)])
