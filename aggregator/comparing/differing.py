"""Where countries give other numbers for the same thing: 12 killed, or 19.

Two numbers are of the same thing where they count the same word in one language, with the same unit, and their
sentences share two more words that say something; where they are further apart than three times they are of two
things. A number is of the same thing as others where it is so with half of them (average linkage: one sentence that is
a little like another does not bring in an earlier event). Of each source counts what it said last. Shown are those of
which two countries have no value in common, each value with the time it was first given: counts rise while news grows.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import combinations

from aggregator.comparing.numbers import Number, is_of_another_year, numbers
from aggregator.comparing.reading import Read, Sentence
from aggregator.comparing.sections import Differing, Id, Value
from aggregator.stop_words import STOP_WORDS

SHARED_WORDS = 2
LIKE_THEM = 0.5
FURTHEST = 3.0  # times
FEWEST_SOURCES = 2  # in all
MOST = 8
MOST_STATED = 120  # of one word; more is a word everything is counted in
MOST_EVIDENCE = 6


Stated = tuple[Read, Number]


def differing(articles: Sequence[Read], *, copies: Collection[Id] = ()) -> list[Differing]:
    """The things that countries give other numbers for; what most sources speak of first.

    copies: articles that are others' text, which counted nothing themselves
    """
    by_head: dict[tuple[str, str, str], list[Stated]] = defaultdict(list)
    for article in articles:
        if article.telling.article not in copies:
            for number in numbers(article):
                if number.head and number.kind != "m" and not is_of_another_year(article, number.sentence):
                    by_head[article.telling.language, number.kind, number.head].append((article, number))
    found: list[tuple[int, Differing]] = []
    for (language, _, head), stated in by_head.items():
        for group in map(_last_words, _of_one_thing(stated[:MOST_STATED], head)):
            values = _values(group)
            sources = {article.telling.source for article, _ in group}
            if len(values) > 1 and len(sources) >= FEWEST_SOURCES and _divides(group):
                found.append((len(sources), Differing(head, language, tuple(values))))
    found.sort(key=lambda one: (-one[0], one[1].what))
    return [one for _, one in found[:MOST]]


def _of_one_thing(stated: Sequence[Stated], head: str) -> list[list[Stated]]:
    """Numbers that are spoken of alike, together; each joins the group it is like most of."""
    contexts = [_context(number.sentence, head) for _, number in stated]
    groups: list[list[int]] = []
    for place in range(len(stated)):
        best, share = None, LIKE_THEM
        for group in groups:
            alike = sum(_are_alike(stated, contexts, place, other) for other in group) / len(group)
            if alike >= share and (best is None or alike > share):
                best, share = group, alike
        if best is None:
            groups.append([place])
        else:
            best.append(place)
    return [[stated[place] for place in group] for group in groups]


def _are_alike(stated: Sequence[Stated], contexts: Sequence[frozenset[str]], one: int, other: int) -> bool:
    low, high = sorted((stated[one][1].value, stated[other][1].value))
    return high <= FURTHEST * low and len(contexts[one] & contexts[other]) >= SHARED_WORDS


def _last_words(group: Sequence[Stated]) -> list[Stated]:
    """What each source said last: earlier counts of a disaster are no other opinion of it."""
    last: dict[str, Read] = {}
    for article, _ in group:
        known = last.get(article.telling.source)
        if known is None or known.telling.published_at < article.telling.published_at:
            last[article.telling.source] = article
    return [(article, number) for article, number in group if last[article.telling.source] is article]


def _context(sentence: Sentence, head: str) -> frozenset[str]:
    return frozenset(
        word.form
        for word in sentence.words
        if len(word.form) > 2 and word.form not in STOP_WORDS and word.form != head and not word.form[0].isdigit()
    )


def _divides(group: Sequence[Stated]) -> bool:
    given: dict[str, set[float]] = defaultdict(set)
    for article, number in group:
        if article.telling.country:
            given[article.telling.country].add(number.value)
    return any(one.isdisjoint(other) for one, other in combinations(given.values(), 2))


def _values(group: Sequence[Stated]) -> list[Value]:
    by_value: dict[float, list[Stated]] = defaultdict(list)
    for article, number in group:
        by_value[number.value].append((article, number))
    return [
        Value(
            value,
            stated[0][0].body[slice(*stated[0][1].span)],
            tuple(dict.fromkeys(article.telling.country for article, _ in stated)),
            len({article.telling.source for article, _ in stated}),
            tuple(dict.fromkeys(article.evidence(number.sentence, number.span) for article, number in stated))[
                :MOST_EVIDENCE
            ],
            min(article.telling.published_at for article, _ in stated),
        )
        for value, stated in sorted(by_value.items())
    ]
