"""What waits for a moderator, with all they need to judge it: the thread, the author's record, flags, what was done.

A page costs the same few queries, however many comments are on it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import BadRequest
from django.db.models import Count, Q

from accounts.models import User
from comments.grounds import words_of
from comments.models import Comment, Flag, ModerationAction
from comments.models.comments import PLACE_DIGITS, CommentQuerySet
from comments.states import State
from zisnews.pagination import LARGEST_ID, Page, newest_page

PAGE_SIZE = 25
OPENING_CHARACTERS, OPENING_LINES = 1_000, 12  # of a comment; the rest is opened


@dataclass(frozen=True, slots=True)
class Record:
    """How many comments of an author are shown, were removed, wait."""

    shown: int = 0
    removed: int = 0
    waiting: int = 0


@dataclass(slots=True)
class Case:
    """A comment to be judged. above: what it answers, from the top. before: what was done about it, newest first."""

    comment: Comment
    above: Sequence[Comment] = ()
    record: Record = field(default_factory=Record)
    flags: list[Flag] = field(default_factory=list)
    before: list[ModerationAction] = field(default_factory=list)

    @property
    def why(self) -> str:
        return words_of(self.comment.state_reason)

    @property
    def opening(self) -> str:
        """As much of the text as a page of many shows at once: all of it, or its beginning."""
        return "\n".join(self.comment.body[:OPENING_CHARACTERS].split("\n")[:OPENING_LINES])

    @property
    def ground(self) -> str:
        """On which ground it would fall: what most flags say, else spam."""
        said = [flag.reason for flag in self.flags]
        return max(said, key=said.count) if said else Flag.Reason.SPAM


def waiting_page(after: str = "") -> Page[Comment]:
    """Held and hidden comments, who waits longest first."""
    return _oldest_page(_whole().filter(state__in=Comment.WAITING), after)


def flagged_page(after: str = "") -> Page[Comment]:
    """Comments that somebody flagged and that are still shown."""
    return _oldest_page(_whole().filter(state=State.SHOWN, flag_count__gt=0), after)


def suspended_page(after: str = "") -> Page[User]:
    """Who is suspended, last suspended first."""
    suspended = User.objects.filter(suspended_at__isnull=False)
    return newest_page(suspended, after, moment="suspended_at", size=PAGE_SIZE)


def cases_of(comments: Iterable[Comment]) -> list[Case]:
    """Put together what is known of each comment."""
    cases = [Case(comment) for comment in comments]
    if not cases:
        return []
    _add_above(cases)
    records = _records({case.comment.author_id for case in cases if case.comment.author_id})
    flags, before = defaultdict(list), defaultdict(list)
    ids = [case.comment.pk for case in cases]
    for flag in Flag.objects.filter(comment__in=ids, settled_at=None).select_related("user"):
        flags[flag.comment_id].append(flag)
    for action in ModerationAction.objects.filter(comment__in=ids).select_related("moderator"):
        before[action.comment_id].append(action)
    for case in cases:
        case.record = records.get(case.comment.author_id or 0, Record())
        case.flags, case.before = flags[case.comment.pk], before[case.comment.pk]
    return cases


def _add_above(cases: Sequence[Case]) -> None:
    """What each comment stands under; one that answers beside its parent (see Comment.path) has that too."""
    paths = {case.comment.pk: _paths_above(case.comment.path) for case in cases}
    wanted = Q(path__in={path for above in paths.values() for path in above})
    wanted |= Q(pk__in={case.comment.parent_id for case in cases if case.comment.parent_id})
    article_ids = {case.comment.article_id for case in cases}
    found = _whole().filter(wanted, article__in=article_ids).order_by("path") if any(paths.values()) else []
    for case in cases:
        above = paths[case.comment.pk]
        case.above = [one for one in found if one.path in above or one.pk == case.comment.parent_id]


def _paths_above(path: str) -> set[str]:
    return {path[:end] for end in range(PLACE_DIGITS, len(path), PLACE_DIGITS)}


def _records(authors: set[int]) -> dict[int, Record]:
    counted = (
        Comment.objects.filter(author__in=authors)
        .order_by()
        .values("author")
        .annotate(
            shown=Count("pk", filter=Q(state=State.SHOWN)),
            removed=Count("pk", filter=Q(state=State.REMOVED)),
            waiting=Count("pk", filter=Q(state__in=Comment.WAITING)),
        )
    )
    return {row["author"]: Record(row["shown"], row["removed"], row["waiting"]) for row in counted}


def _whole() -> CommentQuerySet:
    return Comment.objects.select_related("author", "article").only(
        "article__title", "article__slug", "article__language", "author__display_name", "author__email",
        "author__date_joined", "author__suspended_at", "author__is_staff", "parent_id", "path", "body", "posted_at",
        "edited_at", "state", "state_reason", "flag_count",
    )  # fmt: skip


def _oldest_page(comments: CommentQuerySet, after: str) -> Page[Comment]:
    comments = comments.order_by("pk")
    if after:
        if not (after.isascii() and after.isdigit() and len(after) < 20 and int(after) <= LARGEST_ID):
            raise BadRequest("Not a position in this list.")
        comments = comments.filter(pk__gt=int(after))
    found = list(comments[: PAGE_SIZE + 1])
    return Page(found) if len(found) <= PAGE_SIZE else Page(found[:PAGE_SIZE], str(found[PAGE_SIZE - 1].pk))
