"""What readers are told of what they block: which word and how much, and that it was not the word where it was not."""

import pytest
from django.utils import timezone

from accounts.excluding import Wanted, block, hide_source
from tests.factories import make_article, make_source, make_story

pytestmark = pytest.mark.django_db


def test_a_word_ticked_in_a_headline_is_named_with_what_it_hides(client, reader):
    make_article(title="Inter win in Munich")

    page = client.post("/settings/keywords/several/", {"keyword": ["Inter"]}, follow=True).content.decode()

    assert "“Inter” is blocked; it hides 1 article of the last week." in page


def test_who_ticks_nothing_is_told_what_to_do(client, reader):
    page = client.post("/settings/keywords/several/", {"list": " \n"}, follow=True).content.decode()

    assert "Tick a word, or write one." in page and "0 keywords" not in page


def test_keywords_are_not_blamed_for_what_a_hidden_source_told(client, reader):
    tabloid = make_source(name="The Tabloid")
    told = [make_article(source=tabloid, title="Shock"), make_article(title="Calm", country="FR")]
    story = make_story(told_by=tuple(told), title="Calm")
    block(reader, Wanted("harvest"), timezone.now())
    make_article(title="Harvest")
    assert "1 article hidden by your keywords" in client.get("/latest/").content.decode()

    hide_source(reader, tabloid, timezone.now())

    assert "2 articles hidden by your choices" in client.get("/latest/").content.decode()
    assert "1 article hidden by your choices" in client.get(story.get_absolute_url()).content.decode()
