"""What a reader did at an article: what they answered, and when they looked at its discussion."""

from dataclasses import dataclass

from django.db import connection
from django.http import HttpRequest

from accounts.models import User
from aggregator.models import Article
from comments.reactions import NONE
from comments.thread_visits import Visit

_DEEDS = """
    SELECT (SELECT kind FROM comments_reaction WHERE user_id = %(user)s AND article_id = %(article)s),
           began_at, before_at
    FROM (SELECT) one LEFT JOIN comments_threadvisit ON user_id = %(user)s AND article_id = %(article)s"""


@dataclass(frozen=True, slots=True)
class Deeds:
    """answered: "like", "dislike" or "none"."""

    answered: str
    visit: Visit


def own_deeds(request: HttpRequest, article: Article) -> Deeds:
    """What whoever asks did at this article: one query for a user, whichever part of the page asks first."""
    known: dict[int, Deeds] | None = getattr(request, "_deeds", None)
    if known is None:
        known = request._deeds = {}  # type: ignore[attr-defined]
    if article.pk not in known:
        known[article.pk] = _asked(request.user, article.pk) if isinstance(request.user, User) else Deeds(NONE, Visit())
    return known[article.pk]


def _asked(user: User, article_id: int) -> Deeds:
    values = {"user": user.pk, "article": article_id}
    [(kind, began_at, before_at)] = connection.rows(_DEEDS, values)  # type: ignore[attr-defined]  # zisnews.postgres
    return Deeds(kind or NONE, Visit(began_at, before_at))
