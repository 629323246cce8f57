"""/settings/reading/ and /settings/notifications/: saved at once, taken back by one press, without a script too."""

import threading

import pytest
from django.db import connections

from accounts.models import User
from accounts.notifications import choose_kinds
from tests.factories import make_reader

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}
READING, KINDS = "/settings/reading/", "/settings/notifications/"


@pytest.mark.parametrize(
    ("choice", "field", "kept"),
    [
        ({"theme": "dark"}, "theme", "dark"),
        ({"text": "largest"}, "text_size", "largest"),
        ({"density": "compact"}, "density", "compact"),
        ({"time_zone": "Asia/Yerevan"}, "time_zone", "Asia/Yerevan"),
        ({"language": "de"}, "language", "de"),
        ({"keys": "off"}, "uses_keys", False),
        ({"history": "off"}, "keeps_history", False),
        ({"comments": "on"}, "filters_comments", True),
    ],
)
def test_each_choice_is_saved_by_itself_and_taken_back(client, reader, choice, field, kept):
    before = getattr(reader, field)
    said = client.post(READING, choice, headers=JSON).json()

    reader.refresh_from_db()
    assert getattr(reader, field) == kept and said["kept"] == choice

    client.post(said["undo"]["url"], said["undo"]["fields"], headers=JSON)
    reader.refresh_from_db()
    assert getattr(reader, field) == before or (before == "" and getattr(reader, field) in {"auto", "medium", "airy"})


def test_without_a_script_the_whole_form_is_saved_and_one_press_takes_back_what_changed(client, reader):
    form: dict[str, str | list[str]] = {"theme": "dark", "text": "medium", "density": "airy", "time_zone": ""}
    form |= {"language": "", "keys": ["off", "on"], "history": ["off"], "comments": ["off"]}

    page = client.post(READING, form, follow=True).content.decode()

    reader.refresh_from_db()
    assert (reader.theme, reader.uses_keys, reader.keeps_history) == ("dark", True, False)
    undo = page.split(f'action="{READING}"')[1].split("</form>")[0]
    assert 'name="theme" value="auto"' in undo and 'name="history" value="on"' in undo and "keys" not in undo


def test_the_form_shows_what_holds(client, reader):
    User.objects.filter(pk=reader.pk).update(theme="dark", keeps_history=False, time_zone="Asia/Yerevan")

    page = client.get(READING).content.decode()

    assert 'name="theme" value="dark" checked' in page
    assert 'name="history" value="on">' in page.replace(' aria-describedby="help-history"', "")
    assert 'value="Asia/Yerevan" selected' in page.split("<footer")[0]


@pytest.mark.parametrize(
    "form",
    [{"theme": "pink"}, {"time_zone": "Mars/Olympus"}, {"keys": "maybe"}, {"keys": ""}, {"language": "xx"}],
)
def test_what_is_no_choice_is_refused(client, reader, form):
    assert client.post(READING, form).status_code == 400


def test_a_new_language_is_used_at_once(client, reader):
    page = client.post(READING, {"language": "de"}, follow=True).content.decode()

    assert '<html lang="de"' in page and "Deutsch" in page.split('class="message')[1][:200]


def test_compact_lists_are_compact_on_every_page(client, reader):
    client.post(READING, {"density": "compact"})

    assert 'data-density="compact"' in client.get("/latest/").content.decode()[:500]


def test_a_kind_of_notices_is_switched_off_and_on(client, reader):
    said = client.post(KINDS, {"story": "off"}, headers=JSON).json()

    reader.refresh_from_db()
    assert reader.muted_notices == ["story"] and said["undo"]["fields"] == {"story": "on"}
    client.post(KINDS, said["undo"]["fields"])
    reader.refresh_from_db()
    assert reader.muted_notices == []


def test_the_page_of_kinds_shows_which_are_off(client, reader):
    User.objects.filter(pk=reader.pk).update(muted_notices=["story"])

    page = client.get(KINDS).content.decode()

    assert 'name="story" value="on">' in page and 'name="answer" value="on" checked>' in page
    assert 'name="moderation"' not in page


def test_a_kind_is_on_or_off(client, reader):
    assert client.post(KINDS, {"story": "loud"}).status_code == 400


@pytest.mark.parametrize("page", [READING, KINDS])
def test_nobody_without_an_account_has_settings(client, page):
    assert client.get(page).status_code == 302 and client.post(page, {"theme": "dark"}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_two_kinds_switched_off_at_the_same_moment_are_both_off():
    reader = make_reader()
    together = threading.Barrier(2)

    def mute(kind):
        user = User.objects.get(pk=reader.pk)
        together.wait()
        choose_kinds(user, {kind: False})
        connections.close_all()

    threads = [threading.Thread(target=mute, args=[kind]) for kind in ("story", "answer")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    reader.refresh_from_db()
    assert reader.muted_notices == ["answer", "story"]
