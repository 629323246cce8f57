"""What a curator does to bring sources in, through the pages a curator uses."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from feeds.catalogues.catalogue import load, read_catalogue
from feeds.clock import database_now
from feeds.finding import searches, searching
from feeds.finding.adding import NewSource, add_source
from feeds.ingestion import refresh_due
from feeds.models import Feed, Source
from tests.documents import item, rss
from tests.factories import make_curator, make_feed, make_reader, make_source
from tests.web import Answer

pytestmark = pytest.mark.django_db
HOME = "https://courier.example.ie/"
FEED = f"{HOME}rss"
SPORT = f"{HOME}sport.rss"


@pytest.fixture
def user():
    return make_curator()


@pytest.fixture
def curator(client, user):
    client.force_login(user)
    return client


@pytest.fixture
def courier(web):
    """A paper with a feed of everything and one of sport."""
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{url}">' for url in (FEED, SPORT))
    web[HOME] = f"<html lang='en-IE'><head><title>The Courier</title>{links}</head><body></body></html>"
    web[FEED] = rss(*(item(f"News {n}", link=f"{HOME}{n}") for n in range(8)), title="The Courier")
    web[SPORT] = rss(item("Final tonight", link=f"{HOME}s/1"), title="The Courier Sport")
    return web


@pytest.fixture
def found(courier, user) -> str:
    """The page of a search that a worker has made."""
    return found_by(user, HOME)


def found_by(user, typed: str) -> str:
    now = database_now()
    searches.keep(user.pk, "key", searches.Search(typed, now, now))
    searching.make(user.pk, "key")
    return reverse("admin:feeds_source_found", args=["key"])


def shown(curator, url: str) -> str:
    response = curator.get(url)
    assert response.status_code == 200
    return response.content.decode()


def wanted(**changes: str) -> dict[str, str]:
    """What the page of the Courier sends when its guesses are left as they are."""
    values = {
        "name": "The Courier", "site_url": HOME, "country": "IE", "language": "en-IE", "category": "general",
        "take_0": "on", "category_0": "", "category_1": "sports",
    }  # fmt: skip
    return values | changes


def test_the_whole_way_from_an_address_to_a_source_whose_feed_is_fetched(courier, worker, curator):
    response = curator.post(reverse("admin:feeds_source_find"), {"address": "courier.example.ie"})
    page, stop_at = "", time.monotonic() + 120
    while "Nothing is added yet" not in page and time.monotonic() < stop_at:
        page = shown(curator, response["Location"])
        time.sleep(0.2)
    assert "2 feeds were found" in page
    assert "News 4" in page
    assert "News 5" not in page

    curator.post(response["Location"], wanted())

    assert Feed.objects.get().source.name == "The Courier"
    assert refresh_due().entries_new == 8


def test_a_search_that_runs_says_so_and_looks_again_without_javascript(curator, user):
    now = database_now()
    searches.keep(user.pk, "key", searches.Search(HOME, now, now, asking=FEED, asked=3))
    page = shown(curator, reverse("admin:feeds_source_found", args=["key"]))
    assert '<meta http-equiv="refresh"' in page
    assert "3 addresses asked" in page


def test_a_search_that_nobody_makes_says_so_and_looks_no_more(curator, user):
    then = database_now().replace(year=2020)
    searches.keep(user.pk, "key", searches.Search(HOME, then, then))
    page = shown(curator, reverse("admin:feeds_source_found", args=["key"]))
    assert "Perhaps nobody fetches at the moment" in page
    assert "http-equiv" not in page


def test_what_was_found_is_shown_with_its_guesses_and_the_likeliest_feed_is_checked(curator, found):
    page = shown(curator, found)
    assert 'name="take_0" id="id_take_0" checked' in page
    assert 'name="take_1" id="id_take_1">' in page
    assert '<option value="IE" selected>Ireland</option>' in page
    assert '<option value="sports" selected>Sports</option>' in page
    assert 'value="The Courier"' in page


def test_chosen_feeds_become_a_source_with_their_sections(curator, found):
    page = curator.post(found, wanted(take_1="on"), follow=True).content.decode()

    source = Source.objects.get()
    assert (source.name, source.slug, source.country_id, source.language) == (
        "The Courier",
        "the-courier",
        "IE",
        "en-IE",
    )
    assert dict(source.feeds.values_list("url", "category")) == {FEED: None, SPORT: "sports"}
    assert "2 feeds of The Courier were added" in page


def test_added_twice_it_is_there_once_and_the_second_time_says_so(curator, found):
    curator.post(found, wanted())
    page = curator.post(found, wanted(), follow=True).content.decode()
    assert (Source.objects.count(), Feed.objects.count()) == (1, 1)
    assert "is here already, under The Courier." in page
    assert "Change source" in page


@pytest.mark.parametrize("spelling", [FEED, FEED.replace("https", "http"), f"{FEED}/", FEED.replace("//", "//www.")])
def test_a_feed_that_is_here_is_shown_with_its_source_and_not_added_again(curator, found, spelling):
    make_feed(url=spelling, source=make_source(name="Old Courier", site_url=HOME))

    page = shown(curator, found)
    assert "Here already, under" in page
    assert "Old Courier" in page
    old = str(Source.objects.get().pk)
    curator.post(found, {"to": old, "take_1": "on", "category_1": "sports"})

    assert Source.objects.count() == 1
    assert set(Feed.objects.values_list("url", flat=True)) == {spelling, SPORT}


def test_where_all_feeds_are_here_there_is_nothing_to_add(curator, found):
    source = make_source(name="Old Courier", site_url=HOME)
    for url in (FEED, SPORT):
        make_feed(url=url, source=source)
    assert "All of them are here already." in shown(curator, found)
    curator.post(found, {"to": "new"})
    assert Source.objects.count() == 1


def test_a_feed_may_become_a_new_source_though_the_site_has_one(curator, found):
    make_source(name="Old Courier", site_url=HOME)
    curator.post(found, wanted(to="new"))
    assert set(Source.objects.values_list("name", flat=True)) == {"Old Courier", "The Courier"}


def test_two_who_add_the_same_source_find_one(courier):
    for _ in range(2):
        added = add_source(NewSource("The Courier", HOME, "IE", "en"), {FEED: "", SPORT: "sports"})
    assert (added.is_new, len(added.already_here), added.feeds) == (False, 2, [])
    assert Source.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "This field is required"),
        ({"country": ""}, "This field is required"),
        ({"language": "English!"}, "is no language tag"),
        ({"site_url": "javascript:alert(1)"}, "Enter a valid URL"),
        ({"take_0": ""}, "Choose at least one feed"),
        ({"category": "gossip"}, "Select a valid choice"),
    ],
)
def test_what_is_missing_or_wrong_is_marked_and_nothing_is_added(curator, found, change, sentence):
    assert sentence in curator.post(found, wanted(**change)).content.decode()
    assert not Source.objects.exists()


def test_a_site_without_a_feed_says_what_was_tried_and_what_can_be_done(curator, user, web):
    web["https://quiet.example/"] = "<html><body>Nothing.</body></html>"
    page = shown(curator, found_by(user, "quiet.example"))
    assert "No feed was found behind quiet.example" in page
    assert "https://quiet.example/rss.xml" in page
    assert "ask the publisher" in page


def test_an_address_that_does_not_answer_is_named_with_its_reason(curator, user, web):
    web["https://gone.example/"] = Answer(404)
    assert "404" in shown(curator, found_by(user, "gone.example"))
    assert "this machine itself" in shown(curator, found_by(user, "http://127.0.0.1/"))


def test_an_empty_address_is_refused_at_once(curator):
    page = curator.post(reverse("admin:feeds_source_find"), {"address": "  "}).content.decode()
    assert "This field is required" in page


def test_a_search_belongs_to_the_curator_who_asked(client, found):
    client.force_login(make_curator())
    assert client.get(found).status_code == 302
    client.force_login(make_reader())
    assert client.get(found).status_code in {302, 403}


def test_a_search_that_is_no_longer_kept_leads_back(curator, found):
    cache.clear()
    assert "no longer kept" in curator.get(found, follow=True).content.decode()


def test_hostile_words_of_a_site_are_only_text(curator, user, web):
    hostile = "<script>alert(1)</script>"
    web[HOME] = rss(item(hostile, link=f"{HOME}1"), title=hostile)
    page = shown(curator, found_by(user, HOME))
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page or "alert(1)" in page


def test_the_pages_for_sources_hold_no_script_or_style_of_their_own(curator, found):
    pages = [found, *(reverse(f"admin:feeds_source_{name}") for name in ("find", "import"))]
    for url in pages:
        main = shown(curator, url).partition('<div id="content-main">')[2].partition('<footer id="footer">')[0]
        assert main
        assert not [mark for mark in ("<script", "<style", " style=", " onclick=") if mark in main]


# Lists in and out.


def upload(curator, content: bytes, name: str = "mine.opml"):
    return curator.post(reverse("admin:feeds_source_import"), {"file": SimpleUploadedFile(name, content)})


def opml(*outlines: str) -> bytes:
    return f"<opml version='2.0'><body>{''.join(outlines)}</body></opml>".encode()


GOOD = f"<outline text='Sport'><outline type='rss' text='The Courier' xmlUrl='{FEED}'/></outline>"
BAD = "<outline type='rss' text='Inside' xmlUrl='http://127.0.0.1/rss'/>"


def test_a_list_is_shown_line_by_line_before_it_is_loaded_and_then_loaded_once(curator):
    make_feed(url="https://here.example/rss", title="Here")
    here = "<outline type='rss' text='Here' xmlUrl='https://here.example/rss'/>"
    url = upload(curator, opml(GOOD, here, BAD))["Location"]

    page = shown(curator, url)
    assert "Nothing is loaded yet" in page
    for words in ("added", "already here", "refused", "this machine itself"):
        assert words in page
    assert Feed.objects.count() == 1

    for _ in range(2):
        page = curator.post(url, follow=True).content.decode()
    assert "was loaded" in page
    assert Feed.objects.get(url=FEED).category_id == "sports"
    assert Feed.objects.count() == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<html><head><title>Log in</title></head></html>", "a web page"),
        (b"name,url\na,b", "lacks the columns feed_url"),
        (opml(), "There is no feed in this file"),
        (b"", "The file is empty"),
        (b"<!DOCTYPE opml [<!ENTITY a 'b'>]><opml/>", "has a DOCTYPE"),
        (b"<" * 2_200_000, "larger than 2 MB"),
        (b"\x89PNG\r\n\x1a\n\x00\xff", "binary data (a picture, an archive, …), no list of feeds"),
        (b"name,feed_url\nCaf\xe9,https://paper.example/rss", "not CSV in UTF-8"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_a_sentence(curator, content, sentence):
    assert sentence in upload(curator, content).content.decode()


def test_a_list_of_which_all_is_here_offers_nothing_to_load(curator):
    make_feed(url=FEED)
    page = shown(curator, upload(curator, opml(GOOD))["Location"])
    assert "nothing to load" in page
    assert "Load it" not in page


def test_sources_are_exported_all_or_those_chosen(curator):
    chosen = make_feed(url=FEED, source=make_source(name="The Courier"))
    make_feed(url="https://other.example/rss")

    everything = curator.get(reverse("admin:feeds_source_export", args=["opml"]))
    assert everything["Content-Disposition"].startswith('attachment; filename="zisnews-sources-')
    assert b"other.example" in everything.content

    some = curator.post(
        reverse("admin:feeds_source_changelist"),
        {"action": "export_csv", "_selected_action": [chosen.source_id]},
    )
    assert FEED in some.content.decode()
    assert "other.example" not in some.content.decode()
    assert curator.get(reverse("admin:feeds_source_export", args=["exe"])).status_code == 404


def test_only_curators_import_and_export(client):
    client.force_login(make_reader(is_staff=True))
    for name, arguments in (("find", []), ("import", []), ("export", ["opml"])):
        assert client.get(reverse(f"admin:feeds_source_{name}", args=arguments)).status_code == 403


def test_the_list_of_sources_says_in_words_how_much_is_shown(curator):
    make_source(name="By default")
    make_source(name="By choice", display_policy="headline")
    page = shown(curator, reverse("admin:feeds_source_changelist"))
    assert "Full text (default)" in page
    assert "Headline only" in page
    assert "full_text</td>" not in page


@pytest.mark.django_db(transaction=True)
def test_the_same_source_added_by_many_at_the_same_moment_is_there_once(web):
    def add(_: int) -> bool:
        try:
            return add_source(NewSource("The Courier", HOME, "IE", "en"), {FEED: "", SPORT: "sports"}).is_new
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        assert sorted(threads.map(add, range(6))) == [False] * 5 + [True]
    assert (Source.objects.count(), Feed.objects.count()) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_a_list_loaded_by_many_at_the_same_moment_is_loaded_once(web):
    rows = read_catalogue(opml(GOOD), "mine.opml")

    def take_in(_: int) -> int:
        try:
            return len(load(rows).added)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(take_in, range(4))) == 1
    assert (Source.objects.count(), Feed.objects.count()) == (1, 1)
