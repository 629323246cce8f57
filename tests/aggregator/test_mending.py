"""What the machine mends: merges, splits, storylines; safe with two workers, and after a kill."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from aggregator import mending, merging_stories, regrouping, splitting_stories, storylines
from aggregator.finding import splitting
from aggregator.models import Article, FollowedStory, KeptApart, KeptTogether, Story, StoryChange, Storyline, StoryPass
from aggregator.stories import lock_stories
from tests.crowds import at_once
from tests.factories import make_article, make_reader, make_story

HARBOUR = "A tremor of magnitude 6.1 shook the harbour of Valparaiso, Mayor Ortega said. Cranes fell near Muelle Prat. "
OPERA = (
    "The soprano Lina Marwitz leaves the opera of Graz after a quarrel about the stage of Tosca, director Huber says. "
)


def tell(text: str, *, hours_ago: float = 1, count: int = 1, **fields) -> Story:
    """A story of so many articles, as placing would have made it."""
    articles = tuple(
        make_article(title=f"{text[:50]}{number}", text=text * 3, minutes_ago=hours_ago * 60 - number, **fields)
        for number in range(count)
    )
    story = make_story(told_by=articles)
    with transaction.atomic():
        lock_stories()
        regrouping.look_anew([story])
    return Story.objects.get(pk=story.pk)


@pytest.mark.django_db
def test_stories_of_one_event_are_merged_once_and_what_hangs_on_them_follows():
    older, younger, other = tell(HARBOUR, count=2), tell(HARBOUR), tell(OPERA)
    reader = make_reader()
    FollowedStory.objects.create(user=reader, story=younger)

    row = mending.merge_grown(timezone.now())

    assert row.numbers["changed"] == 1
    younger.refresh_from_db()
    assert younger.merged_into == older
    stood = Story.objects.get(pk=older.pk)
    assert (stood.article_count, stood.source_count, stood.version) == (3, 3, older.version + 1)
    assert FollowedStory.objects.get(user=reader).story == older
    change = StoryChange.objects.get()
    assert (change.kind, change.story, change.other, change.is_of_curator) == ("merge", older, younger, False)
    assert change.numbers["score"] > change.numbers["needed"]
    assert Story.objects.get(pk=other.pk).merged_into is None
    later = timezone.now() + timedelta(minutes=15)
    assert mending.merge_grown(later).numbers["changed"] == 0


@pytest.mark.django_db
def test_what_was_parted_is_not_merged_also_after_one_of_them_became_part_of_a_third():
    one, other = tell(HARBOUR), tell(HARBOUR)
    with transaction.atomic():
        regrouping.keep_apart([one.pk], other, timezone.now())
    mending.merge_grown(timezone.now())
    assert not StoryChange.objects.exists()

    third = tell(HARBOUR)
    with transaction.atomic():
        lock_stories()
        regrouping.unite(one, third, timezone.now())
    assert not merging_stories.merge_pair(third.pk, other.pk, timezone.now())
    with transaction.atomic():
        lock_stories()
        regrouping.revive(
            Story.objects.get(pk=one.pk),
            [one.articles.get().pk]
            if one.articles.exists()
            else [Article.objects.filter(story=third).order_by("pk")[0].pk],
            timezone.now(),
        )
    assert not KeptApart.objects.filter(via=one).exists()


@pytest.mark.django_db
def test_a_story_of_two_events_is_split_at_night_once_and_not_merged_again(monkeypatch):
    monkeypatch.setattr(mending, "NIGHT_BEGINS", 0)
    story = tell(HARBOUR, count=4)
    opera = [make_article(title=f"{OPERA[:40]} {n}", text=OPERA * 3, minutes_ago=9 + n) for n in range(3)]
    Article.objects.filter(pk__in=[one.pk for one in opera]).update(story=story)
    with transaction.atomic():
        lock_stories()
        regrouping.look_anew([story])

    row = mending.look_at_night(timezone.now())

    assert row.numbers["changed"] == 1 and "faded" in row.numbers
    made = Story.objects.exclude(pk=story.pk).get()
    assert set(made.articles.values_list("pk", flat=True)) == {one.pk for one in opera}
    assert made.title.startswith("The soprano") and made.article_count == 3
    assert StoryChange.objects.get().kind == "split"
    assert KeptApart.objects.get().one == story
    assert mending.look_at_night(timezone.now() + timedelta(minutes=30)) is None
    assert not merging_stories.merge_pair(story.pk, made.pk, timezone.now())


@pytest.mark.django_db
def test_what_a_curator_joined_stays_joined_at_night(monkeypatch):
    story = tell(HARBOUR, count=4)
    opera = [make_article(title=f"{OPERA[:40]} {n}", text=OPERA * 3, minutes_ago=9 + n) for n in range(3)]
    Article.objects.filter(pk__in=[one.pk for one in opera]).update(story=story)
    with transaction.atomic():
        regrouping.look_anew([story])
        regrouping.keep_together(Article.objects.values_list("pk", flat=True), timezone.now())
    members, _ = regrouping.read_articles(story)
    assert len(splitting.parts(members)) == 2, "the machine would split it"
    assert splitting_stories.split_one(Story.objects.get(pk=story.pk), timezone.now()) == 0

    # Of what came later it may part what nobody chose; what was chosen keeps the story's place, though it be smaller.
    KeptTogether.objects.filter(article__in=Article.objects.filter(text__startswith="A tremor")).delete()
    assert splitting_stories.split_one(Story.objects.get(pk=story.pk), timezone.now()) == 1
    assert set(story.articles.values_list("pk", flat=True)) == {one.pk for one in opera}


def test_of_parts_the_largest_stays_and_one_alone_does_not_leave():
    assert splitting_stories.parts_that_leave([[1, 2], [3, 4, 5], [6]], set()) == [[1, 2]]
    assert splitting_stories.parts_that_leave([[1, 2], [3, 4, 5]], {1}) == [[3, 4, 5]]
    assert splitting_stories.parts_that_leave([[1, 2, 3]], set()) == []


@pytest.mark.django_db(transaction=True)
def test_two_looks_at_once_while_articles_are_split_off_merge_each_pair_once(monkeypatch):
    pairs = [(tell(text), tell(text)) for text in (HARBOUR, OPERA)]
    monkeypatch.setattr(mending, "LEASE", timedelta(0))  # as if neither knew of the other
    at_once(*[lambda: mending.merge_grown(timezone.now())] * 3)
    assert StoryChange.objects.filter(kind="merge").count() == 2
    for older, younger in pairs:
        assert Story.objects.get(pk=younger.pk).merged_into == older
        assert Story.objects.get(pk=older.pk).article_count == 2


@pytest.mark.django_db
def test_one_looks_at_a_time_and_who_was_killed_does_not_hold_the_others_up_for_long():
    now = timezone.now()
    tell(HARBOUR), tell(HARBOUR)
    killed = StoryPass.objects.create(kind="merge", began_at=now - timedelta(minutes=5), until_article=0)
    assert mending.merge_grown(now) is None
    StoryPass.objects.filter(pk=killed.pk).update(began_at=now - timedelta(minutes=11))
    assert mending.merge_grown(now).numbers["changed"] == 1


@pytest.mark.django_db
def test_a_look_from_before_the_clock_was_set_back_holds_nobody_up_and_hides_no_night():
    now = timezone.now().replace(hour=4)
    for kind in ("merge", "night"):
        StoryPass.objects.create(
            kind=kind, began_at=now + timedelta(hours=5), until_article=0, numbers={"is_done": True}
        )
    StoryPass.objects.filter(kind="night").update(ended_at=now + timedelta(hours=6))
    tell(HARBOUR), tell(HARBOUR)

    assert mending.merge_grown(now).numbers["changed"] == 1
    assert mending.look_at_night(now).numbers["is_done"]
    assert mending.merge_grown(now + timedelta(minutes=15)).numbers["looked_at"] <= 2


@pytest.mark.django_db
def test_a_later_event_on_the_same_matter_is_not_merged_but_in_the_storyline():
    january, february = tell(HARBOUR, hours_ago=24 * 120), tell(HARBOUR, hours_ago=24 * 60)
    may, other = tell(HARBOUR), tell(OPERA)
    assert storylines.chain([january.pk, february.pk, may.pk, other.pk]) == 2
    assert storylines.chain([may.pk]) == 0
    mending.merge_grown(timezone.now())
    assert not StoryChange.objects.exists()
    may.refresh_from_db()
    assert storylines.events_of(may) == [january, february, may]
    line = Storyline.objects.get()
    assert (line.event_count, line.first_at, line.newest_at) == (3, january.first_at, may.newest_at)
    assert storylines.events_of(Story.objects.get(pk=other.pk)) == []
    with transaction.atomic():
        lock_stories()
        regrouping.unite(may, Story.objects.get(pk=other.pk), timezone.now())
    assert storylines.events_of(Story.objects.get(pk=other.pk))[-1] == other
