"""The discussion of an article as one reader sees it: threads in an order, cut by pages."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from django.core.exceptions import BadRequest

from comments.models import Comment
from comments.models.comments import PLACE_DIGITS
from comments.thread_rows import ANSWERS_SHOWN, FIELDS, Eyes, Row, comments_of, seen, thread_rows
from zisnews.pagination import PAGE_SIZE, parse_numbers

BEST, NEWEST, OLDEST = "best", "newest", "oldest"
ORDERS = (BEST, NEWEST, OLDEST)
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
class PageOfThreads:
    """Threads of an article in an order, each with its first answers, as rows: what is equal to another looks the same
    to whoever wrote none of it and knows the same of it.

    more: what to pass as `after` for the threads behind these, "" at the end
    """

    rows: tuple[Row, ...]
    order: str
    more: str = ""

    def trees(self, eyes: Eyes) -> list[Told]:
        """The threads, in their order; what is cut says that it goes on."""
        return threads_of(comments_of(self.rows), eyes, order=self.order)


def page_of_threads(article_id: int, eyes: Eyes, *, order: str, after: str = "") -> PageOfThreads:
    """Threads in an order. One query. Raises BadRequest for an order or a position that is none of ours."""
    if order not in ORDERS:
        raise BadRequest("Not an order of comments.")
    behind, values = _behind(order, after)
    rows = thread_rows(eyes, article_id, behind, values, order=_ORDER_BY[order])
    roots = [row for row in rows if len(row[_PATH]) == PLACE_DIGITS]
    if len(roots) <= PAGE_SIZE:
        return PageOfThreads(rows, order)
    placed = {OLDEST: [_PATH], NEWEST: [_ID], BEST: [_SCORE, _ID]}[order]
    roots.sort(key=itemgetter(*placed), reverse=order != OLDEST)
    *_, last, beyond = roots
    shown = tuple(row for row in rows if row is not beyond)  # no answers to it were asked for
    return PageOfThreads(shown, order, "~".join(str(last[column]) for column in placed))


_PATH, _ID, _SCORE = (FIELDS.index(name) for name in ("path", "id", "score"))
_ORDER_BY = {BEST: "score DESC, id DESC", NEWEST: "id DESC", OLDEST: "path"}
_PLACE_IN: dict[str, Callable[[Comment], Any]] = {
    BEST: lambda root: (-root.score, -root.pk),
    NEWEST: lambda root: -root.pk,
    OLDEST: lambda root: root.path,
}


def _behind(order: str, after: str) -> tuple[str, dict[str, Any]]:
    """What says that a comment stands behind a position, as SQL with its values. Raises BadRequest."""
    if not after:
        return "true", {}
    if order == OLDEST:
        if "\0" in after:
            raise BadRequest("Not a position in this list.")
        return "path > %(after)s", {"after": after}
    if order == NEWEST:
        return "id < %(id)s::bigint", {"id": parse_numbers(after, 1)[0]}
    score, pk = parse_numbers(after, 2)
    behind = "(score < %(score)s::bigint OR (score = %(score)s::bigint AND id < %(id)s::bigint))"
    return behind, {"score": score, "id": pk}


def threads_of(comments: Sequence[Comment], eyes: Eyes, *, order: str) -> list[Told]:
    """Threads with their answers, which come in the order of reading, in this one; of each ANSWERS_SHOWN answers."""
    told = Counter(comment.root_path for comment in comments)
    shown: list[Comment] = []
    places: Counter[str] = Counter()
    for comment in comments:
        places[comment.root_path] += 1
        if places[comment.root_path] <= ANSWERS_SHOWN + 1:  # the thread's own comment is the first of them
            shown.append(comment)
    trees = plant(shown, eyes)
    trees.sort(key=lambda tree: _PLACE_IN[order](tree.comment))
    for tree in trees:
        tree.goes_on = told[tree.comment.path] > ANSWERS_SHOWN + 1
        if order == BEST:
            put_best_first(tree)
    return trees


def thread_around(chosen: Comment, eyes: Eyes) -> tuple[Told | None, bool, str]:
    """The thread a comment stands in, cut so that it is there: the thread, whether answers before are left out, and
    the path behind which it goes on ("" where it does not). None where the comment can not be seen.
    """
    of_thread, values = _of_thread(chosen)
    values["chosen"] = chosen.path
    before = seen(eyes, f"{of_thread} AND path < %(chosen)s", values, order="path DESC", most=BEFORE_CHOSEN + 1)
    rest = THREAD_SIZE - BEFORE_CHOSEN
    behind = seen(eyes, f"{of_thread} AND path >= %(chosen)s", values, order="path", most=rest + 1)
    rows = [*reversed(before[:BEFORE_CHOSEN]), *behind[:rest]]
    is_cut_before = len(before) > BEFORE_CHOSEN
    if is_cut_before:
        ancestors = [chosen.path[:end] for end in range(PLACE_DIGITS, len(chosen.path), PLACE_DIGITS)]
        known = {row.path for row in rows}
        values["paths"] = [path for path in ancestors if path not in known]
        rows = [*seen(eyes, f"{of_thread} AND path = ANY(%(paths)s)", values, order="path"), *rows]
    trees = plant(rows, eyes, chosen=chosen.pk)
    if not any(row.pk == chosen.pk for row in rows) or not trees:
        return None, False, ""
    return trees[0], is_cut_before, rows[-1].path if len(behind) > rest else ""


def thread_from(root: Comment, eyes: Eyes, *, after: str = "") -> tuple[list[Told], str]:
    """A thread by pages, in the order it was written; a page after the first begins with those its answers answer."""
    if after and not (after.startswith(root.path) and after.isascii() and after.isalnum()):
        raise BadRequest("Not a position in this thread.")
    of_thread, values = _of_thread(root, begin=root.path)
    values["after"] = after
    rows = seen(eyes, f"{of_thread} AND path > %(after)s", values, order="path", most=THREAD_SIZE + 1)
    more = rows[THREAD_SIZE - 1].path if len(rows) > THREAD_SIZE else ""
    rows = rows[:THREAD_SIZE]
    if after and rows:
        values["paths"] = [rows[0].path[:end] for end in range(len(root.path), len(rows[0].path), PLACE_DIGITS)]
        rows = [*seen(eyes, f"{of_thread} AND path = ANY(%(paths)s)", values, order="path"), *rows]
    return plant(rows, eyes), more


def _of_thread(comment: Comment, begin: str = "") -> tuple[str, dict[str, Any]]:
    """What says that a comment stands in the same thread, or under `begin`, as SQL with its values."""
    begin = begin or comment.root_path
    values = {"article": comment.article_id, "begin": begin, "end": begin + BEYOND}
    return "article_id = %(article)s AND path >= %(begin)s AND path < %(end)s", values


def plant(rows: Iterable[Comment], eyes: Eyes, *, chosen: int = 0) -> list[Told]:
    """Trees of comments that come in an order where each stands behind those above it; roots keep their order."""
    reader = eyes.user.pk if eyes.user else None
    trees: list[Told] = []
    by_path: dict[str, Told] = {}
    by_key: dict[int, Comment] = {}
    for row in rows:
        above = next((by_path[path] for path in paths_above(row.path) if path in by_path), None)
        is_own = reader is not None and row.author_id == reader
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
