"""A home page, or any address → the feeds it leads to, each fetched, read and previewed. Touches no database.

A person gave the address and waits for the answer, so robots.txt, which is for crawlers (RFC 9309), is not asked for
the page and the feeds it names: those are there to be fetched. What we only guess is asked last, one after another.
A search that no person started brings a ``permission``, which its pages are asked with (permission.py).
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from feeds.errors import FeedsError, FetchError
from feeds.fetching import Document, Fetcher, open_fetcher
from feeds.finding.addresses import addresses_of, feeds_by_pattern, home_of, key_of, site_of, well_known
from feeds.finding.guesses import country_of, section_of
from feeds.finding.links import Link, SitePage, is_of_comments
from feeds.finding.previews import FeedPreview, read_answer
from feeds.finding.results import Discovery, FoundFeed, Tried, is_same, ranked
from feeds.net.exchange import Permission
from feeds.sandbox import sandbox

MOST_FEEDS = 12
MOST_REQUESTS = 40
MOST_SECONDS = 60.0
MOST_LINKED = 12  # links in a page's text that are tried
MOST_LISTS = 3  # pages that list feeds, one level deep
MAX_BYTES = 5 * 1024 * 1024
ACCEPT = "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5"
PERMANENT = {301, 308}

Reporter = Callable[[str], None]


def find_feeds(typed: str, *, report: Reporter | None = None) -> Discovery:
    """Search the feeds behind an address a person typed, in about a minute at most. Raises nothing of the outside's.

    report: is told each address as it is asked
    """

    async def search() -> Discovery:
        async with open_fetcher() as fetcher:
            return await find_feeds_with(fetcher, typed, report=report)

    return asyncio.run(search())


async def find_feeds_with(
    fetcher: Fetcher,
    typed: str,
    *,
    report: Reporter | None = None,
    permission: Permission | None = None,
    most_requests: int = MOST_REQUESTS,
    is_guessing: bool = True,
) -> Discovery:
    """The same within a loop and a fetcher that are there already.

    permission:  is asked before each page; not before what is announced as a feed
    is_guessing: whether addresses that nobody named are tried as well
    """
    search = _Search(
        fetcher,
        typed,
        report=report,
        permission=permission,
        most_requests=most_requests,
        is_guessing=is_guessing,
    )
    try:
        await search.run()
    except FetchError as error:
        search.found.failure = error.reason_of_one_try
    return search.finished()


class _Search:
    """One search: what was asked so far and what is left to spend."""

    def __init__(
        self,
        fetcher: Fetcher,
        typed: str,
        *,
        report: Reporter | None,
        permission: Permission | None,
        most_requests: int,
        is_guessing: bool,
    ) -> None:
        self.fetcher, self.report, self.permission = fetcher, report, permission
        self.most_requests, self.is_guessing = most_requests, is_guessing
        self.found = Discovery(asked=typed.strip()[:2_000])
        self.stop_at = time.monotonic() + MOST_SECONDS
        self.seen: set[str] = set()
        self.page_languages: list[str] = []

    async def run(self) -> None:
        """Look where feeds are said to be, then where they seem to be, then where they often are."""
        start, url = await self.open_first()
        if isinstance(start, FeedPreview):
            self.keep(FoundFeed(url, "asked", start))
            self.found.site_url = start.site_url or home_of(url)
            page = await self.look(self.found.site_url)
            await self.look_around(page, self.found.site_url, announced_only=True)
            return
        self.found.site_url = url
        await self.verify([Link(feed) for feed in feeds_by_pattern(url)], "pattern")
        await self.look_around(start, url)
        if not self.has_whole_site and key_of(home_of(url)) != key_of(url):
            await self.look_around(await self.look(home_of(url)), home_of(url))
        if not self.found.feeds and self.is_guessing:
            await self.guess(url)
        if not self.found.feeds and isinstance(start, SitePage):
            await self.verify(filter(is_of_comments, start.announced), "announced")

    async def open_first(self) -> tuple[FeedPreview | SitePage | None, str]:
        """Open what was typed: the first of its spellings that answers. Raises FetchError where none does."""
        failure: FeedsError | None = None
        spellings = addresses_of(self.found.asked)
        for spelling in spellings:
            try:
                answer, document = await self.ask(spelling, permission=self.permission)
                return answer, document.final_url
            except FetchError as error:
                failure = failure or error
                if error.status is not None:  # the host is there: it only does not show its page to us
                    return None, spelling
            except FeedsError as error:
                raise FetchError(spelling, f"{error} No feed can be found behind it.") from error
        assert isinstance(failure, FetchError)
        raise failure

    async def look_around(self, page: Any, url: str, *, announced_only: bool = False) -> None:
        """Look at the feeds a page names; where its text leads to pages that list feeds, at those too."""
        if not isinstance(page, SitePage):
            return
        self.found.name = self.found.name or page.name
        self.page_languages.append(page.language)
        await self.verify([link for link in page.announced if not is_of_comments(link)], "announced")
        if announced_only:
            return
        if page.canonical and key_of(page.canonical) != key_of(url):
            await self.verify([Link(feed) for feed in feeds_by_pattern(page.canonical)], "pattern")
        linked = [link for link in page.linked if not is_of_comments(link)]
        lists = await self.verify(linked[:MOST_LINKED], "linked")
        for listing in lists[:MOST_LISTS]:
            named = [link for link in (*listing.announced, *listing.linked) if not is_of_comments(link)]
            await self.verify(named, "linked")

    async def guess(self, url: str) -> None:
        """Try where feeds often are, until one is found."""
        for address in well_known(url):
            lists = await self.verify([Link(address)], "guessed")
            for listing in lists[:1]:
                named = [link for link in (*listing.announced, *listing.linked) if not is_of_comments(link)]
                await self.verify(named[:MOST_LINKED], "linked")
            if self.found.feeds:
                return

    async def verify(self, links: Iterable[Link], how: str) -> list[SitePage]:
        """Ask each address and keep the feeds; returns the pages that answered instead."""
        pages = []
        for link in links:
            if key_of(link.url) in self.seen:
                continue
            if len(self.found.feeds) >= MOST_FEEDS or not self.has_budget:
                self.found.not_looked_at.append(link.url)
                self.seen.add(key_of(link.url))
                continue
            try:
                answer, document = await self.ask(link.url)
            except FeedsError:
                continue
            if isinstance(answer, FeedPreview):
                comments = is_of_comments(link) or is_of_comments(Link(document.url, answer.title))
                self.keep(FoundFeed(lasting_url(document), how, answer, is_of_comments=comments))
            else:
                pages.append(answer)
        return pages

    async def look(self, url: str) -> FeedPreview | SitePage | None:
        """Open a page on the way, if it was not yet and there is time; None where it does not answer."""
        if key_of(url) in self.seen or not self.has_budget:
            return None
        try:
            return (await self.ask(url, permission=self.permission))[0]
        except FeedsError:
            return None

    async def ask(self, url: str, *, permission: Permission | None = None) -> tuple[FeedPreview | SitePage, Document]:
        """Fetch and read; every outcome is noted. Raises FeedsError."""
        self.seen.add(key_of(url))
        if self.report:
            self.report(url)
        try:
            async with asyncio.timeout(max(0.0, self.stop_at - time.monotonic())):
                document = await self.fetcher.fetch(url, accept=ACCEPT, max_bytes=MAX_BYTES, permission=permission)
            self.seen.add(key_of(document.final_url))
            answer = await sandbox().acall(
                read_answer,
                document.body,
                url=document.final_url,
                content_type=document.content_type,
                now=document.fetched_at,
            )
        except TimeoutError:
            self.note(url, "The time for this search was over before it answered.")
            raise FetchError(url, "It did not answer within a minute; try again later.") from None
        except FeedsError as error:
            self.note(url, error.reason if isinstance(error, FetchError) else str(error))
            raise
        self.note(
            url, f"A feed: {answer.title or document.final_url}." if isinstance(answer, FeedPreview) else "A page."
        )
        return answer, document

    def keep(self, feed: FoundFeed) -> None:
        """Add a feed, unless the same is there already under another address."""
        for place, other in enumerate(self.found.feeds):
            if key_of(other.url) == key_of(feed.url):
                return
            if is_same(other.preview, feed.preview):
                self.found.feeds[place] = replace(other, also_at=(*other.also_at, feed.url))
                return
        self.found.feeds.append(feed)

    def note(self, url: str, outcome: str) -> None:
        self.found.tried.append(Tried(url[:2_000], outcome[:500]))

    @property
    def has_budget(self) -> bool:
        return len(self.found.tried) < self.most_requests and time.monotonic() < self.stop_at

    @property
    def has_whole_site(self) -> bool:
        return any(not feed.is_of_comments for feed in self.found.feeds)

    def finished(self) -> Discovery:
        """What was found, put in order, with what can be guessed of the source."""
        found = self.found
        found.name = found.name or next((feed.preview.title for feed in found.feeds if feed.preview.title), "")
        found.feeds = ranked(
            [replace(feed, section=section_of(feed.url, feed.preview.title, found.name)) for feed in found.feeds]
        )
        homes = [feed.preview.site_url for feed in found.feeds if not feed.section]
        found.site_url = next((url for url in homes if site_of(url) == site_of(found.site_url)), found.site_url)
        languages = [feed.preview.language for feed in found.feeds] + self.page_languages
        found.language = next(filter(None, languages), "")
        found.country = country_of(found.site_url, languages)
        return found


def lasting_url(document: Document) -> str:
    """The address to poll: where it was sent on to for good, else the one that was asked."""
    is_for_good = all(status in PERMANENT for status, _ in document.redirects)
    return document.final_url if is_for_good else document.url
