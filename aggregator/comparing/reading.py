"""Articles cut into sentences and words once, for all sections to read."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aggregator.comparing.furniture import without_furniture
from aggregator.comparing.sections import Evidence, Span
from aggregator.comparing.sentences import sentences
from aggregator.comparing.tellings import Telling
from aggregator.comparing.words import Word, words

MOST_CHARACTERS = 4_000  # of an article: about 650 words, more than most have; what follows is background
MOST_OF_STORY = 310_000  # characters of all its articles: what a worker reads and compares in a second and a half
MOST_WORDS = 1_000  # of them; more is no prose


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article; the places of its words are those of the body. is_title: it is the headline."""

    begin: int
    end: int
    words: list[Word]
    is_title: bool


@dataclass(frozen=True, slots=True)
class Read:
    """An article and its sentences. body: headline, a line feed, text; cut. found: what was looked for in it before."""

    telling: Telling
    body: str
    sentences: list[Sentence]
    found: dict[str, list[Any]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, name: str, find: Callable[[], list[Any]]) -> list[Any]:
        """What several sections look for in the article: found once."""
        if name not in self.found:
            self.found[name] = find()
        return self.found[name]

    def evidence(self, sentence: Sentence, *marks: Span) -> Evidence:
        """A sentence of this article, as what a figure rests on; marks: places in the body."""
        return self.evidence_between(sentence.begin, sentence.end, *marks)

    def evidence_between(self, begin: int, end: int, *marks: Span) -> Evidence:
        told = self.telling
        inside = tuple((max(one, begin) - begin, min(other, end) - begin) for one, other in sorted(marks))
        return Evidence(told.article, told.source, told.country, self.body[begin:end], inside)


def read(tellings: Sequence[Telling], furniture: Mapping[str, Collection[int]] | None = None) -> list[Read]:
    """Each article with its sentences; of its text the first 4,000 characters, of 200 articles the first 1,550.

    furniture: by source the hashes of sentences that it repeats on all its pages, which are left out
    """
    most = min(MOST_CHARACTERS, MOST_OF_STORY // max(1, len(tellings)))
    return [_read(telling, most, (furniture or {}).get(telling.source, ())) for telling in tellings]


def _read(telling: Telling, most: int, furniture: Collection[int]) -> Read:
    title = " ".join(telling.title.split())[:500]
    text = telling.text[:most].strip()
    if title and text.startswith(title):
        text = text[len(title) :]
    body = f"{title}\n{text}"
    spans = sentences(body)
    of_title = [span for span in spans if span[1] <= len(title)]
    of_text = without_furniture(body, spans[len(of_title) :], furniture)
    found: list[Sentence] = []
    count = 0
    for begin, end in (*of_title, *of_text):
        found.append(Sentence(begin, end, words(body, begin, end), end <= len(title)))
        count += len(found[-1].words)
        if count > MOST_WORDS:
            break
    return Read(telling, body, found)
