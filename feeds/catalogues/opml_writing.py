"""A list of feeds as OPML 2.0. Pure, and light enough for the web process; opml.py reads it again as it was.

What OPML has no attribute for stands in one of our own namespace.
"""

from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from feeds.catalogues.rows import Row
from feeds.formats.characters import without_forbidden
from feeds.shelves import CATEGORIES

OURS = "urn:zisnews:opml"


def write_opml(rows: Iterable[Row], *, title: str, now: datetime) -> bytes:
    """Write rows in a folder for each category; reading the document again gives the same rows."""
    root = Element("opml", {"version": "2.0", "xmlns:zis": OURS})
    head = SubElement(root, "head")
    SubElement(head, "title").text = without_forbidden(title)
    SubElement(head, "dateCreated").text = format_datetime(now, usegmt=True)
    body = SubElement(root, "body")
    ordered = sorted(rows, key=lambda row: CATEGORIES.index(row.category) if row.category in CATEGORIES else 0)
    for category, members in groupby(ordered, key=lambda row: row.category):
        folder = SubElement(body, "outline", {"text": category.capitalize(), "title": category.capitalize()})
        for row in members:
            SubElement(folder, "outline", _attributes(row))
    indent(root)
    return tostring(root, encoding="utf-8", xml_declaration=True)


def _attributes(row: Row) -> dict[str, str]:
    values = {
        "type": "rss",
        "text": row.name,
        "title": row.name,
        "xmlUrl": row.feed_url,
        "htmlUrl": row.site_url,
        "language": row.language,
        "category": f"/{row.category}",
        "zis:source": row.source,
        "zis:country": row.country,
        "zis:status": row.status,
    }
    return {name: without_forbidden(value) for name, value in values.items() if value}
