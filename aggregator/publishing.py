"""How an Article comes to be, and with it its place in a Story. Begins at an entry marked ready.

Any number of workers may publish at once: entries are taken with SKIP LOCKED, an address is one article by a unique
constraint, and stories are chosen one at a time under an advisory lock.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

import structlog
from django.db import IntegrityError, transaction
from django.db.models.expressions import RawSQL

from aggregator import stories
from aggregator.content import Content, content_of
from aggregator.models import Article
from aggregator.shelving import shelf_of
from feeds.apart import at_once_or_apart
from feeds.canonical import canonical_url
from feeds.clock import database_now
from feeds.models import Entry
from feeds.tsvector import tsvector_literal

log = structlog.get_logger(__name__)

ENTRIES_PER_BATCH = 50
NO_HEADLINE = "It has no headline, and no text to take one from."
OUR_FAULT = "We failed to publish it, and it is our fault: the details are in our log."


@dataclass(slots=True)
class Published:
    """What a batch did: entries taken, articles and stories made."""

    entries: int = 0
    articles_new: int = 0
    stories_new: int = 0

    def add(self, other: "Published") -> None:
        self.entries += other.entries
        self.articles_new += other.articles_new
        self.stories_new += other.stories_new


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry with what an article of it would say."""

    entry: Entry
    content: Content


def publish_ready(limit: int = ENTRIES_PER_BATCH) -> Published:
    """Publish up to `limit` entries that are ready, the earliest seen first."""
    with transaction.atomic():
        ready = Entry.objects.ready().select_related("feed__source").order_by("seen_at")
        entries = list(ready.select_for_update(skip_locked=True, of=("self",))[:limit])
        total = Published()
        for published in at_once_or_apart(entries, publish_entries, refuse):
            total.add(published)
    return total


def publish_entries(entries: Sequence[Entry]) -> Published:
    """Publish these entries, which the caller has locked; all or nothing."""
    new, done = publish(list(drafts_of(entries)))
    stories_new = stories.place(new) if new else 0
    Entry.objects.filter(pk__in=done).mark_published()
    return Published(len(entries), len(new), stories_new)


def refuse(entry: Entry) -> Published:
    """Set an entry aside that the database will not have, with the reason for a curator."""
    entry.mark_refused(OUR_FAULT)
    return Published(entries=1)


def drafts_of(entries: Iterable[Entry]) -> Iterator[Draft]:
    """Put together what each entry says; one that fails is set aside with the reason and costs none of the others."""
    for entry in entries:
        try:
            content = content_of(entry)
        except Exception:
            log.exception("an entry could not be published", entry=entry.pk)
            entry.mark_refused(OUR_FAULT)
            continue
        if content.title:
            yield Draft(entry, content)
        else:
            entry.mark_refused(NO_HEADLINE)


def publish(drafts: Sequence[Draft]) -> tuple[list[Article], list[int]]:
    """Make or renew the articles of these entries; returns the new ones, and the entries that are done with.

    The same page announced by several feeds is one article. An item that changed renews the article it made.
    """
    standing = Standing(drafts)
    new: list[Article] = []
    done: list[int] = []
    for draft in drafts:
        article = standing.article_for(draft)
        if article is None:
            article = article_of(draft, standing.address_for(draft))
            new.append(article)
            standing.add(article)
        elif article.pk and is_renewed_by(article, draft):
            renew(article, draft)
        done.append(draft.entry.pk)
    created = insert(new)
    lost = {article.entry_id for article in new} - {article.entry_id for article in created}
    return created, [pk for pk in done if pk not in lost]


class Standing:
    """The articles there are already for some drafts, by entry and by address: two queries for all of them."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        self.by_entry: dict[int, Article] = {}
        self.by_url: dict[str, Article] = {}
        articles = Article.objects.select_related("entry").defer("tokens", "html")
        urls = {url for draft in drafts for url in (draft.content.url, canonical_url(draft.entry.url)) if url}
        for article in articles.filter(entry__in=[draft.entry.pk for draft in drafts]).order_by():
            self.add(article)
        # Postgres believes by itself that up to 100 addresses are not empty, as the index asks; of more it is told.
        for article in articles.filter(url__in=urls).exclude(url="").order_by():
            self.add(article)

    def add(self, article: Article) -> None:
        if article.entry_id:
            self.by_entry[article.entry_id] = article
        if article.url:
            self.by_url[article.url] = article

    def article_for(self, draft: Draft) -> Article | None:
        """The article that stands for this entry already: made from it, or from the same page."""
        return self.by_entry.get(draft.entry.pk) or self.by_url.get(self.address_for(draft))

    def address_for(self, draft: Draft) -> str:
        """The address the article is known under: the page's canonical one, unless that can not be true.

        Some sites name one canonical address on all their pages. When another item of the same feed already stands
        there under another headline, the item's own address is the better one.
        """
        own = canonical_url(draft.entry.url)
        other = self.by_url.get(draft.content.url)
        if other is None or draft.content.url == own or other.entry is None:
            return draft.content.url
        is_another_item = other.entry_id != draft.entry.pk and other.entry.feed_id == draft.entry.feed_id
        return own if is_another_item and other.title != draft.content.title else draft.content.url


def is_renewed_by(article: Article, draft: Draft) -> bool:
    """Say whether this entry may change the article: it made it, or its feed announces the page anew."""
    if article.entry_id == draft.entry.pk:
        return True
    is_same_feed = article.entry is not None and article.entry.feed_id == draft.entry.feed_id
    return is_same_feed and article.title != draft.content.title


def article_of(draft: Draft, url: str) -> Article:
    """Return the article of an entry, not stored yet."""
    entry, content = draft.entry, draft.content
    return Article(
        **{**asdict(content), "url": url},
        **asdict(shelf_of(entry, content)),
        source=entry.feed.source,
        entry=entry,
        seen_at=entry.seen_at,
        updated_at=entry.updated_at,
        picture_after=entry.seen_at if content.picture_url else None,
        tokens=token_vector(draft),
    )


def insert(articles: list[Article]) -> list[Article]:
    """Store new articles; returns them without those whose address another worker published at this moment.

    The entries of those stay ready: at their next turn the other's article stands for them. All workers insert in
    the order of addresses, or two with the same addresses would wait for each other in a circle.
    """
    by_address = sorted(articles, key=lambda article: article.url)
    try:
        with transaction.atomic():
            Article.objects.bulk_create(by_address)
    except IntegrityError:
        stored = {article.entry_id for article in by_address if insert_one(article)}
        return [article for article in articles if article.entry_id in stored]
    return articles


def insert_one(article: Article) -> bool:
    try:
        with transaction.atomic():
            article.save(force_insert=True)
    except IntegrityError:
        log.info("another worker published this address first", url=article.url)
        return False
    return True


def renew(article: Article, draft: Draft) -> None:
    """Let a changed item change its article. Its address, place in lists and picture stay.

    The text stays too when the page was not read again: the feed's part is no better than what we had.
    """
    content = draft.content
    article.title, article.slug, article.description = content.title, content.slug, content.description
    article.updated_at = database_now()
    fields = ["title", "slug", "description", "updated_at", "tokens"]
    if len(content.text) >= len(article.text):
        article.html, article.text, article.word_count = content.html, content.text, content.word_count
        article.sanitiser_version = content.sanitiser_version
        fields += ["html", "text", "word_count", "sanitiser_version"]
    article.tokens = token_vector(draft)
    article.save(update_fields=fields)


def token_vector(draft: Draft) -> RawSQL:
    """The words that keywords and search are asked against; see feeds/tsvector.py."""
    content = draft.content
    literal = tsvector_literal(
        title=content.title,
        description=content.description,
        tags=content.tags,
        source_name=draft.entry.feed.source.name,
    )
    return RawSQL("%s::tsvector", [literal])
