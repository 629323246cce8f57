"""Feeds that moved without a word: looked for from their source's home page, and offered to the curator, who decides.

Where a publisher says itself where a feed went, departures.py follows.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery

from feeds.canonical import canonical_url
from feeds.clock import database_now
from feeds.discovery import Discovery, find_feeds_with
from feeds.fetching import open_fetcher
from feeds.finding.adding import known_feeds
from feeds.finding.addresses import key_of
from feeds.finding.previews import FeedPreview
from feeds.finding.results import FoundFeed
from feeds.language_tags import primary_tag
from feeds.manners.permission import Permissions
from feeds.models import Feed, FeedQuerySet, FetchRecord, Notice
from feeds.streaming import Worker, stream
from feeds.words import normalise

FAILURES, FAILING_FOR = 5, timedelta(days=2)
# The document is not there, or is no feed any more; None: no answer. A busy or forbidding server has not moved.
STATUSES_OF_THE_LOST = (200, 203, 404, 410)
AT_ONCE = 5
MOST_REQUESTS = 12
BATCH_SECONDS = 150
RETRY = timedelta(hours=1)  # of a search whose worker died
RETRY_UNREACHED, AGAIN = timedelta(days=1), timedelta(days=7)
COMPARED_ENTRIES = 300


class Match(NamedTuple):
    """A feed that may be the lost one at its new address, and what speaks for it, in half a sentence."""

    url: str
    strength: int
    because: str


def search_lost_feeds(limit: int = AT_ONCE) -> int:
    """Look for the new addresses of up to `limit` lost feeds and offer what is found; returns how many were taken."""
    feeds = take_lost(limit, database_now())
    permissions = Permissions((feed.source.site_url for feed in feeds), what="page")
    try:
        searches = stream(
            feeds,
            partial(open_searcher, permissions),
            budget_seconds=BATCH_SECONDS,
            unreached=lambda feed: (feed, None),
        )
        for batch in searches:
            for feed, found in batch:
                if found:
                    settle(feed, found)
    finally:
        permissions.remember()
    return len(feeds)


def lost(now: datetime) -> FeedQuerySet:
    """Feeds that failed for days, or were taken down, and for which nothing is on offer; due to be looked for."""
    since = now - FAILING_FOR
    latest = FetchRecord.objects.filter(feed=OuterRef("pk")).order_by("-at").values("status")[:1]
    failing = Q(is_paused=False, failure_count__gte=FAILURES) & (
        Q(succeeded_at__lt=since) | Q(succeeded_at=None, source__added_at__lt=since)
    )
    is_due = Q(search_after=None) | Q(search_after__lte=now)
    feeds = Feed.objects.annotate(latest_status=Subquery(latest)).filter(is_due, source__is_paused=False)
    where = Q(latest_status=None) | Q(latest_status__in=STATUSES_OF_THE_LOST)
    return feeds.filter(failing & where | Q(retired_at__isnull=False), suggested_url="")


def take_lost(limit: int, now: datetime) -> list[Feed]:
    """Take up to `limit` lost feeds for ourselves, those never looked for first."""
    with transaction.atomic():
        rows = lost(now).select_related("source").order_by(F("search_after").asc(nulls_first=True), "pk")
        feeds = list(rows.select_for_update(skip_locked=True, of=("self",))[:limit])
        Feed.objects.filter(pk__in=[feed.pk for feed in feeds]).update(search_after=now + RETRY)
    return feeds


@asynccontextmanager
async def open_searcher(permissions: Permissions) -> AsyncIterator[Worker]:
    """Give the coroutine function that searches the feeds of one lost feed's source."""
    async with open_fetcher() as fetcher:

        async def search(feed: Feed) -> tuple[Feed, Discovery]:
            found = await find_feeds_with(
                fetcher,
                feed.source.site_url,
                permission=permissions.at(fetcher, delay_seconds=feed.source.crawl_delay_seconds),
                most_requests=MOST_REQUESTS,
                is_guessing=False,
            )
            return feed, found

        yield search


def settle(feed: Feed, found: Discovery) -> None:
    """Offer the best match to the curator, if there is one, and say when to look again."""
    now = database_now()
    match = best_match(feed, found.feeds)
    wait = RETRY_UNREACHED if found.failure else AGAIN
    lost_still = Feed.objects.filter(pk=feed.pk, url=feed.url)  # a curator who has changed it in the meantime is right
    with transaction.atomic():
        changed = lost_still.update(search_after=now + wait, suggested_url=match.url if match else "")
        if changed and match:
            Notice.objects.tell(feed, sentence_of(feed, match))


def sentence_of(feed: Feed, match: Match) -> str:
    state = "was taken down" if feed.retired_at else "can not be fetched any more"
    return f"“{feed}” {state}. It may have moved to {match.url}: {match.because}. Use the new address, or dismiss it."


def best_match(feed: Feed, candidates: Iterable[FoundFeed]) -> Match | None:
    """Return the candidate that is most likely the lost feed; None where nothing speaks for any."""
    eligible = [candidate for candidate in candidates if is_eligible(feed, candidate)]
    here = known_feeds([candidate.url for candidate in eligible])
    known = known_items(feed)
    matches = [
        match_of(feed, candidate, eligible, known) for candidate in eligible if here.get(candidate.url, feed) == feed
    ]
    return max((match for match in matches if match.strength), key=lambda match: match.strength, default=None)


def is_eligible(feed: Feed, candidate: FoundFeed) -> bool:
    preview = candidate.preview
    languages = {primary_tag(feed.source.language), primary_tag(preview.language)} - {""}
    is_alive = preview.item_count > 0 and not preview.is_silent
    is_new = candidate.url not in {feed.url, feed.dismissed_url} and len(candidate.url) <= 2_000
    return is_alive and is_new and not candidate.is_of_comments and len(languages) <= 1


def match_of(feed: Feed, candidate: FoundFeed, candidates: list[FoundFeed], known: set[str]) -> Match:
    """Say how much speaks for a candidate: the same items most, then its title, then that it is the only one.

    candidates: all that the site names, those that are here already among them
    """
    preview = candidate.preview
    shared = len(known & marks_of(preview))
    if shared >= min(2, preview.item_count):
        return Match(candidate.url, 3, f"{shared} of its latest items were in this feed")
    if feed.title and normalise(feed.title) == normalise(preview.title):
        return Match(candidate.url, 2, "the feed there has the same title")
    section = feed.category_id
    if section and [other for other in candidates if other.section == section] == [candidate]:
        return Match(candidate.url, 1, f"it is the only one of its section that {feed.source.site_url} names")
    if not section and candidates == [candidate]:
        return Match(candidate.url, 1, f"it is the one feed that {feed.source.site_url} names")
    return Match(candidate.url, 0, "")


def known_items(feed: Feed) -> set[str]:
    """What the latest entries of a feed are known by: their addresses, in one spelling."""
    urls = feed.entries.exclude(url="").order_by("-seen_at").values_list("url", flat=True)[:COMPARED_ENTRIES]
    return {spelling_of(url) for url in urls}


def marks_of(preview: FeedPreview) -> set[str]:
    return {spelling_of(mark) for mark in preview.marks}


def spelling_of(url: str) -> str:
    return key_of(canonical_url(url) or url)
