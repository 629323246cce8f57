"""Flagging a comment, blocking its author, reading the rules: pages that work by themselves."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from comments import figures
from comments.blocking import block
from comments.flags import flag
from comments.models import BlockedReader, Comment, Flag
from comments.moderation import approve, remove, undo
from comments.purging import purge
from tests.factories import make_article, make_comment, make_curator, make_reader

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


@pytest.fixture
def reader(client) -> User:
    reader = make_reader(display_name="Ani")
    client.force_login(reader)
    return reader


@pytest.fixture
def comment() -> Comment:
    return make_comment(body="Buy <b>this</b>", author=make_reader(display_name="Boris"))


def path(name: str, thing) -> str:
    return reverse(name, args=[thing.pk])


def test_a_reader_flags_with_a_reason_and_a_note_and_takes_it_back(client, reader, comment):
    form = client.get(path("flag_comment", comment)).content.decode()
    assert form.count('name="reason"') == 5 and "Buy &lt;b&gt;this&lt;/b&gt;" in form

    page = client.post(path("flag_comment", comment), {"reason": "spam", "note": "Sells things"}, follow=True)
    kept = Flag.objects.get()
    assert (kept.user, kept.reason, kept.note) == (reader, "spam", "Sells things")
    assert "A moderator will look at it." in page.content.decode() and "Undo" in page.content.decode()
    assert "Take my report back" in client.get(path("flag_comment", comment)).content.decode()

    client.post(path("flag_comment", comment), {"reason": "none"})
    assert not Flag.objects.exists()


def test_a_program_is_told_how_to_take_it_back(client, reader, comment):
    answer = client.post(path("flag_comment", comment), {"reason": "abuse"}, headers=JSON).json()

    assert answer["flagged"] and answer["undo"] == {"url": path("flag_comment", comment), "fields": {"reason": "none"}}


def test_once_a_moderator_has_looked_the_reader_is_told_so(client, reader, comment):
    flag(reader, comment.pk, "spam", now=timezone.now())
    approve(comment.pk, moderator=make_curator(), now=timezone.now())

    answer = client.post(path("flag_comment", comment), {"reason": "hate"}, headers=JSON).json()

    assert answer["message"] == "A moderator has looked at this comment already." and answer["undo"] is None


@pytest.mark.parametrize("reason", ["", "taste", "SPAM"])
def test_what_is_no_reason_is_refused(client, reader, comment, reason):
    assert client.post(path("flag_comment", comment), {"reason": reason}).status_code == 400


def test_what_is_not_shown_can_not_be_flagged_and_its_text_is_not_told(client, reader):
    removed, held = (make_comment(state=state, body="Secret words") for state in ("removed", "held"))

    page = client.get(path("flag_comment", removed), follow=True).content.decode()
    assert "Secret words" not in page and "This comment is not shown any more." in page
    assert client.post(path("flag_comment", removed), {"reason": "spam"}, headers=JSON).status_code == 422
    assert client.get(path("flag_comment", held)).status_code == 404  # nobody but its author knows of it
    assert client.post(path("flag_comment", held), {"reason": "spam"}).status_code == 404
    for pk in (10**6, 10**30):
        assert client.get(f"/comment/{pk}/flag/").status_code == 404


def test_a_blocked_author_is_folded_away_listed_and_let_go(client, reader, comment):
    block_address, article = path("block_reader", comment.author), comment.article
    page = client.post(block_address, {"blocked": "yes", "next": article.get_absolute_url()}, follow=True)
    text = page.content.decode()
    assert "Boris" in text and "is blocked" in text and "Undo" in text
    assert '<details class="aside">' in text and "Unblock" in text
    assert "Boris" in client.get(reverse("blocked_readers")).content.decode()

    client.post(block_address, {"blocked": "yes"})
    assert BlockedReader.objects.count() == 1
    client.post(block_address, {"blocked": "no"})
    client.post(block_address, {"blocked": "no"})
    assert not BlockedReader.objects.exists()
    assert "You block nobody" in client.get(reverse("blocked_readers")).content.decode()


def test_nobody_blocks_themselves_or_somebody_who_is_not_there(client, reader):
    assert client.post(path("block_reader", reader), headers=JSON).status_code == 422
    assert client.post("/reader/999999/block/").status_code == 404
    assert client.post(f"/reader/{10**30}/block/").status_code == 404
    assert client.post(path("block_reader", reader), {"blocked": "maybe"}).status_code == 400
    assert not BlockedReader.objects.exists()


def test_a_list_of_blocked_readers_is_ones_own_and_by_pages(client, reader):
    for number in range(31):
        block(reader, make_reader(display_name=f"Bore {number}"), now=timezone.now() - timedelta(hours=number))
    block(make_reader(), make_reader(display_name="Not mine"), now=timezone.now())

    page = client.get(reverse("blocked_readers"))
    older = client.get(reverse("blocked_readers"), {"after": page.context["page"].next})

    assert len(page.context["page"].rows) == 30 and "Not mine" not in page.content.decode()
    assert [str(row.blocked) for row in older.context["page"].rows] == ["Bore 30"]
    client.logout()
    assert client.get(reverse("blocked_readers")).status_code == 302


def test_the_rules_name_the_limits_and_the_numbers_of_thirty_days(client):
    moderator, now = make_curator(), timezone.now()
    removed = make_comment()
    remove(removed.pk, ground="spam", moderator=moderator, now=now)
    remove(make_comment().pk, ground="hate", moderator=moderator, now=now)
    mistaken = remove(make_comment().pk, ground="hate", moderator=moderator, now=now)
    assert mistaken
    undo(mistaken.pk, moderator=moderator, now=now)
    spammer = make_reader()
    make_comment(author=spammer), make_comment(author=spammer)
    purge(spammer.pk, ground="spam", moderator=moderator, now=now)
    remove(make_comment(minutes_ago=90_000).pk, ground="other", moderator=moderator, now=now - timedelta(days=40))

    page = client.get("/rules/").content.decode()

    assert figures.counted(now) == figures.Figures(
        written=5, held=0, hidden=0, approved=0, removed={"spam": 3, "hate": 1}, suspended=1
    )
    assert "One comment every 15 seconds, 6 within ten minutes; 10 on the first day" in page
    assert "4 were removed by moderators" in page and "Spam or advertising: 3" in page
    assert "1 account was suspended" in page


def test_the_rules_stand_where_comments_are_written_and_at_every_pages_foot(client, reader):
    page = client.get(make_article().get_absolute_url()).content.decode()
    assert page.count('href="/rules/"') >= 2
