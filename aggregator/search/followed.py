"""The searches a reader follows, put as one question: a list made of a hundred of them asks once."""

from collections.abc import Iterable
from datetime import datetime

from aggregator.search.addresses import asked_by
from aggregator.search.asked import Asked
from aggregator.search.filters import Filters
from aggregator.search.queries import parse
from feeds.models import Source


def as_one_question(query_strings: Iterable[str], now: datetime) -> Asked | None:
    """What any of these searches finds; None where none asks anything. One query where some name a source.

    Their days are left out, for who follows looks ahead. One whose source is gone finds nothing.
    """
    asked = [asked_by(query_string) for query_string in query_strings]
    slugs = {one["source"] for one in asked if one.get("source")}
    sources = {source.slug: source for source in Source.objects.filter(slug__in=slugs)} if slugs else {}
    tsqueries, has_prefix = [], False
    for one in asked:
        query, slug = parse(one.get("q", "")), one.get("source", "")
        if not query.is_askable or (slug and slug not in sources):
            continue
        filters = Filters(
            source=sources.get(slug),
            country=one.get("country", "").upper(),
            category=one.get("category", ""),
            language=one.get("language", ""),
        )
        tsqueries.append(" & ".join(f"({part})" for part in (query.in_documents, *filters.asked)))
        has_prefix = has_prefix or query.has_prefix
    if not tsqueries:
        return None
    return Asked((" | ".join(f"({one})" for one in tsqueries),), until=now, has_prefix=has_prefix)
