"""How well an article answers a query: where the words stand, and how new it is. Pure."""

from datetime import datetime

# An article that says it in its headline counts for as much as one four times as new that only mentions it.
IN_TITLE, MENTIONED = 1.0, 0.5
HALF_WAY_HOURS = 36


def relevance(*, in_title: bool, published_at: datetime, now: datetime) -> float:
    """Between 0 and 1, to six digits. An article loses most of its weight in its first days, little after weeks."""
    hours = max(0.0, (now - published_at).total_seconds() / 3600)
    return round((IN_TITLE if in_title else MENTIONED) * (1 + hours / HALF_WAY_HOURS) ** -0.5, 6)
