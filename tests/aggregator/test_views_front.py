"""The front page: which story leads, how its countries tell it, and what stands around it."""

import gzip
import hashlib
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from accounts.preferences import Preferences
from aggregator.front import front_page
from aggregator.kept_ranking import WORTH_KEEPING
from aggregator.models import Article, KeptRanking, Story
from feeds.models import Category
from tests.factories import give_picture, make_article, make_feed, make_source, make_story

pytestmark = pytest.mark.django_db

QUERIES = 14  # of which six rank and keep the ranking, once in five minutes


def tell(title: str, *countries: str, minutes_ago: float = 30, **fields) -> Story:
    """A story with one article of each country."""
    articles = tuple(
        make_article(title=f"{title}, told in {iso}", country=iso, minutes_ago=minutes_ago + n, **fields)
        for n, iso in enumerate(countries)
    )
    return make_story(told_by=articles, title=title)


def front(preferences: Preferences | None = None, *, language: str = "en"):
    return front_page(preferences or Preferences(), language=language, now=timezone.now())


def test_the_story_most_countries_tell_leads():
    tell("Small", "GB", "FR")
    tell("Large", "GB", "FR", "IN", "JP")

    assert front().lead.story.title == "Large"


def test_an_old_story_gives_way_to_a_new_one():
    tell("Old", "GB", "FR", "IN", "JP", minutes_ago=40 * 60)
    tell("New", "GB", "FR")

    assert front().lead.story.title == "New"


def test_the_lead_is_told_by_each_of_its_countries_once():
    story = tell("Talks", "RU", "BY", "PL")
    second = make_article(source=make_source(country="PL"), title="Another Polish one", minutes_ago=50)
    Article.objects.filter(pk=second.pk).update(story=story)

    lead = front().lead

    assert sorted(article.source.country_id for article in lead.tellings) == ["BY", "PL", "RU"]
    assert len(lead.others) == 2


def test_an_article_in_the_readers_language_stands_for_its_story():
    german = make_article(title="Gespräche", country="DE", language="de", minutes_ago=1)
    english = make_article(title="Talks", country="GB", language="en", minutes_ago=60)
    make_story(told_by=(german, english))

    assert front(language="en").lead.article == english
    assert front(language="de").lead.article == german


def test_a_story_with_a_picture_leads_before_one_that_stands_little_higher():
    tell("Without", "GB", "FR", "IN")
    pictured = tell("With", "GB", "FR")
    give_picture(pictured.articles.all()[0])

    assert front().lead.story.title == "With"


def test_before_any_story_the_newest_article_leads():
    article = make_article(title="First of all")

    lead = front().lead

    assert lead.article == article and lead.story is None and lead.tellings == []


def test_what_a_reader_blocked_stands_nowhere_on_the_front_page(client):
    tell("Football final", "GB", "FR", "IN", category="sports")
    for number in range(4):
        make_article(title=f"Football {number}", category="sports")
    tell("Rain expected", "GB", "FR")

    page = front(replace(Preferences(), blocked="'football'"))

    everything = [page.lead, *page.top, *page.most_told, *page.one_sided]
    titles = [article.title for told in everything for article in told.tellings]
    titles += [article.title for block in page.blocks for article in block.articles]
    titles += [article.title for article in page.latest]
    assert titles and not [title for title in titles if "Football" in title]


def test_where_a_readers_keywords_hide_what_leads_the_next_story_leads():
    for number in range(12):
        tell(f"Football {number}", "GB", "FR", "IN", "JP")
    stories = [tell(f"Story {number}", "GB", "FR") for number in range(7)]

    page = front(Preferences(blocked="'football'"))

    shown = [told.story for told in (page.lead, *page.top)]
    assert len(shown) == 5 and set(shown) <= set(stories)
    assert all(len(told.tellings) == 2 for told in (page.lead, *page.top))


def test_a_story_a_reader_sees_in_part_is_told_by_what_they_see():
    hidden = make_article(title="Football final", country="GB", minutes_ago=1, description="Words and a picture.")
    give_picture(hidden)
    seen = make_article(title="A match", country="FR", minutes_ago=50)
    make_story(told_by=(hidden, seen), title="Football final")

    lead = front(Preferences(blocked="'football'")).lead

    assert lead.article == seen and lead.others == []


def test_a_reader_who_hides_everything_is_told_so_and_may_look(client, monkeypatch):
    make_article(title="Football final", minutes_ago=60 * 24 * 9)
    monkeypatch.setattr("aggregator.lists.preferences_of", lambda request: Preferences(blocked="'football'"))

    page = client.get("/").content.decode()

    assert "Your keywords and hidden sources hide every article there is" in page
    assert "on their way" not in page and "data-look-again" not in page
    assert "Football final" in client.get("/?hidden=show").content.decode()


def test_no_source_leads_two_stories_in_a_row():
    loud = make_source(country="GB")
    for number in range(4):
        first = make_article(source=loud, title=f"Loud {number}", description="Words win otherwise.")
        make_story(told_by=(first, make_article(country="IE", title=f"Quiet {number}")))

    page = front()

    sources = [told.article.source for told in (page.lead, *page.top)]
    assert len(sources) == 4 and all(one != other for one, other in pairwise(sources))


def test_a_story_that_can_be_read_leads_before_one_that_stands_little_higher():
    tell("Переговоры", "RU", "BY", "KZ", language="ru")
    tell("Talks", "GB", "FR")

    assert front(language="en").lead.story.title == "Talks"
    assert front(language="ru").lead.story.title == "Переговоры"


def test_newest_articles_take_the_places_of_stories_there_are_too_few_of():
    story = tell("Talks", "GB", "FR")
    for number in range(3):
        make_article(title=f"Alone {number}", minutes_ago=number + 1)

    page = front()

    assert [told.story for told in (page.lead, *page.top)] == [story, None, None, None]
    assert page.latest and not {told.article.pk for told in page.top} & {article.pk for article in page.latest}


def test_a_categorys_block_begins_with_its_most_told_stories():
    for number in range(5):
        tell(f"Larger {number}", "GB", "FR", "IN", "JP")
    told = [tell(f"Match {number}", *["GB", "FR", "IN"][: 3 - number % 2], minutes_ago=400) for number in range(4)]
    Story.objects.filter(pk__in=[story.pk for story in told]).update(category="sports")
    for number in range(9):
        make_article(title=f"Newer {number}", category="sports", minutes_ago=number + 1)

    block = next(block for block in front().blocks if block.category.slug == "sports")

    titles = [article.story.title if article.story else "" for article in block.articles]
    assert set(titles[:2]) == {"Match 0", "Match 2"} and set(titles[2:4]) == {"Match 1", "Match 3"}
    assert titles[4:] == ["", ""]


def test_a_full_front_page_is_light(client):
    for number, slug in enumerate(Category.objects.sections().values_list("slug", flat=True)):
        for again in range(7):
            words = hashlib.sha256(f"{number} {again}".encode()).hexdigest()
            story = tell(f"Of {words[:9]} and {words[9:30]}, {words[30:50]}", "GB", "FR", "IN", "JP", category=slug)
            Story.objects.filter(pk=story.pk).update(category=slug)

    page = client.get("/").content

    assert page.count(b"data-article=") > 70
    assert len(gzip.compress(page)) <= 25_000


def test_a_hidden_source_tells_nothing():
    story = tell("Talks", "RU", "BY", "PL")
    hidden = story.articles.get(source__country="BY").source

    lead = front(Preferences(hidden_sources=frozenset({hidden.pk}))).lead

    assert sorted(article.source.country_id for article in lead.tellings) == ["PL", "RU"]


def test_a_category_has_a_block_of_its_own_without_what_stands_above():
    story = tell("Election", "GB", "FR", category="politics")
    for number in range(4):
        make_article(title=f"Vote {number}", category="politics", minutes_ago=number + 100)
    make_article(title="Lonely", category="science")

    blocks = front().blocks

    assert [block.category.slug for block in blocks] == ["politics"]
    assert not [article for article in blocks[0].articles if article.story_id == story.pk]


def test_a_block_shows_pictures_large_and_the_rest_as_headlines():
    for number in range(6):
        article = make_article(category="world", minutes_ago=number + 1, title=f"W{number}")
        if number >= 3:
            give_picture(article)
    make_story(told_by=(make_article(country="FR"), make_article(country="DE")))  # something else leads

    block = front().blocks[0]

    assert [article.title for article in block.cards] == ["W3", "W4", "W5"]
    assert [article.title for article in block.briefs] == ["W0", "W1", "W2"]


def test_a_story_of_one_countrys_sources_is_told_by_one_side_only():
    tell("Dam", "KZ", "KZ", "KZ")
    tell("Talks", "RU", "BY")

    assert [told.story.title for told in front().one_sided] == ["Dam"]


def test_the_front_page_costs_the_same_however_much_there_is(client, django_assert_num_queries):
    for count in (WORTH_KEEPING, 2 * WORTH_KEEPING):
        for number in range(count):
            tell(f"Story {number}", "GB", "FR", "IN", minutes_ago=number + 1, category="world")
            make_article(category="health", minutes_ago=number + 1)
        KeptRanking.objects.all().delete()
        with django_assert_num_queries(QUERIES):
            client.get("/")
        with django_assert_num_queries(QUERIES - 6):
            client.get("/")


def test_an_empty_front_page_says_what_is_happening_and_looks_again(client):
    make_feed()

    page = client.get("/").content.decode()

    assert "The first articles are on their way" in page
    assert 'data-look-again="5"' in page
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page


def test_an_empty_front_page_says_that_there_are_no_sources_and_tells_curators_where_to_add_one(client, admin_client):
    assert "There are no sources yet" in client.get("/").content.decode()
    assert "/admin/feeds/source/find/" not in client.get("/").content.decode()
    assert "/admin/feeds/source/find/" in admin_client.get("/").content.decode()


def test_an_empty_front_page_does_not_promise_articles_while_no_source_answers(client):
    for _ in range(2):
        make_feed(failure_count=1, last_error="No answer.", checked_at=timezone.now())

    page = client.get("/").content.decode()

    assert "None of the 2 feeds we ask answers" in page
    assert "on their way" not in page
    assert 'data-look-again="5"' in page


def test_one_source_not_asked_yet_keeps_the_promise(client):
    make_feed(failure_count=1, last_error="No answer.", checked_at=timezone.now())
    make_feed()

    assert "The first articles are on their way" in client.get("/").content.decode()


def test_an_empty_front_page_says_when_nobody_fetches(client):
    make_feed(next_check_at=timezone.now() - timedelta(minutes=2))

    assert "Nobody is asking our sources" in client.get("/").content.decode()


def test_the_lead_shows_how_each_country_tells_it(client):
    tell("Talks", "RU", "PL", "AZ")

    page = client.get("/").content.decode()

    assert "How each country tells it" in page
    for iso in ("RU", "PL", "AZ"):
        assert f"Talks, told in {iso}" in page and f'flags.svg#{iso.lower()}"' in page


def test_a_front_page_with_future_and_very_old_stories_still_comes(client):
    tell("Tomorrow", "GB", "FR", minutes_ago=-5)
    old = tell("Long ago", "GB", "FR")
    Story.objects.filter(pk=old.pk).update(newest_at=timezone.now() - timedelta(days=900))

    assert client.get("/").status_code == 200
