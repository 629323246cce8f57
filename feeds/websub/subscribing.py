"""Asks hubs to push to us, to go on doing so, or to stop. Hubs answer by a GET of their own: confirming.py.

The row is committed before its hub is asked, since a hub may come back to us while we still wait for its answer.
"""

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse

from feeds.attempts import sentence_of
from feeds.clock import database_now
from feeds.errors import FeedsError, FetchError, HostOnHold
from feeds.fetching import Fetcher, open_fetcher
from feeds.models import SeenPush, Subscription
from feeds.net.addresses import parse_address
from feeds.net.settings import fetch_settings
from feeds.streaming import Worker, stream
from feeds.websub import trust, wanting
from feeds.websub.receiving import REMEMBERED
from feeds.websub.wanting import LEASE, LONGEST_WAIT, rest_after

log = structlog.get_logger(__name__)

AT_ONCE = 50
FORGOTTEN_AT_ONCE = 5_000
BUDGET_SECONDS = 90
# A hub that says nothing gets so long to verify, twice as long after each request in vain.
FIRST_WAIT = timedelta(minutes=5)
MOST_FAREWELLS = 3  # requests to stop; after that the hub's pushes meet a 410
SILENT = "The hub took our request, but did not come back to confirm it. We ask again later and poll meanwhile."
OUR_FAULT = "We failed to ask the hub, and it is our fault: the details are in our log. We try again later."


@dataclass(frozen=True, slots=True)
class Asked:
    """How asking a hub went; `error` None: it took the request."""

    subscription: Subscription
    error: FeedsError | None = None
    is_unreached: bool = False


def keep() -> int:
    """One tick: settle what is wanted and whom we trust, then ask the hubs that are due; returns how many.

    Without a public address of our own (ZIS_WEBSUB) no hub is asked for anything but to forget us.
    """
    now = database_now()
    if settings.ZIS_WEBSUB:
        wanting.arrange(now)
    else:
        wanting.leave(Subscription.objects.all(), now)
    trust.withdraw(now)
    SeenPush.objects.forget_older_than(now - REMEMBERED, FORGOTTEN_AT_ONCE)
    return ask_hubs()


def ask_hubs(limit: int = AT_ONCE) -> int:
    """Ask the hubs of up to `limit` subscriptions whose time has come; returns how many were taken."""
    taken = take_due(limit, database_now())
    answers = stream(
        taken, open_asker, budget_seconds=BUDGET_SECONDS, unreached=lambda one: Asked(one, is_unreached=True)
    )
    for batch in answers:
        for asked in batch:
            note(asked, database_now())
    return len(taken)


def take_due(limit: int, now: datetime) -> Sequence[Subscription]:
    """Take subscriptions for ourselves: their next try is moved on first, so that nobody else and no crash asks twice.

    Those whose end is over with are deleted on the way.
    """
    with transaction.atomic():
        due = list(Subscription.objects.due(now).select_for_update(skip_locked=True)[:limit])
        over = [one for one in due if is_over(one, now)]
        Subscription.objects.filter(pk__in=[one.pk for one in over]).delete()
        taken = [one for one in due if one not in over]
        for one in taken:
            take(one, now)
        Subscription.objects.bulk_update(taken, ["state", "attempts", "next_try_at", "last_error"])
    return taken


def is_over(subscription: Subscription, now: datetime) -> bool:
    """Whether one we leave needs no more farewell: its hub never confirmed, pushes no more, or does not listen."""
    if subscription.state != Subscription.State.LEAVING:
        return False
    expires_at = subscription.expires_at
    return expires_at is None or expires_at <= now or subscription.attempts >= MOST_FAREWELLS


def take(subscription: Subscription, now: datetime) -> None:
    """Set the fields of a subscription in memory as the request that follows makes them."""
    state = Subscription.State
    if subscription.attempts and not subscription.last_error:
        subscription.last_error = SILENT
    has_promise = subscription.expires_at is not None and subscription.expires_at > now
    if subscription.state != state.LEAVING and not (subscription.state == state.ACTIVE and has_promise):
        subscription.state = state.ASKED
    subscription.attempts = min(subscription.attempts + 1, 1_000)
    subscription.next_try_at = now + wait_after(subscription.attempts)


def wait_after(attempts: int) -> timedelta:
    """How long until a hub is asked again after so many requests in vain: doubling, a week at most, never for ever."""
    wait = min(FIRST_WAIT * 2 ** min(attempts - 1, 11), LONGEST_WAIT)
    return wait * random.uniform(0.9, 1.1)  # noqa: S311 - spreads requests, guards nothing


@asynccontextmanager
async def open_asker() -> AsyncIterator[Worker]:
    """Give the coroutine function that asks one hub."""
    async with open_fetcher() as fetcher:

        async def ask(subscription: Subscription) -> Asked:
            try:
                await ask_hub(subscription, fetcher)
            except FeedsError as error:
                return Asked(subscription, error)
            except Exception:
                log.exception("a hub could not be asked", subscription=subscription.pk, hub=subscription.hub_url)
                return Asked(subscription, FeedsError(OUR_FAULT))
            return Asked(subscription)

        yield ask


async def ask_hub(subscription: Subscription, fetcher: Fetcher) -> None:
    """Send the request for a subscription, or for its end. Raises FetchError where the hub does not take it.

    A topic is judged like every address, though it is the hub that would fetch it.
    """
    door = fetch_settings()
    parse_address(subscription.topic_url, allow=door.allow, any_port=bool(door.host_map))
    is_leaving = subscription.state == Subscription.State.LEAVING
    fields = {
        "hub.mode": "unsubscribe" if is_leaving else "subscribe",
        "hub.topic": subscription.topic_url,
        "hub.callback": callback_of(subscription),
    }
    if not is_leaving:
        fields["hub.lease_seconds"] = str(int(LEASE.total_seconds()))
    if subscription.secret and not is_leaving:
        fields["hub.secret"] = subscription.secret
    await fetcher.post(subscription.hub_url, fields=fields)


def callback_of(subscription: Subscription) -> str:
    """Our address as this hub was told it, wherever we are by now.

    Whoever knows it may speak as the hub, but for the signature: it is in no log.
    """
    site_url = subscription.site_url or settings.SITE_URL
    return f"{site_url}{reverse('websub_callback', args=[subscription.token])}"


def note(asked: Asked, now: datetime) -> None:
    """Write what the hub said to our request, unless it has confirmed, refused or left meanwhile: that is newer."""
    subscription = asked.subscription
    unchanged = Subscription.objects.filter(pk=subscription.pk, next_try_at=subscription.next_try_at)
    if asked.is_unreached:
        unchanged.update(next_try_at=now, attempts=F("attempts") - 1)
    elif isinstance(asked.error, HostOnHold):
        wait = timedelta(seconds=max(asked.error.seconds, 1))
        unchanged.update(next_try_at=now + wait, attempts=F("attempts") - 1)
    elif asked.error is None:
        unchanged.exclude(last_error=SILENT).update(last_error="")
    else:
        changes: dict = {"last_error": f"The hub did not take our request. {sentence_of(asked.error)}"}
        if subscription.state == Subscription.State.ASKED:
            changes["state"] = Subscription.State.FAILED
        if isinstance(asked.error, FetchError) and asked.error.permanent:
            changes["denied_count"] = min(subscription.denied_count + 1, 1_000)
            changes["next_try_at"] = now + rest_after(changes["denied_count"])
        unchanged.update(**changes)
