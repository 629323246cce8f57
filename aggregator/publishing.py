"""How an Article comes to be, and with it its place in a Story. Begins at an entry marked ready.

Any number of workers may publish at once: entries are taken with SKIP LOCKED, an address is one article by a unique
constraint, and stories are chosen one at a time under an advisory lock.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import structlog
from django.db import IntegrityError, connection, transaction
from django.db.models.expressions import RawSQL

from aggregator import stories
from aggregator.shelving import shelf_of
from aggregator.content import Content, content_of
from aggregator.models import Article
from feeds.canonical import canonical_url
from feeds.clock import database_now
from feeds.models import Entry
from feeds.tsvector import tsvector_literal

log = structlog.get_logger(__name__)

ENTRIES_PER_BATCH = 50


@dataclass(slots=True)
class Published:
    """What a batch did: entries taken, articles and stories made."""

    entries: int = 0
    articles_new: int = 0
    stories_new: int = 0


def publish_ready(limit: int = ENTRIES_PER_BATCH) -> Published:
    """Publish up to `limit` entries that are ready, the earliest seen first."""
    with transaction.atomic():
        ready = Entry.objects.ready().select_related("feed__source").order_by("seen_at")
        entries = list(ready.select_for_update(skip_locked=True, of=("self",))[:limit])
        new = [article for entry in entries if (article := publish_guarded(entry))]
        stories_new = stories.place(new) if new else 0
    return Published(len(entries), len(new), stories_new)


def publish_guarded(entry: Entry) -> Article | None:
    """Publish one entry so that its failure costs none of the others; returns the article if it is a new one."""
    try:
        with transaction.atomic():
            return publish(entry)
    except IntegrityError:
        log.info("another worker published this address first; its turn comes again", entry=entry.pk)
    except Exception:
        log.exception("an entry could not be published", entry=entry.pk)
        entry.mark_refused("We failed to publish it, and it is our fault: the details are in our log.")
    return None


def publish(entry: Entry) -> Article | None:
    """Make or renew the article of an entry; returns it if it is new, so that it wants a story.

    The same page announced by several feeds is one article. An item that changed renews the article it made.
    """
    content = content_of(entry)
    url = address_of(entry, content)
    article = article_of(entry, url)
    created = None
    if article is None:
        article = created = create(entry, content, url)
    elif is_renewed_by(article, entry, content):
        renew(article, entry, content)
    entry.mark_published()
    return created


def address_of(entry: Entry, content: Content) -> str:
    """Return the address the article is known under: the page's canonical one, unless that can not be true.

    Some sites name one canonical address on all their pages. When another item of the same feed already stands
    there under another headline, the item's own address is the better one.
    """
    own = canonical_url(entry.url)
    if content.url == own:
        return own
    others = Article.objects.filter(url=content.url, entry__feed=entry.feed_id).exclude(entry=entry)
    return own if others.exclude(title=content.title).exists() else content.url


def article_of(entry: Entry, url: str) -> Article | None:
    """Return the article that stands for this entry already: made from it, or from the same page."""
    made_from_it = Article.objects.filter(entry=entry).first()
    if made_from_it or not url:
        return made_from_it
    return Article.objects.select_related("entry").filter(url=url).first()


def is_renewed_by(article: Article, entry: Entry, content: Content) -> bool:
    """Say whether this entry may change the article: it made it, or its feed announces the page anew."""
    if article.entry_id == entry.pk:
        return True
    return article.entry is not None and article.entry.feed_id == entry.feed_id and article.title != content.title


def create(entry: Entry, content: Content, url: str) -> Article:
    shelf = shelf_of(entry, content)
    source = entry.feed.source
    return Article.objects.create(
        **{**asdict(content), "url": url},
        source=source,
        entry=entry,
        seen_at=entry.seen_at,
        updated_at=entry.updated_at,
        picture_after=entry.seen_at if content.picture_url else None,
        tokens=token_vector(content, source.name),
        **asdict(shelf),
    )


def renew(article: Article, entry: Entry, content: Content) -> None:
    """Let a changed item change its article. Its address, place in lists and picture stay.

    The text stays too when the page was not read again: the feed's part is no better than what we had.
    """
    article.title, article.slug, article.description = content.title, content.slug, content.description
    article.updated_at = database_now()
    if len(content.text) >= len(article.text):
        article.html, article.text, article.word_count = content.html, content.text, content.word_count
        article.sanitiser_version = content.sanitiser_version
    article.tokens = token_vector(content, entry.feed.source.name)
    article.save()


def token_vector(content: Content, source_name: str) -> RawSQL:
    """The words that keywords and search are asked against; see feeds/tsvector.py."""
    literal = tsvector_literal(
        title=content.title, description=content.description, tags=content.tags, source_name=source_name
    )
    return RawSQL("%s::tsvector", [literal])
