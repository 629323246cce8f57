"""Keyset pages: each begins after the last row of the one before, so page 1,000 costs what page 1 does. No app here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

from django.core.exceptions import BadRequest
from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)

PAGE_SIZE = 30
LARGEST_ID = 2**63 - 1  # of Postgres' bigint


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """rows: of this page. next: what to pass as `after` to get the following one; "" on the last."""

    rows: Sequence[Row]
    next: str = ""


def newest_page(
    rows: "QuerySet[Row]", after: str = "", *, moment: str = "published_at", size: int = PAGE_SIZE
) -> Page[Row]:
    """Return a page of rows by (moment, pk), newest first; both must be columns of the row itself.

    Raises BadRequest when `after` is not one of our own `Page.next`.
    """
    rows = rows.order_by(f"-{moment}", "-pk")
    if after:
        at, pk = parse_position(after)
        # `<=` alone says nothing new, but it is the half that an index on (moment, id) can use.
        rows = rows.filter(Q(**{f"{moment}__lte": at}), Q(**{f"{moment}__lt": at}) | Q(pk__lt=pk))
    found = list(rows[: size + 1])
    if len(found) <= size:
        return Page(found)
    last = found[size - 1]
    return Page(found[:size], f"{getattr(last, moment).isoformat()}~{last.pk}")


def alphabetical_page(rows: "QuerySet[Row]", after: str = "", *, key: str = "slug", size: int = PAGE_SIZE) -> Page[Row]:
    """Return a page of rows in the order of a unique text column."""
    rows = rows.order_by(key)
    if after:
        if "\0" in after:
            raise BadRequest("Not a position in this list.")
        rows = rows.filter(**{f"{key}__gt": after})
    found = list(rows[: size + 1])
    return Page(found) if len(found) <= size else Page(found[:size], getattr(found[size - 1], key))


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
