"""Names of one thing by which countries differ: the curators' sets, and those that come with the code.

The catalogue is a CSV of facts, each with a note and a page that says so. It is loaded after each migration, as the
shelves are; a set that a curator changed stays as they left it, and one that they put out of use stays out of use.
"""

import csv
from pathlib import Path
from typing import Any

CATALOGUE = Path(__file__).parent / "name_variants.csv"


def catalogue() -> list[dict[str, Any]]:
    """The sets that come with the code, as fields of NameVariants."""
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        return [{**row, "names": [name.strip() for name in row["names"].split(";")]} for row in csv.DictReader(file)]


def fill_name_variants(**signal: Any) -> None:
    """Add the sets of the catalogue that are missing, and bring those up to date that no curator has changed."""
    from aggregator.models import NameVariants  # noqa: PLC0415  models are not loaded when the app is

    rows = {row["key"]: row for row in catalogue()}
    NameVariants.objects.bulk_create((NameVariants(**row) for row in rows.values()), ignore_conflicts=True)
    outdated = [
        one
        for one in NameVariants.objects.filter(key__in=rows, is_edited=False)
        if any(getattr(one, field) != value for field, value in rows[one.key].items())
    ]
    for one in outdated:
        for field, value in rows[one.key].items():
            setattr(one, field, value)
    NameVariants.objects.bulk_update(outdated, ["language", "names", "note", "source"])
