"""Merges stories that turn out to be one: each with the one it is surest to be one with, if it is sure enough.

Looked for without a lock; each merge is a transaction of its own under the lock of stories, judged anew on the rows as
they are then.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from aggregator import looking
from aggregator.finding import merging
from aggregator.finding.choosing import TIME_GATE
from aggregator.frequencies import ALL_DOCUMENTS, frequencies_of
from aggregator.looking import CANDIDATES, Sought
from aggregator.models import Story, StoryChange, StoryPass
from aggregator.regrouping import figures, partners_of, unite
from aggregator.stories import lock_stories
from aggregator.storylines import candidate_of

MUCH_LARGER = 50  # articles more, and the younger story takes the older one in: so many rows less are written


def merge_some(story_ids: Sequence[int], row: StoryPass, now: datetime) -> int:
    """Merge each of these stories with the one it is surest to be one with; returns how many merges that made."""
    stories = list(Story.objects.standing().filter(pk__in=story_ids).order_by("pk"))
    near = stories_near(stories)
    merged = 0
    for story in stories:
        other = surest(story, near[story.pk])
        if other is not None and merge_pair(story.pk, other.pk, now):
            merged += 1
    return merged


def stories_near(stories: Sequence[Story]) -> dict[int, list[Story]]:
    """The other standing stories that share most with each of these, by its number."""
    frequencies = frequencies_of({term for story in stories for term in story.key_terms})
    documents = frequencies.pop(ALL_DOCUMENTS, 0)
    sought = [
        Sought(
            looking.worth_of(story.key_terms, frequencies, documents),
            max(story.first_at, story.newest_at - TIME_GATE),
            story.newest_at,
        )
        for story in stories
    ]
    found = looking.find(sought)
    rows = Story.objects.standing().in_bulk({pk for some in found for pk in some})
    return {
        story.pk: [rows[pk] for pk in some if pk in rows and pk != story.pk][:CANDIDATES]
        for story, some in zip(stories, found, strict=True)
    }


def surest(story: Story, others: Iterable[Story]) -> Story | None:
    """The one of these that the story is surest to be one with, if it is sure enough."""
    apart = set(partners_of(story.pk))
    one = candidate_of(story)
    best: Story | None = None
    most = merging.NEEDED
    for other in others:
        if other.pk in apart:
            continue
        score = merging.score(one, candidate_of(other))
        if score > most:
            best, most = other, score
    return best


def merge_pair(one: int, other: int, now: datetime) -> bool:
    """Merge two stories if both still stand, are one by what they are now, and may be; says whether they were."""
    with transaction.atomic():
        lock_stories()
        rows = Story.objects.standing().in_bulk([one, other])
        if len(rows) < 2 or other in partners_of(one):
            return False
        score = merging.score(candidate_of(rows[one]), candidate_of(rows[other]))
        if score <= merging.NEEDED:
            return False
        into, story = older_first(rows[one], rows[other])
        numbers = figures(into, story) | {"score": round(score, 3), "needed": round(merging.NEEDED, 3)}
        articles = unite(story, into, now)
        StoryChange.objects.create(
            kind=StoryChange.Kind.MERGE,
            made_at=now,
            reason="More likely than not, both tell the same event.",
            story=into,
            other=story,
            articles=articles,
            numbers=numbers,
        )
    return True


def older_first(one: Story, other: Story) -> tuple[Story, Story]:
    """Which of two stories stands, and which becomes part of it: the older stands, unless it is by far the smaller."""
    older, younger = sorted((one, other), key=lambda story: story.pk)
    return (younger, older) if younger.article_count >= older.article_count + MUCH_LARGER else (older, younger)
