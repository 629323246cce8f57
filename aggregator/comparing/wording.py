"""Which words set a country's coverage apart from the others'.

Weighted log-odds with an informative Dirichlet prior: Monroe, Colaresi, Quinn, "Fightin' Words: Lexical Feature
Selection and Evaluation for Identifying the Content of Political Conflict", Political Analysis 16 (2008), section
3.5.1. A word's odds here against its odds there, both drawn towards what is usual, in standard errors: what is rare
proves little, and what is everywhere sets nothing apart.

A story has few articles and many words, and some stand apart by chance. Hence a word must also stand in more of the
side's articles than chance deals out: Fisher's exact test, of which the false ones are held to one in ten (Benjamini
and Hochberg, "Controlling the False Discovery Rate", Journal of the Royal Statistical Society B 57, 1995).

Counted are the sentences a word stands in, three of an article at most: one author's repetition is not a country's
way of telling. Languages are never compared with each other.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from aggregator.comparing.demonyms import names_country
from aggregator.comparing.odds import believable, chance_of, log_odds
from aggregator.comparing.reading import Read, Sentence
from aggregator.comparing.sections import Apart, Evidence, Id, Side
from aggregator.comparing.terms import Stands, places
from aggregator.comparing.words import form_of, is_han

SIGNIFICANT = 1.96  # standard errors: one word in forty of those that set nothing apart gets here by chance
FEWEST_ARTICLES = 3  # of a side, and of the others together: two articles differ in everything
FEWEST_USES = 3  # articles of the side that have the word: of two, chance has a hand in every other
FEWEST_SHARE = 0.2  # of the side's articles: what fewer say is not how the country tells it
FEWEST_SOURCES = 2  # that use a word: what one source says is its style
PER_ARTICLE = 3
MOST_WORDS = 8
MOST_EVIDENCE = 12
PRIOR_SHARE, MOST_PRIOR = 0.25, 500  # of the smaller body's words: what is usual weighs as much as that

_SAYING_NOTHING = frozenset("的了是在和有不为為与與对對也这這那就都而及着他她它们們我你一个個上下中说說")

Background = Mapping[str, float]


def wording(
    articles: Sequence[Read],
    *,
    copies: Collection[Id] = (),
    background: Mapping[str, Background] | None = None,
) -> list[Side]:
    """What each country's articles say that the others do not, the side with most articles first.

    copies:     articles that are others' text, which say nothing of who printed them
    background: by language, in how many documents of the last weeks a word stood; without it the story's own
                words stand for what is usual, as they do in the paper
    A side without three articles of its own, three of others, or any such word is left out.
    """
    by_language: dict[str, list[Read]] = defaultdict(list)
    for article in articles:
        if article.telling.country and article.telling.article not in copies:
            by_language[article.telling.language].append(article)
    sides = [
        side
        for language, told in by_language.items()
        for side in _sides(told, language, (background or {}).get(language, {}))
    ]
    return sorted(sides, key=lambda side: (-len(side.articles), side.country, side.language))


def _sides(articles: Sequence[Read], language: str, background: Background) -> Iterator[Side]:
    countries = Counter(article.telling.country for article in articles)
    large = [
        country
        for country, count in countries.items()
        if count >= FEWEST_ARTICLES and len(articles) - count >= FEWEST_ARTICLES
    ]
    if not large:
        return
    found = [places(article, PER_ARTICLE) for article in articles]
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    using: dict[tuple[str, str], list[str]] = defaultdict(list)
    for article, stands_of in zip(articles, found, strict=True):
        told = article.telling
        for term, stands in stands_of.items():
            counts[told.country][term] += len(stands)
            using[told.country, term].append(told.source)
    pooled = Counter[str]()
    for counted in counts.values():
        pooled.update(counted)
    with_term = Counter(term for stands_of in found for term in stands_of)
    usual = _usual(pooled, background)
    everything = pooled.total()
    source_names = {word for article in articles for word in map(form_of, _plain(article.telling.source))}
    for country in large:
        here, all_here = counts[country], counts[country].total()
        all_there = everything - all_here
        prior = min(PRIOR_SHARE * min(all_here, all_there), MOST_PRIOR)
        scored: list[tuple[float, str, float]] = []
        chances: list[float] = []
        for term, count in here.items():
            uses = len(using[country, term])
            if (
                uses < max(FEWEST_USES, FEWEST_SHARE * countries[country])
                or len(set(using[country, term])) < FEWEST_SOURCES
            ):
                continue
            there = pooled[term] - count
            chance = chance_of(uses, countries[country], with_term[term], len(articles))
            chances.append(chance)
            z = log_odds(count, all_here, there, all_there, usual=prior * usual[term], all_usual=prior)
            if z >= SIGNIFICANT and not _is_out(term, country, language, source_names):
                scored.append((z, term, chance))
        bar = believable(chances)
        apart = [(z, term) for z, term, chance in scored if chance <= bar]
        best = _without_parts(sorted(apart, key=lambda one: (-one[0], one[1])))
        if best:
            own = [place for place, article in enumerate(articles) if article.telling.country == country]
            yield Side(
                country,
                language,
                tuple(articles[place].telling.article for place in own),
                len({articles[place].telling.source for place in own}),
                tuple(sorted(other for other in countries if other != country)),
                tuple(_apart(term, z, country, articles=articles, found=found) for z, term in best),
            )


def _usual(pooled: Mapping[str, int], background: Background) -> dict[str, float]:
    """What share of all words this one usually has: in the story, and in the weeks before, the mean of both.

    By the weeks alone a word of this story would have next to no share, and what is next to none proves nothing.
    """
    own, before = sum(pooled.values()), sum(background.values())
    if not before:
        return {term: count / own for term, count in pooled.items()}
    return {term: (count / own + background.get(term, 0) / before) / 2 for term, count in pooled.items()}


def _is_out(term: str, country: str, language: str, source_names: Collection[str]) -> bool:
    parts = term.split(" ")
    return all(part in source_names or names_country(part, country, language) for part in parts)


def _without_parts(ranked: Iterable[tuple[float, str]]) -> list[tuple[float, str]]:
    """The best, none of which shares a word with a better one: "special operation", not "special" as well."""
    kept: list[tuple[float, str]] = []
    seen: set[str] = set()
    for z, term in ranked:
        parts = set(term) if is_han(term) else set(term.split(" "))
        if not parts & seen:
            kept.append((z, term))
            seen |= parts
        if len(kept) == MOST_WORDS:
            break
    return kept


def _apart(
    term: str,
    z: float,
    country: str,
    *,
    articles: Sequence[Read],
    found: Sequence[Stands],
) -> Apart:
    stands = [
        (article, sentence, span)
        for article, stands_of in zip(articles, found, strict=True)
        for sentence, span in stands_of.get(term, ())
    ]
    here = [stand for stand in stands if stand[0].telling.country == country]
    there = [stand for stand in stands if stand[0].telling.country != country]
    here.sort(key=lambda stand: _fitness(stand[1]))
    written = Counter(article.body[begin:end] for article, _, (begin, end) in here)
    text = max(written, key=lambda one: (written[one], one.islower(), one))
    evidence = [article.evidence(sentence, span) for article, sentence, span in here]
    return Apart(
        text,
        round(z, 2),
        len(here),
        len(there),
        len({article.telling.source for article, *_ in here}),
        tuple(_of_many_articles(evidence)[:MOST_EVIDENCE]),
        tuple(article.evidence(sentence, span) for article, sentence, span in there[:3]),
    )


def _fitness(sentence: Sentence) -> tuple[bool, int]:
    """The best example first: a sentence of the text, neither a scrap nor a paragraph."""
    length = sentence.end - sentence.begin
    return sentence.is_title, abs(length - 130) // 30


def _of_many_articles(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Each article's first before any second."""
    seen = Counter[Id]()
    ranked: list[tuple[int, int, Evidence]] = []
    for place, one in enumerate(evidence):
        ranked.append((seen[one.article], place, one))
        seen[one.article] += 1
    return [one for *_, one in sorted(ranked, key=lambda entry: entry[:2])]


def _plain(name: str) -> list[str]:
    return [part for part in name.replace(".", " ").replace("-", " ").split() if part]
