"""The discussion of an article as one reader sees it: threads in an order, cut by pages; two queries each."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import BadRequest

from comments.models import Comment
from comments.models.comments import PLACE_DIGITS
from comments.thread_rows import ANSWERS_SHOWN, Eyes, first_answers, seen
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


def page_of_threads(article_id: int, eyes: Eyes, *, order: str, after: str = "") -> tuple[list[Told], str]:
    """Threads in an order, each with its first answers, and the position behind the last of them ("" at the end).

    Two queries. Raises BadRequest for an order or a position that is none of ours.
    """
    if order not in ORDERS:
        raise BadRequest("Not an order of comments.")
    behind, values = _behind(order, after)
    where = f"article_id = %(article)s AND depth = 0 AND {behind}"
    rows = seen(eyes, where, {"article": article_id, **values}, order=_ORDER_BY[order], most=PAGE_SIZE + 1)
    trees = threads_of(rows[:PAGE_SIZE], eyes, is_best_first=order == BEST)
    return trees, position_of(rows[PAGE_SIZE - 1], order) if len(rows) > PAGE_SIZE else ""


_ORDER_BY = {BEST: "score DESC, id DESC", NEWEST: "id DESC", OLDEST: "path"}


def _behind(order: str, after: str) -> tuple[str, dict[str, Any]]:
    """What says that a comment stands behind a position, as SQL with its values. Raises BadRequest."""
    if not after:
        return "true", {}
    if order == OLDEST:
        if "\0" in after:
            raise BadRequest("Not a position in this list.")
        return "path > %(after)s", {"after": after}
    if order == NEWEST:
        return "id < %(id)s", {"id": parse_numbers(after, 1)[0]}
    score, pk = parse_numbers(after, 2)
    return "(score < %(score)s OR (score = %(score)s AND id < %(id)s))", {"score": score, "id": pk}


def position_of(last: Comment, order: str) -> str:
    """What to pass as `after` for the threads behind this one."""
    return {BEST: f"{last.score}~{last.pk}", NEWEST: str(last.pk), OLDEST: last.path}[order]


def threads_of(roots: Sequence[Comment], eyes: Eyes, *, is_best_first: bool) -> list[Told]:
    """These threads with their first ANSWERS_SHOWN answers each, in order; what is cut says that it goes on."""
    if not any(root.answer_count for root in roots) and eyes.user is None:
        return plant(roots, eyes)
    by_root = defaultdict(list)
    for answer in first_answers(eyes, roots):
        by_root[answer.root_path].append(answer)
    cut = {path for path, found in by_root.items() if len(found) > ANSWERS_SHOWN}
    kept = [answer for found in by_root.values() for answer in found[:ANSWERS_SHOWN]]
    trees = plant([*roots, *kept], eyes)
    for tree in trees:
        tree.goes_on = tree.comment.path in cut
        if is_best_first:
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
