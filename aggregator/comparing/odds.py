"""The two tests that a word must pass to set a country's coverage apart: how far its odds differ, and how likely
chance alone deals it out so. Pure arithmetic; wording.py says where the formulas are from.
"""

import math
from collections.abc import Sequence

FALSE_ONES = 0.1


def log_odds(here: float, all_here: float, there: float, all_there: float, *, usual: float, all_usual: float) -> float:
    """How far a word's odds differ between two bodies of text, in standard errors; above 0: more here.

    here of all_here words are this one, there of all_there; usual, all_usual: the prior's counts.
    Equations 16, 20 and 22 of Monroe et al.
    """
    one, other = here + usual, there + usual
    if all_here + all_usual <= one or all_there + all_usual <= other:
        return 0.0  # nothing else is said at all
    difference = math.log(one / (all_here + all_usual - one)) - math.log(other / (all_there + all_usual - other))
    return difference / math.sqrt(1 / one + 1 / other)


def chance_of(here: int, side: int, everywhere: int, articles: int) -> float:
    """How likely `here` or more of a side's articles have a word that `everywhere` of all have, were it dealt out."""
    ways = sum(
        math.comb(everywhere, count) * math.comb(articles - everywhere, side - count)
        for count in range(here, min(everywhere, side) + 1)
    )
    return ways / math.comb(articles, side)


def believable(chances: Sequence[float]) -> float:
    """The chance up to which, of so many words tried, one in ten is a false one at most; below 0 where none is."""
    ranked = sorted(chances)
    kept = [chance for rank, chance in enumerate(ranked, 1) if chance <= FALSE_ONES * rank / len(ranked)]
    return max(kept, default=-1.0)
