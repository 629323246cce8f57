"""What the search page shows before anything is searched for: the stories that are told most."""

from datetime import datetime

from accounts.preferences import Preferences
from aggregator.kept_ranking import current_ranking
from aggregator.tellings import Told, choose_apart, loader, seen_by

MOST_TOLD = 6


def much_told(preferences: Preferences, *, language: str, now: datetime) -> list[Told]:
    """The stories that stand highest, each by an article this reader may see, in `language` before others."""
    ranking = current_ranking(now)
    tellers = seen_by(preferences, [ranking.stories[pk] for pk in ranking.top[:MOST_TOLD]])
    chosen = choose_apart([pk for pk in ranking.top[:MOST_TOLD] if pk in tellers], tellers, language=language)
    told = loader(chosen, preferences, language)
    return [found for one in chosen if (found := told(one))]
