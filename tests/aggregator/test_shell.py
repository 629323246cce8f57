"""What stands around every page of a user: kept, and still each reader's own."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Notification, User
from aggregator.templatetags import kept_cards
from aggregator.templatetags.shell import ShellNode
from tests.factories import make_article, make_reader, make_story

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=")(\w+)')
OF_THE_SETTINGS = ("saved", "history", "notices", "settings", "keywords", "following", "reading", "your_data")


@pytest.fixture
def addresses() -> list[str]:
    told = [make_article(country=iso, minutes_ago=26 * 60, category="politics") for iso in ("GB", "FR", "AM")]
    story = make_story(told_by=tuple(told), category="politics")
    plain = [reverse(name) for name in ("front", "latest", "stories", "sources", "search", "about", *OF_THE_SETTINGS)]
    own = [told[0].get_absolute_url(), story.get_absolute_url(), reverse("source", args=[told[0].source.slug])]
    return [*plain, *own, "/category/politics/?tab=latest", "/latest/?hidden=show&x=%3Cb%3E%25s%22"]


@pytest.fixture
def readers() -> list[User]:
    """Who read with other choices, each with something to be told of or not; one has an odd name."""
    ann, bob = make_reader(), make_reader()
    User.objects.filter(pk=ann.pk).update(display_name='A%s <b>"O\'Neil" of a long name', theme="dark", is_staff=True)
    User.objects.filter(pk=bob.pk).update(
        density="compact", time_zone="Asia/Yerevan", keeps_history=False, uses_keys=False, language="hy"
    )
    Notification.objects.create(user=bob, kind="reply", key="reply:1", at="2026-01-01T00:00Z")
    return [ann, bob]


def pages_of(readers: list[User], addresses: list[str]) -> dict[tuple[int, str], str]:
    """Every page of every reader, one after the other, without the tokens of its forms."""
    found = {}
    for address in addresses:
        for reader in readers:
            client = Client()
            client.force_login(reader)
            said = client.get(address).content.decode()
            tokens = {token for _, token in TOKEN.findall(said)}
            assert tokens, address
            assert all(len(token) == 64 for token in tokens), address
            found[reader.pk, address] = re.sub(r'value="\d{10}[^"]*"', "", TOKEN.sub(r"\1", said))
    return found


def test_every_page_of_every_reader_is_what_is_rendered_anew(addresses, readers, monkeypatch):
    kept = pages_of(readers, addresses) | pages_of(readers, addresses)

    monkeypatch.setattr(ShellNode, "render", lambda shell, context: shell.nodelist.render(context))
    monkeypatch.setattr(kept_cards, "key_of_list", lambda context, name: ())
    anew = pages_of(readers, addresses)

    for each, page in anew.items():
        assert kept[each] == page, each


def test_a_shell_is_rendered_once_and_then_filled_in(readers, monkeypatch):
    client = Client()
    client.force_login(readers[0])
    client.get("/latest/?x=1")
    monkeypatch.setattr(ShellNode, "apart", None)

    page = client.get("/latest/?x=2").content.decode()

    assert 'name="next" value="/latest/?x=2"' in page
    assert "A%s &lt;b&gt;&quot;O" in page
