"""What a comment form carries beside the comment, to tell programs that fill in every form from people, without script.

A person who writes for days, goes back or has their browser fill in forms is no program: a stamp never grows too old,
and the trap is a field that no browser knows how to fill. What is not there is not asked for: a reader's own program
sends the comment alone.
"""

from collections.abc import Mapping
from datetime import datetime

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from comments.errors import CommentError

STAMP, TRAP = "form", "topic"  # names of the fields
QUICKEST_SECONDS = 2  # from the page to a comment: nobody reads and writes faster


def new_stamp(now: datetime) -> str:
    """When a form was made, signed."""
    return _signer().sign(f"{now.timestamp():.1f}")


def stamp_for(sent: Mapping[str, str], now: datetime) -> str:
    """The stamp of a form: that of the one that was sent and comes back, previewed or refused, else a new one."""
    stamp = sent.get(STAMP, "")
    return stamp if _made_at(stamp) is not None else new_stamp(now)


def guard(form: Mapping[str, str], *, now: datetime) -> None:
    """Refuse what no person can have sent, by the fields of comments/_guard.html. Raises CommentError."""
    if form.get(TRAP):
        raise CommentError(_("Something filled in a field that is not meant for people. Send your comment once more."))
    stamp = form.get(STAMP)
    if stamp is None:
        return
    made_at = _made_at(stamp)
    if made_at is None:
        raise CommentError(_("This form has expired. Send your comment once more."))
    if now.timestamp() - made_at < QUICKEST_SECONDS:
        raise CommentError(_("This came faster than anybody writes. Send it once more in two seconds."))


def _made_at(stamp: str) -> float | None:
    """Seconds since 1970; None for a stamp that is not ours."""
    try:
        return float(_signer().unsign(stamp))
    except (BadSignature, ValueError):
        return None


def _signer() -> Signer:
    return Signer(salt="comments.form")
