"""Does an event continue an earlier one? Events that do make a storyline, over days to months.

What is told anew shares its persons and places and a good part of its rare words with what was told before, however
long ago: asked are two names at least and a likeness of the whole. Where capitals tell no names, more of both.
"""

from datetime import timedelta

from aggregator.finding.candidates import Candidate
from aggregator.finding.names import PAIR
from aggregator.finding.profiles import Profile
from aggregator.finding.usual import USUAL
from aggregator.finding.vectors import best, similarity

LONGEST = timedelta(days=200)  # between the two
KEY_NAMES, KEY_WORDS = 14, 40  # of a story
_NAMES_SHARED, _WORDS_SHARED, _ALIKE = 2, 4, 0.26
_WORDS_SHARED_WITHOUT_NAMES, _ALIKE_WITHOUT_NAMES = 5, 0.42


def continues(later: Candidate, earlier: Candidate) -> float:
    """How surely the later event continues the earlier one, to 1; 0: it does not."""
    apart = later.oldest_at - earlier.newest_at
    if later.oldest_at <= earlier.oldest_at or apart > LONGEST:
        return 0.0
    one, other = later.profile, earlier.profile
    alike = similarity(one.centroid, other.centroid)
    words = len(best(one.centroid, KEY_WORDS).keys() & best(other.centroid, KEY_WORDS).keys())
    if names_shared(one, other) >= _NAMES_SHARED and words >= _WORDS_SHARED and alike >= _ALIKE:
        return alike
    return alike if words >= _WORDS_SHARED_WITHOUT_NAMES and alike >= _ALIKE_WITHOUT_NAMES else 0.0


def names_shared(one: Profile, other: Profile) -> int:
    """How many persons and places are chief names of both; "angela_merkel" and its two words are one.

    What news is always full of, countries above all, ties no events.
    """
    chief = best(one.names, KEY_NAMES).keys() & best(other.names, KEY_NAMES).keys()
    shared = {name for name in chief if not all(part in USUAL for part in name.split(PAIR))}
    rows = {name for name in shared if PAIR in name}
    in_rows = {part for name in rows for part in name.split(PAIR)}
    return len(rows) + len(shared - rows - in_rows)
