"""Keyset pages: each begins after the last row of the one before, so page 1,000 costs what page 1 does. No app here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db.models import Model, Q, QuerySet
from django.utils.functional import cached_property

Row = TypeVar("Row", bound=Model)

PAGE_SIZE = 30
LARGEST_ID = 2**63 - 1  # of Postgres' bigint
MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """rows: of this page. next: what to pass as `after` to get the following one; "" on the last."""

    rows: Sequence[Row]
    next: str = ""


class FirstRows(Paginator):
    """For lists of the admin, whose pages have numbers: it counts no more rows than anybody goes through page by page,
    and ends there. What is older is found by a search or a filter.
    """

    @cached_property
    def count(self) -> int:
        return int(self.object_list[:MOST_COUNTED].count())  # type: ignore[attr-defined]  # a query set

    @property
    def is_cut(self) -> bool:
        """Whether there may be more."""
        return self.count == MOST_COUNTED


def newest_page(
    rows: "QuerySet[Row]", after: str = "", *, moment: str = "published_at", size: int = PAGE_SIZE
) -> Page[Row]:
    """Return a page of rows by (moment, pk), newest first; both must be columns of the row itself.

    Raises BadRequest when `after` is not one of our own `Page.next`.
    """
    found = list(rows.filter(beyond(after, moment=moment)).order_by(f"-{moment}", "-pk")[: size + 1])
    if len(found) <= size:
        return Page(found)
    return Page(found[:size], position_of(found[size - 1], moment=moment))


def beyond(after: str, *, moment: str = "published_at") -> Q:
    """The rows behind a position, newest first; all of them for "". Raises BadRequest as newest_page does."""
    if not after:
        return Q()
    at, pk = parse_position(after)
    # `<=` alone says nothing new, but it is the half that an index on (moment, id) can use.
    return Q(**{f"{moment}__lte": at}) & (Q(**{f"{moment}__lt": at}) | Q(pk__lt=pk))


def position_of(row: Model, *, moment: str = "published_at") -> str:
    """What to pass as `after` for the page that begins behind this row."""
    return f"{getattr(row, moment).isoformat()}~{row.pk}"


def alphabetical_page(rows: "QuerySet[Row]", after: str = "", *, key: str = "slug", size: int = PAGE_SIZE) -> Page[Row]:
    """Return a page of rows in the order of a unique text column."""
    rows = rows.order_by(key)
    if after:
        if "\0" in after:
            raise BadRequest("Not a position in this list.")
        rows = rows.filter(**{f"{key}__gt": after})
    found = list(rows[: size + 1])
    return Page(found) if len(found) <= size else Page(found[:size], getattr(found[size - 1], key))


def counted_page(rows: "QuerySet[Row]", after: str = "", *, counts: Sequence[str], size: int = PAGE_SIZE) -> Page[Row]:
    """Return a page of rows by some whole numbers of theirs, the largest first; of equals the newest, by pk.

    counts: an earlier one decides before a later one.
    The numbers may change between two pages: a row that grew meanwhile stands on an earlier page then.
    """
    keys = (*counts, "pk")
    rows = rows.order_by(*(f"-{key}" for key in keys))
    if after:
        rows = rows.filter(_beyond(dict(zip(keys, parse_numbers(after, len(keys)), strict=True))))
    found = list(rows[: size + 1])
    if len(found) <= size:
        return Page(found)
    last = found[size - 1]
    return Page(found[:size], "~".join(str(getattr(last, key)) for key in keys))


def _beyond(position: Mapping[str, int]) -> Q:
    """Rows after a position, where each key counts downwards and an earlier key decides before a later one."""
    beyond, equal = Q(), Q()
    for key, number in position.items():
        beyond |= equal & Q(**{f"{key}__lt": number})
        equal &= Q(**{key: number})
    return beyond


def parse_numbers(after: str, length: int) -> list[int]:
    parts = after.split("~")
    if len(parts) != length or not all(part.isascii() and part.isdigit() and len(part) < 20 for part in parts):
        raise BadRequest("Not a position in this list.")
    numbers = [int(part) for part in parts]
    if max(numbers) > LARGEST_ID:
        raise BadRequest("Not a position in this list.")
    return numbers


def parse_position(after: str) -> tuple[datetime, int]:
    moment, _, pk = after.partition("~")
    try:
        at = datetime.fromisoformat(moment)
        is_possible = at.tzinfo is not None and bool(at.astimezone(UTC))
    except (ValueError, OverflowError):  # not a time; one before the year 1 or after 9999
        is_possible = False
    is_number = pk.isascii() and pk.isdigit() and len(pk) <= len(str(LARGEST_ID))
    if not is_possible or not is_number or int(pk) > LARGEST_ID:
        raise BadRequest("Not a position in this list.")
    return at, int(pk)
