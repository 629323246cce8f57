"""News in which nothing is known to belong together, to learn from: recorded feeds of several years on the same days.

A score that has seen labelled stories alone joins too much: in life most articles have nothing to do with each other.
What was told years apart is certainly not one story, so recordings of different years, laid on the same few days, are
pairs of articles that look like one time's news and must stay apart.
"""

import gzip
import json
import math
import re
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, NamedTuple

from aggregator.finding.labelled import Row, chance_of
from feeds.errors import FeedsError
from feeds.formats.plaintext import excerpt
from feeds.language_tags import primary_tag
from feeds.parsing import parse_feed

SHARE = 0.2  # of the articles: more cost time, and teach little more
DAYS_RECORDED = 12  # of each recording its last ones: what else stands in a feed is older
DAYS_LAID = 4
MOST_DESCRIPTION = 600
_LAID_FROM = datetime(2020, 1, 1, tzinfo=UTC)
_MARKUP = re.compile(r"<[^>]*>")


class Recorded(NamedTuple):
    """An item of a recorded feed."""

    publisher: str
    language: str
    title: str
    description: str
    at: datetime


def background_of(paths: Iterable[Path], *, share: float = SHARE) -> Iterator[Row]:
    """The rows of these recordings, a share of them, each recording a saga of its own.

    A recording: a .tar.gz of `publisher/time.xml`, as it was fetched, with a manifest.jsonl of their languages; or JSON
    lines of items. Raises ValueError for one that holds none.
    """
    for path in paths:
        name = path.name.partition(".")[0]
        items = list({(item.publisher, item.title): item for item in recorded_in(path) if item.title}.values())
        if not items:
            raise ValueError(f"{path} holds no dated items.")
        yield from laid(name, items, share)


def laid(name: str, items: Iterable[Recorded], share: float) -> Iterator[Row]:
    """The items of the last days of a recording, as if they were of our few days."""
    ordered = sorted(items, key=lambda item: (item.at, item.publisher, item.title))
    end = ordered[math.ceil(0.995 * (len(ordered) - 1))].at  # beyond are dates of the future
    begin = end - timedelta(days=DAYS_RECORDED)
    for number, item in enumerate(ordered):
        pk = f"{name}:{number}"
        if begin <= item.at <= end and chance_of(f"background {pk}") < share:
            yield {
                "id": pk,
                "story": pk,
                "saga": name,
                "background": True,
                "title": item.title,
                "description": item.description,
                "publisher": item.publisher,
                "language": item.language,
                "published": (_LAID_FROM + (item.at - begin) % timedelta(days=DAYS_LAID)).isoformat(),
            }


def recorded_in(path: Path) -> Iterator[Recorded]:
    """The dated items of a recording, in the order they were recorded."""
    if ".tar" in path.suffixes:
        yield from _documents(path)
        return
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            if found := _item(json.loads(line)):
                yield found


def _documents(path: Path) -> Iterator[Recorded]:
    with tarfile.open(path) as recording:
        members = [member for member in recording if member.isfile()]
        languages: dict[str, str] = {}
        for member in members:
            if member.name.endswith("manifest.jsonl") and (manifest := recording.extractfile(member)):
                languages |= {row["slug"]: row["language"] for row in map(json.loads, manifest) if row.get("language")}
        for member in members:
            publisher = Path(member.name).parent.name
            document = recording.extractfile(member) if member.name.endswith(".xml") else None
            if document is None:
                continue
            fetched_at = datetime.fromtimestamp(member.mtime, UTC)
            try:
                feed = parse_feed(document.read(), url=f"https://{publisher}.example/", now=fetched_at)
            except FeedsError:
                continue  # an error page was recorded in its place
            for item in feed.items:
                if item.published_at:
                    language = primary_tag(languages.get(publisher) or feed.language or "en")
                    yield _recorded(publisher, language, item.title, item.description, item.published_at)


def _item(row: Mapping[str, Any]) -> Recorded | None:
    """A line's item; one without a date is of the hour it was fetched at."""
    for written in (row.get("published"), row.get("fetched_at")):
        for read in (datetime.fromisoformat, parsedate_to_datetime):
            try:
                at = read(str(written or "").replace("Z", "+00:00"))
            except (ValueError, TypeError):
                continue
            aware = at if at.tzinfo else at.replace(tzinfo=UTC)
            named = str(row.get("source") or "").lower(), primary_tag(str(row.get("language") or "en"))
            return _recorded(*named, str(row.get("title") or ""), str(row.get("description") or ""), aware)
    return None


def _recorded(publisher: str, language: str, title: str, description: str, at: datetime) -> Recorded:
    plain = " ".join(_MARKUP.sub(" ", description).split())
    return Recorded(publisher, language, " ".join(title.split()), excerpt(plain, MOST_DESCRIPTION), at)
