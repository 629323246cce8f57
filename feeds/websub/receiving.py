"""What a hub sends by POST becomes a Push row, if it proves to be the hub's. Parses nothing, asks nobody.

A push that is not signed as agreed is ignored and still answered with 2xx, as the specification says (7.1.2): a
forger shall learn nothing. One we could not take in as it is, we make up for by looking at the feed ourselves.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.core.cache import cache
from django.db import transaction
from multidict import CIMultiDict, CIMultiDictProxy
from redis.exceptions import RedisError

from feeds.clock import database_now
from feeds.formats.characters import without_forbidden
from feeds.models import Push, SeenPush, Subscription
from feeds.net.bounds import FEED_MAX_BYTES
from feeds.net.headers import links_of
from feeds.websub.hinting import hint_at_pushes
from feeds.websub.trust import poll_soon

log = structlog.get_logger(__name__)

PUSH_MAX_BYTES = FEED_MAX_BYTES
SIGNATURE = re.compile(r"(sha1|sha256|sha384|sha512)=([0-9a-fA-F]{40,128})")
MOST_PER_MINUTE = 60  # of one subscription; no news room writes faster
MOST_WAITING = 20
REMEMBERED = timedelta(days=7)  # so long what was pushed is not read again when a hub, or a thief, repeats it
NOT_SIGNED = "Something came to us in the hub's name without its signature and was ignored; the hub must mend this."


@dataclass(frozen=True, slots=True)
class Delivery:
    """A push as it came: its body, and the headers that matter."""

    body: bytes
    content_type: str = ""
    signature: str = ""
    link: str = ""


def find(token: str) -> Subscription | None:
    """The subscription whose hub may push to this address; None tells a hub to stop (410)."""
    return Subscription.objects.wanted().filter(token=token).first()


def take_in(subscription: Subscription, delivery: Delivery) -> None:
    """Keep a push for a worker, if it is signed as agreed, new, and about the feed that was asked for."""
    if not subscription.secret:
        look_ourselves(subscription)  # it proves nothing, but it costs little to see
        return
    if not is_signed(delivery, subscription.secret):
        unsigned = Subscription.objects.filter(pk=subscription.pk).exclude(last_error=NOT_SIGNED)
        unsigned.update(last_error=NOT_SIGNED)
        return
    if is_about_another(subscription, delivery.link):
        log.warning("a hub pushed another topic", subscription=subscription.pk, hub=subscription.hub_url)
        look_ourselves(subscription)
        return
    now = database_now()
    body_hash = hashlib.sha256(delivery.body).hexdigest()
    with transaction.atomic():
        if delivery.body and not SeenPush.objects.note(subscription, body_hash, now, again_after=REMEMBERED):
            return
        Push.objects.create(
            subscription=subscription,
            received_at=now,
            content_type=without_forbidden(delivery.content_type)[:200],
            body=delivery.body,
        )
        transaction.on_commit(hint_at_pushes)


def is_signed(delivery: Delivery, secret: str) -> bool:
    """Check `X-Hub-Signature: method=hex` (WebSub, 7.1): an HMAC of the body with our secret, in constant time."""
    found = SIGNATURE.fullmatch(delivery.signature.strip())
    if not found:
        return False
    expected = hmac.new(secret.encode(), delivery.body, found[1]).hexdigest()
    return hmac.compare_digest(expected, found[2].lower())


def is_about_another(subscription: Subscription, link: str) -> bool:
    """Whether the push says by `Link: …; rel=self` that it is some other feed's document."""
    headers = CIMultiDictProxy(CIMultiDict(Link=link))
    topics = {url for relation, url in links_of(headers, subscription.topic_url) if relation == "self"}
    return bool(topics) and subscription.topic_url not in topics


def is_too_much(subscription: Subscription) -> bool:
    """Whether this hub pushes faster than news is made, or than we read; counts this push."""
    key = f"websub-rate:{subscription.pk}"
    try:
        cache.add(key, 0, 60)
        if cache.incr(key) > MOST_PER_MINUTE:
            return True
    except (RedisError, ValueError):  # away, or the minute ended in between: what waits is bounded all the same
        pass
    return subscription.pushes.count() >= MOST_WAITING


def look_ourselves(subscription: Subscription) -> None:
    """Poll the feed of a push that we could not or would not take in."""
    if subscription.feed_id is not None:
        poll_soon([subscription.feed_id])
