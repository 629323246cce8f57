"""Which feeds shall have a subscription at a hub, and which subscriptions no feed has a use for. Asks nobody."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, When

from feeds.models import Feed, Subscription
from feeds.models.websub import SubscriptionQuerySet, new_token

AT_ONCE = 500
LEASE = timedelta(days=10)  # what we ask for; the hub decides
LONGEST_WAIT = timedelta(days=7)  # before a hub that said nothing is asked again
FIRST_REST, LONGEST_REST = timedelta(days=1), timedelta(days=30)  # before one that refused is
# A feed that announces another hub at every look must not make us run from one to the next.
SHORTEST_STAY = timedelta(hours=1)

# A feed that names no address of its own is known at its hub by the one we ask.
TOPIC = Case(When(feed__topic_url="", then=F("feed__url")), default=F("feed__topic_url"))


def arrange(now: datetime) -> None:
    """Want a subscription for every active feed that announces a hub, and leave those that nobody wants any more.

    Any number of workers may do this at once.
    """
    leave_unwanted(now)
    want_missing(now)


def leave_unwanted(now: datetime) -> int:
    """Leave subscriptions of feeds that were deleted, paused, or announce another hub, and those to where we were.

    Returns how many.
    """
    paused = Q(feed__is_paused=True) | Q(feed__source__is_paused=True)
    elsewhere = Q(feed__isnull=False) & (~Q(hub_url=F("feed__hub_url")) | ~Q(topic_url=F("wanted_topic")))
    we_moved = ~Q(site_url__in=["", settings.SITE_URL])
    unwanted = Q(feed=None) | paused | we_moved | (elsewhere & Q(created_at__lt=now - SHORTEST_STAY))
    return leave(Subscription.objects.annotate(wanted_topic=TOPIC).filter(unwanted), now)


def leave(subscriptions: SubscriptionQuerySet, now: datetime) -> int:
    """Leave up to AT_ONCE of these that are not being left already; returns how many."""
    with transaction.atomic():
        found = subscriptions.exclude(state=Subscription.State.LEAVING).order_by("pk")
        taken = list(found.select_for_update(skip_locked=True, of=("self",))[:AT_ONCE])
        return Subscription.objects.filter(pk__in=[each.pk for each in taken]).leave(now)


def want_missing(now: datetime) -> int:
    """Make a subscription, to be asked for, for each active feed that announces a hub and has none."""
    missing = feeds_without().order_by("pk")[:AT_ONCE]
    subscriptions = [
        Subscription(
            feed=feed,
            hub_url=feed.hub_url,
            topic_url=feed.topic_url or feed.url,
            secret=secret_for(feed.hub_url),
            site_url=settings.SITE_URL,
            created_at=now,
            next_try_at=now,
        )
        for feed in missing
    ]
    Subscription.objects.bulk_create(subscriptions, ignore_conflicts=True)  # another worker may be at it, too
    return len(subscriptions)


def feeds_without() -> QuerySet[Feed]:
    return Feed.objects.active().exclude(hub_url="").filter(subscription=None)


def secret_for(hub_url: str) -> str:
    """A secret of its own for each subscription; none for a hub where others could read it on the way (WebSub, 5.1).

    What is pushed without one proves nothing: we then only look at the feed ourselves.
    """
    return new_token() if hub_url.lower().startswith("https://") else ""


def rest_after(refusals: int) -> timedelta:
    """How long a hub that has refused so often in a row is left alone: doubling, a month at most."""
    return min(FIRST_REST * 2 ** min(max(refusals, 1) - 1, 10), LONGEST_REST)
