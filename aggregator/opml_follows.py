"""Lists of feeds of other reader programs (OPML): which of our sources they name, and ours that a reader follows."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from feeds.canonical import canonical_url
from feeds.catalogues.rows import Row
from feeds.models import Feed, Source

MOST_ROWS = 2_000
WWW = "www."


@dataclass(frozen=True, slots=True)
class Matched:
    """sources: ours that a list names, each once; missing: what it names and we do not have, as (name, address)."""

    sources: list[Source] = field(default_factory=list)
    missing: list[tuple[str, str]] = field(default_factory=list)


def match(rows: Iterable[Row]) -> Matched:
    """Find our sources by the address of a feed, else by that of the site, where one source alone is at its host."""
    wanted = [row for row in rows if row.feed_url or row.site_url][:MOST_ROWS]
    spelled = {spelling for row in wanted for spelling in spellings(row.feed_url)}
    by_feed = {feed.url: feed.source for feed in Feed.objects.filter(url__in=spelled).select_related("source")}
    by_host = only_source_by_host()
    sources: dict[int, Source] = {}
    missing: dict[str, str] = {}
    for row in wanted:
        source = next((by_feed[one] for one in spellings(row.feed_url) if one in by_feed), None)
        if source is None and row.site_url:
            source = by_host.get(host_of(row.site_url))
        if source:
            sources[source.pk] = source
        else:
            missing.setdefault(row.site_url or row.feed_url, row.name)
    return Matched(list(sources.values()), [(name, address) for address, name in missing.items()])


def spellings(url: str) -> list[str]:
    """The address as it is written, in our one spelling, and each with the other scheme."""
    found = dict.fromkeys(one for one in (url, canonical_url(url)) if one)
    return [spelled for one in found for spelled in (one, with_other_scheme(one))]


def with_other_scheme(url: str) -> str:
    return f"http://{url[8:]}" if url.startswith("https://") else f"https://{url.removeprefix('http://')}"


def only_source_by_host() -> dict[str, Source]:
    """By host, the source whose home page is there; a host that several share tells none of them."""
    by_host: dict[str, list[Source]] = defaultdict(list)
    for source in Source.objects.only("pk", "slug", "name", "site_url"):
        by_host[host_of(source.site_url)].append(source)
    return {host: found[0] for host, found in by_host.items() if host and len(found) == 1}


def host_of(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix(WWW)
    except ValueError:  # no address at all
        return ""
