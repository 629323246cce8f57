"""What somebody may send to the page of blocked keywords, by mistake or to see what breaks."""

import json
import time
from io import BytesIO

import pytest
from django.utils import timezone

from accounts import excluding
from accounts.excluding import Wanted, block
from accounts.models import BlockedKeyword
from aggregator import blocked
from aggregator.blocked import count_stale
from tests.factories import make_article
from tests.readers import KEYWORDS

pytestmark = pytest.mark.django_db


def upload(client, content: bytes):
    return client.post(KEYWORDS + "several/", {"file": BytesIO(content)}, follow=True)


@pytest.mark.parametrize(
    "file",
    [
        b"war\x00fare",
        b'["war\\u0000fare"]',
        b'["war\\ud800fare"]',
        b'keyword,where\n"war\x00fare",title\n',
        b'[{"keyword": "warfare", "until": "9999-12-31T23:59:59-14:00"}]',
        b'[{"keyword": "warfare", "until": 99999999999999999999}]',
    ],
)
def test_what_no_text_holds_is_left_out_of_a_keyword(client, reader, file):
    assert upload(client, file).status_code == 200
    assert [one.text for one in BlockedKeyword.objects.all()] == ["warfare"]


def test_a_reason_is_given_without_what_no_page_can_hold(client, reader):
    page = upload(client, b'["\\ud800*\\u0000"]').content.decode()

    assert "A star stands at the end" in page


@pytest.mark.parametrize("file", [b'keyword,where\n"' + b"a" * 200_000 + b'",title\n', b'"' + b"a" * 200_000 + b'"'])
def test_a_cell_longer_than_a_page_is_no_keyword(client, reader, file):
    assert 'class="message error"' in upload(client, file).content.decode()


@pytest.mark.parametrize(
    "until",
    [
        {"until": "9999-12-31"},
        {"until_day": "9999-12-31"},
        {"until": "9999-12-31T23:59:59-14:00"},
        {"until": "0001-01-01T00:00:00+14:00"},
    ],
)
def test_a_day_no_clock_can_tell_is_refused_with_a_sentence(client, reader, until):
    answer = client.post(KEYWORDS, {"keyword": "war"} | until)

    assert answer.status_code == 422 and 'role="alert"' in answer.content.decode()
    assert client.get("/").status_code == 200


def test_the_longest_list_is_read_while_its_reader_waits(client, reader, django_assert_max_num_queries):
    make_article(title="War")
    list_ = "\n".join(f"word{number}" for number in range(5_000)).encode()
    began = time.thread_time()

    with django_assert_max_num_queries(1_200):
        page = upload(client, list_).content.decode()

    assert BlockedKeyword.objects.count() == 1_000 and time.thread_time() - began < 20
    assert "1000 keywords are blocked." in page.replace(",", "")


def test_of_a_long_list_a_worker_counts_what_the_reader_did_not_wait_for(client, reader, monkeypatch):
    monkeypatch.setattr(blocked, "COUNTED_AT_ONCE", 1)
    make_article(title="War and football")
    upload(client, b"war\nfootball")
    first = sorted(BlockedKeyword.objects.values_list("hides_count", flat=True))

    assert (first, count_stale(timezone.now())) == ([0, 1], 1)
    assert list(BlockedKeyword.objects.values_list("hides_count", flat=True)) == [1, 1]


def test_a_keyword_removed_twice_is_removed_once_and_can_still_be_brought_back(client, reader):
    keyword = block(reader, Wanted("football"), timezone.now())
    for _ in range(2):
        assert client.post(f"{KEYWORDS}{keyword.pk}/", {"do": "remove"}).status_code == 303

    page = client.get(KEYWORDS).content.decode()
    client.post(KEYWORDS + "undo/")

    assert page.count("“football” is no longer blocked.") == 1 and f'action="{KEYWORDS}undo/"' in page
    assert [one.text for one in BlockedKeyword.objects.all()] == ["football"]
    assert client.post(f"{KEYWORDS}{'9' * 30}/", {"do": "remove"}).status_code == 303


def test_a_keyword_removed_in_one_tab_does_not_come_back_by_a_change_in_another(reader):
    in_one_tab = block(reader, Wanted("football"), timezone.now())
    in_another = BlockedKeyword.objects.get()
    excluding.unblock(reader, [in_one_tab.pk], timezone.now())

    with pytest.raises(BlockedKeyword.DoesNotExist):
        excluding.change(in_another, timezone.now(), is_paused=True)
    assert not BlockedKeyword.objects.exists()


def test_a_thousand_of_the_longest_keywords_do_not_fit_and_leave_every_page_readable(client, reader):
    article = make_article(title="Harvest")
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    longest = [" ".join(alphabet[(at + number) % 26] for at in range(48)) + f" {number}" for number in range(1_000)]
    page = upload(client, json.dumps(longest).encode()).content.decode()
    began = time.thread_time()

    for address in ("/latest/", article.get_absolute_url(), KEYWORDS):
        assert client.get(address).status_code == 200, address
    assert time.thread_time() - began < 5
    assert 0 < BlockedKeyword.objects.count() < 100 and "there is no room for more" in page


def test_a_thousand_keywords_of_two_words_fit(reader):
    report = excluding.block_all(reader, [Wanted(f"european union{number}") for number in range(1_000)], timezone.now())

    assert len(report.added) == 1_000


def test_messages_nobody_reads_do_not_pile_up(client, reader):
    for number in range(40):
        client.post(KEYWORDS, {"keyword": f"word{number}"})

    assert client.get(KEYWORDS).content.decode().count('class="message') <= 5
