"""The articles of one story as JSON lines → how its countries tell it, as one JSON object. Reads and writes no row."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from aggregator.comparing.naming import Variants
from aggregator.comparing.silent import Coverage
from aggregator.comparing.spelling import plain
from aggregator.comparing.tellings import Telling
from aggregator.comparing.whole import compare
from aggregator.inspection import Answer, InputError
from feeds.language_tags import primary_tag

MOST_LINES = 5_000  # a story has fewer articles; more would be another file
MOST_CHARACTERS = 100_000  # of one text


def inspect_comparison(questions: Iterable[Mapping[str, Any]], *, now: datetime) -> Answer:
    """Answer with a key for each section of the story's page, in its order.

    questions: articles {"id", "title", "description", "text", "source", "country", "language", "published_at"};
               and, for who is silent, {"coverage": {"country", "polled", "usual": [sources per story before]}};
               and, for what each side calls it, {"variants": {"language", "names": [names of one thing], "note"}}
    A moment that is absent or can not be read is taken as now. Raises InputError where a line is none, or there is no
    article.
    """
    tellings: list[Telling] = []
    coverage: list[Coverage] = []
    variants: list[Variants] = []
    for number, question in enumerate(islice(questions, MOST_LINES), 1):
        if "fault" in question:
            raise InputError(f"Line {number}: {question['fault']}")
        if "coverage" in question:
            coverage.append(_coverage(question["coverage"], number))
        elif "variants" in question:
            variants.append(_variants(question["variants"], number))
        else:
            tellings.append(_telling(question, number, now))
    comparison = compare(tellings, now=now, coverage=coverage or None, variants=variants)
    if comparison is None:
        raise InputError("There is no article to compare.")
    return {"ok": True, "error": None, **plain(comparison)}


def _telling(question: Mapping[str, Any], number: int, now: datetime) -> Telling:
    def text(name: str) -> str:
        found = question.get(name)
        return found[:MOST_CHARACTERS] if isinstance(found, str) else ""

    pk = question.get("id")
    return Telling(
        article=pk if isinstance(pk, int | str) else number,
        source=text("source") or text("publisher"),
        country=text("country").upper(),
        language=primary_tag(text("language")),
        published_at=_moment(text("published_at")) or now,
        title=text("title"),
        text=text("text") or text("description"),
    )


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _coverage(given: Any, number: int) -> Coverage:
    match given:
        case {"country": str(country), "polled": int(polled), "usual": list(usual)} if all(
            type(count) is int and count >= 0
            for count in (polled, *usual)  # true and false are no counts
        ):
            return Coverage(country, polled, usual)
    raise InputError(f'Line {number}: "coverage" takes {{"country", "polled", "usual": [counts]}}.')


def _variants(given: Any, number: int) -> Variants:
    match given:
        case {"language": str(language), "names": [_, _, *_] as names} if all(isinstance(name, str) for name in names):
            return Variants(primary_tag(language), tuple(names), str(given.get("note") or ""))
    raise InputError(f'Line {number}: "variants" takes {{"language", "names": [two names of one thing or more]}}.')
