"""Is an article of a story told in other languages? Asked where the words of both can not be compared.

There are no labels to learn from, so the rule is strict: several rare anchors (anchors.py), most of what both have,
within a day and a half.
"""

from datetime import datetime, timedelta

from aggregator.finding.anchors import MARK
from aggregator.finding.candidates import Candidate, silence_before
from aggregator.finding.features import Features
from aggregator.finding.vectors import similarity

LONGEST_SILENCE = timedelta(hours=36)
_NAMES, _ANCHORS, _RARITY, _ALIKE = 2, 3, 1.6, 0.4


def across(article: Features, at: datetime, story: Candidate) -> float:
    """How surely an article is of a story in other languages; 0: it is not."""
    profile = story.profile
    languages = profile.languages
    is_foreign = article.language and languages and (article.language not in languages or len(languages) > 1)
    if not is_foreign or silence_before(at, story) > LONGEST_SILENCE:
        return 0.0
    shared = [anchor for anchor in article.anchors if anchor in profile.anchors]
    names = [anchor for anchor in shared if not anchor[len(MARK)].isdigit()]
    rarity = sum([article.rarity.get(anchor, 0.0) for anchor in shared])
    if len(shared) < _ANCHORS or len(names) < _NAMES or rarity < _RARITY:
        return 0.0
    alike = similarity(article.anchors, profile.anchors)
    return alike if alike >= _ALIKE else 0.0
