"""What invented articles say in one language: headlines, descriptions, texts. Deterministic by seed; pure."""

import random
from dataclasses import dataclass
from html import escape
from itertools import islice

from feeds.words import is_unspaced
from zisnews.bench.filling.tokens import BREAK, Piece, placed, search_vector, searched, terms_of, tokens_vector
from zisnews.bench.vocabulary import Vocabulary, capitalised

INVENTED_WORDS = 20_000
HEADLINE_LENGTH, DESCRIPTION_LENGTH = 70, 300  # characters; scripts without spaces need fewer
UNSPACED_LENGTH = 0.4
SENTENCE_WORDS = (9, 24)
SENTENCES_PER_PARAGRAPH = 3
SENTENCES_AT_LEAST = 2
TEASER_SHARE = 0.15  # of texts: nothing but their description could be read


@dataclass(frozen=True, slots=True)
class Writing:
    """A description and the text it belongs to, without a headline.

    tokens, words: of both, as Article.tokens and SearchDocument.words have them behind those of a headline
    word_count: of the text, as content.word_count() counts; terms: what stories compare
    """

    description: str
    text: str
    html: str
    word_count: int
    tokens: str
    words: str
    terms: frozenset[str]


class Wording:
    """A language as its papers write it."""

    def __init__(self, seed: int, language: str) -> None:
        chance = random.Random(f"{seed}/wording/{language}")  # noqa: S311  no secret, only the same each time
        self.vocabulary = Vocabulary(chance, language, invented=INVENTED_WORDS)
        self.space = self.vocabulary.language.space
        sample = self.vocabulary.pick(chance, 1000)
        mean = sum(map(len, sample)) / len(sample) + len(self.space)
        scale = 1 if self.space else UNSPACED_LENGTH
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
        return capitalised(self.space.join(headline))

    def author(self, chance: random.Random) -> str:
        return " ".join(map(capitalised, chance.choices(self.vocabulary.words, k=2)))

    def tags(self, chance: random.Random) -> list[str]:
        return chance.sample(self.vocabulary.words[100:2000], chance.randrange(1, 4))

    def searched(self, headline: list[str], spelled: str) -> list[Piece]:
        """A headline as search reads it; where no space parts the words, their pairs as well."""
        return list(map(placed, headline)) if self.space else [searched(spelled)]

    def writing(self, chance: random.Random, words: int) -> Writing:
        """Two sentences, and a text of about so many words, or the same two again where no page could be read."""
        first, second = (self.sentence_words + chance.randrange(-6, 7) for _ in range(2))
        brief = [self.vocabulary.pick(chance, first), self.vocabulary.pick(chance, second)]
        description = self._prose(brief)
        sentences = [] if chance.random() < TEASER_SHARE else self._sentences(chance, words)
        paragraphs = [
            sentences[start : start + SENTENCES_PER_PARAGRAPH]
            for start in range(0, len(sentences), SENTENCES_PER_PARAGRAPH)
        ] or [brief]
        spelled = list(map(self._prose, paragraphs))
        text = "\n".join(spelled)
        said = [self._read(brief, description)] if sentences else []
        unspaced = 0 if text.isascii() else sum(map(is_unspaced, text))
        return Writing(
            description=description,
            text=text,
            html="".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in spelled),
            word_count=len(text.split()) + unspaced // 2,
            tokens=tokens_vector(map(placed, self._with_breaks(brief))),
            words=search_vector(*said, self._read(sentences or brief, text)),
            terms=self._terms([*brief, *sentences], f"{description}\n{text}"),
        )

    def _sentences(self, chance: random.Random, words: int) -> list[list[str]]:
        """A text's sentences: some texts are half as long, some half as long again."""
        mean = sum(SENTENCE_WORDS) / 2
        count = max(SENTENCES_AT_LEAST, round(words * chance.uniform(0.5, 1.5) / mean))
        picked = iter(self.vocabulary.pick(chance, count * SENTENCE_WORDS[1]))
        return [list(islice(picked, chance.randrange(*SENTENCE_WORDS))) for _ in range(count)]

    def _prose(self, sentences: list[list[str]]) -> str:
        return self.space.join(map(self.vocabulary.sentence, sentences))

    def _read(self, sentences: list[list[str]], spelled: str) -> list[Piece]:
        if self.space:
            return [placed(word) for sentence in sentences for word in sentence]
        return [searched(spelled)]

    def _with_breaks(self, sentences: list[list[str]]) -> list[str]:
        first, *others = sentences
        return [*first, *([] if self.space else [BREAK]), *(word for sentence in others for word in sentence)]

    def _terms(self, sentences: list[list[str]], spelled: str) -> frozenset[str]:
        if not self.space:
            return terms_of(spelled)
        return frozenset().union(*(terms_of(word) for sentence in sentences for word in sentence))
