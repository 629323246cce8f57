"""What a curator arranges (Category, Country, Source, Feed) and what the outside said (Entry, Host)."""

from feeds.models.entries import Entry, EntryQuerySet
from feeds.models.feeds import Feed, FeedQuerySet, IdentityBy, validate_fetchable
from feeds.models.hosts import Host, HostOf
from feeds.models.publishers import PublisherRequest
from feeds.models.records import FetchRecord, Notice
from feeds.models.shelves import CATEGORY_NAMES, GENERAL, Category, Country, names_of_countries
from feeds.models.sources import Display, Source
from feeds.models.websub import Push, SeenPush, Subscription

__all__ = [
    "CATEGORY_NAMES", "GENERAL", "Category", "Country", "Display", "Entry", "EntryQuerySet", "Feed", "FeedQuerySet",
    "FetchRecord", "Host", "HostOf", "IdentityBy", "Notice", "PublisherRequest", "Push", "SeenPush", "Source",
    "Subscription", "names_of_countries", "validate_fetchable",
]  # fmt: skip
