"""Tells readers that they were answered or mentioned, once what was written is shown and stored."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.models.users import display_name_of
from accounts.notifications import Notice, notify_all
from comments.blocking import is_blocked
from comments.mentions import names_in
from comments.models import Comment

PARTICIPANTS_AT_MOST = 500
MENTIONS_AT_MOST = 5


def tell(comment: Comment, now: datetime) -> None:
    """Tell of a comment as soon as it is stored; of one that is held, when this is called for it again, approved."""
    if comment.is_shown:
        transaction.on_commit(lambda: tell_now(comment, now), robust=True)  # Django can not name a partial


def tell_now(comment: Comment, now: datetime) -> None:
    """Each reader is told once of a comment, as answered rather than as mentioned; its author never, nor who blocked
    its author, nor who blocks a word of the article's.
    """
    author = comment.author
    if author is None:
        return
    notices: dict[int, Notice] = {}
    for kind, user in concerned(comment):
        if user.pk == author.pk or user.pk in notices or is_blocked(author, by=user.pk):
            continue
        about = comment.parent_id if kind == "answer" else f"on-{comment.article_id}"
        notices[user.pk] = Notice(
            user.pk,
            kind,
            key=f"{kind}:{about}",
            url=comment.get_absolute_url(),
            data={"title": comment.article.title[:200]},
            by=author.pk,
            title=comment.article.title,
            description=comment.article.description,
        )
    notify_all(notices.values(), now)


def concerned(comment: Comment) -> Iterator[tuple[str, User]]:
    """Whom a comment is about, with how: the author it answers, and those of the discussion it names."""
    if comment.parent and comment.parent.author:
        yield "answer", comment.parent.author
    if "@" in comment.body:
        for user in mentioned(comment):
            yield "mention", user


def mentioned(comment: Comment) -> list[User]:
    """Those who take part in the discussion and are named in the text; of two with one name, who wrote last."""
    newest = Comment.objects.shown().filter(article=comment.article_id, author__isnull=False).order_by("-pk")
    recent = newest.select_related("author").only("author__display_name")[:PARTICIPANTS_AT_MOST]
    by_name: dict[str, User] = {}
    for other in recent:
        if other.author:
            by_name.setdefault(display_name_of(other.author), other.author)
    return [by_name[name] for name in names_in(comment.body, by_name)][:MENTIONS_AT_MOST]
