"""Feeds that leave their address: gone for good (410), or moved for good (301, 308). The curator is told of each."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.formats import date_format

from feeds.models import Feed, Notice, validate_fetchable

GONE_TIMES, GONE_FOR = 3, timedelta(days=2)
MOVED_TIMES, MOVED_FOR = 3, timedelta(days=1)


def settle_departures(feeds: Iterable[Feed], now: datetime) -> None:
    """Retire those of these feeds that are gone, and follow those that have moved; in the caller's transaction."""
    for feed in feeds:
        if is_gone(feed, now):
            retire(feed, now)
        elif has_moved(feed, now):
            follow(feed)


def is_gone(feed: Feed, now: datetime) -> bool:
    """Whether its publisher has said often enough, over days, that it was taken down: one slip is no farewell."""
    return feed.gone_count >= GONE_TIMES and feed.gone_at is not None and now - feed.gone_at >= GONE_FOR


def has_moved(feed: Feed, now: datetime) -> bool:
    """Whether its publisher has sent us on often enough, over a day: a slip of its configuration is mended by then."""
    return feed.moved_count >= MOVED_TIMES and feed.moved_at is not None and now - feed.moved_at >= MOVED_FOR


def retire(feed: Feed, now: datetime) -> None:
    """Ask a feed no more that its publisher has taken down for good."""
    since = day_of(feed.gone_at)
    said = f"The publisher has taken this feed down for good (410) and said so {feed.gone_count} times since {since}."
    sentence = f"{said} We ask it no more; look for a new one on the publisher's site, or resume it."
    Feed.objects.filter(pk=feed.pk).update(is_paused=True, retired_at=now, last_error=sentence)
    Notice.objects.tell(feed, sentence)


def follow(feed: Feed) -> None:
    """Poll a feed from now on where its publisher has sent us time and again; what it gave there was a feed.

    The validators stay: they came from the new address. Where that is polled already, this feed is paused.
    """
    old, new = feed.url, feed.moved_to
    try:
        validate_fetchable(new)
    except ValidationError:
        return  # it was fetched there a moment ago: our settings have changed since
    row = Feed.objects.filter(pk=feed.pk, url=old)  # a curator who has changed it in the meantime is right
    try:
        with transaction.atomic():
            moved = row.update(url=new, moved_to="", moved_count=0, moved_at=None, suggested_url="")
    except IntegrityError:
        pause_double(feed)
        return
    if moved:
        often = f"{feed.moved_count} times since {day_of(feed.moved_at)}"
        sentence = (
            f"This feed has moved for good: its publisher has sent us from {old} to {new} {often}. We ask it there now."
        )
        Notice.objects.tell(feed, sentence)


def pause_double(feed: Feed) -> None:
    """Pause a feed that has moved to where another already is."""
    other = Feed.objects.filter(url=feed.moved_to).first()
    sentence = (
        f"This feed has moved for good to {feed.moved_to}, which we ask already as “{other or feed.moved_to}”. "
        "So that nothing is asked twice it is paused; you may delete it."
    )
    Feed.objects.filter(pk=feed.pk).update(is_paused=True, moved_count=0, moved_at=None, last_error=sentence)
    Notice.objects.tell(feed, sentence)


def day_of(moment: datetime | None) -> str:
    return date_format(moment, "j F Y") if moment else ""
