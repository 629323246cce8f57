"""Readers are told that a story they follow is told by more, and what a search they follow found."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.excluding import Wanted, block
from accounts.following import note_search_seen, save_search
from accounts.models import HiddenSource, Notification, SavedSearch, User
from accounts.notice_words import sentence_of
from aggregator import corrections
from aggregator.alerts import tell_of_searches, tell_of_splits, tell_of_stories
from aggregator.corrections import Decision
from aggregator.followed_stories import follow_story, note_story_seen
from aggregator.models import FollowedStory, Story
from aggregator.search import documents
from aggregator.search.addresses import query_string_of
from tests.factories import make_article, make_reader, make_story

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def reader():
    return make_reader()


@pytest.fixture
def story(now):
    told = make_article(title="Council votes", country="GB", minutes_ago=60, added_at=now - timedelta(hours=1))
    return make_story(told_by=(told,))


def grow(story, *countries, **fields):
    """Let the story be told by one more source of each country."""
    articles = [make_article(country=country, title="Council votes again", **fields) for country in countries]
    for article in articles:
        article.story = story
        article.save(update_fields=["story"])
    story.source_count += len(articles)
    story.article_count += len(articles)
    known = set(story.voices)
    story.country_count += len(set(countries) - known)
    story.voices = story.voices | dict.fromkeys(countries, 1)
    story.save()
    return articles


def test_who_follows_a_story_is_told_that_more_tell_it(reader, story, now):
    follow_story(reader, story, now - timedelta(minutes=30))
    grow(story, "FR", "FR", "DE")

    assert tell_of_stories(now) == 1

    notice = Notification.objects.get()
    assert notice.kind == "story" and notice.url == story.get_absolute_url()
    assert notice.data == {"title": "Council votes", "sources": 3, "countries": 2}


def test_a_story_that_did_not_grow_is_no_news(reader, story, now):
    follow_story(reader, story, now)

    assert tell_of_stories(now) == 0


def test_one_is_told_of_a_story_every_few_hours_and_then_all_since_one_looked(reader, story, now):
    follow_story(reader, story, now - timedelta(minutes=30))
    grow(story, "FR")
    tell_of_stories(now)
    grow(story, "DE")

    assert tell_of_stories(now + timedelta(minutes=10)) == 0
    assert tell_of_stories(now + timedelta(hours=4)) == 1
    assert Notification.objects.get().data["sources"] == 2
    assert tell_of_stories(now + timedelta(hours=8)) == 0


def test_what_one_has_looked_at_is_no_news(reader, story, now):
    follow_story(reader, story, now - timedelta(minutes=30))
    grow(story, "FR")
    note_story_seen(reader, story, now)

    assert tell_of_stories(now) == 0


def test_what_one_hides_is_not_counted(reader, story, now):
    follow_story(reader, story, now - timedelta(minutes=30))
    hidden, _shown = grow(story, "FR", "DE")
    HiddenSource.objects.create(user=reader, source=hidden.source)
    block(reader, Wanted("nothing at all"), now)  # puts the exclusions together

    tell_of_stories(now)

    assert Notification.objects.get().data["sources"] == 1


def test_a_story_that_only_hidden_sources_took_up_is_no_news(reader, story, now):
    follow_story(reader, story, now - timedelta(minutes=30))
    (hidden,) = grow(story, "FR")
    HiddenSource.objects.create(user=reader, source=hidden.source)
    block(reader, Wanted("nothing at all"), now)

    assert tell_of_stories(now) == 0
    assert FollowedStory.objects.get().told_at is None


def test_nobody_is_told_of_a_story_whose_headline_they_block(reader, story, now):
    follow_story(reader, story, now - timedelta(minutes=30))
    block(reader, Wanted("council"), now)
    grow(story, "FR")

    assert tell_of_stories(now) == 0


def test_a_task_that_died_before_it_noted_whom_it_told_tells_nobody_twice(reader, story, now):
    follow_story(reader, story, now - timedelta(minutes=30))
    grow(story, "FR")
    tell_of_stories(now)
    FollowedStory.objects.update(told_at=None, told_sources=0, told_countries=0)

    assert tell_of_stories(now) == 0
    assert Notification.objects.get().count == 1


def test_many_followers_cost_no_more_queries_than_one(story, now, django_assert_max_num_queries):
    for _ in range(20):
        follow_story(make_reader(), story, now - timedelta(minutes=30))
    grow(story, "FR")

    with django_assert_max_num_queries(16):
        assert tell_of_stories(now) == 20


def search_for(reader, words, now):
    return save_search(reader, query_string_of({"q": words}), now, name=words, is_followed=True)


def test_who_follows_a_search_is_told_of_what_is_new(reader, now):
    make_article(title="Old tariff news", minutes_ago=120)
    search_for(reader, "tariff", now - timedelta(hours=1))
    for _ in range(2):
        make_article(title="New tariff news", minutes_ago=5)
    make_article(title="Something else", minutes_ago=5)
    documents.catch_up(budget_seconds=5)

    assert tell_of_searches(now + timedelta(seconds=1)) == 1

    notice = Notification.objects.get()
    assert notice.data == {"title": "tariff", "articles": 2, "is_more": False}
    assert notice.url == "/search/?q=tariff"


def test_of_a_search_one_is_told_once_a_day(reader, now):
    search_for(reader, "tariff", now - timedelta(hours=1))
    make_article(title="New tariff news", minutes_ago=5)
    documents.catch_up(budget_seconds=5)
    tell_of_searches(now + timedelta(seconds=1))
    make_article(title="Newer tariff news", minutes_ago=1)
    documents.catch_up(budget_seconds=5)

    assert tell_of_searches(now + timedelta(hours=12)) == 0
    assert tell_of_searches(now + timedelta(hours=25)) == 1
    assert Notification.objects.get().data["articles"] == 2


def test_a_search_one_looked_at_has_nothing_new(reader, now):
    kept = search_for(reader, "tariff", now - timedelta(hours=1))
    make_article(title="New tariff news", minutes_ago=5)
    documents.catch_up(budget_seconds=5)
    note_search_seen(reader, kept.query, now)

    assert tell_of_searches(now + timedelta(seconds=1)) == 0
    assert SavedSearch.objects.get().look_at > now


def test_what_one_blocks_is_not_found_for_one(reader, now):
    search_for(reader, "tariff", now - timedelta(hours=1))
    block(reader, Wanted("council"), now)
    make_article(title="Council on tariff", minutes_ago=5)
    documents.catch_up(budget_seconds=5)

    assert tell_of_searches(now + timedelta(seconds=1)) == 0


def test_who_muted_stories_and_searches_is_told_of_neither(reader, story, now):
    User.objects.filter(pk=reader.pk).update(muted_notices=["story", "search"])
    follow_story(reader, story, now - timedelta(minutes=30))
    grow(story, "FR")
    search_for(reader, "tariff", now - timedelta(hours=1))
    make_article(title="New tariff news", minutes_ago=5)
    documents.catch_up(budget_seconds=5)

    assert tell_of_stories(now) == 0 and tell_of_searches(now + timedelta(seconds=1)) == 0


def test_who_follows_a_story_is_told_once_which_two_it_was_split_into(now):
    told = [make_article(title=title) for title in ("Harbour strike", "Harbour votes", "Opera opens", "Opera is full")]
    story = make_story(told_by=tuple(told), title="Harbour strike")
    german, blocking, later = make_reader(language="de"), make_reader(), make_reader()
    block(blocking, Wanted("opera"), now)
    for reader in (german, blocking):
        follow_story(reader, story, now - timedelta(hours=1))
    head = make_article(title="Streik im Hafen", language="de", story=story)
    Story.objects.filter(pk=story.pk).update(headlines={"de": head.pk})

    change = corrections.split_off(story.pk, [one.pk for one in told[2:]], Decision(make_reader(), "", now))
    follow_story(later, story, now + timedelta(minutes=1))

    assert (tell_of_splits(now), tell_of_splits(now)) == (1, 0)
    notice = Notification.objects.get()
    assert (notice.user, notice.url) == (german, change.other.get_absolute_url())
    said = sentence_of(notice, {}).replace("\u2068", "").replace("\u2069", "")
    assert said == "A story you follow turned out to be two: “Streik im Hafen” and “Opera opens”. You now follow both"


def test_a_split_that_was_taken_back_is_told_to_nobody(now):
    told = [make_article(title=title) for title in ("Harbour strike", "Opera opens")]
    story = make_story(told_by=tuple(told))
    follow_story(make_reader(), story, now - timedelta(hours=1))
    change = corrections.split_off(story.pk, [told[1].pk], Decision(make_reader(), "", now))

    corrections.undo(change.pk, Decision(make_reader(), "", now))

    assert tell_of_splits(now) == 0
