"""Short news without end: a template and a number give one brief, and a publisher's own wording of it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from zisnews.demo.chance import dice
from zisnews.demo.publishers import Publisher
from zisnews.demo.stories import Telling

HERE = Path(__file__).parent
BRIEFS_PER_ROUND = 4
TELLINGS_PER_ROUND = 12
DETAILS_OF_A_BRIEF = 4
COUNTS = (2, 3, 3, 4)  # tellings of each brief in a round


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of brief.

    numbers: name → [least, greatest] or [least, greatest, decimals]; -2 decimals round to hundreds
    picks:   each a list of tables, taken in turn so that look-alikes lie far apart; their keys become words.
             A key "country" (ISO code) makes a publisher of that country one of the tellers.
    headlines, leads: the wordings, one per teller; details: sentences, of which each teller takes some
    """

    slug: str
    category: str
    numbers: Mapping[str, list[float]]
    picks: list[list[dict[str, str]]]
    headlines: list[str]
    leads: list[str]
    details: list[str]
    tags: list[str]


class Voice(NamedTuple):
    """Somebody quoted: their name, "who they are", and what they said, without marks."""

    name: str
    role: str
    said: str


@dataclass(frozen=True, slots=True)
class Brief:
    """One piece of short news: what happened, in words to fill the template with, who tells it, who is quoted."""

    number: int
    template: Template
    words: Mapping[str, str]
    tellers: tuple[str, ...]
    details: tuple[str, ...]
    voice: Voice


def load_templates(folder: Path = HERE / "briefs") -> list[Template]:
    """Read every template of a folder, in a steady order."""
    rows: list[dict[str, Any]] = []
    for path in sorted(folder.glob("*.toml")):
        rows += tomllib.loads(path.read_text(encoding="utf-8"))["template"]
    return [Template(**{"numbers": {}, "picks": [], **row}) for row in rows]


@cache
def voices() -> dict[str, Any]:
    """Names by country and remarks by category."""
    return tomllib.loads((HERE / "voices.toml").read_text(encoding="utf-8"))


class Newsroom:
    """The endless sequence of briefs. Everything follows from the seed and a position in the sequence.

    A round is 4 briefs told 12 times in all, mixed as agencies' wires are. No template comes again
    before all others have had their turn.
    """

    def __init__(self, publishers: Mapping[str, Publisher], templates: list[Template], *, seed: str) -> None:
        self.publishers = {slug: one for slug, one in publishers.items() if one.language == "en"}
        self.templates = templates
        self.seed = seed
        self.brief = lru_cache(maxsize=4096)(self._brief)
        self.round = lru_cache(maxsize=1024)(self._round)

    def teller(self, position: int) -> tuple[Brief, int]:
        """Return the brief told at a position of the sequence, and which of its tellings this is."""
        return self.round(position // TELLINGS_PER_ROUND)[position % TELLINGS_PER_ROUND]

    def _round(self, number: int) -> list[tuple[Brief, int]]:
        briefs = [self.brief(number * BRIEFS_PER_ROUND + place) for place in range(BRIEFS_PER_ROUND)]
        order = [place for place, brief in enumerate(briefs) for _ in brief.tellers]
        dice(self.seed, "round", number).shuffle(order)
        return [(briefs[place], order[:at].count(place)) for at, place in enumerate(order)]

    def _brief(self, number: int) -> Brief:
        chance = dice(self.seed, "brief", number)
        cycle, place = divmod(number, len(self.templates))
        order = list(range(len(self.templates)))
        dice(self.seed, "cycle", cycle).shuffle(order)
        template = self.templates[order[place]]
        words = {name: draw(chance, limits) for name, limits in template.numbers.items()}
        for tables in template.picks:
            first = dice(self.seed, template.slug, "first").randrange(len(tables))
            words |= tables[(first + cycle) % len(tables)]
        counts = dice(self.seed, "counts", number // BRIEFS_PER_ROUND).sample(COUNTS, BRIEFS_PER_ROUND)
        tellers = self._tellers(chance, words, counts[number % BRIEFS_PER_ROUND])
        details = chance.sample(template.details, min(len(template.details), DETAILS_OF_A_BRIEF))
        details.sort(key=template.details.index)
        voice = self._voice(chance, template.category, words.get("country") or self.publishers[tellers[0]].country)
        return Brief(number, template, words, tellers, tuple(details), voice)

    def _voice(self, chance: Random, category: str, country: str) -> Voice:
        names, remarks = voices()["names"][country], voices()["remarks"][category]
        name = f"{chance.choice(names['first'])} {chance.choice(names['last'])}"
        return Voice(name, chance.choice(remarks["roles"]), chance.choice(remarks["said"]))

    def _tellers(self, chance: Random, words: Mapping[str, str], count: int) -> tuple[str, ...]:
        country = words.get("country", "")
        near = [slug for slug, one in self.publishers.items() if one.country == country]
        tellers = chance.sample(near, min(len(near), 1))
        others = [slug for slug in self.publishers if slug not in tellers]
        return tuple(tellers + chance.sample(others, count - len(tellers)))


def quotation(voice: Voice, which: int) -> str:
    """Quote somebody as teller number `which` does: whole, turned round, or cut after the first comma."""
    name, role, said = voice
    if which % 3 == 1:
        return f"{name}, {role}, put it so: “{said}.”"
    if which % 3 == 2 and "," in said:
        return f"“{said.partition(',')[0]},” said {name}, {role}."
    return f"“{said},” said {name}, {role}."


def draw(chance: Random, limits: list[float]) -> str:
    """Draw a number between two limits, written as a newspaper writes it: "1,240", "0.7"."""
    least, greatest, *digits = limits
    decimals = int(digits[0]) if digits else 0
    return f"{round(chance.uniform(least, greatest), decimals):,.{max(decimals, 0)}f}"


def sentence(text: str) -> str:
    """Begin with a capital, whatever word a template begins with: "the Elbe rises" → "The Elbe rises"."""
    first = next((place for place, letter in enumerate(text) if letter.isalnum()), 0)
    return text[:first] + text[first : first + 1].upper() + text[first + 1 :]


def tell(brief: Brief, which: int, publisher: Publisher, *, published_at: datetime) -> Telling:
    """Word a brief as its teller number `which`, this publisher, does."""
    template = brief.template
    words = {**brief.words, "weekday": published_at.strftime("%A"), "month": published_at.strftime("%B")}

    def wording(choices: list[str]) -> str:
        return sentence(choices[(brief.number + which) % len(choices)].format(**words))

    chance = dice(template.slug, brief.number, which)
    details = sorted(chance.sample(brief.details, min(len(brief.details), 3)), key=brief.details.index)
    sentences = [sentence(detail.format(**words)) for detail in details]
    sentences.insert(chance.randint(1, len(sentences)), quotation(brief.voice, which))
    lead = wording(template.leads)
    paragraphs = [lead, " ".join(sentences[:2]), " ".join(sentences[2:])]
    return Telling(
        publisher=publisher.slug,
        after_minutes=0,
        headline=wording(template.headlines),
        summary=lead,
        body="\n\n".join(paragraph for paragraph in paragraphs if paragraph),
        credit=f"{publisher.name} illustration",
        tags=[tag.format(**words) for tag in template.tags],
    )
