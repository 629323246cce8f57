"""Old articles leave, what a reader held stays, and nothing comes back."""

import os
import time
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, models

from aggregator import picture_files
from aggregator.models import Article, Story, Tombstone
from aggregator.publishing import publish_ready
from aggregator.retention import let_old_leave, sweep_pictures
from feeds.clock import database_now
from feeds.ingestion import refresh_due
from feeds.models import Entry, Feed
from tests.documents import item, rss
from tests.factories import give_picture, make_article, make_entry, make_feed, make_story

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def days_ago(days: float):
    return database_now() - timedelta(days=days)


def titles() -> set[str]:
    return set(Article.objects.values_list("title", flat=True))


def test_articles_older_than_the_site_keeps_leave_and_younger_ones_stay():
    make_article(title="Old", published_at=days_ago(31))
    make_article(title="Young", published_at=days_ago(29))

    assert let_old_leave(30).articles == 1

    assert titles() == {"Young"}


def test_without_a_number_of_days_everything_stays_for_ever():
    make_article(title="Old", published_at=days_ago(3000))

    assert let_old_leave(0).articles == 0

    assert titles() == {"Old"}


def test_more_than_a_batch_leaves_in_one_run(monkeypatch):
    monkeypatch.setattr("aggregator.retention.ARTICLES_PER_BATCH", 2)
    when = days_ago(40)
    for _ in range(5):
        make_article(published_at=when)

    assert let_old_leave(30).articles == 5


@pytest.fixture
def bookmarks(transactional_db):
    """A table of a reader's own whose rows point at articles and at stories, as the saved ones of an app do."""

    class Bookmark(models.Model):  # noqa: DJ008
        article = models.ForeignKey(Article, on_delete=models.CASCADE, null=True)
        story = models.ForeignKey(Story, on_delete=models.CASCADE, null=True)

        class Meta:
            app_label = "comments"  # an app of ours that may point at articles

    with connection.schema_editor() as editor:
        editor.create_model(Bookmark)
    yield Bookmark
    with connection.schema_editor() as editor:
        editor.delete_model(Bookmark)
    del apps.all_models["comments"]["bookmark"]
    apps.clear_cache()


def test_what_a_reader_laid_a_hand_on_stays_and_so_does_a_story_he_follows(bookmarks):
    saved = make_article(title="Saved", published_at=days_ago(40))
    told = make_article(title="In a followed story", published_at=days_ago(40))
    make_article(title="Nobody's", published_at=days_ago(40))
    bookmarks.objects.create(article=saved)
    bookmarks.objects.create(story=make_story(told_by=(told,)))

    assert let_old_leave(30).articles == 1

    assert titles() == {"Saved", "In a followed story"}


def test_the_picture_goes_with_its_article():
    article = make_article(published_at=days_ago(40))
    give_picture(article)
    paths = picture_files.paths_of(article.picture, article.picture_width)
    assert all(default_storage.exists(path) for path in paths)

    with_commit(lambda: let_old_leave(30))

    assert not any(default_storage.exists(path) for path in paths)


def with_commit(work):
    """Do what `transaction.on_commit` holds back while a test's own transaction is open."""
    from django.test import TestCase  # noqa: PLC0415

    with TestCase.captureOnCommitCallbacks(execute=True):
        work()


def test_a_file_whose_article_is_gone_is_swept_away_but_not_a_young_one_nor_a_living_one():
    living = make_article()
    give_picture(living)
    folder = f"pictures/{living.pk % 1000:03d}"
    orphan, young = f"{folder}/{living.pk + 1000}-320.webp", f"{folder}/{living.pk + 2000}-320.webp"
    for path in (orphan, young):
        default_storage.save(path, ContentFile(b"webp"))
    long_ago = time.time() - 7200
    for path in (orphan, *picture_files.paths_of(living.picture, living.picture_width)):
        os.utime(default_storage.path(path), (long_ago, long_ago))

    assert picture_files.sweep(living.pk) == 1

    assert not default_storage.exists(orphan)
    assert default_storage.exists(young)
    assert default_storage.exists(picture_files.paths_of(living.picture, living.picture_width)[0])


def test_a_day_of_sweeping_goes_round_all_folders(monkeypatch):
    swept: list[int] = []

    def sweep(number: int) -> int:
        swept.append(number % picture_files.FOLDERS)
        return 0

    monkeypatch.setattr(picture_files, "sweep", sweep)

    for hour in range(24):
        sweep_pictures(days_ago(0) + timedelta(hours=hour))

    assert set(swept) == set(range(picture_files.FOLDERS))


def test_a_story_that_lost_some_of_its_articles_counts_those_that_stayed():
    old, young = make_article(published_at=days_ago(40)), make_article(published_at=days_ago(2))
    story = make_story(told_by=(old, young), article_count=2, source_count=2)

    let_old_leave(30)

    story.refresh_from_db()
    assert (story.article_count, story.source_count, story.first_at) == (1, 1, young.published_at)


def test_a_story_without_articles_goes_and_with_it_those_that_were_merged_into_it():
    story = make_story(told_by=(make_article(published_at=days_ago(40)),))
    make_story(merged_into=story)

    assert let_old_leave(30).stories == 2

    assert not Story.objects.exists()


def test_what_an_old_entry_said_goes_and_its_row_stays_as_a_tombstone():
    feed = make_feed()
    make_entry(feed=feed, title="Old", content_html="<p>long</p>", state="published", seen_at=days_ago(40))
    make_entry(feed=feed, title="Waiting", state="new", seen_at=days_ago(40))
    make_entry(feed=feed, title="Young", state="published", seen_at=days_ago(1))

    assert let_old_leave(30).entries == 1

    assert set(Entry.objects.values_list("state", "title")) == {
        ("gone", ""),
        ("new", "Waiting"),
        ("published", "Young"),
    }


def test_an_article_that_left_does_not_come_back_with_the_next_poll_nor_under_another_feed(web):
    first, second = "https://paper.example/feed.xml", "https://paper.example/all.xml"
    web[first] = web[second] = rss(item("Harbour reopens"))
    make_feed(url=first)
    refresh_due()
    Entry.objects.update(state=Entry.State.READY)
    publish_ready()
    Article.objects.update(published_at=days_ago(40))
    assert let_old_leave(30).articles == 1

    web[first] = web[second] = rss(item("Harbour reopens, again"))
    make_feed(url=second)
    Feed.objects.update(next_check_at=days_ago(1))
    refresh_due()
    Entry.objects.filter(state=Entry.State.NEW).update(state=Entry.State.READY)
    publish_ready()

    assert not Article.objects.exists()
    assert Tombstone.objects.count() == 1


def test_the_command_says_what_left_and_a_dry_run_only_counts(settings, capsys):
    settings.ZIS_RETENTION_DAYS = 30
    make_article(published_at=days_ago(40))

    call_command("let_old_leave", "--dry-run")
    assert "1 article" in capsys.readouterr().out
    assert Article.objects.count() == 1

    call_command("let_old_leave")
    assert "1 article" in capsys.readouterr().out
    assert not Article.objects.exists()


def test_the_command_says_what_to_set_where_everything_is_kept(settings, capsys):
    settings.ZIS_RETENTION_DAYS = 0

    call_command("let_old_leave")

    assert "ZIS_RETENTION_DAYS" in capsys.readouterr().out


def test_of_a_chain_of_merged_stories_none_stands_again_when_the_last_one_goes():
    article = make_article(title="Old", published_at=days_ago(40))
    story = make_story(told_by=(article,))
    make_story(title="Long ago", merged_into=make_story(merged_into=story), source_count=3)

    let_old_leave(30)

    assert not Story.objects.exists()


def test_when_a_source_is_deleted_no_story_counts_it_or_stands_under_its_headline():
    gone, stays = make_article(title="Taken down"), make_article(title="Still told", country="FR")
    both, alone = make_story(told_by=(gone, stays)), make_story(told_by=(make_article(source=gone.source),))

    gone.source.delete()

    both.refresh_from_db()
    assert (both.title, both.article_count, both.voices, both.version) == ("Still told", 1, {"FR": 1}, 2)
    assert not Story.objects.filter(pk=alone.pk).exists()
