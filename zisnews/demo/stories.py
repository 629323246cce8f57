"""The written stories of the demonstration world: stories/<slug>.toml as plain values."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CATEGORIES = (
    "world",
    "politics",
    "business",
    "technology",
    "science",
    "health",
    "sports",
    "entertainment",
    "culture",
    "environment",
    "lifestyle",
    "opinion",
)


class StoryError(ValueError):
    """A story file breaks the format; the sentence names the file and what to mend."""


@dataclass(frozen=True, slots=True)
class Telling:
    """A story as one publisher tells it.

    after_minutes: since the story broke
    later_headline: what the publisher re-titles it to, "" for never
    body: paragraphs parted by blank lines; lines beginning "## ", "> ", "- " are headings, quotations, lists
    """

    publisher: str
    after_minutes: float
    headline: str
    summary: str
    body: str
    author: str = ""
    tags: list[str] = field(default_factory=list)
    caption: str = ""
    credit: str = ""
    later_headline: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """An invented event and its tellings, earliest first. scene: the picture's motif, "" to go by category."""

    slug: str
    category: str
    tellings: tuple[Telling, ...]
    scene: str = ""


def load_stories(folder: Path = HERE / "stories") -> list[Story]:
    """Read every story of a folder, by slug. Raises StoryError."""
    return [read_story(path) for path in sorted(folder.glob("*.toml"))]


def read_story(path: Path) -> Story:
    """Read one story file. Raises StoryError."""
    try:
        content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        tellings = [Telling(**row) for row in content["telling"]]
        category = content["category"]
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise StoryError(f"{path.name}: {error}") from error
    if category not in CATEGORIES:
        raise StoryError(f"{path.name}: the category {category!r} is none of ours.")
    told = [(telling.publisher, telling.headline) for telling in tellings]
    if len(set(told)) < len(told):
        raise StoryError(f"{path.name}: a publisher tells the story twice under one headline.")
    tellings.sort(key=lambda telling: telling.after_minutes)
    return Story(path.stem, category, tuple(tellings), content.get("scene", ""))
