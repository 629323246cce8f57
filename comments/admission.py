"""Who may comment where, and whether a moderator looks first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from aggregator.models import Article
from comments.models import Comment


@dataclass(frozen=True, slots=True)
class Admission:
    """state: "shown" or "held". reason: why it is held, for moderators; "" for one that is shown."""

    state: str = Comment.State.SHOWN
    reason: str = ""


def admit(author: User, article: Article, body: str, *, parent: Comment | None, now: datetime) -> Admission:
    """Decide about a comment that is about to be written. Raises CommentError with a sentence for its author.

    body: as it will be stored, tidied. Asked within the transaction that writes the comment, with the article's row
    held, and only for what is new: a form sent twice is answered with the comment it made the first time.
    """
    return Admission()


def admit_edit(comment: Comment, body: str, *, now: datetime) -> Admission:
    """Decide about another text for a comment; as `admit`. A link added later is a link."""
    return Admission(comment.state, comment.state_reason)


def guard(form: Mapping[str, str], *, now: datetime) -> None:
    """Refuse what no person can have sent, by the fields of comments/_guard.html. Raises CommentError."""


def why_closed(article: Article, user: object, now: datetime) -> str:
    """A sentence in place of the form, where this reader can not comment on the article; "" where they can."""
    return ""
