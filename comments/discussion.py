"""Comments as they come to be, change and go. Each of these may be asked twice and does its work once."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from accounts.models import User
from aggregator.models import Article
from comments import telling
from comments.admission import admit, admit_edit, suspended
from comments.audit import note_held
from comments.errors import CommentError
from comments.markup import html_of
from comments.models import Comment
from comments.models.comments import DEPTH_MAX, PLACE_DIGITS
from comments.states import change_state, count_answer, hold
from comments.texts import hash_of, tidied
from feeds.tsvector import tsvector_literal
from zisnews.kept_pages import outdate, thing_of_article

EDITED_SILENTLY = timedelta(minutes=5)
EDITED_AT_ALL = timedelta(hours=6)
KEPT_AFTER_DELETION = timedelta(hours=1)
WIPED_AT_ONCE = 1_000

State = Comment.State
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def post(author: User, article: Article, body: str, *, parent: Comment | None, now: datetime) -> Comment:
    """Write a comment on an article, or an answer to one of its comments; returns it, shown or held.

    The same text by the same author at the same place is the same comment, however often it is sent.
    Raises CommentError with a sentence for the author, and Article.DoesNotExist where the article left meanwhile.
    """
    text = tidied(body)
    html = html_of(text)
    with transaction.atomic():
        author = User.objects.select_for_update(no_key=True).get(pk=author.pk)  # one at a time, or a limit is none
        at_this_place = Comment.objects.of(author).filter(article=article, parent=parent, body_hash=hash_of(text))
        if before := at_this_place.exclude(state=State.REMOVED).first():
            return before
        parent = answered(parent, article)
        admission = admit(author, article, text, parent=parent, now=now)
        comment = Comment(
            pk=next_id(),
            article=article,
            author=author,
            parent=parent,
            posted_at=now,
            state=State(admission.state),
            state_reason=admission.reason,
        )
        comment.path, comment.depth = place(comment.pk, parent)
        write(comment, text, html)
        comment.save(force_insert=True)
        if comment.is_shown:
            count_comment(comment)
        else:
            note_held(comment, admission.reason, now)
        telling.tell(comment, now)
    return comment


def count_comment(comment: Comment) -> None:
    """Count a new comment. The last step of all: while the article is held, everybody else waits."""
    Article.add_to_counts(comment.article_id, comments=1)
    count_answer(comment.parent_id, 1)


def edit(comment: Comment, body: str, now: datetime) -> Comment:
    """Give a comment another text; after EDITED_SILENTLY it says that it was edited. Raises CommentError."""
    text = tidied(body)
    html = html_of(text)
    with transaction.atomic():
        comment = hold(comment.pk)
        if comment.state not in (State.SHOWN, State.HELD):
            raise CommentError(_("This comment can not be changed any more."))
        if time_to_edit(comment, now) <= timedelta():
            raise CommentError(_("A comment can be changed for six hours. You can still delete it."))
        if text == comment.body:
            return comment
        admission = admit_edit(comment, text, now=now)
        write(comment, text, html)
        if now - comment.posted_at > EDITED_SILENTLY:
            comment.edited_at = now
        comment.save(update_fields=["body", "html", "body_hash", "tokens", "edited_at"])
        if admission.state != comment.state:
            note_held(comment, admission.reason, now)
            change_state(comment, admission.state, ground=admission.reason)
        telling.tell(comment, now)
        outdate(thing_of_article(comment.article_id))
    return comment


@transaction.atomic
def remove(comment: Comment, now: datetime) -> Comment:
    """Take a comment back, at its author's wish. Its text is kept for an hour, for `restore`. Raises CommentError."""
    comment = hold(comment.pk)
    if comment.state == State.DELETED:
        return comment
    if comment.state == State.REMOVED:
        raise CommentError(_("A moderator has removed this comment."))
    comment.deleted_at, comment.state_before = now, comment.state
    comment.save(update_fields=["deleted_at", "state_before"])
    change_state(comment, State.DELETED, ground=comment.state_reason)
    return comment


@transaction.atomic
def restore(comment: Comment, now: datetime) -> Comment:
    """Undo `remove`: the comment stands as it did, held if it was. Raises CommentError when its text is gone."""
    comment = hold(comment.pk)
    if comment.state != State.DELETED:
        return comment
    if comment.author is None or comment.author.suspended_at:
        raise CommentError(suspended())
    if not comment.body or not comment.deleted_at or comment.deleted_at + KEPT_AFTER_DELETION <= now:
        raise CommentError(_("The text of this comment is deleted for good."))
    change_state(comment, comment.state_before, ground=comment.state_reason)
    comment.deleted_at, comment.state_before = None, ""
    comment.save(update_fields=["deleted_at", "state_before"])
    return comment


@transaction.atomic
def wipe_deleted(now: datetime) -> int:
    """Delete the texts of comments that were taken back an hour ago, and who wrote them; returns how many."""
    due = Comment.objects.filter(state=State.DELETED, deleted_at__lte=now - KEPT_AFTER_DELETION).exclude(body="")
    # One that somebody holds waits for the next time: they may wait for another of these.
    free = due.order_by("deleted_at").select_for_update(skip_locked=True, no_key=True).values("pk")[:WIPED_AT_ONCE]
    return Comment.objects.filter(pk__in=free).update(
        body="", html="", body_hash=b"", tokens=RawSQL("''::tsvector", []), author=None, state_reason=""
    )


def time_to_edit(comment: Comment, now: datetime) -> timedelta:
    """How long its author can still change a comment; zero or less when not any more."""
    return comment.posted_at + EDITED_AT_ALL - now


def answered(parent: Comment | None, article: Article) -> Comment | None:
    """The comment that is answered, as it is now that the article is held. Raises CommentError where it is gone."""
    if parent is None:
        return None
    found = Comment.objects.shown().filter(pk=parent.pk, article=article).first()
    if found is None:
        raise CommentError(_("The comment you answer is not shown any more."))
    return found


def place(pk: int, parent: Comment | None) -> tuple[str, int]:
    """Path and depth of a new comment (see Comment)."""
    if parent is None:
        return own_place(pk), 0
    if parent.depth < DEPTH_MAX:
        return parent.path + own_place(pk), parent.depth + 1
    return parent.path[:-PLACE_DIGITS] + own_place(pk), DEPTH_MAX


def own_place(pk: int) -> str:
    """An id in base 36, of equal length for all, so that texts sort as numbers do."""
    digits = ""
    while pk:
        pk, digit = divmod(pk, 36)
        digits = _DIGITS[digit] + digits
    return digits.rjust(PLACE_DIGITS, "0")


def next_id() -> int:
    """An id for a comment that is to be written: its path names it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('comments_comment', 'id'))")
        return cursor.fetchone()[0]


def write(comment: Comment, text: str, html: str) -> None:
    """Fill in all that follows from a comment's text."""
    comment.body, comment.html, comment.body_hash = text, html, hash_of(text)
    comment.tokens = RawSQL("%s::tsvector", [tsvector_literal(title=text)])
