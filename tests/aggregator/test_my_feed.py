"""A reader's own list: all they follow, newest first, each article once, without what they hide."""

from datetime import timedelta
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.excluding import Wanted as Blocked
from accounts.excluding import block, hide_source
from accounts.following import follow, save_search
from accounts.preferences import Preferences, with_exclusions
from aggregator import my_feed
from aggregator.first_feed import country_of_zone, wanted_to_begin
from aggregator.followed_stories import follow_story
from aggregator.my_feed import page_of, wanted_by
from aggregator.search import documents
from feeds.models import Category
from tests.factories import make_article, make_reader, make_source, make_story

pytestmark = pytest.mark.django_db
NOW = timezone.now()
PLAIN = Preferences()


def titles(reader, preferences: Preferences = PLAIN) -> list[str]:
    return [article.title for article in page_of(wanted_by(reader), preferences, now=timezone.now()).page.rows]


def test_all_that_is_followed_is_there_newest_first_and_nothing_else():
    reader = make_reader()
    source = make_source()
    of_source = make_article(source=source, title="source", minutes_ago=50)
    make_article(country="FR", title="country", minutes_ago=40)
    make_article(category="science", title="category", minutes_ago=30)
    of_story = make_article(title="story", minutes_ago=20)
    of_search = make_article(title="A flood", minutes_ago=10)
    make_article(title="nothing of it", minutes_ago=1)
    documents.renew([of_search])
    follow(reader, source, NOW)
    follow(reader, make_source(country="FR").country, NOW)
    follow(reader, Category.objects.get(pk="science"), NOW)
    follow_story(reader, make_story(told_by=(of_story,)), NOW)
    save_search(reader, "q=flood&from=2031-01-01", NOW, name="Floods", is_followed=True)
    save_search(reader, "q=nothing", NOW, name="kept, not followed")

    assert titles(reader) == ["A flood", "story", "category", "country", "source"]
    assert titles(make_reader()) == [] and of_source.pk


def test_an_article_that_is_followed_in_four_ways_stands_once():
    reader, source = make_reader(), make_source()
    article = make_article(source=source, category="science", title="Flood")
    follow(reader, source, NOW)
    follow(reader, source.country, NOW)
    follow(reader, Category.objects.get(pk="science"), NOW)
    follow_story(reader, make_story(told_by=(article,)), NOW)

    assert titles(reader) == ["Flood"]


def test_a_merged_story_brings_the_articles_of_the_one_that_stands():
    reader, merged = make_reader(), make_story()
    follow_story(reader, merged, NOW)
    merged.merged_into = make_story(told_by=(make_article(title="Goes on"),))
    merged.save()

    assert titles(reader) == ["Goes on"]


def test_page_after_page_brings_each_article_once_in_order(monkeypatch):
    monkeypatch.setattr(my_feed, "PAGE_SIZE", 3)
    reader, minutes = make_reader(), count(1)
    expected = []
    for number in range(5):
        source = make_source()
        follow(reader, source, NOW)
        for _ in range(number):
            expected.append(make_article(source=source, minutes_ago=next(minutes) * 7919 % 997).pk)
    same = timezone.now() - timedelta(days=2)
    expected += [make_article(source=source, published_at=same).pk for _ in range(5)]

    seen, after = [], ""
    for _ in range(20):
        found = page_of(wanted_by(reader), PLAIN, after, now=timezone.now()).page
        seen += [(article.published_at, article.pk) for article in found.rows]
        after = found.next
        if not after:
            break

    assert seen == sorted(seen, reverse=True) and sorted(pk for _, pk in seen) == sorted(expected)


def test_what_is_hidden_is_not_there_and_is_counted(monkeypatch):
    monkeypatch.setattr(my_feed, "PAGE_SIZE", 3)
    reader, source = make_reader(), make_source()
    follow(reader, source, NOW)
    hidden = make_source(country="FR")
    follow(reader, hidden.country, NOW)
    for number in range(12):
        make_article(source=source, title=f"Football {number}", minutes_ago=number + 1)
        make_article(source=hidden, minutes_ago=number + 1)
    kept = make_article(source=source, title="Chess", minutes_ago=60)
    block(reader, Blocked("football"), NOW)
    hide_source(reader, hidden, NOW)

    found = page_of(wanted_by(reader), with_exclusions(PLAIN, reader), now=timezone.now())

    assert [article.pk for article in found.page.rows] == [kept.pk] and not found.page.next
    assert found.hidden == 24


def test_where_nearly_all_is_hidden_the_walk_ends_and_says_how_far_it_went(monkeypatch):
    monkeypatch.setattr(my_feed, "PAGE_SIZE", 2)
    monkeypatch.setattr(my_feed, "MOST_LOOKED_AT", 5)
    reader, source = make_reader(), make_source()
    follow(reader, source, NOW)
    for number in range(40):
        make_article(source=source, title=f"Football {number}", minutes_ago=number + 1)
    kept = make_article(source=source, title="Chess", minutes_ago=60)
    block(reader, Blocked("football"), NOW)
    preferences = with_exclusions(PLAIN, reader)

    found = page_of(wanted_by(reader), preferences, now=timezone.now())
    assert not found.page.rows and found.page.next and found.reached
    while found.page.next and not found.page.rows:
        found = page_of(wanted_by(reader), preferences, found.page.next, now=timezone.now())
    assert [article.pk for article in found.page.rows] == [kept.pk]


def test_a_reader_who_follows_nothing_begins_with_their_country_or_language(client):
    make_article(country="AM", title="Of here")
    make_article(source=make_source(country="FR", language="fr-FR"), title="En français")
    assert country_of_zone("Asia/Yerevan") == "AM" and country_of_zone("UTC") == ""
    assert wanted_to_begin("Asia/Yerevan", "en").followed.countries == ("AM",)
    assert wanted_to_begin("UTC", "fr").languages == ("fr",)
    assert set(wanted_to_begin("Asia/Tokyo", "ja").languages) == {"en", "fr"}

    client.force_login(make_reader(time_zone="Asia/Yerevan"))
    shown = client.get("/?feed=mine").content.decode()
    assert "Of here" in shown and "the newest of Armenia" in shown and "En français" not in shown


def test_the_page_shows_it_with_the_way_on_and_the_quiet_line(client, monkeypatch):
    monkeypatch.setattr(my_feed, "PAGE_SIZE", 2)
    reader, source = make_reader(), make_source()
    client.force_login(reader)
    follow(reader, source, NOW)
    for number in range(4):
        make_article(source=source, title=f"Number {number}", minutes_ago=number + 1)
    make_article(title="Of others")
    block(reader, Blocked("Number 0"), NOW)

    shown = client.get("/?feed=mine").content.decode()
    assert "Number 1" in shown and "Number 3" not in shown and "Of others" not in shown and "Number 0" not in shown
    assert 'data-hidden="1"' in shown and 'rel="next"' in shown
    assert "Number 0" in client.get("/?feed=mine&hidden=show").content.decode()
    assert client.get("/?feed=mine&after=nonsense").status_code == 400


def test_it_costs_the_same_however_much_is_followed(client):
    reader = make_reader()
    client.force_login(reader)

    def queries_with(numbers: range) -> int:
        for number in numbers:
            follow(reader, make_article(country=("GB", "FR")[number % 2]).source, NOW)
            follow_story(reader, make_story(told_by=(make_article(),)), NOW)
            save_search(reader, f"q=word{number}&country=gb", NOW, name="Word", is_followed=True)
        with CaptureQueriesContext(connection) as asked:
            client.get("/?feed=mine")
        return len(asked)

    queries_with(range(1))
    assert queries_with(range(1, 2)) == queries_with(range(2, 20))


def test_the_categories_a_user_follows_stand_first_on_the_front_page(client):
    for slug in ("world", "science", "sports"):
        for _ in range(4):
            make_article(category=slug)
    reader = make_reader()
    client.force_login(reader)
    follow(reader, Category.objects.get(pk="sports"), NOW)

    blocks = [block.category.slug for block in client.get("/").context["front"].blocks]

    assert blocks[0] == "sports" and blocks[1:] == sorted(blocks[1:], key=["world", "science"].index)
    assert "My feed" in client.get("/").content.decode()
