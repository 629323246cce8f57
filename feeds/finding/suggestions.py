"""What a curator answers to the new address that was found for a lost feed (moves.py): use it, or dismiss it."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from feeds.clock import database_now
from feeds.models import Feed, Notice, validate_fetchable
from feeds.models.records import NoticeQuerySet


def use_suggestion(feed: Feed) -> None:
    """Poll a feed at the address that is on offer, at once. Raises ValidationError where that can not be."""
    now = database_now()
    url = feed.suggested_url
    if not url:
        raise ValidationError("No new address is on offer for this feed.")
    validate_fetchable(url)
    fresh = {
        "failure_count": 0, "last_error": "", "etag": "", "last_modified": "", "body_hash": "", "moved_to": "",
        "moved_count": 0, "moved_at": None, "gone_count": 0, "gone_at": None, "retired_at": None, "search_after": None,
        "suggested_url": "", "dismissed_url": "", "next_check_at": now,
    }  # fmt: skip
    if feed.retired_at:  # what we paused ourselves, we resume
        fresh["is_paused"] = False
    try:
        with transaction.atomic():
            Feed.objects.filter(pk=feed.pk, suggested_url=url).update(url=url, **fresh)
            notices_about(feed, url).deal_with(now)
    except IntegrityError:
        other = Feed.objects.filter(url=url).select_related("source").first()
        here = f", under {other.source}" if other else ""
        raise ValidationError(f"{url} is here already{here}. Dismiss it, and delete the lost feed.") from None


def dismiss_suggestion(feed: Feed) -> None:
    """Take an offer back; that address is not offered for this feed again."""
    url = feed.suggested_url
    with transaction.atomic():
        Feed.objects.filter(pk=feed.pk, suggested_url=url).update(suggested_url="", dismissed_url=url)
        notices_about(feed, url).deal_with(database_now())


def notices_about(feed: Feed, url: str) -> NoticeQuerySet:
    return Notice.objects.filter(feed=feed, sentence__contains=url) if url else Notice.objects.none()
