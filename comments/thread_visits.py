"""Since when comments are new to a reader: their visit to a discussion before this one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from accounts.models import User
from comments.models import ThreadVisit

ONE_VISIT = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Visit:
    """When a reader's last visit to a discussion began, and the one before; None where there was none."""

    began_at: datetime | None = None
    before_at: datetime | None = None


def note_visit(user: User, article_id: int, now: datetime, known: Visit) -> datetime | None:
    """Keep that a reader looks at a discussion; returns when their visit before this one was, None on the first.

    known: what is known of their visits. One query where a visit begins, else none; nothing is kept for who keeps no
    history.
    """
    if not user.keeps_history:
        return None
    if known.began_at and known.began_at > now - ONE_VISIT:
        return known.before_at
    _begin(user.pk, article_id, now)
    return known.began_at


def forget_visits(user: User) -> None:
    """Delete when a reader looked at which discussion: they clear their history, or keep none any more."""
    ThreadVisit.objects.filter(user=user).delete()


def _begin(user_id: int, article_id: int, now: datetime) -> None:
    """Two tabs that open at once begin one visit."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO comments_threadvisit AS visit (user_id, article_id, began_at) VALUES (%s, %s, %s)
               ON CONFLICT (user_id, article_id) DO UPDATE
               SET before_at = visit.began_at, began_at = excluded.began_at WHERE visit.began_at <= %s""",
            [user_id, article_id, now, now - ONE_VISIT],
        )
