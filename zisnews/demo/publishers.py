"""Who publishes in the demonstration world: publishers.toml as plain values."""

import csv
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta, timezone
from pathlib import Path

HERE = Path(__file__).parent
SOURCE_COLUMNS = (
    "name",
    "feed_url",
    "site_url",
    "country",
    "language",
    "category",
    "status",
    "status_date",
    "evidence",
)


@dataclass(frozen=True, slots=True)
class Publisher:
    """One invented publisher; what each field may hold is said at the top of publishers.toml."""

    slug: str
    name: str
    host: str
    country: str
    language: str
    category: str
    feed: str
    feed_path: str
    encoding: str
    layout: str
    metadata: str
    utc_offset: str
    place: str
    colour: str
    voice: str

    @property
    def site_url(self) -> str:
        return f"https://{self.host}"

    @property
    def feed_url(self) -> str:
        return self.site_url + self.feed_path

    @property
    def format(self) -> str:
        return self.feed.removesuffix("-full")

    @property
    def has_full_text(self) -> bool:
        return self.feed.endswith("-full")

    @property
    def has_icon(self) -> bool:
        """Whether its site has an icon; who writes bare HTML has none."""
        return self.metadata != "bare"

    @property
    def zone(self) -> timezone:
        """The zone its newsroom writes dates in: a fixed offset, "+05:30"."""
        hours, minutes = self.utc_offset[1:].split(":")
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(-offset if self.utc_offset.startswith("-") else offset)


def load_publishers(path: Path = HERE / "publishers.toml") -> dict[str, Publisher]:
    """Read the publishers, by slug, in the order of the file."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["publisher"]
    return {row["slug"]: Publisher(**row) for row in rows}


def write_catalogue(publishers: Iterable[Publisher], path: Path) -> None:
    """Write the publishers as a catalogue that `load_sources` reads."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(SOURCE_COLUMNS)
        for one in publishers:
            rows.writerow(
                [
                    one.name,
                    one.feed_url,
                    one.site_url,
                    one.country,
                    one.language,
                    one.category,
                    "ok",
                    "",
                    "demonstration world",
                ]
            )
