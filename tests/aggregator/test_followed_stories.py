"""Followed stories: what moved, what holds their articles, what becomes of follows when stories merge."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.following import TooMuchFollowed
from aggregator import followed_stories
from aggregator.followed_stories import (
    follow_story,
    go_along_with_merges,
    moved,
    news_of,
    note_story_seen,
    stories_followed_by,
    unfollow_story,
)
from aggregator.models import Article, FollowedStory
from aggregator.retention import let_old_leave
from tests.factories import make_article, make_reader, make_story

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def test_a_story_is_followed_once_and_let_go(monkeypatch):
    reader, story = make_reader(), make_story()
    follow_story(reader, story, NOW)
    follow_story(reader, story, NOW)
    assert FollowedStory.objects.count() == 1

    monkeypatch.setattr(followed_stories, "MOST_STORIES", 1)
    with pytest.raises(TooMuchFollowed):
        follow_story(reader, make_story(), NOW)

    unfollow_story(reader, story)
    unfollow_story(reader, story)
    assert not FollowedStory.objects.exists()


def test_a_story_has_moved_when_others_tell_it_and_not_once_it_was_looked_at():
    reader, story = make_reader(), make_story(article_count=3, source_count=2, country_count=1)
    follow_story(reader, story, NOW)
    story.article_count += 1
    story.save()
    row = FollowedStory.objects.select_related("story").get()
    assert news_of(row).has_any and not news_of(row).has_moved and not moved().exists()

    story.source_count, story.country_count, story.article_count = 3, 2, 5
    story.save()
    row = FollowedStory.objects.select_related("story").get()
    assert (news_of(row).articles, news_of(row).sources, news_of(row).countries) == (2, 1, 1)
    assert moved().exists()

    note_story_seen(make_reader(), story, NOW)
    assert moved().exists(), "another's look is not theirs"
    note_story_seen(reader, story, NOW)
    assert not moved().exists()


def test_who_followed_a_merged_story_follows_the_one_that_stands():
    reader, both = make_reader(), make_reader()
    standing, merged = make_story(), make_story()
    follow_story(reader, merged, NOW)
    follow_story(both, merged, NOW)
    follow_story(both, standing, NOW)
    merged.merged_into = standing
    merged.save()

    assert go_along_with_merges() == 1 and go_along_with_merges() == 0
    assert [row.story for row in stories_followed_by(reader)] == [standing]
    assert [row.story for row in stories_followed_by(both)] == [standing]
    unfollow_story(both, standing)
    assert not FollowedStory.objects.filter(user=both).exists(), "what it took in is let go with it"


def test_the_articles_of_a_followed_story_stay():
    old = timezone.now() - timedelta(days=50)
    kept, gone = make_article(published_at=old), make_article(published_at=old)
    story = make_story(told_by=(kept,))
    make_story(told_by=(gone,))
    follow_story(make_reader(), story, NOW)

    let_old_leave(30)

    assert list(Article.objects.all()) == [kept]
