"""What makes an item the same one at the next look, where its feed's guids can not be trusted.

formats/identity.py names the items of one document. Here is what only shows between documents: guids that change
although the item does not, and guids that stay although the item is another. The rows stored so far are mapped over,
so that nothing is stored twice.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db import connection
from psycopg2.extras import execute_values

from feeds.items import FeedItem
from feeds.models import Entry, Feed, IdentityBy

LONGEST_IDENTITY = 500
# How far back an item that comes under another name is looked for, in entries of its feed.
REMEMBERED = 500
# So many of a document's items under new names at once, and at least half of all, are no chance.
MANY = 3
_NUMBER = re.compile(r"(?<!\d)(?!(?:19|20)\d\d[01]\d[0-3]\d(?!\d))\d{5,}")
_WORD = re.compile(r"[^\W\d_]{2,}")


class Stored(NamedTuple):
    """An entry as it came back from being stored."""

    pk: int
    feed_id: int
    identity: str
    is_new: bool
    content_hash: str


def named(items: Sequence[FeedItem], by: str) -> dict[str, FeedItem]:
    """The items of a document by the identity their feed's rule gives them; one listed twice is there once.

    By link: its address without scheme and tracking. By title: headline and day. Whoever shares that with another item
    of the document, or lacks it, keeps the name it has.
    """
    if by == IdentityBy.GUID:
        return {item.identity: item for item in items}
    name_of = link_name if by == IdentityBy.LINK else _title_name
    names = [name_of(item) for item in items]
    counts = Counter(names)
    return {
        name if name and counts[name] == 1 else item.identity: item
        for name, item in zip(names[::-1], items[::-1], strict=True)
    }


def link_name(item: FeedItem) -> str:
    """What an item is called by its address alone; empty without one."""
    return item.page if len(item.page) <= LONGEST_IDENTITY else _hash(item.page)


def _title_name(item: FeedItem) -> str:
    day = item.published_at.date().isoformat() if item.published_at else ""
    return _hash(item.title, day) if item.title else ""


def _hash(*parts: str) -> str:
    return "sha256:" + hashlib.sha256("\x00".join(parts).encode("utf-8", "replace")).hexdigest()


def is_rewritten(url: str, title: str, item: FeedItem) -> bool:
    """Say whether an item is the one stored with this address and headline, edited, or another under its guid.

    Content systems write the headline into the address, so both change together; a number in it then stays, or some
    of the words. An item that shares neither is another; one that was stored without address or headline came
    damaged, and is now mended.
    """
    if not (url and title):
        return True
    if set(_NUMBER.findall(url)) & set(_NUMBER.findall(item.url)):
        return True
    return _share_words(title, item.title) or _share_words(_path(url), _path(item.url))


def _path(url: str) -> str:
    return url.partition("://")[2].partition("/")[2].rstrip("/").rpartition("/")[2]


def _share_words(one: str, other: str) -> bool:
    words = [set(_WORD.findall(text.casefold())) for text in (one, other)]
    shorter = min(map(len, words))
    return shorter > 0 and len(words[0] & words[1]) * 3 >= shorter


FIND_UNCHANGED = """
SELECT feed_id, identity FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS listed (feed_id, identity, hash)
JOIN feeds_entry AS entry USING (feed_id, identity) WHERE entry.content_hash = listed.hash
"""


def unchanged(listed: Sequence[tuple[int, str, str]]) -> set[tuple[int, str]]:
    """Which of these items (feed, identity, hash of what it says) are stored just so."""
    if not listed:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(FIND_UNCHANGED, [*map(list, zip(*listed, strict=True))])
        return set(cursor.fetchall())


FIND_SAME = """
WITH fresh AS MATERIALIZED ({entries} WHERE id = ANY(%(fresh)s::bigint[]))
SELECT DISTINCT ON (fresh.id) fresh.id, earlier.id, earlier.identity, fresh.title, earlier.title
FROM unnest(%(feeds)s::bigint[]) AS feed (id)
CROSS JOIN LATERAL (
    {entries}
    WHERE feed_id = feed.id AND id <> ALL(%(fresh)s::bigint[]) ORDER BY seen_at DESC LIMIT %(remembered)s
) AS earlier
JOIN fresh ON fresh.feed_id = feed.id AND {same} ORDER BY fresh.id, earlier.id DESC
"""
ENTRIES = """
    SELECT id, feed_id, identity, url, title, content_hash, image, nullif(published_at, seen_at) AS dated
    FROM feeds_entry
"""
SAME = {
    "url": "fresh.url = earlier.url AND fresh.url <> ''",
    "title": "fresh.title = earlier.title AND fresh.title <> ''",
    "headline": """fresh.title = earlier.title AND fresh.title <> ''
        AND fresh.dated::date IS NOT DISTINCT FROM earlier.dated::date""",
    "content": """fresh.content_hash = earlier.content_hash AND fresh.url = ''
        AND (fresh.image, fresh.dated) IS NOT DISTINCT FROM (earlier.image, earlier.dated)""",
}


def renamed(fresh: Collection[Stored], listed: Mapping[int, Mapping[str, FeedItem]], field: str) -> dict[int, int]:
    """Entries that were stored before under another name: new row → earlier row, by what they have in common.

    listed: by feed, what its document holds now; an entry that is still listed itself is another item, and so are two
            new ones that look for the same earlier one
    field:  "url", "title", "headline", which is title and day, as items told apart by their titles are named, or
            "content", all it says and shows, for what has no address; where only the address
            is the same, the headline has some words in common still, or is no more, as that of an entry whose article
            left the site
    """
    feeds = sorted({row.feed_id for row in fresh})
    feed_of = {row.pk: row.feed_id for row in fresh}
    with connection.cursor() as cursor:
        cursor.execute(
            FIND_SAME.format(entries=ENTRIES, same=SAME[field]),
            {"feeds": feeds, "fresh": list(feed_of), "remembered": REMEMBERED},
        )
        found = [
            (new, old)
            for new, old, identity, title, earlier_title in cursor.fetchall()
            if identity not in listed[feed_of[new]]
            and (title == earlier_title or not earlier_title or _share_words(earlier_title, title))
        ]
    sought = Counter(old for _, old in found)
    return {new: old for new, old in found if sought[old] == 1}


def came_damaged(fresh: Collection[Stored], listed: Mapping[int, Mapping[str, FeedItem]]) -> dict[int, int]:
    """Entries stored without address under the guid of an item that is known by its address: new row → earlier row.

    A document that was damaged had lost the address, and may have had so many guids changed that they are distrusted.
    """
    guids = [
        ((row.feed_id, item.identity), row.pk)
        for row in fresh
        if (item := listed[row.feed_id].get(row.identity)) and item.identity not in listed[row.feed_id]
    ]
    often = Counter(guid for guid, _ in guids)
    sought = {guid: pk for guid, pk in guids if often[guid] == 1}
    if not sought:
        return {}
    feeds, identities = zip(*sought, strict=True)
    earlier = Entry.objects.filter(feed__in=feeds, identity__in=identities, url="").order_by()
    found = earlier.values_list("feed_id", "identity", "pk")
    return {sought[feed, identity]: pk for feed, identity, pk in found if (feed, identity) in sought}


def is_many(found: int, listed: int) -> bool:
    """Say whether so many of the items listed came under new names that the names themselves change."""
    return found >= MANY and found * 2 >= listed


def rename(pairs: Mapping[int, int], names: Mapping[int, str]) -> None:
    """Let the earlier entries take the names of the new ones (new row → earlier row), which go."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM feeds_entry WHERE id = ANY(%s)", [sorted(pairs)])
        execute_values(
            cursor.cursor,
            "UPDATE feeds_entry SET identity = new.identity FROM (VALUES %s) AS new (id, identity)"
            " WHERE feeds_entry.id = new.id",
            sorted((old, names[new]) for new, old in pairs.items()),
            page_size=1000,
        )


def distrust(feeds: Iterable[int], by: IdentityBy) -> None:
    """Tell the items of these feeds apart by something better than before."""
    Feed.objects.filter(pk__in=sorted(set(feeds))).update(identity_by=by)
