"""The welcome: three steps, each may be left out, shown by itself once."""

import re
from html import unescape

import pytest
from django.utils import timezone

from accounts.excluding import exclusions_of, hide_languages
from accounts.following import follow, followed_by
from accounts.models import BlockedKeyword, User
from feeds.models import Category
from tests.factories import make_curator, make_reader, make_source

pytestmark = pytest.mark.django_db
NOW = timezone.now()
PASSWORD = "correct horse 1"


@pytest.fixture
def sources():
    return [
        make_source(country=iso, language=tag)
        for iso, tag in [("AM", "hy"), ("FR", "fr"), ("GB", "en"), ("GB", "en-GB")]
    ]


@pytest.fixture
def reader(client, sources):
    reader = make_reader(time_zone="Asia/Yerevan")
    client.force_login(reader)
    return reader


def ticked(client, step: int, **headers: str) -> set[str]:
    """What is chosen or suggested on a step."""
    context = client.get(f"/welcome/?step={step}", headers=headers).context
    return {*context.get("read", ()), *context["chosen"]}


def test_three_steps_keep_what_was_chosen(client, reader):
    assert (
        client.post("/welcome/?step=1", {"read": ["hy", "en"], "country": ["AM", "XX"]}).headers["Location"]
        == "/welcome/?step=2"
    )
    assert (
        client.post("/welcome/?step=2", {"category": ["science", "general?"]}).headers["Location"] == "/welcome/?step=3"
    )
    last = client.post("/welcome/?step=3", {"keyword": ["football"], "list": "war*\n\n  tax + rise "})

    assert last.headers["Location"] == "/?feed=mine"
    assert exclusions_of(reader, NOW).languages == ["fr"]
    assert followed_by(reader).countries == ("AM",) and followed_by(reader).categories == ("science",)
    assert set(BlockedKeyword.objects.values_list("text", flat=True)) == {"football", "war*", "tax + rise"}


def test_a_step_that_is_left_out_changes_nothing_and_leads_on(client, reader):
    follow(reader, Category.objects.get(pk="world"), NOW)
    hide_languages(reader, ["fr"], NOW)
    for step, following in ((1, "/welcome/?step=2"), (2, "/welcome/?step=3"), (3, "/?feed=mine")):
        form = {"do": "skip", "read": ["hy"], "country": ["AM"], "keyword": ["war"]}
        assert client.post(f"/welcome/?step={step}", form).headers["Location"] == following

    assert exclusions_of(reader, NOW).languages == ["fr"]
    assert followed_by(reader).categories == ("world",) and not followed_by(reader).countries
    assert not BlockedKeyword.objects.exists()


def test_no_language_is_hidden_unasked_and_those_the_browser_asks_for_stand_first(client, reader):
    context = client.get("/welcome/?step=1", headers={"accept-language": "fr,hy;q=0.9,ja;q=0.5"}).context

    assert context["read"] == {"hy", "fr", "en"} and context["chosen"] == {"AM"}
    assert {tag for tag, _name in context["languages"][:2]} == {"fr", "hy"}


def test_a_step_shows_later_what_was_chosen(client, reader):
    client.get("/welcome/?step=1")
    client.post("/welcome/?step=1", {"read": ["fr"], "country": []})
    assert ticked(client, 1) == {"fr"}
    client.post("/welcome/?step=1", {"read": [], "country": ["FR"]})
    assert ticked(client, 1) == {"hy", "fr", "en", "FR"}, "who reads nothing reads all"


def test_each_step_says_where_one_is_and_leads_back(client, reader):
    first, second, third = (client.get(f"/welcome/?step={step}").content.decode() for step in (1, 2, 3))

    assert "1 of 3" in first and "Back" not in first and "Armenia" in first
    assert "2 of 3" in second and 'href="/welcome/?step=1"' in second and "Science" in second
    assert "3 of 3" in third and "Celebrities" in third and 'value="Kardashian*" checked' not in third
    assert client.get("/welcome/?step=9").context["step"] == 1


def test_sent_twice_it_is_the_same(client, reader):
    for _ in range(2):
        client.post("/welcome/?step=1", {"read": ["hy"], "country": ["AM"]})
        client.post("/welcome/?step=3", {"keyword": ["football"]})

    assert followed_by(reader).countries == ("AM",) and BlockedKeyword.objects.count() == 1


def test_whoever_signs_up_is_welcomed_once(client):
    signed_up = client.post("/accounts/signup/", {"email": "new@example.org", "password1": PASSWORD})
    assert signed_up.headers["Location"] == "/welcome/"
    client.get("/welcome/")
    assert User.objects.get().welcomed_at

    client.post("/accounts/logout/")
    again = client.post("/accounts/login/", {"login": "new@example.org", "password": PASSWORD})
    assert again.headers["Location"] == "/"


def test_whoever_wanted_something_else_gets_that_first_and_curators_go_to_work(client):
    make_reader(email="ani@example.org", password=PASSWORD)
    make_curator(email="cu@example.org", password=PASSWORD)
    login = {"login": "ani@example.org", "password": PASSWORD}
    assert client.post("/accounts/login/?next=/latest/", login).headers["Location"] == "/latest/"
    client.logout()
    assert client.post("/accounts/login/", login).headers["Location"] == "/welcome/"
    client.logout()
    answer = client.post("/accounts/login/", {"login": "cu@example.org", "password": PASSWORD})
    assert answer.headers["Location"] != "/welcome/"


def test_words_of_a_list_may_be_worded_anew_and_what_is_wrong_is_said(client, reader):
    client.force_login(reader)
    page = unescape(client.get("/welcome/?step=3").content.decode())
    fields = dict(re.findall(r'name="(word-[\w-]+)" value="([^"]+)"', page))
    changed = {"word-football-1": "fussball"}

    last = client.post("/welcome/?step=3", fields | changed | {"tick": ["war-0"], "list": "a\n戦\n*\nя"}, follow=True)

    assert set(reader.blocked_keywords.values_list("text", flat=True)) == {"war", "fussball", "戦"}
    said = " ".join(str(one) for one in last.context["messages"])
    assert "a: One letter hides too much." in said and "я: One letter" in said and "*: A star stands" in said
