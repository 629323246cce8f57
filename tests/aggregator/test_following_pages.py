"""Following and hiding by the forms and pages of a reader."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.excluding import exclusions_of, hide_source
from accounts.following import follow, followed_by, save_search
from accounts.models import Follow, HiddenSource, SavedSearch
from aggregator.followed_stories import follow_story
from aggregator.models import FollowedStory
from feeds.models import Category
from tests.factories import make_article, make_feed, make_reader, make_source, make_story
from zisnews.messages import way_back

pytestmark = pytest.mark.django_db
NOW = timezone.now()
PASSWORD = "correct horse 1"


@pytest.fixture
def reader(client):
    reader = make_reader(email="ani@example.org", password=PASSWORD, welcomed_at=NOW)
    client.force_login(reader)
    return reader


def undo_of(shown) -> tuple[str, list]:
    """The path and fields that take back what a page tells of."""
    return way_back(next(iter(shown.context["messages"])))


def things() -> dict[str, tuple[str, str]]:
    """What can be followed: by kind, its key in forms and the page it is seen on."""
    source = make_source(name="The Paper", slug="paper")
    story = make_story(told_by=(make_article(source=source, title="Flood"), make_article(country="FR")))
    return {
        "source": ("paper", "/source/paper/"),
        "category": ("world", "/category/world/"),
        "country": ("GB", "/country/gb/"),
        "story": (str(story.pk), story.get_absolute_url()),
        "search": ("q=flood", "/search/?q=flood"),
    }


@pytest.mark.parametrize("what", ["source", "category", "country", "story", "search"])
def test_each_thing_has_a_button_that_follows_and_lets_go_with_undo(client, reader, what):
    key, page = things()[what]
    assert 'name="follow" value="yes" aria-pressed="false"' in client.get(page).content.decode()

    answer = client.post("/follow/", {"what": what, "id": key, "follow": "yes", "next": page})
    assert answer.status_code == 303 and answer.headers["Location"] == page
    shown = client.get(page)
    assert 'name="follow" value="no" aria-pressed="true"' in shown.content.decode()
    path, fields = undo_of(shown)

    client.post(path, dict(fields))
    assert 'aria-pressed="false"' in client.get(page).content.decode()
    assert not Follow.objects.exists() and not FollowedStory.objects.exists()
    assert not SavedSearch.objects.filter(is_followed=True).exists()


def test_a_script_is_told_what_is_followed_and_how_to_take_it_back(client, reader):
    key, _page = things()["source"]

    said = client.post(
        "/follow/", {"what": "source", "id": key, "follow": "yes"}, headers={"accept": "application/json"}
    )

    assert said.json()["followed"] is True
    assert said.json()["undo"] == {"url": "/follow/", "fields": {"what": "source", "id": "paper", "follow": "no"}}
    part = client.post("/follow/", {"what": "source", "id": key, "follow": "no"}, headers={"hx-request": "true"})
    assert part.content.decode().count("<form") == 1 and b"<html" not in part.content


@pytest.mark.parametrize("what", ["source", "category", "country", "story", "search"])
def test_what_somebody_wanted_to_follow_is_followed_once_they_logged_in(client, what):
    make_reader(email="ani@example.org", password=PASSWORD)
    key, page = things()[what]
    shown = client.get(page)
    assert 'value="yes"' in shown.content.decode() and not shown.cookies, "a form alone sets no cookie"

    to_login = client.post("/follow/", {"what": what, "id": key, "follow": "yes", "next": page}).headers["Location"]
    answer = client.post(to_login, {"login": "ani@example.org", "password": PASSWORD})

    assert answer.headers["Location"] == page
    assert 'name="follow" value="no" aria-pressed="true"' in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"what": "source", "id": "none", "follow": "yes"}, 404),
        ({"what": "story", "id": "9" * 30, "follow": "yes"}, 404),
        ({"what": "story", "id": "x", "follow": "yes"}, 404),
        ({"what": "country", "id": "XX", "follow": "yes"}, 404),
        ({"what": "category", "id": "general", "follow": "yes"}, 404),
        ({"what": "search", "id": "country=gb", "follow": "yes"}, 404),
        ({"what": "user", "id": "1", "follow": "yes"}, 404),
        ({"what": "category", "id": "world", "follow": "maybe"}, 400),
        ({}, 400),
    ],
)
def test_what_is_nothing_can_not_be_followed(client, reader, fields, status):
    assert client.post("/follow/", fields).status_code == status
    assert not Follow.objects.exists()


def test_a_user_needs_the_token_of_our_form_and_others_our_page(reader):
    key, _page = things()["source"]
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(reader)
    form = {"what": "source", "id": key, "follow": "yes"}
    assert strict.post("/follow/", form).status_code == 403
    assert strict.post("/source/paper/hide/", {"hidden": "yes"}).status_code == 403
    assert strict.post("/search/save/", {"query": "q=flood", "saved": "yes"}).status_code == 403
    assert Client().post("/follow/", form, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert not Follow.objects.exists() and not HiddenSource.objects.exists()


def test_a_hidden_source_is_hidden_everywhere_but_on_its_own_page_which_says_so(client, reader):
    article = make_article(title="Seldom seen", source=make_source(name="The Paper", slug="paper"))
    client.post("/source/paper/hide/", {"hidden": "yes", "next": "/latest/"})
    client.post("/source/paper/hide/", {"hidden": "yes"})

    assert article.title not in client.get("/latest/").content.decode()
    own = client.get("/source/paper/").content.decode()
    assert article.title in own and "You hide this source" in own

    client.post("/source/paper/hide/", {"hidden": "no"})
    assert article.title in client.get("/latest/").content.decode()
    assert "You hide this source" not in client.get("/source/paper/").content.decode()


def test_hiding_waits_for_the_log_in_too(client):
    make_reader(email="ani@example.org", password=PASSWORD)
    make_source(slug="paper")
    to_login = client.post("/source/paper/hide/", {"hidden": "yes"}).headers["Location"]
    client.post(to_login, {"login": "ani@example.org", "password": PASSWORD})

    assert HiddenSource.objects.get().source.slug == "paper"


def test_letting_go_in_a_session_that_has_ended_lets_go_after_the_log_in(client):
    reader = make_reader(email="ani@example.org", password=PASSWORD)
    source = make_source(slug="paper")
    follow(reader, source, NOW)
    hide_source(reader, source, NOW)
    save_search(reader, "q=flood", NOW, name="Water")
    for path, form in [
        ("/follow/", {"what": "source", "id": "paper", "follow": "no"}),
        ("/source/paper/hide/", {"hidden": "no"}),
        ("/search/save/", {"query": "q=flood", "saved": "no"}),
    ]:
        client.logout()
        to_login = client.post(path, form).headers["Location"]
        client.post(to_login, {"login": "ani@example.org", "password": PASSWORD})

    assert not Follow.objects.exists() and not HiddenSource.objects.exists() and not SavedSearch.objects.exists()


def test_languages_that_are_not_read_are_hidden_and_undone(client, reader):
    for language in ("en", "fr-CA", "de"):
        make_article(title=f"News in {language}", language=language[:2], source=make_source(language=language))

    client.post("/settings/languages/", {"read": ["fr", "xx"]})
    assert exclusions_of(reader, NOW).languages == ["de", "en"]
    shown = client.get("/latest/")
    assert "News in fr" in shown.content.decode() and "News in de" not in shown.content.decode()

    path, fields = undo_of(shown)
    client.post(path, dict(fields))
    assert exclusions_of(reader, NOW).languages == []

    client.post("/settings/languages/", {})
    assert exclusions_of(reader, NOW).languages == [], "nobody wants to read nothing"


def test_one_question_is_kept_once_however_it_is_spelled(client, reader):
    for query in ("q=flood&country=GB&sort=date&after=x", "country=gb&q=++flood"):
        client.post("/search/save/", {"query": query, "saved": "yes"})

    assert SavedSearch.objects.get().query == "q=flood&country=gb"
    assert "Search saved" in client.get("/search/?country=gb&q=flood").content.decode()

    client.post("/search/save/", {"query": "q=flood&country=gb", "saved": "no"})
    assert not SavedSearch.objects.exists()


def test_taking_back_that_a_search_was_removed_brings_it_back_as_it_was(client, reader):
    save_search(reader, "q=flood", NOW, name="Water", is_followed=True)
    client.post("/search/save/", {"query": "q=flood", "saved": "no"})
    path, fields = undo_of(client.get("/search/?q=flood"))
    client.post(path, dict(fields))

    kept = SavedSearch.objects.get()
    assert (kept.name, kept.is_followed) == ("Water", True)


def follow_much(reader) -> None:
    for number in range(15):
        follow(reader, make_source(name=f"Paper {number:02}", slug=f"paper-{number}"), NOW)
    follow(reader, Category.objects.get(pk="world"), NOW)
    follow(reader, make_source(country="FR").country, NOW)
    follow_story(reader, make_story(title="A long flood"), NOW)
    save_search(reader, "q=flood", NOW, name="Water", is_followed=True)
    hide_source(reader, make_source(name="Hidden Herald"), NOW)


def test_all_that_is_followed_and_hidden_stands_on_one_page(client, reader):
    follow_much(reader)
    shown = client.get("/settings/following/").content.decode()

    for name in ("Paper 00", "World", "France", "A long flood", "Water", "Hidden Herald"):
        assert name in shown
    assert "/feed/source/paper-0/" in shown and "/feed/search/?q=flood" in shown
    assert "Paper 13" not in shown and "?show=sources" in shown
    assert "Paper 14" in client.get("/settings/following/?show=sources").content.decode()
    found = client.get("/settings/following/?q=HERALD").content.decode()
    assert "Hidden Herald" in found and "Paper 00" not in found


def test_a_section_is_paged(client, reader, monkeypatch):
    monkeypatch.setattr("aggregator.followed_lists.section_of.__defaults__", (4,))
    follow_much(reader)
    seen, after = [], ""
    for _ in range(4):
        page = client.get("/settings/following/", {"show": "sources", "after": after})
        (section,) = page.context["sections"]
        seen += [row.name for row in section.rows]
        after = section.next
    assert seen == sorted(seen) and len(seen) == 15 and not after


def test_the_page_costs_the_same_however_much_is_followed(client, reader, django_assert_max_num_queries):
    follow_much(reader)
    with django_assert_max_num_queries(24):
        client.get("/settings/following/")


def test_nothing_followed_says_what_to_do(client, reader):
    assert "You follow nothing yet" in client.get("/settings/following/").content.decode()
    assert client.get("/settings/following/?show=users").status_code == 404


def test_strangers_neither_see_nor_change_what_one_follows(client, reader):
    theirs = make_reader()
    follow_much(theirs)
    shown = (
        client.get("/settings/following/").content.decode()
        + client.get("/settings/following/sources.opml").content.decode()
    )
    assert "Paper 00" not in shown and "Hidden Herald" not in shown and "Water" not in shown

    before = list(Follow.objects.values()), list(SavedSearch.objects.values()), list(FollowedStory.objects.values())
    story = FollowedStory.objects.get().story
    for what, key in [("source", "paper-0"), ("category", "world"), ("story", str(story.pk)), ("search", "q=flood")]:
        client.post("/follow/", {"what": what, "id": key, "follow": "no"})
    client.post("/search/save/", {"query": "q=flood", "saved": "no"})
    client.get(story.get_absolute_url())
    client.get("/search/?q=flood")
    hidden = HiddenSource.objects.get()
    client.post(f"/source/{hidden.source.slug}/hide/", {"hidden": "no"})

    assert HiddenSource.objects.filter(pk=hidden.pk).exists()
    assert before == (
        list(Follow.objects.values()),
        list(SavedSearch.objects.values()),
        list(FollowedStory.objects.values()),
    )


@pytest.mark.parametrize(
    "path", ["/settings/following/", "/settings/following/sources.opml", "/welcome/", "/?feed=mine"]
)
def test_private_pages_are_for_whoever_logged_in_and_kept_by_nobody(client, path):
    assert client.get(path).status_code == 302
    client.force_login(make_reader())
    assert "no-store" in client.get(path).headers["Cache-Control"]


OPML = """<opml version="2.0"><body>
<outline text="News"><outline text="By feed" type="rss" xmlUrl="http://by-feed.example/rss?utm_source=x"/>
<outline text="By site" type="rss" xmlUrl="https://feeds.example/elsewhere" htmlUrl="http://www.by-site.example/"/></outline>
<outline text="Shared host" type="rss" xmlUrl="https://two.example/a" htmlUrl="https://two.example/"/>
<outline text="&lt;b&gt;Unknown&lt;/b&gt;" type="rss" xmlUrl="https://unknown.example/feed"/></body></opml>"""


def upload(client, text: str):
    return client.post("/settings/following/import/", {"file": SimpleUploadedFile("mine.opml", text.encode())})


def test_a_list_of_another_program_is_followed_as_far_as_we_have_it(client, reader):
    by_feed = make_feed(url="https://by-feed.example/rss", source=make_source(name="One")).source
    by_site = make_source(name="Two", site_url="https://by-site.example/news")
    for _ in range(2):
        make_source(site_url="https://two.example/")

    for _ in range(2):
        assert upload(client, OPML).status_code == 303
    assert set(followed_by(reader).sources) == {by_feed.pk, by_site.pk}

    shown = client.get("/settings/following/").content.decode()
    assert "Shared host" in shown and "&lt;b&gt;Unknown&lt;/b&gt;" in shown and "Our curators choose" in shown
    assert "Unknown" not in client.get("/settings/following/").content.decode(), "said once"


def test_a_list_that_was_followed_is_taken_back_whole(client, reader):
    before = make_feed(url="https://before.example/rss").source
    follow(reader, before, NOW)
    make_feed(url="https://by-feed.example/rss")
    upload(client, OPML)
    assert Follow.objects.count() == 2

    path, fields = undo_of(client.get("/settings/following/"))
    for _ in range(2):
        client.post(path, dict(fields))

    assert followed_by(reader).sources == (before.pk,)


@pytest.mark.parametrize("text", ["", "not a list", "<html></html>", "<!DOCTYPE a [<!ENTITY b 'c'>]><opml/>"])
def test_what_is_no_list_follows_nothing(client, reader, text):
    assert upload(client, text).status_code == 303
    assert "no list of feeds" in client.get("/settings/following/").content.decode()
    assert client.post("/settings/following/import/").status_code == 303
    assert not Follow.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_list_of_more_feeds_than_anybody_reads_is_refused_at_once(client, reader, encoding):
    outlines = '<outline xmlUrl="https://a.example/"/>' * 20_000
    file = SimpleUploadedFile("feeds.opml", f'<opml version="1.0"><body>{outlines}</body></opml>'.encode(encoding))

    answer = client.post("/settings/following/import/", {"file": file}, headers={"accept": "application/json"})

    assert answer.status_code == 422


def test_the_list_we_give_out_comes_back(client, reader):
    source = make_feed(source=make_source(name="One")).source
    follow(reader, source, NOW)
    written = client.get("/settings/following/sources.opml").content.decode()
    client.post("/follow/", {"what": "source", "id": source.slug, "follow": "no"})

    upload(client, written)

    assert followed_by(reader).sources == (source.pk,)


def test_pressing_without_end_is_stopped(client, reader, monkeypatch):
    monkeypatch.setattr("aggregator.views.following.CHANGES_PER_MINUTE", 2)
    form = {"what": "category", "id": "world", "follow": "yes"}
    assert [client.post("/follow/", form).status_code for _ in range(3)] == [303, 303, 429]


def test_the_button_costs_one_query_and_none_without_an_account(client, reader):
    _key, page = things()["country"]
    client.get(page)
    with CaptureQueriesContext(connection) as asked:
        Client().get(page)
    assert not [query for query in asked.captured_queries if "accounts_follow" in query["sql"]]
    with CaptureQueriesContext(connection) as asked:
        client.get(page)
    of_the_button = "EXISTS (SELECT FROM accounts_follow"  # the marks of cards ask for followed sources in their own
    assert len([query for query in asked.captured_queries if of_the_button in query["sql"]]) == 1
