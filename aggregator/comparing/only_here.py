"""What only one country's coverage has: numbers, names and quotations that stand in no other's.

Set difference, no statistic: how many sources were looked through stands beside it, and one of which we have but a
teaser was not. Numbers are compared across all
languages, names among texts in one script, quotations within one language, and not where another country's sentence
has half of its words. What an article copied counts for those
who must not have it, and not for those who have.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Sequence
from typing import cast

from aggregator.comparing.names import KEY, names, script_of_text
from aggregator.comparing.numbers import Number, is_of_another_year, numbers
from aggregator.comparing.paraphrase import Sayings
from aggregator.comparing.quotes import Quotation, around, groups
from aggregator.comparing.reading import Read
from aggregator.comparing.sections import Evidence, Id, Only, OnlyHere
from aggregator.comparing.tellings import Telling
from aggregator.comparing.words import form_of
from feeds.words import is_unspaced

FEWEST_OTHER_SOURCES = 3  # what two others leave out they may have left out for want of room
LETTERS_PER_SIGN = 3  # in scripts without spaces
TEASER = 250  # characters of headline and text; of so few nobody can say what the article leaves out
FEWEST_MENTIONS = 3  # of a name by one source alone: less is a passing remark
LARGE = 100
EMPHASIS = ("%", 100.0)  # "100 percent with Japan"
NEAR = 0.02  # of a value: "1.2 million" is 1,210,400
MOST = 5  # of each kind
MOST_OF_ONE_SOURCE = 3  # numbers
MOST_QUOTES = 3
MOST_EVIDENCE = 8


def only_here(articles: Sequence[Read], *, copies: Collection[Id] = ()) -> list[OnlyHere]:
    """By country what no other has, the country with most sources first; one with nothing of its own is left out."""
    scripts = [script_of_text(article.body) for article in articles]
    whole = [article for article in articles if not _is_teaser(article)]
    writing = [(script_of_text(article.body), article.telling) for article in whole]
    everyone = {(article.telling.country, article.telling.source) for article in whole}
    figures = _Kind(articles, copies)
    stated = [list(numbers(article)) for article in articles]
    for place, found in enumerate(stated):
        for number in found:
            phrase = _phrase(articles[place], number)
            is_of_story = not is_of_another_year(articles[place], number.sentence)
            figures.add(place, (number.kind, number.value), phrase, number, is_shown=is_of_story)
    _spread_near(figures.countries)
    persons = _Kind(articles, copies)
    small, alone = _small_words(articles), _alone(articles)
    for place, article in enumerate(articles):
        own_name = {form_of(part) for part in article.telling.source.replace(".", " ").split()}
        for name in names(article):
            if own_name.isdisjoint(name.forms):
                # "Mattis" and "Defense Secretary Jim Mattis" are one; of "Blue House" and "White House" all words tell
                key = name.forms[-1:] if name.forms[-1] in alone - small else name.forms
                persons.add(place, (scripts[place], tuple(form[:KEY] for form in key)), name.text, name)
    said, small_keys = _said(articles, scripts), {form[:KEY] for form in small}
    spoken = _Kind(articles, copies)
    for serial, (_, group) in enumerate(groups(articles)):
        text = articles[group[0].number].body[slice(*group[0].span)]
        for quotation in group:
            spoken.add(quotation.number, serial, text, quotation)
    sayings = Sayings(articles)
    found_here: list[OnlyHere] = []
    for country in dict.fromkeys(article.telling.country for article in articles):
        others = {source for source in everyone if source[0] != country}
        if not country or len(others) < FEWEST_OTHER_SOURCES:
            continue
        own = [article.telling for article in articles if article.telling.country == country]
        one = OnlyHere(
            country,
            tuple(telling.article for telling in own),
            len({telling.source for telling in own}),
            _numbers_only(figures, country, len(others)),
            _names_only(persons, country, writing, said, small_keys),
            _quotes_only(spoken, country, whole, sayings),
        )
        if one.numbers or one.names or one.quotes:
            found_here.append(one)
    return sorted(found_here, key=lambda one: (-one.sources, one.country))


class _Kind:
    """Where the things of one kind stand, by what they are known by."""

    def __init__(self, articles: Sequence[Read], copies: Collection[Id]) -> None:
        self.articles = articles
        self.copies = copies
        self.countries: dict[Hashable, set[str]] = defaultdict(set)
        self.stands: dict[Hashable, list[tuple[int, object]]] = defaultdict(list)
        self.written: dict[Hashable, Counter[str]] = defaultdict(Counter)

    def add(self, place: int, key: Hashable, text: str, thing: object, *, is_shown: bool = True) -> None:
        """Note where a thing stands; what is not shown is at least not only another's."""
        told = self.articles[place].telling
        self.countries[key].add(told.country)
        if is_shown and told.article not in self.copies:
            self.stands[key].append((place, thing))
            # "Media Vladimir Putin": where a sentence begins, a name may begin too early.
            self.written[key][text] += not getattr(thing, "is_first", False)

    def keep_of_one_thing(self, key: Hashable) -> None:
        """Let a number rest only on the sentences in which it counts what most of them count."""
        heads = Counter(thing.head for _, thing in self.stands[key])  # type: ignore[attr-defined]
        [(most, _)] = heads.most_common(1)
        self.stands[key] = [stand for stand in self.stands[key] if stand[1].head == most]  # type: ignore[attr-defined]
        phrases = {_phrase(self.articles[place], cast(Number, thing)) for place, thing in self.stands[key]}
        self.written[key] = Counter({text: count for text, count in self.written[key].items() if text in phrases})

    def keys_of(self, country: str) -> list[Hashable]:
        """What stands in this country's articles alone, what most of its sources have first."""
        keys = [key for key, countries in self.countries.items() if countries == {country} and self.stands[key]]
        return sorted(
            keys, key=lambda key: (-self.sources(key), -len(self.stands[key]), self.stands[key][0][0], str(key))
        )

    def sources(self, key: Hashable) -> int:
        return len({self.articles[place].telling.source for place, _ in self.stands[key]})

    def counts(self, key: Hashable) -> bool:
        """Say whether it is ever told what this number counts."""
        return any(thing.head for _, thing in self.stands[key])  # type: ignore[attr-defined]

    def text(self, key: Hashable) -> str:
        written = self.written[key]
        return max(written, key=lambda text: (written[text], len(text) if written[text] else -len(text), text))

    def item(self, key: Hashable, looked_through: int) -> Only:
        evidence: list[Evidence] = []
        shown = self.text(key)
        stands = sorted(self.stands[key], key=lambda stand: not self._says(stand, shown))
        for place, thing in stands[:MOST_EVIDENCE]:
            one = around(self.articles[place], thing.span)  # type: ignore[attr-defined]  # numbers, names, quotations
            if one not in evidence:
                evidence.append(one)
        return Only(self.text(key), self.sources(key), looked_through, tuple(evidence))

    def _says(self, stand: tuple[int, object], text: str) -> bool:
        begin, end = stand[1].span  # type: ignore[attr-defined]
        return text in self.articles[stand[0]].body[begin : end + 40]


def _numbers_only(figures: _Kind, country: str, looked_through: int) -> tuple[Only, ...]:
    """One source's number is worth a line if it is large, a share or a price: every article counts something."""
    found: list[Only] = []
    of_one_source = 0
    for key in figures.keys_of(country):
        kind, value = cast(tuple[str, float], key)
        if (kind, value) == EMPHASIS:
            continue
        if not kind and value < LARGE:  # any two articles have a 10 of something
            figures.keep_of_one_thing(key)
        if figures.sources(key) < 2:
            is_worth_it = kind not in {"", "m"} or (value >= LARGE and not kind and figures.counts(key))
            of_one_source += is_worth_it
            if not is_worth_it or of_one_source > MOST_OF_ONE_SOURCE:
                continue
        found.append(figures.item(key, looked_through))
    return tuple(found[:MOST])


def _spread_near(countries: dict[Hashable, set[str]]) -> None:
    """Let whoever has a value have all those within two per cent of it, too."""
    values: list[tuple[str, float]] = sorted(countries)  # type: ignore[arg-type]  # (kind, value)
    stated = {value: frozenset(countries[value]) for value in values}
    for place, (kind, value) in enumerate(values):
        for other_kind, other in values[place + 1 :]:
            if other_kind != kind or other > value * (1 + NEAR):
                break
            countries[kind, value] |= stated[kind, other]
            countries[kind, other] |= stated[kind, value]


def _phrase(article: Read, number: Number) -> str:
    """The number with the word it counts; a price or a share stands for itself."""
    begin, end = number.span
    if number.kind:
        return " ".join(article.body[begin:end].split())
    word = next((word for word in number.sentence.words if word.form == number.head and word.begin >= end), None)
    return " ".join(article.body[begin : word.end if word else end].split())


def _is_teaser(article: Read) -> bool:
    """Whether all we have of an article is its beginning."""
    length = sum(LETTERS_PER_SIGN if is_unspaced(sign) else 1 for sign in article.body[:TEASER])
    return length < TEASER or article.telling.text.endswith(("…", "..."))


def _small_words(articles: Sequence[Read]) -> frozenset[str]:
    """The words that also stand without a capital."""
    return frozenset(
        word.form
        for article in articles
        for sentence in article.sentences
        for word in sentence.words
        if article.body[word.begin].islower()
    )


def _alone(articles: Sequence[Read]) -> frozenset[str]:
    """The words that are a name by themselves, so that longer names may be meant by them."""
    return frozenset(name.forms[0] for article in articles for name in names(article) if len(name.forms) == 1)


def _said(articles: Sequence[Read], scripts: Sequence[str]) -> dict[tuple[str, str], set[str]]:
    """Every word in every article, as a name's last word would be known, with the countries that have it."""
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    for article, script in zip(articles, scripts, strict=True):
        country = article.telling.country
        for key in {word.form[:KEY] for sentence in article.sentences for word in sentence.words}:
            said[script, key].add(country)
    return said


def _names_only(
    persons: _Kind,
    country: str,
    writing: Sequence[tuple[str, Telling]],
    said: dict[tuple[str, str], set[str]],
    small: Collection[str],
) -> tuple[Only, ...]:
    others: dict[str, set[str]] = defaultdict(set)
    for script, telling in writing:
        if telling.country != country:
            others[script].add(telling.source)
    found: list[Only] = []
    for key in persons.keys_of(country):
        script, forms = cast(tuple[str, tuple[str, ...]], key)
        telling_apart = forms if forms[-1] in small else forms[-1:]
        if len(others[script]) < FEWEST_OTHER_SOURCES or all(said[script, form] != {country} for form in telling_apart):
            continue
        mentions = len({(place, thing.sentence.begin) for place, thing in persons.stands[key]})  # type: ignore[attr-defined]
        if persons.sources(key) >= 2 or mentions >= FEWEST_MENTIONS:
            found.append(persons.item(key, len(others[script])))
            if len(found) == MOST:
                break
    return tuple(found)


def _quotes_only(spoken: _Kind, country: str, whole: Sequence[Read], sayings: Sayings) -> tuple[Only, ...]:
    others: dict[str, set[str]] = defaultdict(set)
    for article in whole:
        if article.telling.country != country:
            others[article.telling.language].add(article.telling.source)
    found: list[Only] = []
    heard: set[int] = set()  # whose quotations are among them: one article has dozens of its own
    for key in spoken.keys_of(country):
        if spoken.stands[key][0][0] in heard:
            continue
        language = spoken.articles[spoken.stands[key][0][0]].telling.language
        if len(others[language]) < FEWEST_OTHER_SOURCES:
            continue
        heard.add(spoken.stands[key][0][0])
        quotation = cast(Quotation, spoken.stands[key][0][1])
        if not sayings.is_said_elsewhere(quotation.words, language, country):
            found.append(spoken.item(key, len(others[language])))
        if len(found) == MOST_QUOTES:
            break
    return tuple(found)
