"""Articles as JSON lines → the category of each, by a file of others or by what the site learned. Stores nothing."""

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.db import DatabaseError

from aggregator.categorising import Model, category_of
from aggregator.category_training import Example, learn
from aggregator.inspection import Answer, InputError
from aggregator.shelving import trained
from feeds.catalogues.category_words import CATEGORY_OF_NAME
from feeds.models import CATEGORY_NAMES
from feeds.words import normalise

MOST_CHARACTERS = 2_000  # of a text in place of a description


def inspect_categories(questions: Iterable[Mapping[str, Any]], model: Model | None) -> Iterator[Answer]:
    """Answer each {"id", "title", "description", "feed_category", "tags"} with {"id", "category", "confidence"}."""
    for question in questions:
        pk = question.get("id")
        if "fault" in question:
            yield {"id": pk, "ok": False, "error": question["fault"]}
            continue
        tags = question.get("tags")
        section = section_named(text_of(question, "feed_category"))
        named = [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
        judged = category_of(section, named, text_of(question, "title"), said_of(question), model)
        yield {"id": pk, "category": judged.category, "confidence": judged.confidence}


def model_of_file(path: Path) -> Model:
    """A classifier taught by {"title", "description", "category"} lines, unpacked where the name ends in .gz.

    Raises InputError where the file can not be read or has no such line.
    """
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
            read = (read_line(line, number) for number, line in enumerate(lines, 1) if line.strip())
            examples = [example for row in read if (example := example_of(row))]
    except (OSError, EOFError, ValueError) as error:
        raise InputError(f"{path}: {getattr(error, 'strerror', None) or error}.") from error
    if not examples:
        raise InputError(f"{path}: no line has a title and a category.")
    return learn(examples).model


def read_line(line: bytes, number: int) -> Any:
    """Raises ValueError, with a sentence that names the line, where it is no JSON."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"line {number} is not a JSON object") from error


def model_of_site() -> Model | None:
    """What the site learned last; None where it has learned nothing, or no database answers."""
    try:
        return trained.model()
    except DatabaseError:
        return None


def example_of(row: Any) -> Example | None:
    if not isinstance(row, dict):
        return None
    category = section_named(text_of(row, "category") or text_of(row, "feed_category"))
    return Example(f"{text_of(row, 'title')}\n{said_of(row)}", category) if category else None


def section_named(name: str) -> str:
    """Our category of a slug or of a section's name in any language; "" for one that names none."""
    return name if name in CATEGORY_NAMES else CATEGORY_OF_NAME.get(normalise(name), "")


def said_of(row: Mapping[str, Any]) -> str:
    return text_of(row, "description") or text_of(row, "text")[:MOST_CHARACTERS]


def text_of(row: Mapping[str, Any], name: str) -> str:
    found = row.get(name)
    return found if isinstance(found, str) else ""
