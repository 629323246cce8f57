"""The other events of the longer story that a story is part of, as one reader may see them."""

from typing import NamedTuple

from accounts.preferences import Preferences
from aggregator.addresses import story_address
from aggregator.models import Story
from aggregator.storylines import events_of
from aggregator.tellings import tellings_of


class Event(NamedTuple):
    """An event of a storyline; of one whose every article is hidden the title is "", and its address says nothing."""

    story: Story
    title: str
    address: str


def told_events(story: Story, preferences: Preferences, *, language: str) -> list[Event]:
    """The events of a story's storyline, itself among them, the earliest first; none where it stands alone.

    One query, and none without a storyline; four more for who excludes something.
    """
    events = events_of(story)
    if len(events) < 2:
        return []
    if not preferences.excludes:
        return [Event(one, one.title, one.get_absolute_url()) for one in events]
    told = tellings_of(events, preferences, language=language)
    return [
        Event(
            one,
            told[one.pk].title if one.pk in told else "",
            story_address(one.pk, one.slug if one.pk in told and told[one.pk].title == one.title else ""),
        )
        for one in events
    ]
