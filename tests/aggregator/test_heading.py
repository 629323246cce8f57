"""The one headline of a story, wherever it is named."""

import pytest
from django.utils import timezone

from accounts.preferences import Preferences
from aggregator.comparing.central import centrals
from aggregator.comparing_stories import compare_grown
from aggregator.models import Article, KeptComparison, Story, StoryChange
from aggregator.told import Asked, Side, told_page
from tests.aggregator.comparing_stories import telling
from tests.factories import make_article, make_curator, make_story

pytestmark = pytest.mark.django_db
TEXT = "The bridge over the Elbe fell into the water on Monday, and the ferry runs."


def make_told() -> Story:
    """A story whose newest and first headlines are not what its articles have in common."""
    last = make_article(country="GB", title="Saboteurs eyed", text=TEXT, minutes_ago=1, description="Words win.")
    middle = make_article(country="IE", title="Elbe bridge fell into the water", text=TEXT, minutes_ago=5)
    first = make_article(country="US", title="Ministers stunned", text=TEXT, minutes_ago=9)
    german = make_article(country="DE", language="de", title="Elbe: Brücke weg", text="Die Elbe.", minutes_ago=3)
    return make_story(told_by=(last, middle, first, german), title=first.title)


def test_a_headline_of_words_that_others_share_goes_before_one_of_words_of_its_own():
    plain = telling(TEXT, title="Elbe bridge fell")
    # Both others say all three words of the plain one: 1. Of the third word of these nobody else says a thing: 2/3.
    angled = telling(TEXT, title="Elbe bridge sabotaged")
    other = telling(TEXT, title="Elbe bridge wrecked")

    assert centrals([angled, other, plain])[""] == plain


def test_a_story_has_the_same_headline_in_every_list_on_its_page_in_feeds_and_for_curators(client):
    story = make_told()
    version = story.version
    assert (compare_grown(), compare_grown()) == (1, 0)
    story.refresh_from_db()

    said = "Elbe bridge fell into the water"
    assert (story.title, story.slug, story.version) == (said, "elbe-bridge-fell-into-the-water", version)
    for address in ("/stories/", "/feed/stories/", story.get_absolute_url()):
        page = client.get(address).content.decode()
        assert f">{said}<" in page, address
    assert client.get("/stories/").context["listing"].told[0].article.title == "Saboteurs eyed"
    assert [told.title for told in client.get("/").context["front"].most_told] in ([said], [])
    client.force_login(make_curator())
    assert said in client.get(f"/admin/aggregator/story/{story.pk}/change/").content.decode()


def test_readers_of_another_language_have_the_same_headline_of_theirs_in_lists_and_on_the_page(client):
    story = make_told()
    compare_grown()
    story.refresh_from_db()

    for address in ("/stories/", story.get_absolute_url()):
        page = client.get(address, headers={"Accept-Language": "de"}).content.decode()
        assert ">Elbe: Brücke weg<" in page, address


def test_who_hides_the_article_of_the_headline_reads_another_one_in_its_place():
    make_told()
    compare_grown()
    hidden = Article.objects.get(title__startswith="Elbe bridge").source_id

    reader = Preferences(hidden_sources=frozenset({hidden}))
    found = told_page(Asked(Side.MOST), reader, after="", language="en", now=timezone.now())

    assert [told.title for told in found.told] == ["Saboteurs eyed"]


def test_a_pinned_headline_stays_when_the_story_is_compared():
    story = make_told()
    Story.objects.filter(pk=story.pk).update(title="Pinned", slug="pinned", is_title_pinned=True)

    compare_grown()

    story.refresh_from_db()
    assert (story.title, story.slug) == ("Pinned", "pinned")


def test_what_an_older_method_compared_is_made_anew(monkeypatch):
    story = make_told()
    compare_grown()
    KeptComparison.objects.update(tried_at=story.first_at)
    assert compare_grown() == 0

    monkeypatch.setattr("aggregator.kept_comparisons.METHOD", 99)

    assert compare_grown() == 1


def test_a_curator_reads_the_headlines_of_articles_that_moved(client):
    story = make_told()
    [article, *_] = story.articles.order_by("pk")
    row = StoryChange.objects.create(
        kind="split", made_at=timezone.now(), reason="Two events.", story=story, articles=[article.pk, 2**40]
    )
    client.force_login(make_curator())

    page = client.get(f"/admin/aggregator/storychange/{row.pk}/change/").content.decode()

    assert f'<a href="{article.get_absolute_url()}" dir="auto">{article.title}</a></li></ul>{2**40}' in page
    listed = "/admin/aggregator/storychange/"
    assert client.get(f"{listed}?by=machine").context["cl"].result_count == 1
    assert client.get(f"{listed}?by=curators").context["cl"].result_count == 0
