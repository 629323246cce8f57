"""Why there is no article at all: for the front page of a site that has just begun, or that gets no answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Count, Min, Q

from feeds.models import Feed

PATIENCE = timedelta(minutes=1)  # workers take what is due every few seconds


class Reason(StrEnum):
    NO_FEEDS = "no feeds"
    ASKING = "asking"
    UNREACHABLE = "unreachable"  # every feed was asked, none has ever answered
    IDLE = "idle"  # feeds are due, nobody asks them


@dataclass(frozen=True, slots=True)
class Waiting:
    """reason: what we wait for; feeds: how many we ask."""

    reason: Reason
    feeds: int


def waiting(now: datetime) -> Waiting:
    """Say why nothing has come in yet. One query."""
    found = Feed.objects.active().aggregate(
        total=Count("pk"),
        asked=Count("pk", filter=Q(checked_at__isnull=False)),
        failed=Count("pk", filter=Q(succeeded_at=None) & ~Q(last_error="")),
        due_at=Min("next_check_at"),
    )
    if not found["total"]:
        reason = Reason.NO_FEEDS
    elif found["failed"] == found["total"]:
        reason = Reason.UNREACHABLE
    elif not found["asked"] and found["due_at"] < now - PATIENCE:
        reason = Reason.IDLE
    else:
        reason = Reason.ASKING
    return Waiting(reason, found["total"])
