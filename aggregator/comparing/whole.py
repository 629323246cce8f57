"""All sections of a story's page at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from aggregator.comparing.central import centrals
from aggregator.comparing.columns import columns
from aggregator.comparing.copied import copied_texts
from aggregator.comparing.differing import differing
from aggregator.comparing.naming import Variants, naming
from aggregator.comparing.only_here import only_here
from aggregator.comparing.origins import origins
from aggregator.comparing.quotes import shared_quotes
from aggregator.comparing.reading import read
from aggregator.comparing.sections import Comparison, Head, Report, Summary
from aggregator.comparing.silent import Coverage, silent, voices
from aggregator.comparing.speakers import speakers
from aggregator.comparing.tellings import Telling, chosen, has_plausible_date, middle_of
from aggregator.comparing.wording import Background, wording


def compare(
    tellings: Iterable[Telling],
    *,
    now: datetime,
    language: str = "",
    coverage: Sequence[Coverage] | None = None,
    background: Mapping[str, Background] | None = None,
    variants: Sequence[Variants] = (),
    furniture: Mapping[str, Collection[int]] | None = None,
) -> Comparison | None:
    """Compare the articles of one story; None where there is none.

    language:   whose headline is to stand for the story, if there is one in it
    coverage:   of countries, whether they tell it or not; background: as in wording()
    variants:   names of one thing, as curators keep them
    furniture:  by source, what it repeats on its pages, as in read()
    Takes a worker one second for the 200 articles it looks at, at most.
    """
    everything = list(tellings)
    looked_at = chosen(everything)
    if not looked_at:
        return None
    articles = read(looked_at, furniture)
    copied, copies = copied_texts(looked_at)
    timeline = _reports(everything)
    return Comparison(
        story=_summary(everything, looked_at, language),
        timeline=timeline,
        columns=tuple(columns(articles)),
        wording=tuple(wording(articles, copies=copies, background=background)),
        naming=tuple(naming(articles, variants, copies=copies)),
        quotes=tuple(shared_quotes(articles, copies=copies)),
        speakers=tuple(speakers(articles, copies=copies)),
        only_here=tuple(only_here(articles, copies=copies)),
        differing=tuple(differing(articles, copies=copies)),
        copied=tuple(copied),
        voices=tuple(voices(everything, coverage or ())),
        silent=None if coverage is None else tuple(silent(everything, coverage, now=now)),
        origins=tuple(origins(articles, timeline)),
    )


def _summary(everything: Sequence[Telling], looked_at: Sequence[Telling], language: str) -> Summary:
    middle = middle_of(everything)
    heads = centrals(looked_at)
    headline = heads.get(language) or heads[""]
    dated = [one for one in everything if has_plausible_date(one, middle)]
    first = min(dated, key=lambda one: (one.published_at, str(one.article)), default=None)
    return Summary(
        headline=headline.article,
        title=headline.title,
        language=headline.language,
        articles=len(everything),
        sources=len({one.source for one in everything}),
        countries=len({one.country for one in everything if one.country}),
        languages=len({one.language for one in everything if one.language}),
        first=first.article if first else None,
        first_source=first.source if first else "",
        first_at=first.published_at if first else None,
        compared=len(looked_at),
        heads=tuple(Head(of, heads[of].article) for of in sorted(heads) if of),
    )


def _reports(everything: Sequence[Telling]) -> tuple[Report, ...]:
    """Each source's first, in order of time; nothing where only one source tells."""
    middle = middle_of(everything)
    earliest: dict[str, Telling] = {}
    for one in sorted(everything, key=lambda one: (one.published_at, str(one.article))):
        if has_plausible_date(one, middle):
            earliest.setdefault(one.source, one)
    if len(earliest) < 2:
        return ()
    return tuple(Report(one.article, one.source, one.country, one.published_at) for one in earliest.values())
