"""Pages kept for readers without an account: whole, the same as without keeping, and nothing of anybody in them."""

import ast
import gzip
import re
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.template import Engine
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import excluding
from accounts.preferences import KEYS_COOKIE, TEXT_SIZE_COOKIE, THEME_COOKIE, TIME_ZONE_COOKIE
from aggregator import saving, visits
from aggregator.models import Article
from aggregator.retention import delete
from aggregator.templatetags import kept_cards
from comments import drawing, kept_threads
from comments.discussion import edit
from tests.factories import make_ad, make_article, make_comment, make_curator, make_feed, make_reader, make_story
from tests.keeping import BROWSER, addresses, told_article
from tests.test_private_things import routes
from zisnews import gathering, kept_pages, shared_pages
from zisnews.kept_pages import shelf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keeping")]
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def article() -> Article:
    return told_article()


def kept() -> dict[str, bytes]:
    client = redis.Redis.from_url(settings.REDIS_URL)
    return {key.decode(): client.get(key) for key in client.scan_iter("*:page:*")}  # type: ignore[misc]


def text_of(response: Any) -> str:
    body = response.content
    return (gzip.decompress(body) if response.get("Content-Encoding") == "gzip" else body).decode()


def test_the_second_reader_of_a_page_gets_it_without_a_query_and_without_a_cookie(article):
    first = Client().get("/latest/", headers=BROWSER)
    with CaptureQueriesContext(connection) as queries:
        second = Client().get("/latest/", headers=BROWSER)

    assert len(queries) == 0
    assert text_of(second) == text_of(first)
    assert article.title in text_of(second)
    assert "s-maxage=30" in second["Cache-Control"]
    assert "stale-while-revalidate=30" in second["Cache-Control"]
    assert "public" in second["Cache-Control"]
    assert {"Cookie", "Accept-Language", "Accept-Encoding"} <= set(re.split(r",\s*", second["Vary"]))
    assert "Set-Cookie" not in second
    assert second["Content-Security-Policy"] == first["Content-Security-Policy"]
    assert second["X-Request-ID"] != first["X-Request-ID"]


def test_who_has_a_page_already_is_told_so_and_who_takes_no_gzip_gets_it_plain(article):
    plain = Client().get("/latest/")
    again = Client().get("/latest/", headers={"if-none-match": plain["ETag"], "accept-encoding": "gzip"})
    compressed = Client().get("/latest/", headers={"accept-encoding": "gzip"})
    head = Client().head("/latest/", headers={"accept-encoding": "gzip"})

    assert again.status_code == 304
    assert again.content == b""
    assert (again["ETag"], again["Vary"]) == (plain["ETag"], plain["Vary"])
    assert "Content-Encoding" not in plain
    assert gzip.decompress(compressed.content) == plain.content
    assert head.content == b""
    assert head["Content-Length"] == str(len(compressed.content))
    assert Client().get("/latest/", headers={"if-none-match": '"another"'}).status_code == 200


def test_every_shared_page_is_the_same_kept_as_made_anew(article, settings):
    make_comment(article, body="An honest word")
    for address in addresses(article):
        first, second = Client().get(address), Client().get(address)
        settings.ZIS_PAGE_SECONDS = 0
        anew = Client().get(address)
        settings.ZIS_PAGE_SECONDS = 30

        assert first.status_code == 200, address
        assert "Age" in second, address
        assert text_of(first) == text_of(second) == text_of(anew), address
        assert second["Content-Type"] == anew["Content-Type"]


def test_with_every_cache_off_the_site_says_the_same(settings):
    """Lists and pages as nobody and as a reader see them, with all that is kept, and with nothing kept anywhere."""
    now, ann, age = timezone.now(), make_reader(display_name="Xanthippe"), 26 * 60 + 20  # no minute's change shows
    told = tuple(make_article(country=iso, minutes_ago=age, category="politics") for iso in ("GB", "FR", "AM"))
    make_story(told_by=told, category="politics")
    article = told[0]
    excluding.block(ann, excluding.Wanted("quokka"), now)
    make_article(title="A quokka on the loose", minutes_ago=age)
    saving.save(ann, article.pk, now)
    make_comment(article, body="An honest word", minutes_ago=age)
    hers = Client()
    hers.force_login(ann)
    asked = [(client, path) for client in (Client(), hers) for path in [*addresses(article), "/saved/", "/?feed=mine"]]
    for client, path in asked:
        client.get(path, headers=BROWSER)  # what can be kept is kept now
    kept_before = [without_stamps(text_of(client.get(path, headers=BROWSER))) for client, path in asked]

    settings.ZIS_PAGE_SECONDS = 0
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    for loader in Engine.get_default().template_loaders:
        loader.reset()  # parts of pages are kept by the templates they stand in
    for (client, path), before in zip(asked, kept_before, strict=True):
        for kept_by_process in (
            kept_cards._kept, kept_cards._filled, kept_cards._lists, drawing._kept, kept_threads._kept,
        ):  # fmt: skip
            kept_by_process.clear()
        assert without_stamps(text_of(client.get(path, headers=BROWSER))) == before, path


def without_stamps(page: str) -> str:
    """A page without what each form of it is stamped with."""
    return re.sub(r'value="(\w{64}|\d{10}[^"]*)"', "", page)


def test_nothing_of_anybody_comes_to_be_kept(article):
    """Ann walks every address there is, then nobody does; what is kept afterwards says nothing of hers."""
    now = timezone.now()
    ann = make_reader(email="xanthippe@example.org", display_name="Xanthippe")
    excluding.block(ann, excluding.Wanted("quokka"), now)
    saving.save(ann, article.pk, now)
    make_comment(article, author=ann, body="Narwhals forever", state="held")
    hers = Client()
    hers.force_login(ann)
    paths = [
        f"/{re.sub(r'<[^>]+>', str(article.pk), route)}"
        for route in routes()
        if not route.startswith("accounts/logout")
    ]
    for path in [*paths, *addresses(article)]:
        hers.get(path, headers=BROWSER)
    assert kept() == {}

    for path in [*paths, *addresses(article)]:
        response = Client().get(path, headers=BROWSER)
        if response.get("Age") is not None:
            assert not response.cookies, path
            assert "csrfmiddlewaretoken" not in text_of(response), path
    found = kept()
    assert len(found) >= len(shared_pages.SHARED) - 2
    for page in found.values():
        text = kept_pages.read(page).text.decode().lower()
        assert not [word for word in ("xanthippe", "quokka", "narwhals") if word in text]


def test_a_user_never_gets_what_is_kept(article):
    Client().get("/latest/")
    ann = make_reader(display_name="Xanthippe")
    hers = Client()
    hers.force_login(ann)
    response = hers.get("/latest/")

    assert "Xanthippe" in text_of(response)
    assert "private" in response["Cache-Control"]


@pytest.mark.parametrize(
    "differently",
    [
        {"headers": {"accept-language": "fr"}},
        {"cookies": {"language": "ru"}},
        {"cookies": {THEME_COOKIE: "dark"}},
        {"cookies": {TEXT_SIZE_COOKIE: "larger"}},
        {"cookies": {TIME_ZONE_COOKIE: "Asia/Tokyo"}},
        {"cookies": {KEYS_COOKIE: "off"}},
    ],
)
def test_a_page_that_looks_different_is_another_page(differently, article):
    client = Client()
    for name, value in differently.get("cookies", {}).items():
        client.cookies[name] = value
    plain = text_of(Client().get("/latest/"))
    other = text_of(client.get("/latest/", headers=differently.get("headers")))

    assert other != plain
    assert text_of(client.get("/latest/", headers=differently.get("headers"))) == other
    assert text_of(Client().get("/latest/")) == plain


def test_every_cookie_that_views_read_is_known_to_what_a_page_is_kept_under():
    known = {"accounts/preferences.py", "accounts/middleware.py", "accounts/templatetags/house_ads.py"}
    known |= {f"zisnews/{name}.py" for name in ("errors", "middleware", "replicas", "shared_pages")}
    reading = set()
    for app in ("feeds", "accounts", "aggregator", "comments", "zisnews"):
        for path in (ROOT / app).rglob("*.py"):
            names = {node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}
            if "COOKIES" in names:
                reading.add(str(path.relative_to(ROOT)))

    assert reading == known, "a page that differs by a new cookie must be kept under it: shared_pages.name_of"


@pytest.mark.parametrize(
    "address", ["/latest/?unheard=of", "/latest/?after=nonsense", "/accounts/login/", "/source/nobody/", "/?feed=mine"]
)
def test_what_is_no_page_of_everybodys_is_not_kept(address, article):
    Client().get(address)

    assert kept() == {}


def test_programs_that_ask_for_json_and_scripts_that_ask_for_parts_are_answered_by_the_views(article):
    Client().get("/latest/")

    assert "Age" not in Client().get("/latest/", headers={"accept": "application/json"})
    assert "Age" not in Client().get("/latest/", headers={"hx-request": "true"})


@pytest.mark.parametrize("seconds", [0, 30])
def test_what_other_sites_hang_on_a_link_is_left_out_everywhere(seconds, article, settings):
    settings.ZIS_PAGE_SECONDS = seconds
    plain = text_of(Client().get("/latest/?hidden=show"))

    assert text_of(Client().get("/latest/?utm_source=mail&hidden=show&fbclid=1")) == plain


def test_what_changes_a_page_outdates_it_at_once(article, django_capture_on_commit_callbacks):
    reader = make_reader()
    comment = make_comment(article, author=reader, minutes_ago=1, body="The first word")
    address = article.get_absolute_url()
    latest = text_of(Client().get("/latest/"))
    assert "The first word" in text_of(Client().get(address))

    with django_capture_on_commit_callbacks(execute=True):
        edit(comment, "A better word", timezone.now())
    assert "A better word" in text_of(Client().get(address))
    with django_capture_on_commit_callbacks(execute=True):
        Article.objects.get(pk=article.pk).store_counts(comment_count=7)
    assert "Age" not in Client().get(address) or Client().get(address)["Age"] == "0"
    assert text_of(Client().get("/latest/")) == latest, "lists of which it is a part grow old in their time"

    with django_capture_on_commit_callbacks(execute=True):
        delete([make_article(title="Gone")], timezone.now())
    assert text_of(Client().get("/latest/")) != latest


def test_what_a_curator_changes_is_seen_at_once(article, django_capture_on_commit_callbacks):
    curator = Client()
    curator.force_login(make_curator())
    before = shelf().look("any", ["all"])[1]
    with django_capture_on_commit_callbacks(execute=True):
        curator.post(reverse("admin:feeds_source_changelist"), {"action": ""})

    assert shelf().look("any", ["all"])[1] != before


def test_a_version_that_changed_while_a_page_was_made_outdates_it(article, monkeypatch):
    made = shared_pages.page_of

    def slowly(*given):
        shelf().outdate(["all"])
        return made(*given)

    monkeypatch.setattr(shared_pages, "page_of", slowly)
    Client().get("/latest/")
    monkeypatch.setattr(shared_pages, "page_of", made)
    with CaptureQueriesContext(connection) as queries:
        Client().get("/latest/")

    assert len(queries) > 0


def test_of_many_who_ask_at_once_one_makes_the_page(article, monkeypatch):
    """Who asks for what is being made waits for it; where there is an old one, they get that."""
    monkeypatch.setattr(kept_pages, "AWAITED_SECONDS", 60)  # the timer below may come late on a busy machine
    Client().get("/latest/")
    (name,) = [key.rpartition(":")[2] for key in kept()]
    page, versions = shelf().look(name, ["all"])
    assert page

    shelf().redis.delete(f"{kept_pages._PREFIX}:{name}")
    assert shelf().claim(name)
    threading.Timer(0.1, lambda: shelf().keep(name, page)).start()
    with CaptureQueriesContext(connection) as queries:
        waited = Client().get("/latest/")
    assert len(queries) == 0
    assert text_of(waited) == page.text.decode()

    shelf().redis.delete(f"{kept_pages._PREFIX}:{name}")
    assert shelf().claim(name)
    threading.Timer(0.1, lambda: shelf().keep(name, None)).start()
    assert Client().get("/latest/").status_code == 200, "what comes to nothing there is made here"

    old = kept_pages.KeptPage(time.time() - 40, versions, page.etag, page.headers, 0, [], page.body)
    shelf().keep(name, old)
    assert shelf().claim(name)
    with CaptureQueriesContext(connection) as queries:
        stale = Client().get("/latest/")
    assert len(queries) == 0
    assert int(stale["Age"]) >= 40
    shelf().keep(name, None)
    with CaptureQueriesContext(connection) as queries:
        assert int(Client().get("/latest/")["Age"]) < 5
    assert len(queries) > 0


def test_while_redis_is_away_pages_come(article, settings, monkeypatch):
    settings.REDIS_URL = "unix:///nowhere/at/all.sock"
    kept_pages.shelf.cache_clear()

    for _time in range(2):
        assert article.title in text_of(Client().get("/latest/"))
    assert shelf().is_away


def test_a_connection_that_redis_closed_or_that_answers_too_late_is_made_anew(article, monkeypatch):
    Client().get("/latest/")
    (name,) = [key.rpartition(":")[2] for key in kept()]
    connection_to_redis = shelf().of_thread.connection
    connection_to_redis.send_command("CLIENT", "ID")
    shelf().redis.client_kill_filter(_id=str(connection_to_redis.read_response()))
    assert shelf().look(name, ["all"])[0], "asked once more"

    monkeypatch.setattr(gathering, "ANSWER_SECONDS", 0.2)
    kept_pages.shelf.cache_clear()
    while shelf().look(name, ["all"])[0] is None:
        shelf().away_until = 0.0
    shelf().of_thread.connection.send_command("BLPOP", "nothing", 60)  # until then nobody is answered there
    assert shelf().look("another", ["all", "none"]) == (None, [])
    assert shelf().is_away
    while (found := shelf().look(name, ["all"]))[0] is None:
        assert found == (None, [])
        shelf().away_until = 0.0
    assert found[1] == [""], "and never what was asked before"


def test_visits_and_ads_are_counted_on_pages_that_are_kept(article):
    ad = make_ad("overlay", cap_per_day=2)
    cache.delete("ads:in-force")
    address = article.get_absolute_url()
    seen = [Client(REMOTE_ADDR=f"203.0.113.{number}").get(address, headers=BROWSER) for number in range(4)]
    visits.write_gathered()
    article.refresh_from_db()

    assert article.view_count == 4
    assert [ad.headline in text_of(page) for page in seen] == [True, True, False, False], "twice a day, and no oftener"


def test_the_page_of_a_site_that_has_just_begun_is_not_kept():
    make_feed()
    Client().get("/")

    assert kept() == {}


def test_bytes_that_spell_another_question_alike_are_another_page():
    make_article(title="Café opens")
    make_article(title="CafÃ© opens")
    raw = Client().get("/search/", QUERY_STRING="q=caf\u00c3\u00a9")  # the bytes of "é", as WSGI hands them on
    spelled = Client().get("/search/", QUERY_STRING="q=caf%C3%83%C2%A9")

    assert 'value="caf\u00e9"' in text_of(raw)
    assert 'value="caf\u00c3\u00a9"' in text_of(spelled)


def test_addresses_that_are_made_up_fill_a_room_of_their_own(article, monkeypatch):
    monkeypatch.setattr(kept_pages, "MOST_ODD_BYTES", 20_000)
    for number in range(12):
        Client().get("/latest/", {"hidden": f"made up {number}"})
    made_up = len(kept())
    Client().get(reverse("countries"))

    assert 0 < made_up < 12
    assert len(kept()) == made_up + 1, "what asks for nothing still has room"
