"""What each country calls the same thing, by sets of names that curators keep: Kiev or Kyiv, militants or fighters.

Counted are distinct sources: of those of a country that use any name of a set, how many use each. Nothing is tested
for significance: every use is there to be read.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from aggregator.comparing.reading import Read, Sentence
from aggregator.comparing.sections import CalledBy, Evidence, Id, NameUse, Naming, Span
from aggregator.comparing.words import words
from feeds.words import folded

MOST_EVIDENCE = 6
FEWEST_LETTERS = 2  # before a *


Phrase = tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Variants:
    """Names of one thing in one language. note: why they are told apart, for the reader; reference: a page on that.

    names: each as it is shown, or several forms separated by "|", of which the first is shown; a word that ends in *
    is any that begins so, for languages that bend theirs: "боевик|боевик*". What begins with - is none of the names,
    though one of them is in it: "fighter|-fighter jet".
    """

    language: str
    names: tuple[str, ...]
    note: str = ""
    reference: str = ""


def naming(articles: Sequence[Read], variants: Iterable[Variants], *, copies: Collection[Id] = ()) -> list[Naming]:
    """The sets by which two countries or more differ in the names they use most; those of most countries first.

    copies: articles that are others' text, whose words are not their own
    """
    found: list[Naming] = []
    own = [article for article in articles if article.telling.country and article.telling.article not in copies]
    forms = [sorted({word.form for sentence in article.sentences for word in sentence.words}) for article in own]
    for one in variants:
        told_by = _told_by(list(zip(own, forms, strict=True)), one)
        if any(first.isdisjoint(other) for first, other in combinations(map(_most_used, told_by), 2)):
            shown = tuple(_shown(name) for name in one.names)
            found.append(Naming(one.language, shown, one.note, one.reference, tuple(told_by)))
    return sorted(found, key=lambda naming: -len(naming.countries))


def _most_used(called: CalledBy) -> set[str]:
    """The name that most of a country's sources use; several where as many use each."""
    return {use.name for use in called.uses if use.sources == called.uses[0].sources}


def _told_by(articles: Sequence[tuple[Read, Sequence[str]]], variants: Variants) -> list[CalledBy]:
    """Who calls it what. articles: each with its words, sorted"""
    sources: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    evidence: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    phrases = [
        ("" if form.startswith("-") else _shown(name), phrase)
        for name in variants.names
        for form in map(str.strip, name.split("|"))
        if (phrase := _phrase(form))
    ]
    # A longer name first: "special military operation" is no "operation".
    phrases.sort(key=lambda phrase: -len(phrase[1]))
    for article, forms in articles:
        told = article.telling
        present = [phrase for phrase in phrases if told.language == variants.language and _may_have(forms, phrase[1])]
        if not any(name for name, _ in present):
            continue
        for name, (sentence, span) in _first_uses(article, present).items():
            sources[told.country][name].add(told.source)
            evidence[told.country, name].append(article.evidence(sentence, span))
    called = [
        CalledBy(
            country,
            len(set().union(*by_name.values())),
            tuple(
                NameUse(name, len(by_name[name]), tuple(evidence[country, name][:MOST_EVIDENCE]))
                for name in sorted(by_name, key=lambda name: (-len(by_name[name]), -len(evidence[country, name]), name))
            ),
        )
        for country, by_name in sources.items()
    ]
    return sorted(called, key=lambda one: (-one.sources, one.country))


def _may_have(forms: Sequence[str], phrase: Phrase) -> bool:
    """Whether each word of a phrase is among these."""
    for part, is_beginning in phrase:
        place = bisect_left(forms, part)
        if place == len(forms) or not (forms[place].startswith(part) if is_beginning else forms[place] == part):
            return False
    return True


def _first_uses(article: Read, phrases: Sequence[tuple[str, Phrase]]) -> dict[str, tuple[Sentence, Span]]:
    """Of each name the first place in an article."""
    found: dict[str, tuple[Sentence, Span]] = {}
    for sentence in article.sentences:
        forms = [word.form for word in sentence.words]
        taken: set[int] = set()
        for name, phrase in phrases:
            for place in _places(phrase, forms):
                span = range(place, place + len(phrase))
                if taken.isdisjoint(span):
                    taken.update(span)
                    if not name:
                        continue  # a fighter jet is no fighter
                    found.setdefault(name, (sentence, (sentence.words[place].begin, sentence.words[span.stop - 1].end)))
    return found


def _places(phrase: Phrase, forms: Sequence[str]) -> Iterator[int]:
    first, is_beginning = phrase[0]
    for place, form in enumerate(forms[: len(forms) - len(phrase) + 1]):
        if (form.startswith(first) if is_beginning else form == first) and all(
            other.startswith(part) if is_prefix else other == part
            for (part, is_prefix), other in zip(phrase[1:], forms[place + 1 :], strict=False)
        ):
            yield place


def is_too_wide(name: str) -> bool:
    """Whether one of its forms has no word in it, or a beginning of one that nearly any word has."""
    forms = [_phrase(form) for form in map(str.strip, name.split("|"))]
    lone = any(part.removesuffix("*").rpartition("-")[2] == "" for part in name.split() if part.endswith("*"))
    return (
        lone or not all(forms) or any(begins and len(word) < FEWEST_LETTERS for form in forms for word, begins in form)
    )


def _shown(name: str) -> str:
    return name.partition("|")[0].strip()


def _phrase(form: str) -> Phrase:
    """The words of a form as they are compared, and whether each is a beginning."""
    phrase: list[tuple[str, bool]] = []
    for part in form.removeprefix("-").split():
        phrase += [(word.form, False) for word in words(part)]
        beginning = folded(part.removesuffix("*").rpartition("-")[2]) if part.endswith("*") else ""
        if beginning and phrase:  # a * alone would be any word
            phrase[-1] = beginning, True
    return tuple(phrase)
