"""What invented articles say in one language: headlines, descriptions, texts. Deterministic by seed; pure."""

import random
from dataclasses import dataclass
from functools import cached_property
from html import escape

from feeds.words import is_unspaced
from zisnews.bench.filling.tokens import BREAK
from zisnews.bench.vocabulary import Vocabulary, capitalised

INVENTED_WORDS = 20_000
HEADLINE_LENGTH, DESCRIPTION_LENGTH = 70, 300  # characters; scripts without spaces need fewer
UNSPACED_LENGTH = 0.4
PARAGRAPHS = 600
MOST_PARAGRAPHS = 9
TEASER_SHARE = 0.15  # of articles: nothing but their description could be read


@dataclass(frozen=True, slots=True)
class Paragraph:
    """spaced: its words between spaces; unspaced: its characters of scripts without."""

    text: str
    html: str
    spaced: int
    unspaced: int


@dataclass(frozen=True, slots=True)
class Body:
    """An article's text, as it is stored. word_count: as content.word_count() counts."""

    text: str
    html: str
    word_count: int


@dataclass(frozen=True, slots=True)
class Description:
    """Two sentences. words: the same for tokens.literal()."""

    text: str
    words: list[str]


class Wording:
    """A language as its papers write it."""

    def __init__(self, seed: int, language: str) -> None:
        self._chance = random.Random(f"{seed}/wording/{language}")  # noqa: S311  no secret, only the same each time
        self.vocabulary = Vocabulary(self._chance, language, invented=INVENTED_WORDS)
        sample = self.vocabulary.pick(self._chance, 1000)
        space = self.vocabulary.language.space
        mean = sum(map(len, sample)) / len(sample) + len(space)
        scale = 1 if space else UNSPACED_LENGTH
        self.headline_words = round(HEADLINE_LENGTH * scale / mean)
        self.sentence_words = round(DESCRIPTION_LENGTH * scale / mean / 2)

    def headline(self, chance: random.Random) -> list[str]:
        """The words of a headline."""
        return self.vocabulary.pick(chance, self.headline_words + chance.randrange(-2, 3))

    def retold(self, chance: random.Random, words: list[str]) -> list[str]:
        """Another paper's words for the same."""
        words = words.copy()
        for other in self.vocabulary.pick(chance, len(words) // 3):
            words[chance.randrange(len(words))] = other
        return words

    def spelled(self, headline: list[str]) -> str:
        return capitalised(self.vocabulary.language.space.join(headline))

    def description(self, chance: random.Random) -> Description:
        first, second = (self.sentence_words + chance.randrange(-6, 7) for _ in range(2))
        words = self.vocabulary.pick(chance, first + second)
        sentences = self.vocabulary.sentence(words[:first]), self.vocabulary.sentence(words[first:])
        if not self.vocabulary.language.space:
            words.insert(first, BREAK)
        return Description(self.vocabulary.language.space.join(sentences), words)

    def author(self, chance: random.Random) -> str:
        return " ".join(map(capitalised, chance.choices(self.vocabulary.words, k=2)))

    def tags(self, chance: random.Random) -> list[str]:
        return chance.sample(self.vocabulary.words[100:2000], chance.randrange(1, 4))

    def body(self, chance: random.Random, description: str) -> Body:
        """A text of some hundred words."""
        if chance.random() < TEASER_SHARE:
            paragraphs = [paragraph_of(description)]
        else:
            paragraphs = chance.choices(self.paragraphs, k=chance.randrange(2, MOST_PARAGRAPHS + 1))
        return Body(
            "\n".join([paragraph.text for paragraph in paragraphs]),
            "".join([paragraph.html for paragraph in paragraphs]),
            sum([paragraph.spaced for paragraph in paragraphs])
            + sum([paragraph.unspaced for paragraph in paragraphs]) // 2,
        )

    @cached_property
    def paragraphs(self) -> list[Paragraph]:
        """What texts are put together of."""
        return [paragraph_of(self._prose(self._chance.randrange(2, 6))) for _ in range(PARAGRAPHS)]

    def _prose(self, sentences: int) -> str:
        pick, sentence = self.vocabulary.pick, self.vocabulary.sentence
        written = (sentence(pick(self._chance, self._chance.randrange(9, 24))) for _ in range(sentences))
        return self.vocabulary.language.space.join(written)


def paragraph_of(text: str) -> Paragraph:
    unspaced = 0 if text.isascii() else sum(map(is_unspaced, text))
    return Paragraph(text, f"<p>{escape(text, quote=False)}</p>", len(text.split()), unspaced)
