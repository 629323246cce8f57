"""What the machine mends after articles were placed: merges stories that turn out to be one, splits those that are two.

Each look takes the stories that articles came to since the last one. Every single change is a transaction of its own
under the lock of stories, judged anew on the rows as they are then: two workers may look at once, and one that is
killed leaves the rest to the next look. What a curator decided holds (KeptApart, KeptTogether), and what the nightly
look has parted is not merged again.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Max, Min, Q

from aggregator import looking, storylines
from aggregator.finding import merging, splitting
from aggregator.finding.choosing import TIME_GATE
from aggregator.frequencies import ALL_DOCUMENTS, frequencies_of, let_fade
from aggregator.looking import CANDIDATES, Sought
from aggregator.models import Article, KeptTogether, Story, StoryChange, StoryPass
from aggregator.regrouping import CanNotChange, figures, part, partners_of, read_articles, unite
from aggregator.stories import lock_stories
from aggregator.storylines import candidate_of
from feeds.streaming import is_ending

log = structlog.get_logger(__name__)

BUDGET_SECONDS, CHAINING_SECONDS = 150.0, 80.0  # together less than a task may run
LEASE = timedelta(minutes=10)  # a look that began longer ago and did not end was killed
STORIES_AT_ONCE = 100
MUCH_LARGER = 50  # articles more, and the younger story takes the older one in: so many rows less are written
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
    nights = StoryPass.objects.filter(kind=StoryPass.Kind.NIGHT, began_at__gte=today)
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
        if looks.filter(ended_at=None, began_at__gt=now - LEASE).exists():
            return None
        last = looks.order_by("-began_at", "-pk").first()
        until = last.until_article if last else first_article(now)
        row = StoryPass.objects.create(kind=kind, began_at=now, until_article=until, numbers={})
    began = time.monotonic()
    looked = changed = 0
    touched = changed_lately(last.began_at) if last else set()
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
            reason="They are surer to be one than not.",
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


def split_some(story_ids: Sequence[int], row: StoryPass, now: datetime) -> int:
    """Split those of these stories that hold several events; returns how many stories that made."""
    fields = Story.objects.standing().filter(pk__in=story_ids, article_count__gte=splitting.FEWEST)
    return sum(split_one(story, now) for story in fields.only("version").order_by("pk"))


def split_one(story: Story, now: datetime) -> int:
    """Split a story if it holds several events; returns how many stories that made."""
    members, _profile = read_articles(story)
    found = splitting.parts(members)
    kept = kept_articles([member.id for member in members])
    leaving = parts_that_leave(found, kept)
    if not leaving:
        return 0
    with transaction.atomic():
        lock_stories()
        fresh = Story.objects.standing().filter(pk=story.pk, version=story.version).first()
        if fresh is None:
            return 0  # it changed meanwhile; the next night looks at it again
        made = 0
        for articles in leaving:
            numbers = figures(fresh) | {"parts": [len(one) for one in found]}
            try:
                other = part(fresh, articles, now)
            except CanNotChange:
                continue
            made += 1
            StoryChange.objects.create(
                kind=StoryChange.Kind.SPLIT,
                made_at=now,
                reason="These articles stand apart from the others.",
                story=fresh,
                other=other,
                articles=sorted(articles),
                numbers=numbers,
            )
    return made


def kept_articles(articles: Iterable[int]) -> set[int]:
    return set(KeptTogether.objects.filter(article__in=list(articles)).values_list("article", flat=True))


def parts_that_leave(found: Sequence[Sequence[int]], kept: set[int]) -> list[list[int]]:
    """Which parts of a story become stories of their own: those of two articles or more, all but one.

    That one is the largest, or what a curator put together, which is never parted.
    """
    if len(found) < 2:
        return []
    stays = next((one for one in found if kept.intersection(one)), None)
    if stays is None:
        stays = max(found, key=len)
    return [list(one) for one in found if one is not stays and len(one) > 1 and not kept.intersection(one)]
