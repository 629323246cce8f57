"""Storylines: events that go on where earlier ones stopped, over days to months (finding/chaining.py decides).

An event looks back once it is there, and joins the storyline of the earlier one that it continues most surely. The
earlier ones are found by rare terms they share, two at least, in the index of key terms.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import combinations

from django.db import transaction
from django.db.models import BooleanField, Count, F, Max, Min
from django.db.models.expressions import RawSQL

from aggregator.finding.chaining import continues
from aggregator.finding.choosing import Candidate
from aggregator.finding.profiles import Profile
from aggregator.frequencies import frequencies_of
from aggregator.models import Story, Storyline
from aggregator.related import COMMONEST
from aggregator.stories import lock_stories

LONGEST_SILENCE = timedelta(days=180)
TERMS = 8  # the rarest of an event: 28 pairs
LOOKED_AT, WEIGHED = 400, 24  # events that share a pair; of those, that share most
MOST_EVENTS = 200


def events_of(story: Story) -> list[Story]:
    """The events of the story's storyline, itself among them, the earliest first; none where it has no storyline.

    One query. Of a long one these are the newest events.
    """
    if story.storyline_id is None:
        return []
    events = Story.objects.standing().filter(storyline=story.storyline_id).defer("profile", "key_terms")
    return list(events.order_by("-first_at", "-pk")[:MOST_EVENTS])[::-1]


def chain(stories: Sequence[int]) -> int:
    """Let those of these stories that have no storyline look for an earlier event; returns how many found one."""
    return sum(chain_one(story) for story in Story.objects.standing().filter(pk__in=stories, storyline=None))


def chain_one(story: Story) -> bool:
    earlier = earlier_events(story)
    later = candidate_of(story)
    surest = max(((continues(later, candidate_of(one)), -one.pk, one) for one in earlier), default=None)
    if surest is None or not surest[0]:
        return False
    return link(story, surest[2])


def link(story: Story, earlier: Story) -> bool:
    """Let a story join the storyline of an earlier one, if both still stand; says whether it did."""
    with transaction.atomic():
        lock_stories()
        rows = Story.objects.standing().only("storyline", "first_at", "newest_at").in_bulk([story.pk, earlier.pk])
        if len(rows) < 2 or rows[story.pk].storyline_id is not None:
            return False
        line = rows[earlier.pk].storyline_id
        if line is None:
            line = Storyline.objects.create(first_at=earlier.first_at, newest_at=story.newest_at).pk
        Story.objects.filter(pk__in=rows, storyline=None).update(storyline=line, version=F("version") + 1)
        measure_lines([line])
    return True


def earlier_events(story: Story) -> list[Story]:
    """Events before this one that share most of its rare terms."""
    known = frequencies_of(story.key_terms)
    rare = sorted((known.get(term, 0), term) for term in story.key_terms if known.get(term, 0) <= COMMONEST)[:TERMS]
    if len(rare) < 2:
        return []
    pairs = [[one, other] for (_, one), (_, other) in combinations(rare, 2)]
    share_a_pair = RawSQL(  # noqa: S611 - terms are parameters
        " OR ".join(["key_terms @> %s"] * len(pairs)), pairs, output_field=BooleanField()
    )
    before = Story.objects.standing().filter(
        share_a_pair, newest_at__gte=story.first_at - LONGEST_SILENCE, first_at__lt=story.first_at
    )
    found = before.exclude(pk=story.pk).order_by("-newest_at").values_list("pk", "key_terms")[:LOOKED_AT]
    shared = {pk: len(set(terms) & set(story.key_terms)) for pk, terms in found}
    nearest = sorted(shared, key=lambda pk: (-shared[pk], -pk))[:WEIGHED]
    return list(Story.objects.filter(pk__in=nearest))


def candidate_of(story: Story) -> Candidate:
    return Candidate(
        story.pk,
        Profile.from_json(story.profile),
        story.article_count,
        story.source_count,
        story.first_at,
        story.newest_at,
    )


def measure_lines(lines: Iterable[int]) -> None:
    """Count the events of storylines anew; one of a single event goes."""
    for line in sorted(lines):
        found = Story.objects.standing().filter(storyline=line)
        counted = found.aggregate(events=Count("pk"), first=Min("first_at"), newest=Max("newest_at"))
        if counted["events"] < 2:
            Storyline.objects.filter(pk=line).delete()
        else:
            Storyline.objects.filter(pk=line).update(
                event_count=counted["events"], first_at=counted["first"], newest_at=counted["newest"]
            )
