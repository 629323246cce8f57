"""The service worker and the page it keeps: from the root, never old, the same for every reader."""

import json
import re

import pytest

from tests.factories import make_reader

pytestmark = pytest.mark.django_db


def kept_by(script: str) -> list[str]:
    found = re.search(r"const KEPT = (\[.*?\]);", script)
    assert found
    return json.loads(found[1])


def test_the_worker_is_a_script_from_the_root_that_is_asked_for_anew(client):
    answer = client.get("/sw.js")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cache-Control"] == "no-cache"


def test_the_worker_keeps_the_page_for_no_network_and_static_files_alone(client):
    first, *others = kept_by(client.get("/sw.js").content.decode())
    assert first == "/offline/"
    assert others
    assert all(address.startswith("/static/") for address in others)


def test_the_kept_page_says_nothing_of_who_reads_it(client):
    for_anybody = client.get("/offline/").content
    client.force_login(make_reader(email="somebody@paper.example"))
    page = client.get("/offline/")
    assert page.content == for_anybody
    assert not page.cookies


def test_a_worker_with_another_language_or_theme_replaces_the_one_before(client):
    versions = {client.get("/sw.js").content}
    client.cookies["theme"] = "dark"
    versions.add(client.get("/sw.js").content)
    client.cookies["language"] = "fr"
    versions.add(client.get("/sw.js").content)
    assert len(versions) == 3
