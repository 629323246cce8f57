"""The words of invented texts: a few languages, each with its words by falling frequency. Deterministic; pure."""

import random
import tomllib
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, islice
from pathlib import Path

LANGUAGES = Path(__file__).parent / "languages.toml"


@dataclass(frozen=True, slots=True)
class Language:
    """What words are made of. words: the commonest, ready-made; space: what parts words; stop: what ends a sentence."""

    words: list[str]
    onsets: list[str]
    vowels: list[str]
    endings: list[str]
    space: str
    stop: str

    def invented(self, chance: random.Random, count: int) -> list[str]:
        """Words that sound like the language."""
        syllables = chance.choices((2, 2, 3) if self.space else (1,), k=count)
        sounds = (self.onsets, self.vowels, self.endings)
        parts = zip(*(chance.choices(sound, k=sum(syllables)) for sound in sounds), strict=True)
        spoken = map("".join, parts)
        return ["".join(islice(spoken, length)) for length in syllables]


@cache
def languages() -> dict[str, Language]:
    """Every language there is, by its tag."""

    def parts(line: str) -> list[str]:
        return ["" if part == "-" else part for part in line.split()]

    rows = tomllib.loads(LANGUAGES.read_text(encoding="utf-8"))
    return {
        tag: Language(
            row["words"].split(),
            parts(row["onsets"]),
            parts(row["vowels"]),
            parts(row["endings"]),
            row.get("space", " "),
            row.get("stop", "."),
        )
        for tag, row in rows.items()
    }


class Vocabulary:
    """A language's words, the ready-made ones first; how often one is picked falls with its rank, as in real texts."""

    def __init__(self, chance: random.Random, language: str = "en", *, invented: int) -> None:
        self.language = languages()[language]
        self.words = self.language.words + self.language.invented(chance, invented)
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(len(self.words))))

    def pick(self, chance: random.Random, count: int) -> list[str]:
        """Words by their frequency."""
        return chance.choices(self.words, cum_weights=self._weights, k=count)

    def sentence(self, words: list[str]) -> str:
        return capitalised(self.language.space.join(words)) + self.language.stop


def capitalised(text: str) -> str:
    """With a capital at its beginning; the rest as it is."""
    return text[:1].upper() + text[1:]
