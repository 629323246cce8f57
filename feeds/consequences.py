"""What a look at a feed means for it: its state in memory, and when it is asked next. Writes nothing.

A look that succeeded ends all back-off. The sentences in ``last_error`` say what happened, whose fault it is and what
comes next.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from feeds.attempts import Attempt, sentence_for_curators
from feeds.errors import FeedsError, FetchError
from feeds.formats.characters import without_forbidden
from feeds.items import FeedItem, ParsedFeed
from feeds.models import Feed
from feeds.rhythm import UNKNOWN_PER_HOUR, Rhythm, rhythm_of, steady
from feeds.scheduling import DAY, back_off, next_interval, outside, spread, stretched

GONE = 410
GONE_NEXT = "We stop asking when it has said so three times over two days."
LATE = timedelta(days=1)  # older items that are new to us are a feed's archive, not its news
MOST_COUNTED = 200  # entries of one look


def apply_attempt(attempt: Attempt, new_count: int, now: datetime, follower_count: int = 0) -> None:
    """Set the fields of the feed in memory as this attempt leaves them.

    follower_count: of its source
    """
    feed = attempt.feed
    if attempt.is_unreached:  # the batch ran out of time before its turn; no fault of the feed's
        feed.next_check_at = now
    elif attempt.hold_seconds is not None:
        feed.checked_at = now if attempt.is_asked else feed.checked_at
        ask_again(feed, now, spread(min(attempt.hold_seconds, DAY), feed.pk))
    elif attempt.error:
        apply_failure(feed, attempt.error, now)
    else:
        apply_success(attempt, new_count, now)
        schedule(attempt, now, follower_count)


def apply_failure(feed: Feed, error: FeedsError, now: datetime) -> None:
    """Count the failure, keep its sentence for the curator, and wait longer each time."""
    feed.checked_at = now
    feed.failure_count += 1
    feed.last_error = sentence_for_curators(error)
    if isinstance(error, FetchError) and error.status == GONE:
        feed.gone_at = feed.gone_at if feed.gone_count and feed.gone_at else now
        feed.gone_count += 1
        feed.last_error += f" {GONE_NEXT}"
    else:
        feed.gone_count, feed.gone_at = 0, None
    retry_after = error.retry_after if isinstance(error, FetchError) else None
    ask_again(feed, now, spread(back_off(feed.failure_count, retry_after), feed.pk))


def apply_success(attempt: Attempt, new_count: int, now: datetime) -> None:
    feed = attempt.feed
    last_checked_at, feed.checked_at = feed.checked_at, now
    feed.succeeded_at, feed.failure_count, feed.last_error = now, 0, ""
    feed.gone_count, feed.gone_at = 0, None
    count_redirect(feed, attempt.moved_to, now)
    feed.etag, feed.last_modified = attempt.etag[:500] or feed.etag, attempt.last_modified[:100] or feed.last_modified
    feed.body_hash = attempt.body_hash or feed.body_hash
    if attempt.parsed:
        apply_document(feed, attempt, attempt.parsed)
    count_entries(attempt, new_count, last_checked_at or now, now)


def apply_document(feed: Feed, attempt: Attempt, parsed: ParsedFeed) -> None:
    """Take over what the document says of the feed itself."""
    hints = attempt.hints
    feed.title = feed.title or parsed.title[:300]
    feed.problems = "\n".join(parsed.problems)
    feed.etag, feed.last_modified = attempt.etag[:500], attempt.last_modified[:100]
    feed.asked_interval_seconds = hints.ttl_seconds
    feed.skip_hours, feed.skip_days = list(hints.skip_hours), list(hints.skip_days)
    feed.hub_url, feed.topic_url = without_forbidden(hints.hub_url), without_forbidden(hints.topic_url)


def count_redirect(feed: Feed, target: str, now: datetime) -> None:
    """Count how often in a row, and since when, we were sent on to the same address for good.

    Failures in between say nothing.
    """
    if not target:
        feed.moved_count, feed.moved_at = 0, None
    elif target == feed.moved_to and feed.moved_at:
        feed.moved_count = min(feed.moved_count + 1, 100)
    else:
        feed.moved_count, feed.moved_at = 1, now
    feed.moved_to = target


def count_entries(attempt: Attempt, new_count: int, since: datetime, now: datetime) -> None:
    """Count what is new into the feed's rhythm; a feed without one begins with the dates of all it lists."""
    feed, items = attempt.feed, attempt.parsed.items if attempt.parsed else []
    if new_count:
        feed.new_entry_at = now
    rhythm = rhythm_in(feed)
    if rhythm is None:
        rhythm = rhythm_of([item.published_at for item in items], now)
    elif new_count:
        rhythm = rhythm.counting(moments(items, new_count, min(since, now), now), now)
    else:
        return
    feed.hourly_counts, feed.recent_count, feed.counted_at = list(rhythm.hourly), rhythm.recent, rhythm.at


def moments(items: list[FeedItem], new_count: int, since: datetime, now: datetime) -> Iterator[datetime]:
    """Yield when the new ones among these items came: the latest are the new ones, and came between two looks."""
    dates = [item.published_at or now for item in items]
    news = sorted((date for date in dates if since - LATE < date < now + LATE), reverse=True)
    return (min(max(date, since), now) for date in islice(news, min(new_count, MOST_COUNTED)))


def rhythm_in(feed: Feed) -> Rhythm | None:
    """The rhythm a feed's row keeps; None where nothing was counted yet."""
    if feed.counted_at is None or len(feed.hourly_counts) != 24:
        return None
    return Rhythm(feed.hourly_counts, feed.recent_count, feed.counted_at)


def schedule(attempt: Attempt, now: datetime, follower_count: int) -> None:
    """Set when the feed is asked next, after a look that succeeded."""
    feed = attempt.feed
    feed.interval_seconds = next_interval(
        rhythm_in(feed) or steady(UNKNOWN_PER_HOUR, now),
        now,
        follower_count=follower_count,
        asked_seconds=max(feed.asked_interval_seconds or 0, attempt.fresh_seconds or 0),
    )
    is_pushed = feed.push_trusted_until is not None and feed.push_trusted_until > now
    wait = stretched(feed.interval_seconds) if is_pushed else feed.interval_seconds
    ask_again(feed, now, spread(wait, feed.pk))


def ask_again(feed: Feed, now: datetime, seconds: float) -> None:
    due_at = now + timedelta(seconds=seconds)
    feed.next_check_at = outside(due_at, feed.skip_hours, feed.skip_days, feed.pk)
