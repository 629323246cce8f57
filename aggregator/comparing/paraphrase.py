"""Whether what was said stands elsewhere in other words: one speech is translated, cut and retold by each paper anew.

A sentence says the same where it has half of the words that say something (overlap of content words: Clough and
others, "METER: MEasuring TExt Reuse", 2002, where it tells rewritten newspaper sentences from independent ones).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from aggregator.comparing.reading import Read
from aggregator.comparing.words import Word
from aggregator.stop_words import STOP_WORDS

SAME = 0.5
FEWEST_WORDS = 4
MOST_PLACES = 400  # a word that stands in more sentences finds nothing


class Sayings:
    """The sentences of articles by their words."""

    def __init__(self, articles: Sequence[Read]) -> None:
        self._countries: list[str] = []
        self._places: dict[tuple[str, str], list[int]] = defaultdict(list)
        for article in articles:
            told = article.telling
            for sentence in article.sentences:
                for form in content(sentence.words):
                    self._places[told.language, form].append(len(self._countries))
                self._countries.append(told.country)

    def is_said_elsewhere(self, spoken: Iterable[Word], language: str, country: str) -> bool:
        """Say whether a sentence of another country's articles has half of these words; False of fewer than four."""
        forms = content(spoken)
        if len(forms) < FEWEST_WORDS:
            return False
        shared = Counter(
            place
            for form in forms
            for place in self._places[language, form][:MOST_PLACES]
            if self._countries[place] != country
        )
        return max(shared.values(), default=0) >= SAME * len(forms)


def content(words: Iterable[Word]) -> set[str]:
    return {word.form for word in words if len(word.form) > 2 and word.form not in STOP_WORDS}
