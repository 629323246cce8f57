"""What invented articles say in one language: headlines, descriptions, texts. Deterministic by seed; pure."""

import random
from dataclasses import dataclass
from functools import cached_property
from html import escape

from feeds.words import is_unspaced
from zisnews.bench.filling.tokens import BREAK, Piece, placed, searched, terms_of
from zisnews.bench.vocabulary import Vocabulary, capitalised

INVENTED_WORDS = 20_000
HEADLINE_LENGTH, DESCRIPTION_LENGTH = 70, 300  # characters; scripts without spaces need fewer
UNSPACED_LENGTH = 0.4
PARAGRAPHS = 600
MOST_PARAGRAPHS = 9
TEASER_SHARE = 0.15  # of articles: nothing but their description could be read


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, read once.

    piece: as search reads it; terms: what stories compare
    spaced: its words between spaces; unspaced: its characters of scripts without
    """

    text: str
    html: str
    piece: Piece
    terms: frozenset[str]
    spaced: int
    unspaced: int


@dataclass(frozen=True, slots=True)
class Body:
    """An article's text, as it is stored.

    word_count: as content.word_count() counts
    pieces: as search reads it; terms: what stories compare; both by paragraph
    """

    text: str
    html: str
    word_count: int
    pieces: list[Piece]
    terms: list[frozenset[str]]


@dataclass(frozen=True, slots=True)
class Description:
    """Two sentences. words: the same for tokens_literal()."""

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

    def searched(self, words: list[str], text: str) -> list[Piece]:
        """A headline or a description as search reads it; where no space parts the words, their pairs as well."""
        return list(map(placed, words)) if self.vocabulary.language.space else [searched(text)]

    def body(self, chance: random.Random, description: Description) -> Body:
        """A text of some hundred words, or the description again where the page could not be read."""
        if chance.random() < TEASER_SHARE:
            return body_of([paragraph_of(description.text)], self.searched(description.words, description.text))
        paragraphs = chance.choices(self.paragraphs, k=chance.randrange(2, MOST_PARAGRAPHS + 1))
        return body_of(paragraphs, [paragraph.piece for paragraph in paragraphs])

    @cached_property
    def paragraphs(self) -> list[Paragraph]:
        """What texts are put together of."""
        written = (self._prose(self._chance.randrange(2, 6)) for _ in range(PARAGRAPHS))
        gap = 0 if self.vocabulary.language.space else 1  # between the last character of one and the first of the next
        return [
            paragraph_of(text, (found, width + gap), terms_of(text))
            for text in written
            for found, width in [searched(text)]
        ]

    def _prose(self, sentences: int) -> str:
        pick, sentence = self.vocabulary.pick, self.vocabulary.sentence
        written = (sentence(pick(self._chance, self._chance.randrange(9, 24))) for _ in range(sentences))
        return self.vocabulary.language.space.join(written)


def paragraph_of(text: str, piece: Piece = ((), 0), terms: frozenset[str] = frozenset()) -> Paragraph:
    unspaced = 0 if text.isascii() else sum(map(is_unspaced, text))
    return Paragraph(text, f"<p>{escape(text, quote=False)}</p>", piece, terms, len(text.split()), unspaced)


def body_of(paragraphs: list[Paragraph], pieces: list[Piece]) -> Body:
    spaced = sum([paragraph.spaced for paragraph in paragraphs])
    unspaced = sum([paragraph.unspaced for paragraph in paragraphs])
    return Body(
        "\n".join([paragraph.text for paragraph in paragraphs]),
        "".join([paragraph.html for paragraph in paragraphs]),
        spaced + unspaced // 2,
        pieces,
        [paragraph.terms for paragraph in paragraphs],
    )
