"""What curators correct in stories: merge, split, move an article, pin a headline, and take each back.

Each is one transaction under the lock of stories, is written down with who, when and why, and is respected by the
machine for ever: what a curator did last counts, taking something back included. Whoever parts, parts for good
(KeptApart); whoever joins, joins for good (KeptTogether). The same asked twice is done once.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from aggregator.models import Article, Story, StoryChange
from aggregator.regrouping import (
    CanNotChange,
    are_kept_apart,
    bring,
    figures,
    keep_apart,
    keep_together,
    part,
    unite,
)
from aggregator.stories import lock_stories
from aggregator.taking_back import TAKE_BACK, articles_of, found, head
from zisnews.kept_pages import EVERYTHING, outdate

LONGEST_HEADLINE = 300
LONGEST_REASON = 1_000

Kind = StoryChange.Kind


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decides, why and when."""

    by: User
    reason: str
    at: datetime


def merge(story: int, into: int, decision: Decision) -> StoryChange:
    """Make a story part of another for good. Raises CanNotChange."""
    with transaction.atomic():
        lock_stories()
        one, other = found(story), found(into)
        is_done = one.merged_into_id and one.that_stands() == other.that_stands()
        if is_done and (same := latest(Kind.MERGE, story=one.that_stands(), other=one)):
            return same
        one, other = one.that_stands(), other.that_stands()
        if one == other:
            raise CanNotChange(_("They are one story already."))
        numbers = figures(other, one) | {"were_kept_apart": are_kept_apart(one.pk, other.pk)}
        moved = unite(one, other, decision.at)
        numbers["kept"] = keep_together(articles_of(other), decision.at)
        outdate(EVERYTHING)
        return write_down(Kind.MERGE, decision, story=other, other=one, articles=moved, numbers=numbers)


def split_off(story: int, articles: Collection[int], decision: Decision) -> StoryChange:
    """Make a story of some articles of another, for good. Raises CanNotChange."""
    with transaction.atomic():
        lock_stories()
        one = found(story).that_stands()
        if same := latest(Kind.SPLIT, story=one, articles=sorted(articles)):
            return same
        numbers = figures(one)
        made = part(one, articles, decision.at)
        moved = articles_of(made)
        numbers["kept"] = keep_together(moved, decision.at)
        return write_down(Kind.SPLIT, decision, story=one, other=made, articles=moved, numbers=numbers)


def move(story: int, articles: Collection[int], into: int, decision: Decision) -> StoryChange:
    """Bring articles of one story to another, where they stay for good. Raises CanNotChange."""
    with transaction.atomic():
        lock_stories()
        one, other = found(story).that_stands(), found(into).that_stands()
        if same := latest(Kind.MOVE, story=other, articles=sorted(articles)):
            return same
        if one == other:
            raise CanNotChange(_("They are in this story already."))
        moving = sorted(set(articles).intersection(articles_of(one)))
        if not moving:
            raise CanNotChange(_("None of these articles is in this story any more."))
        numbers = figures(other, one) | {"were_kept_apart": are_kept_apart(one.pk, other.pk)}
        bring(moving, other, decision.at)
        if found(one.pk).merged_into_id is None:
            keep_apart([one.pk], other, decision.at)
        numbers["kept"] = keep_together(articles_of(other), decision.at)
        return write_down(Kind.MOVE, decision, story=other, other=one, articles=moving, numbers=numbers)


def pin_headline(story: int, title: str, decision: Decision) -> StoryChange:
    """Give a story a headline that stays, whatever comes to it. Raises CanNotChange."""
    title = " ".join(title.split())
    if not title:
        raise CanNotChange(_("Write the headline."))
    if len(title) > LONGEST_HEADLINE:
        raise CanNotChange(_("A headline has %d characters at most.") % LONGEST_HEADLINE)
    with transaction.atomic():
        lock_stories()
        one = found(story).that_stands()
        if one.title == title and one.is_title_pinned and (same := latest(Kind.HEADLINE, story=one)):
            return same
        numbers = figures(one) | {"pinned": title, "was_pinned": one.is_title_pinned}
        head(one, title, is_pinned=True)
        return write_down(Kind.HEADLINE, decision, story=one, other=None, articles=[], numbers=numbers)


def undo(change: int, decision: Decision) -> StoryChange:
    """Take a change back, a curator's or the machine's; that counts as a curator's decision. Raises CanNotChange."""
    with transaction.atomic():
        lock_stories()
        row = StoryChange.objects.select_for_update(of=("self",)).filter(pk=change).first()
        if row is None:
            raise CanNotChange(_("This change is not known any more."))
        if row.undone_at is not None:
            return row
        if row.story is None or (row.other is None and row.kind != Kind.HEADLINE):
            raise CanNotChange(_("One of the stories has left the site."))
        TAKE_BACK[Kind(row.kind)](row, decision.at)
        row.undone_at, row.undone_by = decision.at, decision.by
        row.undone_reason = short(decision.reason)
        row.save(update_fields=["undone_at", "undone_by", "undone_reason"])
        outdate(EVERYTHING)
    return row


def latest(kind: StoryChange.Kind, **fields: Story | Iterable[int]) -> StoryChange | None:
    """The same change, if it was the last one of its kind made to these stories, and stands."""
    row = StoryChange.objects.by_curators().filter(kind=kind, undone_at=None, **fields).order_by("-pk").first()
    if row is None or not row.articles or kind == Kind.HEADLINE:
        return row
    goal = row.other if kind == Kind.SPLIT else row.story
    still = Article.objects.filter(pk__in=row.articles, story=goal and goal.that_stands()).count()
    return row if still == len(row.articles) else None


def write_down(
    kind: StoryChange.Kind,
    decision: Decision,
    *,
    story: Story,
    other: Story | None,
    articles: list[int],
    numbers: dict[str, object],
) -> StoryChange:
    return StoryChange.objects.create(
        kind=kind,
        made_at=decision.at,
        is_of_curator=True,
        by=decision.by,
        reason=short(decision.reason),
        story=story,
        other=other,
        articles=sorted(articles),
        numbers=numbers,
    )


def short(reason: str) -> str:
    return " ".join(reason.split())[:LONGEST_REASON]
