"""The day a page shows somewhere, as htmldate finds it. Loads much; see extraction.py."""

from datetime import datetime
from typing import Any

import htmldate
from htmldate import extractors
from lxml.html import HtmlElement

from feeds.formats.dates import parse_date


class OurDates:
    """Reads the phrases that htmldate can not, in the place of dateparser, which takes 40 MB and a second to load."""

    def get_date_data(self, text: str) -> dict[str, Any]:
        """What htmldate asks for: the moment that a text tells, naive, under "date_obj"; None where it tells none."""
        moment = parse_date(text)
        return {"date_obj": moment.replace(tzinfo=None) if moment else None}


def has_date_cue(string: str, min_date: datetime, max_date: datetime) -> bool:
    """Whether a phrase is worth reading: htmldate would load dateparser to tell."""
    return True


extractors.get_external_parser = OurDates  # type: ignore[assignment]  # it caches what it made
extractors.has_date_cue = has_date_cue


def shown_day(tree: HtmlElement, *, earliest: datetime, latest: datetime) -> datetime | None:
    """The day on which a page says it was published, between two (naive) days; None where it says none."""
    found = htmldate.find_date(tree, extensive_search=True, original_date=True, min_date=earliest, max_date=latest)
    return parse_date(found) if found else None
