"""How comments are moderated, in numbers for everybody: what was written, held and removed lately, and why."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from redis import RedisError

from comments.models import Comment, ModerationAction

PERIOD = timedelta(days=30)
KEPT_SECONDS = 3600
KEY = "moderation-figures:1"

Action = ModerationAction.Action


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the last PERIOD. Counted are comments, each once, and nothing that was taken back since.

    held: by our rules, before anybody saw them. hidden: by readers' flags. approved: of both, and of those removed
    removed: by ground (comments.grounds). suspended: authors
    """

    written: int = 0
    held: int = 0
    hidden: int = 0
    approved: int = 0
    removed: Mapping[str, int] | None = None
    suspended: int = 0

    @property
    def removed_in_all(self) -> int:
        return sum((self.removed or {}).values())


def figures(now: datetime) -> Figures:
    """The figures, at most an hour old."""
    try:
        if kept := cache.get(KEY):
            return kept
        fresh = counted(now)
        cache.set(KEY, fresh, KEPT_SECONDS)
    except (RedisError, OSError):
        return counted(now)
    return fresh


def counted(now: datetime) -> Figures:
    """The numbers of the PERIOD before now, without what was taken back."""
    standing = ModerationAction.objects.filter(at__gt=now - PERIOD, undone_by=None).order_by()
    rows = set(standing.exclude(comment=None).values_list("action", "ground", "comment"))
    by_action = Counter(action for action, _ground, _comment in rows)
    removed = Counter(ground for action, ground, _comment in rows if action == Action.REMOVED)
    return Figures(
        written=Comment.objects.filter(posted_at__gt=now - PERIOD).count(),
        held=by_action[Action.HELD],
        hidden=by_action[Action.HIDDEN],
        approved=by_action[Action.APPROVED],
        removed=dict(removed.most_common()),
        suspended=standing.filter(action=Action.SUSPENDED).values("about").distinct().count(),
    )


def waiting_counts() -> tuple[int, int]:
    """How many comments wait for a moderator, and how many are flagged and still shown."""
    waiting = Comment.objects.filter(state__in=Comment.WAITING).count()
    return waiting, Comment.objects.shown().filter(flag_count__gt=0).count()


def counts() -> dict[str, int]:
    """For `status`: what moderators have before them."""
    waiting, flagged = waiting_counts()
    return {"comments_waiting": waiting, "comments_flagged": flagged}


def longest_waiting(now: datetime) -> timedelta | None:
    """Since when the comment waits that has waited longest; None where none does."""
    waiting = Comment.objects.filter(state__in=Comment.WAITING).order_by("pk")  # the order they were written in
    first = waiting.values_list("posted_at", flat=True).first()
    return None if first is None else now - first
