"""What servers asked of us as a whole: to be left alone for a while; robots.txt and reservations.

Postgres holds the truth. A hold is also in the ledger of turns (feeds/net/ledger.py), from the moment it is heard of,
so that batches that run anywhere see it at once; and what a ledger forgets, it is told again from here.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from queue import Empty

from django.conf import settings
from django.db import transaction

from feeds.clock import database_now
from feeds.models import Feed, Host
from feeds.net import ledger
from feeds.net.holds import LONGEST_RETRY_SECONDS, Hold, holds_heard

SOON = timedelta(hours=1)


def keep_holds() -> int:
    """Write down the holds that this process has heard of since; returns how many. For the thread with the database."""
    count = 0
    while True:
        try:
            heard = holds_heard.get_nowait()
        except Empty:
            return count
        try:
            hold(heard, database_now())
        except BaseException:
            holds_heard.put(heard)  # the database is away: next time
            raise
        count += 1


@transaction.atomic
def hold(heard: Hold, now: datetime) -> None:
    """Put a host on hold, for a day at most; never shorten a hold that stands.

    One that does not say for how long is left alone twice as long each time it asks again within an hour.
    """
    Host.objects.bulk_create([Host(name=heard.host)], ignore_conflicts=True)
    host = Host.objects.select_for_update().get(name=heard.host)
    if host.held_until is None or host.held_until + SOON < now:
        host.hold_count = 0
    if host.held_until is None or host.held_until <= now:  # else it is the same hold, heard of twice
        host.hold_count = min(host.hold_count + 1, 10)
    growth = 1 if heard.is_asked else 2 ** (host.hold_count - 1)
    seconds = min(heard.seconds * growth, LONGEST_RETRY_SECONDS)
    until = now + timedelta(seconds=seconds)
    if host.held_until is None or until > host.held_until:
        host.held_until, host.hold_reason = until, heard.reason[:1_000]
    host.save(update_fields=["held_until", "hold_reason", "hold_count"])
    ledger.here.hold(host.name, (host.held_until - now).total_seconds())


def release(name: str) -> bool:
    """Let a host be asked again before its hold ends, and its feeds at once. False where it was on none."""
    now = database_now()
    if not Host.objects.on_hold(now).filter(name=name).order_by().update(held_until=now, hold_reason="", hold_count=0):
        return False
    ledger.lift(name, settings.REDIS_URL, settings.CACHES["default"]["KEY_PREFIX"])
    Feed.objects.filter(host=name, failure_count=0).active().check_now(now)
    return True


def recall_holds(now: datetime) -> int:
    """Tell the ledger of this process which hosts are on hold: Redis may have forgotten. Returns how many.

    And which were released since by somebody elsewhere. Lifting one that was just heard of anew does no harm: Redis
    has it still.
    """
    held = list(Host.objects.on_hold(now).values_list("name", "held_until"))
    for name, until in held:
        if until:
            ledger.here.hold(name, (until - now).total_seconds())
    for name in Host.objects.filter(name__in=ledger.here.held(), held_until__lte=now).values_list("name", flat=True):
        ledger.here.lift(name)
    return len(held)


def known(names: Iterable[str]) -> dict[str, Host]:
    """What we know of these hosts, by name; a host we know nothing of is missing."""
    return Host.objects.in_bulk(list(names))


RULE_FIELDS = """
robots robots_status robots_at robots_asked_at robots_failing_since robots_error crawl_delay_seconds
reservations reservations_at
""".split()


def remember(told: Iterable[Host]) -> None:
    """Write down what these hosts told us of robots and reservations, in one order for all workers."""
    Host.objects.bulk_create(
        sorted(told, key=lambda host: host.name),
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=RULE_FIELDS,
    )


def crawl_delays(names: Iterable[str]) -> dict[str, float]:
    """The seconds that hosts ask to be left alone between two requests, of those that do."""
    asking = Host.objects.filter(name__in=set(names), crawl_delay_seconds__isnull=False)
    return {name: seconds or 0 for name, seconds in asking.values_list("name", "crawl_delay_seconds")}
