"""Search: `parse` what was typed, `read_filters` of a query string, then `search`."""

from aggregator.search.filters import Filters, read_filters
from aggregator.search.queries import Query, parse
from aggregator.search.searching import Found, Results, search

__all__ = ["Filters", "Found", "Query", "Results", "parse", "read_filters", "search"]
