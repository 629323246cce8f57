"""What pages show of a discussion: the answers of the other modules put together for a template."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone

from accounts.models import User
from accounts.preferences import preferences_of
from aggregator.models import Article
from comments import drawing, kept_threads
from comments.admission import why_closed
from comments.deeds import own_deeds
from comments.models import Comment
from comments.thread_rows import Eyes
from comments.thread_visits import note_visit
from comments.threads import BEST, ORDERS, Told, page_of_threads, thread_around
from zisnews.pagination import LARGEST_ID


@dataclass(frozen=True, slots=True)
class Discussion:
    """The comments on an article as one reader sees them. threads: as they are drawn, without the one that is chosen

    chosen: what chosen_thread says, chosen_items: as it is drawn. after, more: positions of this page, and of the next
    closed: why the reader can not comment, "" where they can
    """

    article: Article
    order: str
    after: str
    closed: str
    threads: kept_threads.Drawn
    more: str = ""
    chosen: dict[str, Any] | None = None
    chosen_items: str = ""


def discussion_of(request: HttpRequest, article: Article) -> Discussion:
    """The comments on an article for whoever asks: ?sort=, ?after=, and ?comment=, whose thread then comes first."""
    now, zone = timezone.now(), preferences_of(request).zone
    order = request.GET.get("sort", BEST)
    if order not in ORDERS:
        order = BEST
    after = request.GET.get("after", "")
    closed = why_closed(article, request.user, now, zone)
    is_user = request.user.is_authenticated
    page = drawing.Page(zone, now, is_user, is_user and not closed)
    if not article.comment_count and not is_user:
        return Discussion(article, order, after, closed, kept_threads.drawn_anew((), page))
    eyes = eyes_of(request, article, now)
    chosen = chosen_thread(request, article, eyes)
    found = page_of_threads(article.pk, eyes, order=order, after=after)
    if chosen is None:
        return Discussion(article, order, after, closed, kept_threads.drawn(found, eyes, page), found.more)
    others = [tree for tree in found.trees(eyes) if tree.comment.pk != chosen["root"]]
    threads = kept_threads.drawn_anew(others, page, above=chosen["trees"])
    return Discussion(
        article, order, after, closed, threads, found.more, chosen, drawing.threads(chosen["trees"], page)
    )


def eyes_of(request: HttpRequest, article: Article, now: datetime) -> Eyes:
    """Whoever asks, as `threads` knows readers; their visit is noted where there is something to see."""
    user = request.user
    if not isinstance(user, User):
        return Eyes()
    since = note_visit(user, article.pk, now, own_deeds(request, article).visit) if article.comment_count else None
    return Eyes(user, since, preferences_of(request).blocked if user.filters_comments else "")


def chosen_thread(request: HttpRequest, article: Article, eyes: Eyes) -> dict[str, Any] | None:
    """The thread of the comment that ?comment= names; None where it names none that this reader can see."""
    number = comment_number(request.GET.get("comment", ""))
    if number is None:
        return None
    comment = Comment.objects.there_for(eyes.user).filter(pk=number, article=article.pk).first()
    if comment is None:
        return None
    tree, is_cut_before, goes_on = thread_around(comment, eyes)
    if tree is None:
        return None
    return {"trees": [tree], "root": tree.comment.pk, "is_cut": is_cut_before or bool(goes_on)}


def comment_number(typed: str) -> int | None:
    """The number of a comment, as an address or a form holds it; None for what can be none."""
    is_number = typed.isascii() and typed.isdigit() and len(typed) <= len(str(LARGEST_ID))
    return int(typed) if is_number and int(typed) <= LARGEST_ID else None


def one_comment(request: HttpRequest, comment: Comment) -> Told:
    """A comment of the reader's own that was just written, as its thread will show it."""
    tree, _before, _behind = thread_around(comment, Eyes(request.user))  # type: ignore[arg-type]
    found = find(tree, comment.pk) if tree else None
    if found is None:
        raise Http404
    return found


def find(tree: Told, pk: int) -> Told | None:
    if tree.comment.pk == pk:
        return tree
    return next((found for answer in tree.answers if (found := find(answer, pk))), None)


def address_in_thread(comment: Comment) -> str:
    """Where a comment stands on the page of its article, wherever it would come in the list. Needs its article."""
    return f"{comment.article.get_absolute_url()}?comment={comment.pk}#comment-{comment.pk}"
