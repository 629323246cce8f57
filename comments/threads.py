"""The discussion of an article as one reader sees it: threads in an order, cut by pages; two queries each."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import BadRequest
from django.db.models import BooleanField, F
from django.db.models.expressions import RawSQL

from accounts.models import User
from comments.models import Comment
from comments.models.comments import PLACE_DIGITS, CommentQuerySet
from zisnews.pagination import Page, alphabetical_page, counted_page

BEST, NEWEST, OLDEST = "best", "newest", "oldest"
ORDERS = (BEST, NEWEST, OLDEST)
ANSWERS_SHOWN = 15  # of a thread in a list; the rest on a page of its own
THREAD_SIZE = 100
BEFORE_CHOSEN = 40  # answers shown above one that was asked for, in a thread too long for a page
BEYOND = "~"  # sorts behind every digit of a path


@dataclass(slots=True)
class Told:
    """A comment in its thread, as one reader sees it.

    above:    the one it stands under
    answered: what it answers, where that is at hand; it may stand beside it (see Comment.path)
    is_new:   written since the reader's last visit. goes_on: there are more answers than are here
    """

    comment: Comment
    above: "Told | None" = None
    answers: list["Told"] = field(default_factory=list)
    is_own: bool = False
    is_new: bool = False
    is_chosen: bool = False
    goes_on: bool = False
    answered: Comment | None = None

    @property
    def is_beside(self) -> bool:
        """Whether it answers another than the one it stands under."""
        return self.above is not None and self.comment.parent_id != self.above.comment.pk


@dataclass(frozen=True, slots=True)
class Eyes:
    """Who looks. user: None without account. since: their visit before this one. blocked: a tsquery, or ""."""

    user: User | None = None
    since: datetime | None = None
    blocked: str = ""


def page_of_threads(article_id: int, eyes: Eyes, *, order: str, after: str = "") -> tuple[list[Told], str]:
    """Threads in an order, each with its first answers, and the position behind the last of them ("" at the end).

    Two queries. Raises BadRequest for an order or a position that is none of ours.
    """
    if order not in ORDERS:
        raise BadRequest("Not an order of comments.")
    roots = seen_by(eyes, Comment.objects.filter(article=article_id, depth=0))
    if order == OLDEST:
        page = alphabetical_page(roots, after, key="path")
    else:
        page = counted_page(roots, after, counts=["score"] if order == BEST else [])
    return threads_of(page, eyes, is_best_first=order == BEST), page.next


def threads_of(page: Page[Comment], eyes: Eyes, *, is_best_first: bool) -> list[Told]:
    """The threads of a page with their first ANSWERS_SHOWN answers each, in order; what is cut says that it goes on."""
    roots = list(page.rows)
    if not any(root.answer_count for root in roots) and eyes.user is None:
        return plant(roots, eyes)
    answers = list(first_answers(roots, eyes))
    by_root = defaultdict(list)
    for answer in answers:
        by_root[answer.root_path].append(answer)
    cut = {path for path, found in by_root.items() if len(found) > ANSWERS_SHOWN}
    kept = [answer for found in by_root.values() for answer in found[:ANSWERS_SHOWN]]
    trees = plant([*roots, *kept], eyes)
    for tree in trees:
        tree.goes_on = tree.comment.path in cut
        if is_best_first:
            put_best_first(tree)
    return trees


def first_answers(roots: Sequence[Comment], eyes: Eyes) -> CommentQuerySet:
    """The first answers to each of these comments of one article, one more than is shown, in the order of reading."""
    if not roots:
        return Comment.objects.none()
    own = eyes.user.pk if eyes.user else None
    ids = RawSQL(
        """SELECT found.id FROM unnest(%s::text[]) AS root(path), LATERAL (
             SELECT id FROM comments_comment
             WHERE article_id = %s AND path > root.path COLLATE "C" AND path < root.path || '~' COLLATE "C"
               AND (state = 'shown' OR answer_count > 0 OR (author_id = %s AND state IN ('held', 'hidden')))
             ORDER BY path LIMIT %s
           ) AS found""",
        [[root.path for root in roots], roots[0].article_id, own, ANSWERS_SHOWN + 1],
    )
    return seen_by(eyes, Comment.objects.filter(pk__in=ids)).order_by("path")


def thread_around(chosen: Comment, eyes: Eyes) -> tuple[Told | None, bool, str]:
    """The thread a comment stands in, cut so that it is there: the thread, whether answers before are left out, and
    the path behind which it goes on ("" where it does not). None where the comment can not be seen.
    """
    root = chosen.root_path
    whole = seen_by(eyes, Comment.objects.filter(article=chosen.article_id, path__gte=root, path__lt=root + BEYOND))
    before = list(whole.filter(path__lt=chosen.path).order_by("-path")[: BEFORE_CHOSEN + 1])
    behind = list(whole.filter(path__gte=chosen.path).order_by("path")[: THREAD_SIZE - BEFORE_CHOSEN + 1])
    rows = [*reversed(before[:BEFORE_CHOSEN]), *behind[: THREAD_SIZE - BEFORE_CHOSEN]]
    is_cut_before = len(before) > BEFORE_CHOSEN
    if is_cut_before:
        ancestors = [chosen.path[:end] for end in range(PLACE_DIGITS, len(chosen.path), PLACE_DIGITS)]
        known = {row.path for row in rows}
        rows = [*whole.filter(path__in=[path for path in ancestors if path not in known]), *rows]
    trees = plant(rows, eyes, chosen=chosen.pk)
    if not any(row.pk == chosen.pk for row in rows) or not trees:
        return None, False, ""
    is_cut_behind = len(behind) > THREAD_SIZE - BEFORE_CHOSEN
    return trees[0], is_cut_before, rows[-1].path if is_cut_behind else ""


def thread_from(root: Comment, eyes: Eyes, *, after: str = "") -> tuple[list[Told], str]:
    """A thread by pages, in the order it was written; a page after the first begins with those its answers answer."""
    if after and not (after.startswith(root.path) and after.isascii() and after.isalnum()):
        raise BadRequest("Not a position in this thread.")
    whole = seen_by(
        eyes, Comment.objects.filter(article=root.article_id, path__gte=root.path, path__lt=root.path + BEYOND)
    )
    page = alphabetical_page(whole, after, key="path", size=THREAD_SIZE)
    rows = list(page.rows)
    if after and rows:
        above = {rows[0].path[:end] for end in range(len(root.path), len(rows[0].path), PLACE_DIGITS)}
        rows = [*whole.filter(path__in=above).order_by("path"), *rows]
    return plant(rows, eyes), page.next


def seen_by(eyes: Eyes, comments: CommentQuerySet) -> CommentQuerySet:
    """What a page needs of comments, with what is the reader's own: their vote, whom they block, which words."""
    found = comments.there_for(eyes.user).annotate(author_name=F("author__display_name")).only(
        "article_id", "author_id", "parent_id", "path", "html", "posted_at", "edited_at", "state", "up_count",
        "down_count", "answer_count", "score",
    )  # fmt: skip
    if eyes.user is None:
        return found
    return found.annotate(
        own_vote=RawSQL(
            "SELECT is_up FROM comments_commentvote WHERE user_id = %s AND comment_id = comments_comment.id",
            [eyes.user.pk],
            output_field=BooleanField(null=True),
        ),
        is_blocked=RawSQL(
            "EXISTS (SELECT FROM comments_blockedreader WHERE user_id = %s AND blocked_id = author_id)",
            [eyes.user.pk],
            output_field=BooleanField(),
        ),
        is_by_word=RawSQL("comments_comment.tokens @@ %s::tsquery", [eyes.blocked], output_field=BooleanField()),
    )


def plant(rows: Iterable[Comment], eyes: Eyes, *, chosen: int = 0) -> list[Told]:
    """Trees of comments that come in an order where each stands behind those above it; roots keep their order."""
    trees: list[Told] = []
    by_path: dict[str, Told] = {}
    by_key: dict[int, Comment] = {}
    for row in rows:
        above = next((by_path[path] for path in paths_above(row.path) if path in by_path), None)
        is_own = eyes.user is not None and row.author_id == eyes.user.pk
        told = Told(row, above, is_own=is_own, is_chosen=row.pk == chosen)
        told.is_new = eyes.since is not None and row.posted_at > eyes.since and not is_own and row.is_shown
        told.answered = by_key.get(row.parent_id or 0)
        by_path[row.path], by_key[row.pk] = told, row
        (trees if above is None else above.answers).append(told)
    return trees


def paths_above(path: str) -> Iterable[str]:
    """The paths of a comment's ancestors, the nearest first."""
    return (path[:end] for end in range(len(path) - PLACE_DIGITS, 0, -PLACE_DIGITS))


def put_best_first(tree: Told) -> None:
    """Order answers by what readers find good; of equals the earlier first, as a conversation reads."""
    tree.answers.sort(key=lambda told: -told.comment.score)
    for answer in tree.answers:
        put_best_first(answer)


def count_new(trees: Iterable[Told]) -> int:
    return sum(tree.is_new + count_new(tree.answers) for tree in trees)


def first_new(trees: Iterable[Told]) -> Told | None:
    """The topmost comment that is new, where the reader may go on."""
    for tree in trees:
        found = tree if tree.is_new else first_new(tree.answers)
        if found:
            return found
    return None
