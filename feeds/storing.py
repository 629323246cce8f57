"""Writes the entries that a batch of feeds brought, in one statement; more only where names change."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter

from django.db import connection, transaction

from feeds import identities, shared_pages
from feeds.attempts import Attempt
from feeds.entry_rows import CONTENT_HASH, ENTRY_COLUMNS, IDENTITY, entry_row
from feeds.identities import Stored
from feeds.items import FeedItem
from feeds.models import Entry, Feed, IdentityBy

# What a changed item brings anew. Its dates stay as first told, or lists would reorder at every poll.
RENEWED = "url has_page title description content_html author categories image updated_at content_hash".split()
# The page of a changed item has changed too. It is read again, though no sooner than this and than half the item's
# age after the last time: a ticker that changes at every poll costs its publisher ten readings in a month.
ROWS_PER_STATEMENT = 250
REREAD_AFTER = "interval '30 minutes'"
IS_REREAD = f"""old.state IN ('published', 'refused') AND excluded.has_page AND excluded.read_after - old.read_after
    >= greatest({REREAD_AFTER}, (excluded.seen_at - old.seen_at) / 2)"""
REREAD = {
    "state": f"CASE WHEN {IS_REREAD} OR old.state = 'new' AND excluded.has_page THEN 'new' ELSE 'ready' END",
    "attempts": f"CASE WHEN {IS_REREAD} THEN 0 ELSE old.attempts END",
    "read_after": f"CASE WHEN {IS_REREAD} THEN excluded.read_after ELSE old.read_after END",
}
# Another page under another headline, and later: perhaps another item under a guid that was used before.
IS_DOUBTFUL = "(old.url <> excluded.url AND old.title <> excluded.title AND old.published_at < excluded.published_at)"


def upsert_statement(doubtful: str) -> str:
    """The statement that stores rows; those that are `doubtful` (SQL) keep what they hold, and come back with it."""
    renewed = {column: f"excluded.{column}" for column in RENEWED} | REREAD
    kept = (f"{column} = CASE WHEN {doubtful} THEN old.{column} ELSE {new} END" for column, new in renewed.items())
    return f"""
        INSERT INTO feeds_entry AS old ({", ".join(ENTRY_COLUMNS)})
        SELECT * FROM json_to_recordset(%s::json) AS row ({", ".join(map(" ".join, ENTRY_COLUMNS.items()))})
        ON CONFLICT (feed_id, identity) DO UPDATE SET {", ".join(kept)}
        WHERE old.content_hash <> excluded.content_hash AND old.state <> 'gone'
        RETURNING id, feed_id, identity, (xmax = 0), content_hash
    """  # noqa: S608 - built from the column names above


# By what an entry that comes under a new name is found again; and what tells its feed's items apart where many do.
SOUGHT_BY = {
    "content": IdentityBy.TITLE,
    "url": IdentityBy.LINK,
    "headline": IdentityBy.TITLE,
    "title": IdentityBy.TITLE,
}

UPSERT, UPSERT_ALL = upsert_statement(IS_DOUBTFUL), upsert_statement("false")


def store_entries(attempts: Collection[Attempt], now: datetime) -> dict[int, int]:
    """Store the items of the feeds that answered; returns how many were new, by feed id.

    An item seen before with the same content is left alone, and so is one whose article left the site. One with new
    content goes back to be published, and now and then to have its page read again. Dates stay as first told.
    """
    answered = {attempt.feed.pk: attempt for attempt in attempts if attempt.parsed}
    if not answered:
        return {}
    with transaction.atomic():
        # One at a time per feed, in one order: a push and a poll of it may come together. The silent ones too: how they
        # went is recorded in the same transaction, and a row with a lower number would then be asked for too late.
        asked = [attempt.feed.pk for attempt in attempts]
        feeds = Feed.objects.filter(pk__in=asked).order_by("pk").select_for_update(no_key=True)
        rules = {feed.pk: feed for feed in feeds.only("identity_by", "shared_page") if feed.pk in answered}
        return Batch([answered[pk] for pk in rules], rules, now).store()


Listed = tuple[int, str, FeedItem]  # feed, identity, item


class Batch:
    """The items of some feeds on their way into the table, each feed once."""

    def __init__(self, attempts: Sequence[Attempt], feeds: Mapping[int, Feed], now: datetime) -> None:
        """feeds: as their rows have them now, by number; those of the attempts may be older"""
        self.rules, self.now = {pk: feed.identity_by for pk, feed in feeds.items()}, now
        self.shared = {pk: feed.shared_page for pk, feed in feeds.items()}
        self.attempts = {attempt.feed.pk: attempt for attempt in attempts}
        self.listed = {
            attempt.feed.pk: identities.named(attempt.parsed.items, self.rules[attempt.feed.pk])
            for attempt in attempts
            if attempt.parsed
        }
        self.learn_shared_pages()

    def learn_shared_pages(self) -> None:
        """Note which page the items of a feed share, where its document shows that."""
        for pk, items in self.listed.items():
            page = shared_pages.shared_page(items.values(), self.shared[pk])
            if page != self.shared[pk]:
                self.shared[pk] = page
                Feed.objects.filter(pk=pk).update(shared_page=page)

    def store(self) -> dict[int, int]:
        """Write all; returns how many entries were new, by feed id."""
        rows = [self.row(*listed) for listed in self.without_unchanged(self.all_listed())]
        sent = {(row[0], row[IDENTITY]): row[CONTENT_HASH] for row in rows}
        stored = write(UPSERT, rows)
        fresh = {row.pk: row for row in stored if row.is_new}
        doubtful = [row for row in stored if row.content_hash != sent[row.feed_id, row.identity]]
        if doubtful:
            fresh |= {row.pk: row for row in self.settle(doubtful)}
        known = [row for row in fresh.values() if self.attempts[row.feed_id].feed.succeeded_at]
        if known:
            fresh = self.without_renamed(fresh, known)
        return dict(Counter(row.feed_id for row in fresh.values()))

    def all_listed(self) -> list[Listed]:
        return [(pk, identity, item) for pk, items in self.listed.items() for identity, item in items.items()]

    def without_unchanged(self, listed: list[Listed]) -> list[Listed]:
        """Leave out what is stored just so: of most documents all but the news, and Postgres would lock each row.

        Nothing is known of a feed at its first look. The feeds' rows are ours: nobody else changes their items now.
        """
        known = [(pk, name, item.said) for pk, name, item in listed if self.attempts[pk].feed.succeeded_at]
        unchanged = identities.unchanged(known)
        return [one for one in listed if one[:2] not in unchanged] if unchanged else listed

    def row(self, feed_id: int, identity: str, item: FeedItem) -> tuple:
        attempt = self.attempts[feed_id]
        assert attempt.parsed
        has_page = shared_pages.has_page(item, attempt.parsed, self.shared[feed_id])
        return entry_row(attempt.feed, attempt.parsed, item, identity, self.now, has_page=has_page)

    def settle(self, doubtful: Sequence[Stored]) -> list[Stored]:
        """Tell edited items from others under a guid that was used before; returns the new entries of those."""
        entries = Entry.objects.filter(pk__in=[row.pk for row in doubtful]).order_by()
        before = {pk: (url, title) for pk, url, title in entries.values_list("pk", "url", "title")}
        edited, others = [], []
        for row in doubtful:
            items = self.listed[row.feed_id]
            item = items[row.identity]
            name = identities.link_name(item)
            if identities.is_rewritten(*before[row.pk], item) or not name or name in items:
                edited.append(self.row(row.feed_id, row.identity, item))
            else:
                others.append(self.row(row.feed_id, name, item))
        write(UPSERT_ALL, edited)
        identities.distrust((row[0] for row in others), IdentityBy.LINK)
        return [row for row in write(UPSERT_ALL, others) if row.is_new]

    def without_renamed(self, fresh: dict[int, Stored], known: Sequence[Stored]) -> dict[int, Stored]:
        """Give entries that come under a new name back their rows; returns those that are new indeed.

        Where most of a document comes so, its names are not to be trusted: by the address it is then, and where that
        changes too, by the headline.
        """
        named_anew = [row for row in known if self.rules[row.feed_id] != IdentityBy.GUID]
        if damaged := identities.came_damaged(named_anew, self.listed):
            self.give_back(damaged, fresh)
            fresh = {pk: row for pk, row in fresh.items() if pk not in damaged}
        for field, better in SOUGHT_BY.items():
            candidates = self.sought_by(field, [row for row in known if row.pk in fresh])
            if not candidates:
                continue
            pairs = identities.renamed(candidates, self.listed, field)
            found = [fresh[new] for new in pairs]
            if field == "title":
                pairs = {new: old for new, old in pairs.items() if self.is_many(found, fresh[new].feed_id)}
            changing = {row.feed_id for row in found if self.is_many(found, row.feed_id)}
            # All are found so too at the first look by another rule, which is no reason to go back to the one before.
            identities.distrust((pk for pk in changing if self.rules[pk] not in (better, IdentityBy.TITLE)), better)
            self.give_back(pairs, fresh)
            fresh = {pk: row for pk, row in fresh.items() if pk not in pairs}
        return fresh

    def sought_by(self, field: str, rows: Sequence[Stored]) -> Sequence[Stored]:
        """Those of these new entries that may have been stored before with the same in this field."""
        if field == "content":
            return [row for row in rows if not self.has_address(row)]
        if field == "headline":
            return [row for row in rows if self.rules[row.feed_id] == IdentityBy.TITLE]
        return [row for row in rows if field == "url" or self.is_many(rows, row.feed_id)]

    def has_address(self, row: Stored) -> bool:
        item = self.listed[row.feed_id].get(row.identity)
        return item is None or bool(item.url)

    def is_many(self, found: Iterable[Stored], feed_id: int) -> bool:
        return identities.is_many(sum(row.feed_id == feed_id for row in found), len(self.listed[feed_id]))

    def give_back(self, pairs: Mapping[int, int], fresh: Mapping[int, Stored]) -> None:
        """Let earlier entries (new row → earlier row) take the names and the news of the new ones."""
        identities.rename(pairs, {new: fresh[new].identity for new in pairs})
        again = [fresh[new] for new in pairs]
        rows = [
            self.row(row.feed_id, row.identity, item)
            for row in again
            if (item := self.listed[row.feed_id].get(row.identity))  # not so where a guid was used again
        ]
        write(UPSERT_ALL, rows)


def write(statement: str, rows: Sequence[tuple]) -> list[Stored]:
    """Insert or renew rows of ENTRY_COLUMNS; returns those that were new or changed."""
    if not rows:
        return []
    rows = sorted(rows, key=itemgetter(0, IDENTITY))  # by feed and name: one order for all workers, or they deadlock
    stored: list[Stored] = []
    with connection.cursor() as cursor:
        for at in range(0, len(rows), ROWS_PER_STATEMENT):
            # As JSON: to spell and parse twenty thousand values one by one took a third of the time of storing them.
            named = [dict(zip(ENTRY_COLUMNS, row, strict=True)) for row in rows[at : at + ROWS_PER_STATEMENT]]
            cursor.execute(statement, [json.dumps(named, ensure_ascii=False, default=datetime.isoformat)])
            stored += [Stored(*row) for row in cursor.fetchall()]
    return stored
