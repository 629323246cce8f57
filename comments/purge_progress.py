"""How far purges are, for moderators: those that are worked at, and those of the last day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from comments.models import ModerationAction, Purge
from comments.purging import standing

TOLD_FOR, MOST_TOLD = timedelta(days=1), 10
Action = ModerationAction.Action


@dataclass(frozen=True, slots=True)
class Progress:
    """A purge. done, total: comments removed, or put back where it is taken back; finished_at: None while it goes on"""

    whole: ModerationAction
    is_back: bool
    done: int
    total: int
    finished_at: datetime | None


def purges_told(now: datetime) -> Sequence[Progress]:
    """Those that go on, and those finished within a day, newest first. A few queries for each that goes on."""
    rows = Purge.objects.filter(Q(finished_at=None) | Q(finished_at__gt=now - TOLD_FOR)).order_by("-pk")[:MOST_TOLD]
    rows = rows.select_related("action__about", "action__moderator", "action__undone_by")
    return [progress_of(row) for row in rows]


def progress_of(row: Purge) -> Progress:
    whole = row.action
    parts = ModerationAction.objects.filter(part_of=whole, action=Action.REMOVED).order_by()
    counted = parts.aggregate(removed=Count("pk"), back=Count("undone_by"))
    if is_back := hasattr(whole, "undone_by"):
        return Progress(whole, is_back, counted["back"], counted["removed"], row.finished_at)
    left = 0
    if whole.about_id and not row.finished_at:
        left = standing(whole.about_id).filter(pk__lte=row.up_to).count()
    return Progress(whole, is_back, counted["removed"], counted["removed"] + left, row.finished_at)
