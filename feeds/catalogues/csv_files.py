"""Catalogues as CSV, as spreadsheets write and read it. Touches no database."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator

from feeds.catalogues.rows import NotACatalogue, Row

NEEDED = ("name", "feed_url")
COLUMNS = (*NEEDED, "site_url", "country", "language", "category", "status", "source")
# A cell that begins so is a formula to a spreadsheet; an apostrophe before it makes it text.
_FORMULA = re.compile(r"[=+\-@\t\r]")
_GUARDED = re.compile(r"'(?=[=+\-@\t\r])")


def read_csv(content: bytes) -> Iterator[Row]:
    """Read the rows of a CSV with a header, parted by commas, semicolons or tabs. Raises NotACatalogue."""
    try:
        is_wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        text = content.decode("utf-16" if is_wide else "utf-8-sig")
        header = text.partition("\n")[0]
        # Spreadsheets of countries that write decimals with a comma part columns by semicolons.
        delimiter = max(",;\t", key=header.count)
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
        names = [(name or "").strip().lower() for name in reader.fieldnames or []]
        reader.fieldnames = names
        missing = [column for column in NEEDED if column not in names]
        if missing:
            others = ", ".join(COLUMNS[len(NEEDED) :])
            raise NotACatalogue(
                f"The CSV lacks the columns {', '.join(missing)}. It needs {', '.join(NEEDED)} and may have {others}."
            )
        for values in reader:
            yield _row(reader.line_num, values)
    except (UnicodeDecodeError, csv.Error) as error:
        raise NotACatalogue(f"The file is not CSV in UTF-8: {error}.") from error


def _row(line: int, values: dict[str, str | None]) -> Row:
    fields = {column: _GUARDED.sub("", (values.get(column) or "").strip(), count=1) for column in COLUMNS}
    fields["country"] = fields["country"].upper()
    fields["category"] = fields["category"].lower()
    return Row(line, **fields)  # type: ignore[arg-type]


def write_csv(rows: Iterable[Row]) -> str:
    """Write rows so that reading them again gives the same, and a spreadsheet takes no cell for a formula."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_guarded(getattr(row, column)) for column in COLUMNS] for row in rows)
    return file.getvalue()


def _guarded(cell: str) -> str:
    cell = cell.replace("\0", "")
    return f"'{cell}" if _FORMULA.match(cell) or _GUARDED.match(cell) else cell
