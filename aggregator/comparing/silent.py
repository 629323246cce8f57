"""Countries whose sources usually tell such stories and have nothing on this one.

How many of a country's sources told each comparable story of the last 90 days (its category, told by as many
countries) is taken as negative binomial, fitted by its mean and variance (method of moments: Anscombe, "Sampling
theory of the negative binomial and logarithmic series distributions", Biometrika 37, 1950), since coverage comes in
bursts a Poisson does not know. Silent is a country for which nothing would be rarer than one in a hundred. That is no
word on why: sources may be late, or not concerned.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean, median, variance

from aggregator.comparing.sections import Silence, Voice
from aggregator.comparing.tellings import Telling, middle_of

RARE = 0.01
FEWEST_POLLED = 8  # fewer sources of a country are not the country
FEWEST_STORIES = 30  # about a month of them; fewer tell no variance
YOUNGEST = timedelta(hours=24)  # before, the others are asleep


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is known of a country. polled: its sources that were asked since the story began.

    usual: of each comparable story before, how many of its sources told it
    """

    country: str
    polled: int
    usual: Sequence[int]


def voices(tellings: Iterable[Telling], coverage: Iterable[Coverage]) -> list[Voice]:
    """Of each country that tells the story how many of its polled sources do, the most first."""
    sources: dict[str, set[str]] = defaultdict(set)
    for telling in tellings:
        sources[telling.country].add(telling.source)
    told = [
        Voice(one.country, len(sources[one.country]), max(one.polled, len(sources[one.country])))
        for one in coverage
        if one.country in sources
    ]
    return sorted(told, key=lambda voice: (-voice.sources, voice.country))


def silent(tellings: Sequence[Telling], coverage: Iterable[Coverage], *, now: datetime) -> list[Silence]:
    """The countries that have nothing though it is to be expected of them, the most surprising first.

    None while the story's middle article is younger than a day; none of a country with fewer than eight sources
    polled since, or fewer than thirty comparable stories.
    """
    if not tellings or now - middle_of(tellings) < YOUNGEST:
        return []
    heard = {telling.country for telling in tellings}
    found: list[Silence] = []
    for one in coverage:
        if one.country in heard or one.polled < FEWEST_POLLED or len(one.usual) < FEWEST_STORIES:
            continue
        probability = chance_of_none(one.usual)
        if probability < RARE:
            found.append(Silence(one.country, one.polled, median(one.usual), len(one.usual), round(probability, 5)))
    return sorted(found, key=lambda silence: (silence.probability, silence.country))


def chance_of_none(usual: Sequence[int]) -> float:
    """How likely zero is after these counts, two at least; never less than how often it came.

    With mean m and variance v > m the size is k = m²/(v−m) and the chance (1 + m/k)^−k; otherwise e^−m, the Poisson's.
    """
    mean, spread = fmean(usual), variance(usual)
    if mean == 0:
        return 1.0
    if spread > mean:
        size = mean * mean / (spread - mean)
        fitted = math.pow(1 + mean / size, -size)
    else:
        fitted = math.exp(-mean)
    return max(fitted, sum(count == 0 for count in usual) / len(usual))
