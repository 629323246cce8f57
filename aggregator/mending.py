"""What the machine mends after articles were placed: merges stories that turn out to be one, splits those that are two.

Each look takes the stories that articles came to since the last one, and makes each change in a transaction of its own
(merging_stories, splitting_stories): two workers may look at once, and one that is killed leaves the rest to the next
look. What a curator decided holds (KeptApart, KeptTogether), and what the nightly look has parted is not merged again.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Min, Q

from aggregator import looking, storylines
from aggregator.frequencies import let_fade
from aggregator.merging_stories import merge_some
from aggregator.models import Article, StoryChange, StoryPass
from aggregator.splitting_stories import split_some
from aggregator.stories import lock_stories
from feeds.streaming import is_ending

BUDGET_SECONDS, CHAINING_SECONDS = 150.0, 80.0  # together less than a task may run
LEASE = timedelta(minutes=10)  # a look that began longer ago and did not end was killed
# Later than that nobody else's clock is: the clock was set back since, and such a look is over as well.
AHEAD = timedelta(minutes=1)
NIGHTS_BACK = timedelta(days=1)  # as far as changes are looked for where the last look says nothing of when it was
STORIES_AT_ONCE = 100
NIGHT_BEGINS = 3  # o'clock, UTC
FOUND_FOR = timedelta(days=60)
KEPT_LOOKS = timedelta(days=90)

Work = Callable[[Sequence[int], StoryPass, datetime], int]


def merge_grown(now: datetime, *, budget_seconds: float = BUDGET_SECONDS) -> StoryPass | None:
    """Merge stories that grew since the last look with the one each is surest to be one with; None: one looks now."""
    return look_over(StoryPass.Kind.MERGE, merge_some, now, budget_seconds)


def chain_grown(now: datetime, *, budget_seconds: float = BUDGET_SECONDS) -> StoryPass | None:
    """Let stories that grew since the last look join storylines."""
    return look_over(StoryPass.Kind.CHAIN, lambda stories, _row, _now: storylines.chain(stories), now, budget_seconds)


def look_at_night(now: datetime, *, budget_seconds: float = BUDGET_SECONDS) -> StoryPass | None:
    """Once a day: let counts of terms fade, split stories that hold several events, let go of what none looks for.

    Called every few minutes of the night; goes on where it was cut short.
    """
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    nights = StoryPass.objects.filter(kind=StoryPass.Kind.NIGHT, began_at__gte=today, began_at__lte=now + AHEAD)
    if now.hour < NIGHT_BEGINS or nights.exclude(ended_at=None).filter(numbers__is_done=True).exists():
        return None
    row = look_over(StoryPass.Kind.NIGHT, split_some, now, budget_seconds)
    if row is not None and row.numbers["is_done"]:
        with transaction.atomic():
            lock_stories()  # one of two fades
            if not nights.exclude(pk=row.pk).filter(numbers__has_key="faded").exists():
                row.numbers["faded"] = let_fade(now.date())
            row.numbers["forgotten"] = looking.forget_before(now - FOUND_FOR)
            StoryPass.objects.filter(began_at__lt=now - KEPT_LOOKS).delete()
            row.save(update_fields=["numbers"])
    return row


def look_over(kind: StoryPass.Kind, work: Work, now: datetime, budget_seconds: float) -> StoryPass | None:
    """Do some work on the stories that grew since the last look of this kind, some at a time, as long as time allows.

    Returns the look, with what it did; None where another worker is looking.
    """
    with transaction.atomic():
        lock_stories()
        looks = StoryPass.objects.filter(kind=kind)
        if looks.filter(ended_at=None, began_at__gt=now - LEASE, began_at__lte=now + AHEAD).exists():
            return None
        last = looks.order_by("-pk").first()
        until = last.until_article if last else first_article(now)
        row = StoryPass.objects.create(kind=kind, began_at=now, until_article=until, numbers={})
    began = time.monotonic()
    looked = changed = 0
    touched = changed_lately(last.began_at if last.began_at <= now + AHEAD else now - NIGHTS_BACK) if last else set()
    while True:
        stories, until = grown_after(row.until_article)
        is_done = until == row.until_article
        some = sorted(stories | touched)
        touched = set()
        looked += len(some)
        changed += work(some, row, now)
        row.until_article = until
        row.save(update_fields=["until_article"])
        if is_done or time.monotonic() - began > budget_seconds or is_ending.is_set():
            break
    row.ended_at = now + timedelta(seconds=time.monotonic() - began)
    row.numbers |= {"looked_at": looked, "changed": changed, "is_done": is_done}
    row.save(update_fields=["ended_at", "numbers"])
    return row


def first_article(now: datetime) -> int:
    """Where the very first look begins: before what came within the last day."""
    found = Article.objects.filter(added_at__gte=now - timedelta(days=1)).aggregate(first=Min("pk"))["first"]
    return found - 1 if found else Article.objects.aggregate(newest=Max("pk"))["newest"] or 0


def grown_after(article: int) -> tuple[set[int], int]:
    """The stories of the articles that came after this one, some at a time; and up to which article those reach.

    Articles are numbered under the lock of stories: none of a smaller number appears later.
    """
    rows = list(Article.objects.filter(pk__gt=article).order_by("pk").values_list("pk", "story")[:STORIES_AT_ONCE])
    return {story for _pk, story in rows if story}, rows[-1][0] if rows else article


def changed_lately(since: datetime) -> set[int]:
    """The stories that a curator or a look changed since then: they may be one with others now."""
    pairs = StoryChange.objects.filter(Q(made_at__gte=since) | Q(undone_at__gte=since)).values_list("story", "other")
    return {story for pair in pairs for story in pair if story}
