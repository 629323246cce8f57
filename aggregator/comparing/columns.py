"""Who tells the story: a column per country with its headlines, and what is said in that headline alone."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from aggregator.comparing.reading import Read
from aggregator.comparing.sections import Column, Headline, Span
from aggregator.comparing.tellings import has_plausible_date, middle_of
from aggregator.stop_words import STOP_WORDS

MOST_ARTICLES = 5
MOST_LEAD = 400


def columns(articles: Sequence[Read]) -> list[Column]:
    """The countries, most sources first; their headlines in order of time, each source's first before its second.

    articles: the earliest first
    """
    middle = middle_of([article.telling for article in articles])
    by_country: dict[str, list[Read]] = defaultdict(list)
    saying: dict[tuple[str, str], set[str]] = defaultdict(set)
    tellers: dict[str, set[str]] = defaultdict(set)
    for article in articles:
        told = article.telling
        by_country[told.country].append(article)
        tellers[told.language].add(told.country)
        for form in _said(article):
            saying[told.language, form].add(told.country)
    found: list[Column] = []
    for country, told_by in by_country.items():
        moments = [one.telling.published_at for one in told_by if has_plausible_date(one.telling, middle)]
        found.append(
            Column(
                country,
                len(told_by),
                len({article.telling.source for article in told_by}),
                min(moments, default=None),
                tuple(_headline(article, saying, tellers) for article in _in_turns(told_by)[:MOST_ARTICLES]),
            )
        )
    return sorted(found, key=lambda column: (-column.sources, -column.articles, column.country))


def _said(article: Read) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = defaultdict(list)
    for sentence in article.sentences:
        if sentence.is_title:
            for word in sentence.words:
                if word.form not in STOP_WORDS:
                    found[word.form].append((word.begin, word.end))
    return found


def _headline(article: Read, saying: dict[tuple[str, str], set[str]], tellers: dict[str, set[str]]) -> Headline:
    told = article.telling
    title = article.body.partition("\n")[0]
    own: list[Span] = []
    common: list[Span] = []
    if len(tellers[told.language]) > 1:
        for form, spans in _said(article).items():
            countries = saying[told.language, form]
            if len(countries) == 1:
                own += spans
            elif 2 * len(countries) >= len(tellers[told.language]):
                common += spans
    if 2 * len(own) > sum(map(len, _said(article).values())):
        own = []  # it is another headline altogether, as most are where each country has one: no word is the finding
    return Headline(
        told.article,
        told.source,
        told.language,
        told.published_at,
        title,
        tuple(sorted(own)),
        tuple(sorted(common)),
        _lead(article),
    )


def _lead(article: Read) -> str:
    """The first paragraph that tells something, up to 400 characters of it."""
    first = next((sentence for sentence in article.sentences if not sentence.is_title), None)
    if first is None:
        return ""
    end = article.body.find("\n", first.begin)
    paragraph = article.body[first.begin : end if end > 0 else None].strip()
    if len(paragraph) <= MOST_LEAD:
        return paragraph
    return paragraph[:MOST_LEAD].rsplit(" ", 1)[0].rstrip(" .,;:–—-") + "…"


def _in_turns(told_by: Sequence[Read]) -> list[Read]:
    turn = Counter[str]()
    ranked: list[tuple[int, Read]] = []
    for article in told_by:
        ranked.append((turn[article.telling.source], article))
        turn[article.telling.source] += 1
    return [article for _, article in sorted(ranked, key=lambda one: one[0])]
