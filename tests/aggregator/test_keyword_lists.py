"""Lists of keywords as files and as starter lists: in, out, and what is wrong in them."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone

from accounts.excluding import Wanted, block
from accounts.keywords import Where, parse_keyword
from tests.readers import KEYWORDS, add_keyword, keywords_of

pytestmark = pytest.mark.django_db


def test_what_was_exported_comes_back_as_it_was(client, reader):
    block(reader, Wanted("US", Where.TITLE | Where.TAGS, False, timezone.now() + timedelta(days=3)), timezone.now())
    block(reader, Wanted("trump + tariff"), timezone.now())
    before = list(reader.blocked_keywords.order_by("text").values_list("text", "where", "capitals_matter", "until"))

    for kind in ("csv", "json"):
        file = client.get(f"{KEYWORDS}keywords.{kind}").content
        reader.blocked_keywords.all().delete()
        client.post(KEYWORDS + "several/", {"file": BytesIO(file)})
        found = reader.blocked_keywords.order_by("text").values_list("text", "where", "capitals_matter", "until")
        assert list(found) == before, kind
    assert client.get(f"{KEYWORDS}keywords.txt").content.decode().splitlines() == ["trump + tariff", "US"]


@pytest.mark.parametrize(
    "file", [b"\xff\xfe\x00", b"[1, 2", b'{"a": 1}', b'[{"word": "x"}]', b"x" * 600_000, b"[" * 100_000]
)
def test_a_file_that_is_no_list_is_refused_with_a_sentence_and_nothing_is_lost(client, reader, file):
    add_keyword(client, "football")

    page = client.post(KEYWORDS + "several/", {"file": BytesIO(file)}, follow=True).content.decode()

    assert 'class="message error"' in page and keywords_of(reader) == ["football"]


def test_no_exported_cell_is_a_formula(client, reader):
    block(reader, Wanted("=cmd + x"), timezone.now())

    assert not any(
        line.startswith(("=", '"=')) for line in client.get(f"{KEYWORDS}keywords.csv").content.decode().splitlines()
    )


def test_a_list_is_blocked_but_for_what_is_wrong_in_it(client, reader):
    page = client.post(KEYWORDS + "several/", {"list": "football\n*\n\nrugby\nFootball"}, follow=True).content.decode()

    assert keywords_of(reader) == ["football", "rugby"]
    assert "2 keywords are blocked." in page and "You block “football” already." in page


def test_a_starter_list_blocks_what_is_left_ticked(client, reader):
    assert 'value="horoscope*"' in client.get(KEYWORDS).content.decode()

    client.post(KEYWORDS + "several/", {"tick": ["horoscopes-0", "horoscopes-2"], "word-horoscopes-0": "horoscope*",
                                    "word-horoscopes-1": "zodiac*", "word-horoscopes-2": "my stars"})  # fmt: skip

    assert keywords_of(reader) == ["horoscope*", "my stars"]


def test_every_word_of_a_starter_list_is_a_keyword():
    from accounts.keyword_lists import starter_lists  # noqa: PLC0415

    for words in starter_lists().values():
        for word in words:
            assert parse_keyword(word), word
