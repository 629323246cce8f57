"""A source with the feeds a search found → Source and Feed. Said twice, it adds once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from feeds.catalogues.catalogue import is_home_page
from feeds.catalogues.loading import Known, free_slug, one_at_a_time
from feeds.finding.addresses import site_of
from feeds.models import GENERAL, Feed, Source, validate_fetchable
from feeds.shelves import UNKNOWN_COUNTRY


@dataclass(frozen=True, slots=True)
class NewSource:
    """What a curator says of a source that is to be added."""

    name: str
    site_url: str
    country: str = UNKNOWN_COUNTRY
    language: str = "und"
    category: str = GENERAL


@dataclass(slots=True)
class Added:
    """What adding did. already_here: feeds that were known, each with its source loaded."""

    source: Source
    is_new: bool
    feeds: list[Feed] = field(default_factory=list)
    already_here: list[Feed] = field(default_factory=list)


@transaction.atomic
def add_source(wanted: NewSource | Source, feeds: Mapping[str, str]) -> Added:
    """Add a source with its feeds, due at once; or the feeds to a source that is here.

    feeds: address → category of that feed, "" where it carries everything
    A feed that is here already, under whatever spelling of its address, stays where it is. Where all of them are, no
    source is made: the answer names the one that has them.
    Raises ValidationError for an address we do not fetch from.
    """
    for url in feeds:
        validate_fetchable(url)
    one_at_a_time()
    known = Known(feeds)
    already_here = [feed for url in feeds if (feed := known.feed(url))]
    missing = {url: category for url, category in feeds.items() if not known.feed(url)}
    is_new = isinstance(wanted, NewSource) and (bool(missing) or not already_here)
    if isinstance(wanted, Source):
        source = wanted
    else:
        source = store_source(wanted, known.slugs) if is_new else already_here[0].source
    new = [Feed(source=source, url=url, category_id=category or None) for url, category in missing.items()]
    return Added(source, is_new, Feed.objects.bulk_create(new), already_here)


def store_source(wanted: NewSource, slugs: set[str]) -> Source:
    return Source.objects.create(
        name=wanted.name[:200],
        slug=free_slug(wanted.name, slugs),
        site_url=wanted.site_url,
        country_id=wanted.country,
        language=wanted.language,
        category_id=wanted.category,
    )


def sources_of_site(site_url: str) -> list[Source]:
    """Sources that are here already with a home page on the same site, the likeliest first."""
    site = site_of(site_url)
    if not site or not is_home_page(site_url):
        return []
    alike = Source.objects.filter(site_url__icontains=site).order_by("name")[:50]
    return [source for source in alike if site_of(source.site_url) == site]


def known_feeds(urls: Sequence[str]) -> dict[str, Feed]:
    """Of these addresses, those whose feed is here already, with that feed and its source."""
    known = Known(urls)
    return {url: feed for url in urls if (feed := known.feed(url))}
