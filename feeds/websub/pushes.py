"""Pushes that wait become entries, exactly as a document that was fetched does: parse, store, record.

Each subscription's are read one after the other, in the order they came; pushes of different feeds side by side.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import F

from feeds import attempts
from feeds.apart import at_once_or_apart
from feeds.clock import database_now
from feeds.errors import FeedsError, NotAFeed, SandboxError
from feeds.items import ParsedFeed
from feeds.models import Feed, Push, Subscription
from feeds.parsing import parse_feed
from feeds.recording import record_attempts
from feeds.sandbox import sandbox
from feeds.storing import store_entries
from feeds.streaming import Worker, stream
from feeds.websub import trust

log = structlog.get_logger(__name__)

AT_ONCE = 50
BUDGET_SECONDS = 60
LEASE = timedelta(seconds=120)
KILLED = "What the hub pushed stopped its reader three times and was dropped; we looked at the feed ourselves instead."
OUR_FAULT = "We failed to read what the hub pushed, and it is our fault: the details are in our log."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a push.

    parsed: the document it carried
    error:  why it carried none; with neither, it was a bare “look yourselves”
    is_left: it is to be read again: its reader was killed, or ran out of time
    """

    push: Push
    parsed: ParsedFeed | None = None
    error: FeedsError | None = None
    is_left: bool = False

    @property
    def feed(self) -> Feed | None:
        """Whose document it is; None where nobody wants it any more."""
        feed = self.push.subscription.feed
        return None if feed is None or feed.is_paused or feed.source.is_paused else feed


def read_waiting(limit: int = AT_ONCE) -> int:
    """Read the next push of up to `limit` subscriptions; returns of how many."""
    now = database_now()
    with transaction.atomic():
        waiting = Push.objects.next_in_line(now).select_related("subscription__feed__source")
        pushes = waiting.lease(limit, until=now + LEASE)
    outcomes = stream(
        pushes, open_reader, budget_seconds=BUDGET_SECONDS, unreached=lambda push: Outcome(push, is_left=True)
    )
    for batch in outcomes:
        for outcome in batch:
            at_once_or_apart([outcome], lambda one: store(*one), give_up)
    return len(pushes)


@asynccontextmanager
async def open_reader() -> AsyncIterator[Worker]:
    """Give the coroutine function that reads one push."""

    async def read_one(push: Push) -> Outcome:
        try:
            return await read(push)
        except NotAFeed as error:
            return Outcome(push, error=error)
        except SandboxError as error:
            return Outcome(push, error=error, is_left=push.attempts < Push.MAX_ATTEMPTS)
        except Exception:
            log.exception("a push could not be read", push=push.pk)
            return Outcome(push, error=FeedsError(OUR_FAULT))

    yield read_one


async def read(push: Push) -> Outcome:
    """Parse what a push carries, in the sandbox. Raises FeedsError."""
    subscription = push.subscription
    if push.attempts > Push.MAX_ATTEMPTS:  # whoever read it died of it each time
        return Outcome(push, error=SandboxError(KILLED))
    if subscription.feed is None or not bytes(push.body).strip():
        return Outcome(push)
    parsed = await sandbox().acall(
        parse_feed,
        bytes(push.body),
        url=subscription.topic_url,
        content_type=push.content_type,
        now=push.received_at,
    )
    return Outcome(push, parsed=parsed)


def give_up(outcome: Outcome) -> None:
    """Drop a push whose content the database refused, and look at the feed ourselves."""
    store(Outcome(outcome.push, error=FeedsError(OUR_FAULT)))


@transaction.atomic
def store(outcome: Outcome) -> None:
    """Write what a push brought, all or nothing.

    One at a time, locked in the order subscription, feed, entries, push: pushes hold no lease on their feeds, and two
    feeds held at once would wait for a batch of polls that holds the other.
    """
    held = Subscription.objects.filter(pk=outcome.push.subscription_id)
    list(held.select_for_update(no_key=True))
    if outcome.feed is not None and not outcome.is_left:
        store_of_feed(outcome, outcome.feed)
        error = "" if outcome.error is None or isinstance(outcome.error, NotAFeed) else str(outcome.error)
        held.update(pushed_at=outcome.push.received_at, last_error=error)
    let_go(outcome)


def store_of_feed(outcome: Outcome, feed: Feed) -> None:
    """Write a feed's entries and record, and draw our conclusions for its polling."""
    now = database_now()
    told = [attempts.pushed(feed, parsed=outcome.parsed, error=outcome.error, size=len(outcome.push.body))]
    record_attempts(told, store_entries(told, now), now)
    if outcome.error is None:
        trust.earn([feed.pk], now)
    if outcome.parsed is None:
        trust.poll_soon([feed.pk])


def let_go(outcome: Outcome) -> None:
    """Delete a push that was dealt with, give back one that is to be read again; if it is still ours."""
    ours = Push.objects.filter(pk=outcome.push.pk, leased_until=outcome.push.leased_until)
    if not outcome.is_left:
        ours.delete()
    elif outcome.error is None:  # nobody came to read it: no attempt
        ours.update(leased_until=None, attempts=F("attempts") - 1)
    else:
        ours.update(leased_until=None)
