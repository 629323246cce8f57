"""A story's comparison as one flat table: a row for each figure, and one for each sentence it rests on."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from aggregator.comparing.sections import Comparison, Evidence, Only
from aggregator.story_data import StoryData

COLUMNS = (
    "section", "item", "country", "language", "what", "value", "number", "of", "sources", "source", "article", "url",
    "at", "sentence", "hidden",
)  # fmt: skip
# What a spreadsheet would take for a formula, were it at the beginning of a cell (OWASP, "CSV Injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Row = dict[str, Any]


def as_csv(data: StoryData) -> str:
    """The table with its heading; lines end as RFC 4180 says."""
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    urls = {one.article: one.url for one in data.articles}
    for row in rows(data):
        if "article" in row:
            row["url"] = urls.get(row["article"], "")
        writer.writerow({name: safe(value) for name, value in row.items()})
    return file.getvalue()


def safe(value: Any) -> Any:
    """A cell that no spreadsheet runs: text that begins like a formula, blanks aside, has an apostrophe before it."""
    begins = isinstance(value, str) and (value.startswith(FORMULA) or value.lstrip().startswith(FORMULA))
    return f"'{value}" if begins else value


def rows(data: StoryData) -> Iterator[Row]:
    """A section after the other, in the order of the page; `item` numbers the figures of a section."""
    for told in data.articles:
        yield {
            "section": "article", "country": told.country, "language": told.language, "what": told.title,
            "source": told.source, "article": told.article, "at": told.published_at.isoformat(),
            "hidden": int(told.is_hidden),
        }  # fmt: skip
    if data.comparison is None:
        return
    in_order = (
        _summary, _origins, _columns, _wording, _naming, _quotes, _speakers, _only_here, _differing, _copied, _coverage,
    )  # fmt: skip
    for section in in_order:
        yield from section(data.comparison)


def _evidence(section: str, item: int, found: Iterable[Evidence], **about: Any) -> Iterator[Row]:
    for one in found:
        yield {
            "section": section, "item": item, **about, "country": one.country, "source": one.source,
            "article": one.article, "sentence": one.sentence, "hidden": int(one.is_hidden),
        }  # fmt: skip


def _summary(comparison: Comparison) -> Iterator[Row]:
    story = comparison.story
    for what in ("articles", "sources", "countries", "languages", "compared"):
        yield {"section": "story", "what": what, "number": getattr(story, what)}
    for place, report in enumerate(comparison.timeline, 1):
        yield {
            "section": "timeline", "item": place, "country": report.country, "source": report.source,
            "article": report.article, "at": report.at.isoformat(),
        }  # fmt: skip


def _origins(comparison: Comparison) -> Iterator[Row]:
    for place, one in enumerate(comparison.origins, 1):
        at = one.first_at.isoformat() if one.first_at else ""
        about: Row = {"section": "origin", "item": place, "what": one.text, "sources": one.sources, "at": at}
        yield about | ({"article": one.article} if one.article else {})
        yield from _evidence("origin: sentence", place, one.evidence, what=one.text)


def _columns(comparison: Comparison) -> Iterator[Row]:
    for place, column in enumerate(comparison.columns, 1):
        at = column.first_at.isoformat() if column.first_at else ""
        about = {"section": "country", "item": place, "country": column.country}
        yield {**about, "number": column.articles, "sources": column.sources, "at": at}


def _wording(comparison: Comparison) -> Iterator[Row]:
    place = 0
    for side in comparison.wording:
        for word in side.words:
            place += 1
            about = {"what": word.text, "language": side.language}
            yield {
                "section": "wording", "item": place, **about, "country": side.country, "value": word.z,
                "number": word.here, "of": word.here + word.there, "sources": word.sources,
            }  # fmt: skip
            yield from _evidence("wording: here", place, word.evidence, **about)
            yield from _evidence("wording: elsewhere", place, word.there_evidence, **about)


def _naming(comparison: Comparison) -> Iterator[Row]:
    place = 0
    for naming in comparison.naming:
        for called in naming.countries:
            for use in called.uses:
                place += 1
                about = {"what": use.name, "language": naming.language}
                yield {
                    "section": "naming", "item": place, **about, "country": called.country, "number": use.sources,
                    "of": called.sources,
                }  # fmt: skip
                yield from _evidence("naming: sentence", place, use.evidence, **about)


def _quotes(comparison: Comparison) -> Iterator[Row]:
    for place, quote in enumerate(comparison.quotes, 1):
        about = {"what": quote.text, "language": quote.language}
        yield {"section": "quote", "item": place, **about, "number": len(quote.countries), "sources": quote.sources}
        for use in quote.uses:
            for row in _evidence("quote: sentence", place, [use.evidence]):
                yield {**row, "what": use.text}


def _speakers(comparison: Comparison) -> Iterator[Row]:
    for item, one in enumerate(comparison.speakers, 1):
        for heard in one.countries:
            yield {
                "section": "speaker", "item": item, "country": heard.country, "what": one.text,
                "number": heard.words, "of": one.words, "sources": heard.sources,
            }  # fmt: skip
        yield from _evidence("speaker: sentence", item, one.evidence, what=one.text)


def _only_here(comparison: Comparison) -> Iterator[Row]:
    place = 0
    for only in comparison.only_here:
        kinds: list[tuple[str, tuple[Only, ...]]] = [
            ("number", only.numbers), ("name", only.names), ("quote", only.quotes)
        ]  # fmt: skip
        for kind, found in kinds:
            for one in found:
                place += 1
                section = f"only here: {kind}"
                yield {
                    "section": section, "item": place, "country": only.country, "what": one.text,
                    "number": one.looked_through, "sources": one.sources,
                }  # fmt: skip
                yield from _evidence(f"{section}, sentence", place, one.evidence)


def _differing(comparison: Comparison) -> Iterator[Row]:
    for place, differing in enumerate(comparison.differing, 1):
        for value in differing.values:
            about = {"what": differing.what, "language": differing.language, "value": value.value}
            yield {
                "section": "numbers differ", "item": place, **about, "country": " ".join(value.countries),
                "sources": value.sources, "at": value.first_at.isoformat(),
            }  # fmt: skip
            yield from _evidence("numbers differ: sentence", place, value.evidence, **about)


def _copied(comparison: Comparison) -> Iterator[Row]:
    for place, text in enumerate(comparison.copied, 1):
        about = {"item": place, "country": text.country, "source": text.source, "article": text.origin}
        yield {"section": "copied text", **about, "sources": text.sources}
        for section, found in (("copied text: copy", text.copies), ("copied text: partly", text.partly)):
            for copy in found:
                yield {
                    "section": section, "item": place, "country": copy.country, "source": copy.source,
                    "article": copy.article, "value": copy.share,
                }  # fmt: skip


def _coverage(comparison: Comparison) -> Iterator[Row]:
    for voice in comparison.voices:
        yield {"section": "voices", "country": voice.country, "number": voice.sources, "of": voice.polled}
    for silence in comparison.silent or ():
        yield {
            "section": "silent so far", "country": silence.country, "number": 0, "of": silence.polled,
            "value": silence.probability, "sources": silence.usually,
        }  # fmt: skip
