"""What a hub says to us by GET: that we asked for something (verification of intent), or that it will not have it.

Told by a stranger, each of these changes nothing: the token is only known to the hub we gave it to, and the topic
must be the one we asked that hub for.
"""

import random
import re
from datetime import datetime, timedelta

from django.db import transaction

from feeds.clock import database_now
from feeds.formats.characters import without_forbidden
from feeds.formats.plaintext import excerpt
from feeds.models import Subscription
from feeds.websub.wanting import LEASE, rest_after

LONGEST_LEASE = timedelta(days=30)
# A promise that ends sooner than we would renew it is worth little; we still do not ask more often.
SHORTEST_RENEWAL = timedelta(minutes=10)
LONGEST_REASON = 300
SECONDS = re.compile(r"[0-9]{1,10}")


def confirm(token: str, mode: str, topic: str, lease_seconds: str = "") -> bool:
    """Say whether we wish what the hub asks us about, and note that it is so now."""
    with transaction.atomic():
        subscription = find(token, topic)
        if subscription is None:
            return False
        is_leaving = subscription.state == Subscription.State.LEAVING or subscription.feed_id is None
        if mode == "subscribe" and not is_leaving:
            activate(subscription, lease_of(lease_seconds), database_now())
            return True
        if mode == "unsubscribe" and is_leaving:
            subscription.delete()
            return True
    return False


def deny(token: str, topic: str, reason: str) -> bool:
    """Note that the hub refuses, or ends, a subscription; it may do so at any time. False: it is none of ours.

    Each refusal makes us wait longer before we ask again; the same one told twice counts once.
    """
    with transaction.atomic():
        subscription = find(token, topic)
        if subscription is None:
            return False
        now = database_now()
        words = excerpt(without_forbidden(" ".join(reason.split())), LONGEST_REASON)
        said = f"It says: {words}." if words else "It gives no reason."
        if subscription.state != Subscription.State.FAILED:
            subscription.denied_count = min(subscription.denied_count + 1, 1_000)
        rest = rest_after(subscription.denied_count)
        subscription.state, subscription.expires_at = Subscription.State.FAILED, None
        if subscription.feed_id is None:  # we were leaving anyway
            subscription.state = Subscription.State.LEAVING
        later = "in a day" if rest.days == 1 else f"in {rest.days} days"
        subscription.last_error = f"The hub refuses to push this feed to us. {said} We ask again {later} and poll it."
        subscription.next_try_at = now + rest
        subscription.save(update_fields=["state", "expires_at", "last_error", "next_try_at", "denied_count"])
        return True


def find(token: str, topic: str) -> Subscription | None:
    """The subscription a hub speaks of, locked; None where we never asked it for this topic."""
    return Subscription.objects.select_for_update().filter(token=token, topic_url=topic).first()


def activate(subscription: Subscription, lease: timedelta, now: datetime) -> None:
    """Note the hub's promise, and renew it when four fifths of it are over, a little later for some than for others."""
    share = random.uniform(0.8, 0.9)  # noqa: S311 - spreads requests, guards nothing
    subscription.state, subscription.last_error = Subscription.State.ACTIVE, ""
    subscription.attempts = subscription.denied_count = 0
    subscription.expires_at = now + lease
    subscription.next_try_at = now + max(lease * share, SHORTEST_RENEWAL)
    if lease < SHORTEST_RENEWAL:
        subscription.last_error = (
            f"The hub promises to push for only {lease.total_seconds():.0f} seconds at a time; "
            "we do not ask that often, and poll in between."
        )
    subscription.save(update_fields=["state", "attempts", "denied_count", "last_error", "expires_at", "next_try_at"])


def lease_of(seconds: str) -> timedelta:
    """How long the hub will push: what it says, a month at most; what we asked for where it says nothing readable."""
    if not SECONDS.fullmatch(seconds.strip()):
        return LEASE
    return min(timedelta(seconds=int(seconds)), LONGEST_LEASE)
