"""Which stories stand where on the front page, and who tells each, before their articles are loaded."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from accounts.preferences import Preferences
from aggregator.ranks import Ranking, Teller
from aggregator.tellings import Chosen, choose, choose_apart, seen_by

TOP_STORIES = 5  # the lead and the row under it
LEAD_AMONG = 3  # the lead is one of so many that stand highest
TOLD_BESIDE_LEAD, TOLD_BESIDE_TOP = 7, 2
MOST_TOLD, ONE_SIDED = 5, 3
PER_BLOCK = 6

Tellers = Mapping[int, list[Teller]]


@dataclass(frozen=True, slots=True)
class Plan:
    """Which stories stand where, before their articles are loaded; shelves: by category."""

    top: list[Chosen]
    most_told: list[Chosen]
    one_sided: list[Chosen]
    shelves: dict[str, list[Chosen]]

    def headed(self) -> list[Chosen]:
        """Those of which more is said than a card says."""
        return [*self.top, *self.most_told, *self.one_sided]


def plan_for(preferences: Preferences, ranking: Ranking, language: str) -> Plan:
    """The plan for this reader; for all who exclude nothing and read one language it is the same, and made once."""
    if preferences.excludes:
        return plan_of(ranking, seen_by(preferences, ranking.stories.values()), language=language)
    plans = plans_for_all(ranking)
    if language not in plans:
        plans[language] = plan_of(ranking, seen_by(preferences, ranking.stories.values()), language=language)
    return plans[language]


@lru_cache(maxsize=2)  # as many as rankings are kept
def plans_for_all(ranking: Ranking) -> dict[str, Plan]:
    """By language, what was planned of a ranking; plan_for writes it."""
    return {}


def plan_of(ranking: Ranking, tellers: Tellers, *, language: str) -> Plan:
    """Choose from what stands highest; `tellers` are those the reader may see.

    What stands on top stands neither in a category's block nor among the most told, which are to show what else
    there is; "told by one side only" tells of those too.
    """
    stories = ranking.stories
    top = top_stories(ranking, tellers, language=language)
    shown = {one.story for one in top}
    widest = [pk for pk in ranking.top if pk in tellers and pk not in shown and stories[pk].facts.country_count > 1]
    widest.sort(key=lambda pk: (-stories[pk].facts.country_count, -stories[pk].facts.source_count))
    one_sided = [pk for pk in ranking.one_sided if pk in tellers][:ONE_SIDED]
    return Plan(
        top,
        most_told=[choose(pk, tellers[pk], language=language) for pk in widest[:MOST_TOLD]],
        one_sided=[choose(pk, tellers[pk], language=language) for pk in one_sided],
        shelves={
            slug: shelf_of(ranking, slug, tellers, language=language, without=shown, most=PER_BLOCK)
            for slug in ranking.shelves
        },
    )


def top_stories(ranking: Ranking, tellers: Tellers, *, language: str) -> list[Chosen]:
    """The lead, then what follows it. The lead is told in the page's language and has a picture, if one of those
    that stand highest is and has.
    """
    first = [pk for pk in ranking.top if pk in tellers][:TOP_STORIES]
    if not first:
        return []
    by_story = {pk: choose(pk, tellers[pk], language=language) for pk in first}
    fit = {pk: (one.teller.language == language, one.teller.has_picture) for pk, one in by_story.items()}
    lead = max(first[:LEAD_AMONG], key=lambda pk: (*fit[pk], -first.index(pk)))
    leading = choose(lead, tellers[lead], language=language, others=TOLD_BESIDE_LEAD)
    rest = [pk for pk in first if pk != lead]
    following = choose_apart(rest, tellers, language=language, others=TOLD_BESIDE_TOP, after=leading.teller.source)
    return [leading, *following]


def shelf_of(
    ranking: Ranking, category: str, tellers: Tellers, *, language: str, without: set[int], most: int
) -> list[Chosen]:
    """A category's stories that stand highest; those told in the page's language before others."""
    stories = [pk for pk in ranking.shelves.get(category, []) if pk in tellers and pk not in without]
    stories.sort(key=lambda pk: all(teller.language != language for teller in tellers[pk]))
    return choose_apart(stories[:most], tellers, language=language)
