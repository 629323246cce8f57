"""Who may comment where, and whether a moderator looks first. What programs send is told in comments.stamps.

All is counted in rows, while the author's own row is held: neither two tabs nor two machines count past a limit.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.preferences import zone_of
from aggregator.models import Article
from comments.blocking import is_blocked
from comments.errors import CommentError
from comments.grounds import Held
from comments.links import links_in
from comments.models import Comment
from comments.stamps import guard
from comments.texts import hash_of

__all__ = ["Admission", "admit", "admit_edit", "guard", "why_closed"]

DAY = timedelta(days=1)
PAUSE = timedelta(seconds=15)
STRETCH, PER_STRETCH = timedelta(minutes=10), 6
PER_FIRST_DAY = 10
LINKS_AT_MOST = 5
KNOWN_AFTER = 3  # comments that stand, and a day: from then on an author is not new
SAME_TEXT_DAYS, SAME_TEXTS = timedelta(days=7), 3
WORDS_OF_A_TEXT = 4  # below it the same words prove nothing: "Thank you very much", three may say


@dataclass(frozen=True, slots=True)
class Admission:
    """state: "shown" or "held". reason: why it is held, a key of comments.grounds; "" for one that is shown."""

    state: str = Comment.State.SHOWN
    reason: str = ""


def admit(author: User, article: Article, body: str, *, parent: Comment | None, now: datetime) -> Admission:
    """Decide about a comment that is about to be written. Raises CommentError with a sentence for its author.

    author: as they are now, their row held by the transaction that writes the comment. body: as it will be stored.
    Asked only for what is new: a form sent twice is answered with the comment it made the first time.
    """
    if closed := why_closed(article, author, now, zone_of(author)):
        raise CommentError(closed)
    if parent and is_blocked(author, by=parent.author_id):
        raise CommentError(_("The reader you answer has blocked you. You can comment on the article itself."))
    check_pace(author, now)
    check_links(body)
    ground = why_held(author, body, now)
    return Admission(Comment.State.HELD, ground) if ground else Admission()


def admit_edit(comment: Comment, body: str, *, now: datetime) -> Admission:
    """Decide about another text for a comment; as `admit`. A link added later is a link."""
    author = comment.author
    if author is None or author.suspended_at:
        raise CommentError(suspended())
    check_links(body)
    if comment.state == Comment.State.SHOWN:
        had = set(links_in(comment.body))  # one put in place of another was seen by nobody either
        if set(links_in(body)) - had and is_new(author, now, besides=comment):
            return Admission(Comment.State.HELD, Held.LINKS)
    return Admission(comment.state, comment.state_reason)


def why_closed(article: Article, user: object, now: datetime, zone: ZoneInfo) -> str:
    """A sentence in place of the form, where this reader can not comment on the article; "" where they can.

    zone: the reader's, in which the day is told
    """
    days = settings.ZIS_COMMENTS_CLOSE_DAYS
    if not settings.ZIS_COMMENTS:
        return _("Comments are switched off at the moment.")
    if days and article.published_at + timedelta(days=days) < now:
        closed_at = article.published_at + timedelta(days=days)
        return _("Comments on this article closed on %(date)s.") % {"date": date_format(closed_at.astimezone(zone))}
    if isinstance(user, User) and user.suspended_at:
        return suspended()
    return ""


def suspended() -> str:
    return _("Your account is suspended: you can read and take your data with you, but not comment, vote or report.")


def check_pace(author: User, now: datetime) -> None:
    """Refuse a comment that comes too soon after the author's others, with the time to come back, as CommentError."""
    recent = Comment.objects.filter(author=author, posted_at__gt=now - DAY).order_by("-posted_at")
    moments = list(recent.values_list("posted_at", flat=True)[: max(PER_STRETCH, PER_FIRST_DAY)])
    if moments and moments[0] + PAUSE > now:
        raise CommentError(_("You have only just commented.") + " " + again(moments[0] + PAUSE - now))
    if len(moments) >= PER_STRETCH and moments[PER_STRETCH - 1] + STRETCH > now:
        words = _("You have written %(limit)d comments within ten minutes.") % {"limit": PER_STRETCH}
        raise CommentError(f"{words} {again(moments[PER_STRETCH - 1] + STRETCH - now)}")
    if now - author.date_joined < DAY and len(moments) >= PER_FIRST_DAY:
        words = _("On its first day an account has room for %(limit)d comments.") % {"limit": PER_FIRST_DAY}
        raise CommentError(f"{words} {again(author.date_joined + DAY - now)}")


def check_links(body: str) -> None:
    if len(links_in(body)) > LINKS_AT_MOST:
        raise CommentError(_("A comment has room for %(limit)d links. Leave some out.") % {"limit": LINKS_AT_MOST})


def why_held(author: User, body: str, now: datetime) -> str:
    """The ground on which a moderator looks first, or "". Raises CommentError for what the author wrote before."""
    same = Comment.objects.filter(body_hash=hash_of(body), posted_at__gt=now - SAME_TEXT_DAYS).order_by("-posted_at")
    found = list(same.values_list("author_id", "posted_at", "state")[:50])
    for author_id, posted_at, state in found:
        if author_id == author.pk and posted_at + DAY > now and state != Comment.State.DELETED:
            words = _("You have written the same already. Say it in other words, or once.")
            raise CommentError(f"{words} {again(posted_at + DAY - now)}")
    if links_in(body) and is_new(author, now):
        return Held.LINKS
    if len(found) >= SAME_TEXTS and (len(body.split()) >= WORDS_OF_A_TEXT or links_in(body)):
        return Held.REPEATED
    return ""


def is_new(author: User, now: datetime, *, besides: Comment | None = None) -> bool:
    """Whether nobody knows an author yet: in their first day, and until some of their comments have stood."""
    if now - author.date_joined < DAY:
        return True
    others = Comment.objects.shown().filter(author=author)
    if besides:
        others = others.exclude(pk=besides.pk)
    return len(others.values_list("pk", flat=True)[:KNOWN_AFTER]) < KNOWN_AFTER


def again(wait: timedelta) -> str:
    """When one may try again, as a sentence."""
    seconds = max(ceil(wait.total_seconds()), 1)
    if seconds < 60:
        return ngettext("Try again in %d second.", "Try again in %d seconds.", seconds) % seconds
    minutes = ceil(seconds / 60)
    if minutes < 90:
        return ngettext("Try again in %d minute.", "Try again in %d minutes.", minutes) % minutes
    hours = ceil(minutes / 60)
    return ngettext("Try again in %d hour.", "Try again in %d hours.", hours) % hours
