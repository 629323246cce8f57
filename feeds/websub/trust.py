"""Whether a feed may be asked more seldom because its hub has proven itself (Feed.push_trusted_until).

The rule:
- A push that came, signed, earns its feed trust for a day, though not beyond what the hub has promised (its lease).
  Verification alone earns none: many hubs verify and then are never told anything by the publisher.
- A **miss** is a poll that found an entry new which a push should have brought: dated after the subscription began
  and two minutes or more before the poll, with no push of that feed within two minutes of the poll either way.
- An entry without a date may have come just before the poll: it counts where a push had 20 minutes or more, since the
  poll before, to come in, and only the second time within three days.
- While a miss is less than a day old, nothing earns trust, and trust that was there is taken back.
- Trust ends by itself with its day, and with the subscription (left, refused, not renewed in time). When it ends, the
  next poll comes no later than it would have come without it.

So a hub that is silent, late, forgetful or gone costs at worst one stretched wait of a feed's polls, once a day.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, DurationField, ExpressionWrapper, F, QuerySet, When
from django.db.models.functions import Greatest, Least, Now

from feeds.models import Feed, Subscription

TRUST = timedelta(days=1)
PATIENCE = timedelta(minutes=2)  # so long may a hub take
UNDATED_FOR, CHANCE = timedelta(days=3), timedelta(minutes=20)
SHORTEST_GAP = timedelta(seconds=30)

MISSED = """
SELECT DISTINCT record.feed_id
FROM feeds_fetchrecord AS record
JOIN feeds_subscription AS subscription ON subscription.feed_id = record.feed_id
WHERE record.feed_id = ANY(%(feeds)s) AND NOT record.is_push AND record.entries_new > 0
  AND record.at > %(now)s - %(trust)s AND record.at < %(now)s - %(patience)s
  AND EXISTS (
    SELECT FROM feeds_entry AS entry WHERE entry.feed_id = record.feed_id AND entry.seen_at = record.at
      AND entry.published_at BETWEEN subscription.created_at AND record.at - %(patience)s)
  AND NOT EXISTS (
    SELECT FROM feeds_fetchrecord AS push WHERE push.feed_id = record.feed_id AND push.is_push
      AND push.at BETWEEN record.at - %(patience)s AND record.at + %(patience)s)
"""
# An entry that came without a date has that of its first sight.
MISSED_UNDATED = """
SELECT record.feed_id
FROM feeds_fetchrecord AS record
JOIN feeds_subscription AS subscription ON subscription.feed_id = record.feed_id
CROSS JOIN LATERAL (
    SELECT at FROM feeds_fetchrecord AS earlier
    WHERE earlier.feed_id = record.feed_id AND NOT earlier.is_push AND earlier.error = '' AND earlier.at < record.at
    ORDER BY at DESC LIMIT 1) AS previous
WHERE record.feed_id = ANY(%(feeds)s) AND NOT record.is_push AND record.entries_new > 0
  AND record.at > %(now)s - %(undated_for)s AND record.at < %(now)s - %(patience)s
  AND previous.at > subscription.created_at AND previous.at < record.at - %(chance)s
  AND EXISTS (
    SELECT FROM feeds_entry AS entry WHERE entry.feed_id = record.feed_id AND entry.seen_at = record.at
      AND entry.published_at = entry.seen_at)
  AND NOT EXISTS (
    SELECT FROM feeds_fetchrecord AS push WHERE push.feed_id = record.feed_id AND push.is_push
      AND push.at BETWEEN previous.at AND record.at + %(patience)s)
GROUP BY record.feed_id HAVING count(*) >= 2
"""


def earn(feed_ids: Collection[int], now: datetime) -> None:
    """Trust the hubs of these feeds, which have just pushed, for a day: but for those that lately missed something."""
    missed = missed_by_push(feed_ids, now)
    live = Subscription.objects.live(now).filter(feed__in=[pk for pk in feed_ids if pk not in missed])
    until = {one.feed_id: min(now + TRUST, one.expires_at) for one in live if one.feed_id and one.expires_at}
    for pk in sorted(until):
        Feed.objects.filter(pk=pk).update(push_trusted_until=until[pk])


def withdraw(now: datetime) -> int:
    """Take trust back where it has ended or was let down, and poll as usual again; returns from how many feeds."""
    with transaction.atomic():
        trusted = Feed.objects.filter(push_trusted_until__isnull=False).order_by("pk")
        feeds = list(trusted.select_for_update(skip_locked=True, no_key=True).only("pk", "push_trusted_until"))
        live = set(Subscription.objects.live(now).filter(feed__in=feeds).values_list("feed_id", flat=True))
        missed = missed_by_push([feed.pk for feed in feeds], now)
        ended = [
            feed.pk
            for feed in feeds
            if feed.pk in missed or feed.pk not in live or (feed.push_trusted_until and feed.push_trusted_until <= now)
        ]
        return poll_as_usual(Feed.objects.filter(pk__in=ended))


def missed_by_push(feed_ids: Collection[int], now: datetime) -> set[int]:
    """Those of these feeds of which polling lately found what a push should have brought."""
    if not feed_ids:
        return set()
    values: dict[str, Any] = {
        "feeds": list(feed_ids), "now": now, "trust": TRUST, "patience": PATIENCE, "undated_for": UNDATED_FOR,
        "chance": CHANCE,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"{MISSED} UNION ALL ({MISSED_UNDATED})", values)
        return {feed_id for (feed_id,) in cursor.fetchall()}


def poll_as_usual(feeds: QuerySet[Feed]) -> int:
    """Trust these no more; the next poll comes when it would have come without trust, or back-off lets it."""
    interval = ExpressionWrapper(F("interval_seconds") * timedelta(seconds=1), DurationField())
    usual = Greatest(Now(), F("checked_at") + interval)
    sooner = Case(When(failure_count=0, then=Least(F("next_check_at"), usual)), default=F("next_check_at"))
    return feeds.update(push_trusted_until=None, next_check_at=sooner)


def poll_soon(feed_ids: Collection[int]) -> int:
    """Look at these feeds now, since what their hub told us needs a look of our own; not twice in half a minute."""
    soon = Greatest(Now(), F("checked_at") + SHORTEST_GAP)
    waiting = Feed.objects.active().filter(pk__in=feed_ids, next_check_at__gt=Now())
    return waiting.update(next_check_at=Least(F("next_check_at"), soon))
