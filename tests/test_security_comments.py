"""What must be refused of comments, through the real pages. Design notes, security: output, sessions, abuse.

| rule | test |
|---|---|
| 1 comment in 15 s, 6 in 10 min, 10 on the first day | test_a_second…, test_the_seventh…, test_the_eleventh… |
| … across tabs, processes and machines | test_tabs_that_send_at_the_same_moment… |
| the same text twice is refused, of several people held | test_the_same_text…, test_what_several_people… |
| at most 5 links; of a new account held, added later too | test_a_comment_full…, test_the_first…, test_a_link_added… |
| a trap for programs, and a time nobody is quicker than | test_a_field_that_no_person…, test_a_form_that_comes_back… |
| nobody is punished for being slow or sending JSON | test_whoever_takes_days…, test_a_program_of_a_reader… |
| threads close; comments can be switched off | test_comments_close…, test_comments_can_be_switched_off |
| suspended: reads, exports, logs in; does not comment, answer, change, vote, flag | test_who_is_suspended… |
| blocked: can not answer whom they annoyed | test_who_is_blocked… |
| flags, blocks, forms: so many an hour | test_flags_and_blocks_have_their_limits, test_forms… |
| nothing without a token, nothing by GET, nothing without an account | test_nothing_happens_without… |
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from accounts.suspending import suspend
from aggregator.models import Article
from comments import admission, block_views, flag_views, stamps, writing_views
from comments.models import BlockedReader, Comment, CommentVote, Flag, ModerationAction
from comments.stamps import new_stamp
from tests.factories import make_article, make_comment, make_reader

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(days=300)
JSON = {"accept": "application/json"}
LINK = "https://buy.example/now"


@pytest.fixture
def article() -> Article:
    return make_article()


@pytest.fixture
def reader(client) -> User:
    """Somebody everybody knows by now."""
    reader = make_reader(date_joined=LONG_AGO)
    for number in range(admission.KNOWN_AFTER):
        make_comment(author=reader, minutes_ago=9000 + number)
    client.force_login(reader)
    return reader


@pytest.fixture
def newcomer(client) -> User:
    newcomer = make_reader()
    client.force_login(newcomer)
    return newcomer


def send(client, article: Article, body: str, **fields):
    return client.post(reverse("post_comment", args=[article.pk]), {"body": body} | fields, headers=JSON)


def refusal(answer) -> str:
    """The sentence of a refusal; nothing else is one."""
    assert answer.status_code == 422, answer.content
    return answer.json()["error"]["message"]


def some_time_passes(**span: float) -> None:
    for comment in Comment.objects.all():
        Comment.objects.filter(pk=comment.pk).update(posted_at=comment.posted_at - timedelta(**span))


def written_by(author: User) -> int:
    return Comment.objects.filter(author=author, posted_at__gt=timezone.now() - timedelta(days=1)).count()


def test_a_second_comment_within_fifteen_seconds_is_refused_with_the_time_to_wait(client, article, reader):
    assert send(client, article, "First").status_code == 200
    sentence = refusal(send(client, make_article(), "Second"))
    assert sentence.startswith("You have only just commented. Try again in 1") and sentence.endswith("seconds.")

    some_time_passes(seconds=16)

    assert send(client, article, "Second").status_code == 200


def test_a_refusal_on_the_page_keeps_what_was_written(client, article, reader):
    send(client, article, "First")

    page = client.post(reverse("post_comment", args=[article.pk]), {"body": "My long <b>second"})

    text = page.content.decode()
    assert page.status_code == 422 and "You have only just commented." in text and "My long &lt;b&gt;second" in text


def test_the_seventh_within_ten_minutes_is_refused_until_the_first_is_ten_minutes_old(client, article, reader):
    for number in range(6):
        assert send(client, article, f"Number {number}").status_code == 200
        some_time_passes(seconds=60)

    assert refusal(send(client, article, "Seventh")) == (
        "You have written 6 comments within ten minutes. Try again in 4 minutes."
    )
    some_time_passes(minutes=4)
    assert send(client, article, "Seventh").status_code == 200


def test_the_eleventh_on_the_first_day_of_an_account_is_refused_and_later_welcome(client, article, newcomer):
    for number in range(10):
        assert send(client, article, f"Number {number}").status_code == 200
        some_time_passes(minutes=20)

    sentence = refusal(send(client, article, "Eleventh"))
    assert sentence == "On its first day an account has room for 10 comments. Try again in 24 hours."
    User.objects.filter(pk=newcomer.pk).update(date_joined=LONG_AGO)
    assert send(client, article, "Eleventh").status_code == 200


def test_taking_comments_back_makes_no_room_for_more(client, article, reader):
    posted = send(client, article, "First").json()["id"]
    client.post(reverse("delete_comment", args=[posted]))

    assert "just commented" in refusal(send(client, article, "Second"))


@pytest.mark.django_db(transaction=True)
def test_tabs_that_send_at_the_same_moment_count_as_one_person():
    reader = make_reader(date_joined=LONG_AGO)
    articles = [make_article() for _ in range(8)]

    def tab(article: Article) -> int:
        try:
            client = Client()
            client.force_login(reader)
            return send(client, article, f"On {article.pk}").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as tabs:
        answers = list(tabs.map(tab, articles))

    assert sorted(answers) == [200] + [422] * 7
    assert written_by(reader) == 1


def test_limits_hold_while_the_cache_is_away(client, article, reader, settings):
    settings.CACHES = settings.CACHES | {
        "default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"},
    }
    assert send(client, article, "First").status_code == 200
    assert "just commented" in refusal(send(client, article, "Second"))


def test_the_same_text_is_refused_wherever_it_is_posted_and_however_it_is_set(client, article, reader):
    send(client, article, "The council should have voted.")
    some_time_passes(minutes=30)

    sentence = refusal(send(client, make_article(), "the  council should have VOTED"))

    assert sentence.startswith("You have written the same already.") and sentence.endswith("Try again in 24 hours.")
    some_time_passes(hours=24)
    assert send(client, make_article(), "The council should have voted.").status_code == 200


def test_what_several_people_post_word_for_word_waits_for_a_moderator(client, reader):
    for _ in range(3):
        make_comment(body="Everybody should visit this wonderful new shop")
    make_comment(body="I agree"), make_comment(body="I agree"), make_comment(body="I agree")

    assert send(client, make_article(), "Everybody should visit this wonderful new shop!").json()["state"] == "held"
    some_time_passes(minutes=1)
    assert send(client, make_article(), "I agree").json()["state"] == "shown"  # three may say so


def test_the_first_comments_of_a_new_account_with_a_link_wait_and_the_others_do_not(client, article, newcomer):
    held = send(client, article, f"Look at {LINK}").json()
    some_time_passes(minutes=1)
    plain = send(client, article, "No link at all").json()

    assert (held["state"], plain["state"]) == ("held", "shown")
    comment = Comment.objects.get(pk=held["id"])
    assert comment.state_reason == "links"
    assert ModerationAction.objects.get(comment=comment).action == "held"
    somebody = Client()
    assert "buy.example" not in somebody.get(article.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "address", [LINK, "www.buy.example", "[here](http://buy.example)", "buy-now.shop/x", "t.me/buy"]
)
def test_an_address_is_a_link_however_it_is_written(client, article, newcomer, address):
    assert send(client, article, f"Look: {address}").json()["state"] == "held"


@pytest.mark.parametrize("words", ["e.g. this", "3.5 %, not 4", "He left.Then she did", "and so on...", "config.txt"])
def test_what_only_has_dots_is_no_link(client, article, newcomer, words):
    assert send(client, article, words).json()["state"] == "shown"


def test_an_author_whose_comments_have_stood_may_link(client, article, reader):
    assert send(client, article, f"See {LINK}").json()["state"] == "shown"


def test_a_link_added_later_is_a_link(client, article, newcomer):
    posted = send(client, article, "Harmless").json()["id"]

    answer = client.post(reverse("edit_comment", args=[posted]), {"body": f"Harmless {LINK}"}, headers=JSON)

    assert answer.json()["state"] == "held"
    assert ModerationAction.objects.get().ground == "links"


def test_a_comment_full_of_links_is_refused(client, article, reader):
    assert refusal(send(client, article, f"{LINK} " * 6)) == "A comment has room for 5 links. Leave some out."
    assert send(client, article, f"{LINK} " * 5).status_code == 200


def test_a_field_that_no_person_sees_is_a_trap(client, article, reader):
    assert "not meant for people" in refusal(send(client, article, "Buy", topic="Buy now"))
    assert send(client, article, "Fine", topic="").status_code == 200


def test_the_form_has_the_trap_out_of_sight_of_eyes_ears_keys_and_autofill(client, article, reader):
    page = client.get(article.get_absolute_url()).content.decode()

    assert 'class="unseen" aria-hidden="true"' in page
    assert '<input name="topic" tabindex="-1" autocomplete="off">' in page and 'name="form" value="' in page


def test_a_form_that_comes_back_at_once_was_sent_by_a_program(client, article, reader):
    now = timezone.now()
    assert "faster than anybody writes" in refusal(send(client, article, "Quick", form=new_stamp(now)))
    slow = new_stamp(now - timedelta(seconds=stamps.QUICKEST_SECONDS + 1))
    assert send(client, article, "Not so quick", form=slow).status_code == 200


@pytest.mark.parametrize("stamp", ["", "1", "0:x", "9999999999.0:forged", "\u0661:x"])
def test_a_stamp_that_is_not_ours_is_refused(client, article, reader, stamp):
    assert "has expired" in refusal(send(client, article, "Forged", form=stamp))


def test_whoever_takes_days_to_write_is_not_punished(client, article, reader):
    assert send(client, article, "At last", form=new_stamp(timezone.now() - timedelta(days=9))).status_code == 200


def test_whoever_looks_at_a_preview_first_does_not_wait_again(client, article, reader):
    stamp = new_stamp(timezone.now() - timedelta(minutes=5))
    address = reverse("post_comment", args=[article.pk])

    preview = client.post(address, {"body": "As it will look", "form": stamp, "preview": "yes"}).content.decode()
    forged = client.post(address, {"body": "As it will look", "form": "0:x", "preview": "yes"}).content.decode()

    assert f'name="form" value="{stamp}"' in preview and 'value="0:x"' not in forged
    assert send(client, article, "As it will look", form=stamp).status_code == 200


def test_a_program_of_a_reader_sends_the_comment_alone(client, article, reader):
    assert send(client, article, "By curl").status_code == 200


def test_the_day_comments_closed_is_told_in_the_zone_of_the_reader(client, reader):
    late_in_utc = timezone.now().replace(hour=22) - timedelta(days=40)
    old = make_article()
    Article.objects.filter(pk=old.pk).update(published_at=late_in_utc)
    day = date_format((late_in_utc + timedelta(days=31)).date())  # it is the next day already where the reader lives
    User.objects.filter(pk=reader.pk).update(time_zone="Asia/Tokyo")
    reader.refresh_from_db()
    client.force_login(reader)

    for said in refusal(send(client, old, "Late")), client.get(old.get_absolute_url()).content.decode():
        assert f"Comments on this article closed on {day}." in said


def test_comments_close_some_time_after_an_article_was_published(client, reader, settings):
    old, young = make_article(minutes_ago=31 * 24 * 60), make_article(minutes_ago=29 * 24 * 60)

    assert refusal(send(client, old, "Late")).startswith("Comments on this article closed on ")
    assert "Comments on this article closed on " in client.get(old.get_absolute_url()).content.decode()
    assert send(client, young, "In time").status_code == 200
    some_time_passes(minutes=1)
    settings.ZIS_COMMENTS_CLOSE_DAYS = 0
    assert send(client, old, "Late").status_code == 200


def test_comments_can_be_switched_off(client, article, reader, settings):
    settings.ZIS_COMMENTS = False

    assert refusal(send(client, article, "Hello")) == "Comments are switched off at the moment."
    page = client.get(article.get_absolute_url()).content.decode()
    assert "Comments are switched off at the moment." in page and "<textarea" not in page


def test_who_is_suspended_reads_on_and_says_nothing(client, article, reader):
    own, other = make_comment(article, author=reader), make_comment(article)
    suspend(reader.pk, now=timezone.now())

    answers = [
        send(client, article, "Still here"),
        send(client, article, "Still here", parent=other.pk),
        client.post(reverse("edit_comment", args=[own.pk]), {"body": "Changed"}, headers=JSON),
        client.post(reverse("vote_on_comment", args=[other.pk]), {"vote": "up"}, headers=JSON),
        client.post(reverse("flag_comment", args=[other.pk]), {"reason": "spam"}, headers=JSON),
    ]

    for answer in answers:
        assert refusal(answer).startswith("Your account is suspended")
    page = client.get(article.get_absolute_url())
    assert page.status_code == 200 and "Your account is suspended" in page.content.decode()
    assert client.get(reverse("my_comments")).status_code == 200
    assert not CommentVote.objects.exists() and not Flag.objects.exists()
    assert client.post(reverse("delete_comment", args=[own.pk])).status_code == 303  # what is theirs they may take back


def test_who_is_blocked_can_not_answer_whom_they_annoyed_but_can_comment(client, article, reader):
    writer = make_reader()
    annoyed = make_comment(article, author=writer)
    BlockedReader.objects.create(user=writer, blocked=reader)

    assert "has blocked you" in refusal(send(client, article, "And another thing", parent=annoyed.pk))
    assert send(client, article, "And another thing").status_code == 200


def test_flags_and_blocks_have_their_limits(client, reader, monkeypatch):
    monkeypatch.setattr(flag_views, "FLAGS_PER_HOUR", 3)
    monkeypatch.setattr(block_views, "BLOCKS_PER_HOUR", 3)
    comments = [make_comment() for _ in range(4)]

    flags = [client.post(reverse("flag_comment", args=[comment.pk]), {"reason": "spam"}) for comment in comments]
    blocks = [client.post(reverse("block_reader", args=[comment.author_id])) for comment in comments]

    assert [answer.status_code for answer in flags] == [303, 303, 303, 429]
    assert [answer.status_code for answer in blocks] == [303, 303, 303, 429]
    assert int(flags[-1]["Retry-After"]) >= 1
    assert Flag.objects.count() == BlockedReader.objects.count() == 3


def test_forms_that_are_sent_without_end_are_stopped_before_they_cost_anything(client, article, reader, monkeypatch):
    monkeypatch.setattr(writing_views, "FORMS_PER_MINUTE", 2)

    answers = [send(client, article, "").status_code for _ in range(3)]

    assert answers == [422, 422, 429]


def test_nothing_happens_without_a_token_or_by_a_link_or_without_an_account(article):
    reader, other = make_reader(), make_comment(article)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(reader)
    addresses = [
        (reverse("post_comment", args=[article.pk]), {"body": "x"}),
        (reverse("flag_comment", args=[other.pk]), {"reason": "spam"}),
        (reverse("block_reader", args=[other.author_id]), {}),
        (reverse("vote_on_comment", args=[other.pk]), {"vote": "up"}),
    ]

    for address, data in addresses:
        assert strict.post(address, data).status_code == 403, address
        assert strict.get(address, data).status_code in (200, 301, 302, 405), address
        assert Client().post(address, data).status_code == 302, address

    assert not Flag.objects.exists() and not BlockedReader.objects.exists() and not CommentVote.objects.exists()
    assert Comment.objects.count() == 1


def test_a_link_put_in_place_of_another_is_a_new_link(client, article, newcomer):
    posted = send(client, article, f"See {LINK}").json()["id"]
    Comment.objects.filter(pk=posted).update(state=Comment.State.SHOWN)  # a moderator found it good

    changed = {"body": "See https://worse.example/now"}
    answer = client.post(reverse("edit_comment", args=[posted]), changed, headers=JSON)

    assert answer.json()["state"] == "held"


def test_nobody_learns_who_has_an_account_by_blocking_numbers(client, reader):
    silent, talks = make_reader(display_name="Silent one"), make_comment().author

    answers = [client.post(reverse("block_reader", args=[pk]), headers=JSON) for pk in (silent.pk, 10**9, talks.pk)]

    assert [answer.status_code for answer in answers] == [404, 404, 200]
