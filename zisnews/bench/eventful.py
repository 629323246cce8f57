"""An invented world of events that articles tell of, for the benchmark of stories. Deterministic by seed; pure.

The words of a kind of event are shared by many events, names and a rare word or two are its own, and the rest is what
every text says: so each article shares terms with thousands of stories, and most of them with one.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import accumulate

from zisnews.bench.vocabulary import Vocabulary

SEED = 6
KINDS = 4_000  # of events
NAMES = 60_000  # how often one makes news falls with its rank
OWN = ("Qxna", "Qxnb", "Qxnc", "Qxnd", "qxwa", "qxwb")  # stand for an event's own words in a text of its kind
STEEPNESS, LARGEST = 2.3, 400  # of how many articles tell of an event (filling/events.py)


@dataclass(frozen=True, slots=True)
class Text:
    title: str
    lead: str
    body: str


class World:
    """Events are numbered; each is of a kind and has words of its own."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        chance = self.chance("words")
        self.vocabulary = Vocabulary(chance, invented=40_000)
        self.names = [
            f"{name.capitalize()}{n:x}" for n, name in enumerate(chance.choices(self.vocabulary.words, k=NAMES))
        ]
        self._weights = list(accumulate(1 / (rank + 20) for rank in range(NAMES)))
        self._sizes = list(accumulate(size**-STEEPNESS for size in range(1, LARGEST + 1)))

    def chance(self, what: str) -> random.Random:
        return random.Random(f"{self.seed}/{what}")  # noqa: S311  no secret, only the same each time

    @cached_property
    def kinds(self) -> list[list[str]]:
        """The words of each kind of event."""
        chance = self.chance("kinds")
        return [[word for word in self.vocabulary.pick(chance, 30) if len(word) > 3][:5] for _ in range(KINDS)]

    def size(self, event: int) -> int:
        return self.chance(f"size/{event}").choices(range(1, LARGEST + 1), cum_weights=self._sizes)[0]

    def own(self, event: int) -> dict[str, str]:
        """An event's own words, by what stands for them in texts of its kind."""
        chance = self.chance(f"event/{event}")
        names = chance.choices(self.names, cum_weights=self._weights, k=4)
        rare = [f"{word}{event % 40_000:x}" for word in chance.choices(self.vocabulary.words[500:], k=2)]
        return dict(zip(OWN, (*names, *rare), strict=True))

    def text_of_kind(self, kind: int, telling: int) -> Text:
        """What an article says of an event of this kind, its own words left open."""
        chance = self.chance(f"text/{kind}/{telling}")
        event = [*self.kinds[kind], *OWN]
        title = chance.sample(OWN, 4) + self.kinds[kind][:1]
        title += self.vocabulary.pick(chance, 3)
        chance.shuffle(title)

        def prose(words: int) -> str:
            said = self.vocabulary.pick(chance, words)
            for place in range(0, words, 4):
                said[place] = chance.choice(event)
            return ". ".join(" ".join(said[at : at + 14]).capitalize() for at in range(0, words, 14)) + "."

        return Text(" ".join(title), prose(28), prose(170))

    def text(self, event: int, telling: int) -> Text:
        text = self.text_of_kind(event % KINDS, telling)
        own = self.own(event)
        return Text(*(replaced(part, own) for part in (text.title, text.lead, text.body)))


def replaced(text: str, own: Mapping[str, str]) -> str:
    for open_word, word in own.items():
        text = text.replace(open_word, word).replace(open_word.lower(), word.lower())
    return text


def moments(count: int, until: datetime, hours: int) -> Iterator[datetime]:
    """So many moments, evenly within the hours before one."""
    step = timedelta(hours=hours) / count
    return (until - step * (count - number) for number in range(count))
