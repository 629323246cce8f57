"""How an Article comes to be, and with it its place in a Story. Begins at an entry marked ready.

Any number of workers may publish at once: entries are taken with SKIP LOCKED, and what takes time, reading and weighing
words, is done before the one lock under which articles are looked up, stored and put into stories, one batch at a time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property

import structlog
from django.db import transaction
from django.db.models.expressions import RawSQL

from accounts.excluding import note_reworded
from aggregator import about, copies, copying, placing, renewing, stories
from aggregator.content import Content, content_of
from aggregator.finding.features import Weights
from aggregator.finding.features import weigh as weigh_words
from aggregator.models import Article, Tombstone
from aggregator.search import documents
from aggregator.search.lexemes import words_of
from aggregator.shelving import shelf_of
from aggregator.subjects import subjects
from feeds.apart import at_once_or_apart
from feeds.canonical import other_spellings
from feeds.clock import database_now
from feeds.models import Display, Entry
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


@dataclass(frozen=True)
class Draft:
    """An entry with what an article of it would say; its words are weighed once, when first asked for."""

    entry: Entry
    content: Content

    @cached_property
    def tokens(self) -> str:
        """The words that keywords and search are asked against, as the text of a tsvector (feeds/tsvector.py)."""
        content = self.content
        return tsvector_literal(
            title=content.title,
            description=content.description,
            tags=content.tags,
            source_name=self.entry.feed.source.name,
        )

    @cached_property
    def found_by(self) -> str:
        """The words that search finds it by, its text's among them."""
        return words_of(self.content.title, self.content.description, self.content.text)

    @cached_property
    def weights(self) -> Weights:
        """What its story is chosen by."""
        content, source = self.content, str(self.entry.feed.source_id)
        return weigh_words(content.title, content.description, content.text, content.language, source)

    @cached_property
    def countries(self) -> list[str]:
        """The countries it is about."""
        content, teller = self.content, self.entry.feed.source.country_id
        said = content.description or content.text[: about.OPENING]
        return subjects(content.title, said, content.language, teller=teller)

    @cached_property
    def shingles(self) -> frozenset[int]:
        """What a copy is told by."""
        return copies.shingles(self.content.text)

    @cached_property
    def sketch(self) -> list[int]:
        """What copies are found by."""
        return copies.sketch_of(self.shingles)


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
    drafts = list(drafts_of(entries))
    prospects = prospects_of(weigh(drafts))
    stories.lock_stories()
    return Published(len(entries), *publish(drafts, prospects)) if drafts else Published(len(entries))


def weigh(drafts: Iterable[Draft]) -> list[Draft]:
    """Do before the lock what takes most of the time, for drafts whose page is no article yet as far as we know: these
    are returned.
    """
    by_url = {draft.content.url or str(draft.entry.pk): draft for draft in reversed(list(drafts))}
    for url in Article.objects.filter(url__in=by_url).exclude(url="").values_list("url", flat=True):
        del by_url[url]
    for draft in by_url.values():
        _ = draft.tokens, draft.found_by, draft.weights, draft.sketch, draft.countries
    return list(by_url.values())


def prospects_of(drafts: Sequence[Draft]) -> dict[int, placing.Prospect]:
    """Where the articles of these drafts may belong, by the number of the draft's entry."""
    found = placing.prospects_of([(draft.weights, draft.content.published_at) for draft in drafts])
    return {draft.entry.pk: prospect for draft, prospect in zip(drafts, found, strict=True)}


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


def publish(drafts: Sequence[Draft], prospects: Mapping[int, placing.Prospect]) -> tuple[int, int]:
    """Make or renew the articles of these entries, under the lock; returns how many articles and stories are new.

    prospects: where those may belong that were taken for new; by entry

    The same page announced by several feeds is one article. An item that changed renews the article it made. The
    address of an article that left the site makes none again.
    """
    now = database_now()
    standing = Standing(drafts)
    new: list[tuple[Article, Draft]] = []
    renewed: list[Article] = []
    changed: list[Article] = []
    gone: list[int] = []
    limited: list[int] = []
    for draft in drafts:
        article = standing.article_for(draft)
        if article is None and standing.is_buried(draft):
            gone.append(draft.entry.pk)
        elif article is None:
            article = article_of(draft, standing.address_for(draft))
            new.append((article, draft))
            standing.add(article)
        elif article.pk and renewing.is_renewed_by(article, draft.entry, draft.content):
            article.tokens = RawSQL("%s::tsvector", [draft.tokens])
            renewed.append(article)
            if renewing.renew(article, draft.entry, draft.content, draft.sketch, now):
                changed.append(article)
        if (article or draft.content).page_display != Display.FULL_TEXT:
            limited.append(draft.entry.pk)
    articles = [article for article, _ in new]
    unsought = prospects_of([draft for _, draft in new if draft.entry.pk not in prospects])
    known = {**prospects, **unsought}
    stories_new = placing.place(articles, [known[draft.entry.pk] for _, draft in new]) if new else 0
    stories.note_changed(article.story_id for article in renewed if article.story_id)
    documents.store((article, draft.found_by) for article, draft in new)
    documents.renew(renewed)
    about.note(((article, draft.countries) for article, draft in new), now)
    about.renew(renewed, now)
    note_reworded([article.pk for article in renewed])
    copying.note_copies([*articles, *changed], {article.pk: draft.shingles for article, draft in new})
    Entry.objects.filter(pk__in=gone).bury()
    Entry.objects.filter(pk__in=limited).exclude(content_html="").update(content_html="")
    Entry.objects.filter(pk__in=[draft.entry.pk for draft in drafts]).exclude(pk__in=gone).mark_published()
    return len(new), stories_new


class Standing:
    """The articles there are already for some drafts, by entry and by address: two queries for all of them."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        self.by_entry: dict[int, Article] = {}
        self.by_url: dict[str, Article] = {}
        articles = Article.objects.select_related("entry").defer("tokens", "html")
        urls = {url for draft in drafts for url in (draft.content.url, draft.entry.address) if url}
        self.buried = Tombstone.objects.buried(urls)
        spellings = urls.union(*map(other_spellings, urls))
        for article in articles.filter(entry__in=[draft.entry.pk for draft in drafts]).order_by():
            self.add(article)
        # Postgres believes by itself that up to 100 addresses are not empty, as the index asks; of more it is told.
        for article in articles.filter(url__in=spellings).exclude(url="").order_by():
            self.add(article)

    def add(self, article: Article) -> None:
        if article.entry_id:
            self.by_entry[article.entry_id] = article
        if article.url:
            self.by_url[article.url] = article

    def article_for(self, draft: Draft) -> Article | None:
        """The article that stands for this entry already: made from it, or from the same page."""
        return self.by_entry.get(draft.entry.pk) or self.at(self.address_for(draft), draft)

    def at(self, url: str, draft: Draft) -> Article | None:
        """The article at an address, or at another spelling of it where that is one of the same source."""
        if not url or url in self.by_url:
            return self.by_url.get(url)
        spelled = (self.by_url.get(spelling) for spelling in other_spellings(url))
        return next((article for article in spelled if article and self.is_same_source(article, draft)), None)

    @staticmethod
    def is_same_source(article: Article, draft: Draft) -> bool:
        return article.source_id == draft.entry.feed.source_id

    def is_buried(self, draft: Draft) -> bool:
        """Whether the article of this page, under either of its addresses, has left the site."""
        return not self.buried.isdisjoint((draft.content.url, draft.entry.address))

    def address_for(self, draft: Draft) -> str:
        """The address the article is known under: the page's canonical one, unless that can not be true.

        Some sites name one canonical address on all their pages. When another item of the same feed already stands
        there under another headline, the item's own address is the better one.
        """
        own = draft.entry.address
        other = self.by_url.get(draft.content.url)
        if other is None or draft.content.url == own or other.entry is None:
            return draft.content.url
        is_another_item = other.entry_id != draft.entry.pk and other.entry.feed_id == draft.entry.feed_id
        return own if is_another_item and other.title != draft.content.title else draft.content.url


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
        tokens=draft.tokens,
        sketch=draft.sketch,
    )
