"""Lists of keywords as files: one a line, CSV or JSON, in and out; and the starter lists. Pure.

CSV and JSON have keyword, where, until, capitals and paused; a bare list of words is enough for all three.
"""

import csv
import io
import json
import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.excluding import Wanted
from accounts.keywords import Where
from accounts.models import BlockedKeyword

MOST_BYTES, MOST_LINES = 500_000, 5_000
LAST_YEAR = 9998  # of a keyword's end: in another zone the last day of 9999 is in a year that no clock can tell
COLUMNS = ("keyword", "where", "until", "capitals", "paused")
PLACES = {"title": Where.TITLE, "description": Where.DESCRIPTION, "tags": Where.TAGS, "source": Where.SOURCE}
CONTENT_TYPES = {"txt": "text/plain; charset=utf-8", "csv": "text/csv; charset=utf-8", "json": "application/json"}
STARTERS = Path(__file__).with_name("starter_lists.toml")


class NotAList(ValueError):
    """The file is no list of keywords; the sentence says what is wrong."""


def read_list(content: bytes) -> list[Wanted]:
    """Read a file in any of the three forms. Raises NotAList."""
    if len(content) > MOST_BYTES:
        raise NotAList(_("The file is larger than a list of keywords can be (500 kB)."))
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise NotAList(_("The file is no text in UTF-8.")) from error
    if text.startswith(("[", "{")):
        return read_json(text)
    lines = text.splitlines()[:MOST_LINES]
    try:
        header = next(csv.reader(lines[:1]), [])
        if [name.strip().lower() for name in header[:1]] == ["keyword"]:
            return [wanted_of(row) for row in csv.DictReader(lines)]
    except csv.Error as error:  # a cell longer than a page
        raise NotAList(_("Each row needs a “keyword”.")) from error
    return [Wanted(line.strip()) for line in lines if line.strip()]


def read_json(text: str) -> list[Wanted]:
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAList(_("The file begins like JSON and is none.")) from error
    if not isinstance(rows, list):
        raise NotAList(_("The JSON is no list."))
    return [Wanted(row) if isinstance(row, str) else wanted_of(row) for row in rows[:MOST_LINES] if row]


def wanted_of(row: Any) -> Wanted:
    """A keyword from a row of a file; what the row says wrongly is left at what is usual. Raises NotAList."""
    if not isinstance(row, dict) or not isinstance(row.get("keyword"), str):
        raise NotAList(_("Each row needs a “keyword”."))
    until = parse_moment(str(row.get("until") or ""))
    capitals = said(row, "capitals") not in {"false", "no", "0"}
    where = places(str(row.get("where") or "").split())
    return Wanted(row["keyword"].strip(), where, capitals, until, said(row, "paused") in {"true", "yes", "1"})


def said(row: dict[str, Any], name: str) -> str:
    return str(row.get(name, "")).strip().lower()


def places(names: Iterable[str]) -> Where:
    """The places of these names; title and description where none is known."""
    found = Where(0)
    for name in names:
        found |= PLACES.get(name.strip(" ,;").lower(), Where(0))
    return found or Where.TITLE_AND_DESCRIPTION


def place_names(where: Where) -> list[str]:
    return [name for name, place in PLACES.items() if place in where]


def parse_moment(text: str) -> datetime | None:
    """An aware moment as ISO 8601 has it, up to LAST_YEAR; else None."""
    try:
        moment = parse_datetime(text.strip())
    except ValueError:
        return None
    return moment if moment and moment.tzinfo and moment.year <= LAST_YEAR else None


def write_list(keywords: Iterable[BlockedKeyword], kind: str) -> str:
    """Write keywords as "txt", "csv" or "json"; the last two come back as they were."""
    if kind == "txt":
        return "".join(f"{one.text}\n" for one in keywords)
    rows: list[dict[str, Any]] = [dict(zip(COLUMNS, row_of(one), strict=True)) for one in keywords]
    if kind == "json":
        return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    written = io.StringIO()
    writer = csv.DictWriter(written, COLUMNS)
    writer.writeheader()
    writer.writerows({**row, "keyword": unformula(row["keyword"])} for row in rows)
    return written.getvalue()


def row_of(one: BlockedKeyword) -> tuple[str, str, str, bool, bool]:
    until = one.until.isoformat() if one.until else ""
    return one.text, " ".join(place_names(Where(one.where))), until, one.capitals_matter, one.is_paused


def unformula(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: a keyword may begin with a sign that means nothing to us."""
    return text.lstrip("=+-@\t\r ") if text[:1] in "=+-@\t\r" else text


def of_starters(fields: Mapping[str, str], ticked: Iterable[str], *, changed_too: bool = False) -> list[Wanted]:
    """What somebody wants of the starter lists: those ticked, worded as they were left.

    fields: "word-<topic>-<number>" → what stands there now; ticked: "<topic>-<number>"
    changed_too: whether a word that was put in place of ours is wanted as it is, ticked or not
    """
    keys = dict.fromkeys(ticked)
    if changed_too:
        ours = {
            f"{topic}-{number}": word for topic, words in starter_lists().items() for number, word in enumerate(words)
        }
        keys |= {key: None for key, word in ours.items() if fields.get(f"word-{key}", word).strip() != word}
    words = [fields.get(f"word-{key}", "").strip() for key in keys]
    return [Wanted(word) for word in words if word]


@cache
def starter_lists() -> dict[str, list[str]]:
    """Words by topic, for whoever does not know where to begin: topic → keywords."""
    return tomllib.loads(STARTERS.read_text(encoding="utf-8"))
