"""One spelling for the address of a search, however it was typed and narrowed: so that each is kept once."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from aggregator.search.filters import CHOSEN
from aggregator.search.queries import parse

LONGEST_FILTER = 120


def query_string_of(asked: Mapping[str, str]) -> str:
    """The query string (without "?") that asks the same; "" for one that asks nothing.

    Order and position are no part of the question. What narrows it to nothing known stays out at the time of asking.
    """
    query = parse(asked.get("q", ""))
    if not query.is_askable:
        return ""
    filters = {name: asked.get(name, "").replace("\0", "").strip()[:LONGEST_FILTER] for name in CHOSEN}
    filters["country"] = filters["country"].lower()
    return urlencode({"q": query.text} | {name: value for name, value in filters.items() if value})


def asked_by(query_string: str) -> dict[str, str]:
    """The fields of a query string, the first of each name."""
    return dict(reversed(parse_qsl(query_string, max_num_fields=20)))
