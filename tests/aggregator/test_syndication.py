"""Feeds out: every list as Atom, read here by the parser that reads other people's feeds."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from aggregator.models import Article
from aggregator.search import documents
from feeds.catalogues.opml import read_opml
from feeds.models import Display
from feeds.parsing import parse_feed
from tests.factories import give_picture, make_article, make_feed, make_reader, make_source, make_story

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom", "m": "http://search.yahoo.com/mrss/"}


def document(client, path: str, **headers) -> ElementTree.Element:
    response = client.get(path, headers=headers)
    assert response.status_code == 200, path
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def link(element: ElementTree.Element, relation: str) -> str | None:
    found = element.find(f"a:link[@rel='{relation}']", ATOM)
    return None if found is None else found.attrib["href"]


def titles(feed: ElementTree.Element) -> list[str]:
    return [title.text or "" for title in feed.findall("a:entry/a:title", ATOM)]


@pytest.fixture
def harvest() -> Article:
    source = make_source(country="FR", name="Le Quotidien", slug="le-quotidien")
    article = make_article(
        source=source, category="business", title="Vendanges & <gel>", description="Sous la serre.", language="fr"
    )
    make_story(told_by=(article, make_article(country="ES", title="Vendimia", minutes_ago=20)), category="business")
    make_article(country="JP", category="science", title="Elsewhere", minutes_ago=40)
    return article


@pytest.mark.parametrize(
    "path", ["/feed/latest/", "/feed/category/business/", "/feed/country/fr/", "/feed/source/le-quotidien/"]
)
def test_a_list_has_a_feed_with_its_articles_and_no_others(client, harvest, path):
    found = titles(document(client, path))

    assert "Vendanges & <gel>" in found
    assert ("Elsewhere" in found) == (path == "/feed/latest/")


def test_a_story_has_a_feed_of_its_articles(client, harvest):
    assert titles(document(client, f"/feed/story/{harvest.story_id}/")) == ["Vendanges & <gel>", "Vendimia"]


def test_the_front_pages_feed_has_an_entry_for_each_story_that_says_who_tells_it(client, harvest):
    entry = document(client, "/feed/").find("a:entry", ATOM)

    assert "2 countries, 2 sources" in entry.findtext("a:summary", "", ATOM)
    assert "/story/" in link(entry, "alternate")


def test_an_entry_leads_to_our_page_and_to_the_original(client, settings, harvest):
    settings.SITE_URL = "https://news.example"
    give_picture(harvest)

    entry = document(client, "/feed/source/le-quotidien/").find("a:entry", ATOM)

    assert link(entry, "alternate") == f"https://news.example{harvest.get_absolute_url()}"
    assert link(entry, "via") == harvest.url
    assert entry.findtext("a:author/a:name", None, ATOM) == "Le Quotidien"
    assert entry.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "fr"
    assert entry.find("m:thumbnail", ATOM).attrib["url"].startswith("https://news.example/media/")
    assert entry.find("m:thumbnail", ATOM).attrib["width"] == "640"


def test_an_entrys_id_outlives_its_headline(client, harvest):
    before = document(client, "/feed/latest/").findtext("a:entry/a:id", None, ATOM)
    Article.objects.filter(pk=harvest.pk).update(title="Neu", slug="neu")

    after = document(client, "/feed/latest/").findtext("a:entry/a:id", None, ATOM)

    assert before == after
    assert client.get(after).headers["Location"].endswith("/neu/")


def test_our_own_reader_takes_our_feed_as_it_takes_others(client, harvest):
    feed = parse_feed(client.get("/feed/latest/").content, url="https://news.example/feed/", now=timezone.now())

    assert feed.items[0].title == "Vendanges & <gel>"
    assert feed.items[0].published_at == harvest.published_at.replace(microsecond=0)


def test_no_more_is_given_out_than_the_source_lets_us_show(client):
    article = make_article(title="Closed", description="What they keep to themselves.")
    article.source.display_policy = Display.HEADLINE
    article.source.save()

    assert b"keep to themselves" not in client.get("/feed/latest/").content


def test_older_pages_are_reached_by_next_and_lead_back_to_the_first(client):
    for number in range(35):
        make_article(title=f"Number {number}", minutes_ago=number)

    newest = document(client, "/feed/latest/?hidden=show")
    older = document(client, link(newest, "next").removeprefix("http://testserver"))

    assert len(titles(newest)) == 30 and titles(older) == [f"Number {n}" for n in range(30, 35)]
    assert link(older, "first") == "http://testserver/feed/latest/?hidden=show" and link(older, "next") is None
    assert newest.findtext("a:id", None, ATOM) == older.findtext("a:id", None, ATOM)


def test_whoever_has_the_feed_already_is_sent_nothing(client, harvest):
    first = client.get("/feed/latest/")

    again = client.get("/feed/latest/", headers={"if-none-match": first.headers["ETag"]})
    make_article(minutes_ago=0)
    changed = client.get("/feed/latest/", headers={"if-none-match": first.headers["ETag"]})

    assert again.status_code == 304 and not again.content
    assert changed.status_code == 200


def test_a_users_feed_is_kept_by_nobody_else(client, harvest):
    assert "public" in client.get("/feed/latest/").headers["Cache-Control"]

    client.force_login(make_reader())

    assert "private" in client.get("/feed/latest/").headers["Cache-Control"]


def test_characters_that_xml_does_not_know_cost_no_reader_the_feed(client):
    make_article(title="Bell\x07 and\ufffe half", description="\x0b")

    assert titles(document(client, "/feed/latest/")) == ["Bell and half"]


def test_an_empty_list_is_a_feed_that_does_not_change(client):
    assert client.get("/feed/latest/").content == client.get("/feed/latest/").content


@pytest.mark.parametrize("path", ["/feed/category/pink/", "/feed/country/xx/", "/feed/source/none/", "/feed/story/9/"])
def test_a_feed_of_nothing_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_a_position_that_is_none_is_refused(client):
    assert client.get("/feed/latest/?after=1").status_code == 400


def test_the_feeds_of_sources_can_be_taken_elsewhere_as_opml(client):
    french = make_feed(source=make_source(country="FR", name="Le Quotidien"), url="https://quotidien.example/rss")
    make_feed(source=make_source(country="JP"), url="https://asa.example/rss")
    make_feed(source=make_source(country="FR"), url="https://gone.example/rss", is_paused=True)

    rows = read_opml(client.get("/feed/sources.opml?country=fr").content)

    assert [(row.feed_url, row.source) for row in rows] == [(french.url, "Le Quotidien")]


def test_a_page_leads_to_the_feed_of_its_list(client, harvest):
    for page, feed in {
        "/": "/feed/",
        "/latest/": "/feed/latest/",
        "/country/fr/": "/feed/country/fr/",
        harvest.story.get_absolute_url(): f"/feed/story/{harvest.story_id}/",
    }.items():
        assert f'type="application/atom+xml" href="{feed}"' in client.get(page).content.decode(), page


def test_a_feed_costs_few_queries_however_much_it_lists(client, django_assert_max_num_queries):
    for number in range(30):
        make_article(minutes_ago=number)

    with django_assert_max_num_queries(3):
        client.get("/feed/latest/")


def test_a_changed_article_says_when(client, harvest):
    changed_at = (harvest.published_at + timedelta(minutes=3)).replace(microsecond=0)
    Article.objects.filter(pk=harvest.pk).update(updated_at=changed_at)

    entry = document(client, "/feed/source/le-quotidien/").find("a:entry", ATOM)

    assert entry.findtext("a:updated", None, ATOM) == changed_at.isoformat()


def test_a_search_has_a_feed_newest_first_and_an_opml_that_leads_to_it(client):
    make_article(title="Harvest in Rome", minutes_ago=50)
    make_article(title="Harvest in Paris, a harvest of harvests", minutes_ago=10)
    make_article(title="Rain")
    documents.renew(Article.objects.all())

    page = client.get("/search/?q=harvest&sort=relevance").content.decode()
    rows = read_opml(client.get("/feed/search.opml?q=harvest").content)

    assert 'type="application/atom+xml" href="/feed/search/?q=harvest"' in page
    assert rows[0].feed_url == "http://testserver/feed/search/?q=harvest" and "harvest" in rows[0].name
    found = titles(document(client, "/feed/search/?q=harvest"))
    assert found == ["Harvest in Paris, a harvest of harvests", "Harvest in Rome"]


def test_a_search_for_nothing_has_no_feed(client):
    assert client.get("/feed/search/").status_code == client.get("/feed/search.opml?q=!!").status_code == 404


def test_the_lists_of_stories_have_feeds(client):
    make_story(told_by=(make_article(title="Talks", country="FR"), make_article(title="Talks", country="DE")))
    one_side = tuple(make_article(title="Dam", country="KZ") for _ in range(3))
    make_story(told_by=one_side)

    assert titles(document(client, "/feed/stories/")) == ["Talks"]
    assert titles(document(client, "/feed/stories/?side=one")) == ["Dam"]
    assert 'href="/feed/stories/?side=one"' in client.get("/stories/?side=one").content.decode()
