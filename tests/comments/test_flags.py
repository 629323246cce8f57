"""Flags of readers: once each, three different people hide a comment until a moderator has looked."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Notification, User
from accounts.suspending import suspend
from comments.flags import CannotFlag, flag, withdraw
from comments.models import Comment, Flag, ModerationAction
from comments.moderation import approve
from comments.recounting import recount
from tests.factories import make_comment, make_curator, make_reader

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LONG_AGO = NOW - timedelta(days=300)


@pytest.fixture
def comment() -> Comment:
    return make_comment(author=make_reader(date_joined=LONG_AGO))


def old_reader() -> User:
    return make_reader(date_joined=LONG_AGO)


def state_of(comment: Comment) -> str:
    comment.refresh_from_db()
    return comment.state


def test_three_different_people_hide_a_comment_and_two_do_not(comment):
    readers = [old_reader() for _ in range(3)]
    seen = []

    for reader in readers:
        flag(reader, comment.pk, "abuse", now=NOW)
        seen.append(state_of(comment))

    assert seen == ["shown", "shown", "hidden"]
    assert comment.state_reason == "flags" and comment.article.comment_count == 0
    row = ModerationAction.objects.get()
    assert (row.action, row.ground, row.state_before, row.moderator) == ("hidden", "flags", "shown", None)


def test_one_person_counts_once_however_often_they_press(comment):
    reader = old_reader()

    for reason in ("spam", "abuse", "hate"):
        flag(reader, comment.pk, reason, now=NOW)

    assert state_of(comment) == "shown" and comment.flag_count == 1
    assert Flag.objects.get().reason == "hate"


def test_a_flag_can_be_taken_back_and_what_is_hidden_stays_so_until_a_moderator_looks(comment):
    readers = [old_reader() for _ in range(3)]
    flag(readers[0], comment.pk, "spam", now=NOW)

    assert withdraw(readers[0], comment.pk) and not withdraw(readers[0], comment.pk)
    assert state_of(comment) == "shown" and comment.flag_count == 0

    for reader in readers:
        flag(reader, comment.pk, "spam", now=NOW)
    withdraw(readers[0], comment.pk)
    assert state_of(comment) == "hidden" and comment.flag_count == 2


def test_what_a_moderator_found_good_is_not_hidden_again_by_the_same_people(comment):
    readers = [old_reader() for _ in range(3)]
    for reader in readers:
        flag(reader, comment.pk, "spam", now=NOW)
    approve(comment.pk, moderator=make_curator(), now=NOW)

    for reader in readers:
        withdraw(reader, comment.pk)
        flag(reader, comment.pk, "abuse", now=NOW + timedelta(minutes=5))
    assert state_of(comment) == "shown" and comment.flag_count == 0

    for _ in range(3):
        flag(old_reader(), comment.pk, "abuse", now=NOW + timedelta(minutes=6))
    assert state_of(comment) == "hidden"


def test_a_text_that_was_changed_after_it_was_judged_may_be_flagged_anew(comment):
    reader = old_reader()
    flag(reader, comment.pk, "spam", now=NOW)
    approve(comment.pk, moderator=make_curator(), now=NOW)
    Comment.objects.filter(pk=comment.pk).update(edited_at=NOW + timedelta(minutes=1))

    flag(reader, comment.pk, "spam", now=NOW + timedelta(minutes=2))

    assert state_of(comment) == "shown" and comment.flag_count == 1


def test_accounts_made_for_the_purpose_do_not_silence_somebody_who_was_here_before_but_are_heard(comment):
    for _ in range(5):
        flag(make_reader(), comment.pk, "hate", now=NOW)

    assert state_of(comment) == "shown" and comment.flag_count == 5


def test_a_newcomers_comment_is_hidden_by_newcomers_too():
    comment = make_comment(author=make_reader())

    for _ in range(3):
        flag(make_reader(), comment.pk, "hate", now=NOW)

    assert state_of(comment) == "hidden"


def test_nobody_flags_their_own_comment_or_one_that_is_gone_or_while_they_are_suspended(comment):
    assert comment.author
    with pytest.raises(CannotFlag, match="your own"):
        flag(comment.author, comment.pk, "spam", now=NOW)
    suspended = old_reader()
    suspend(suspended.pk, now=NOW)
    suspended.refresh_from_db()
    with pytest.raises(CannotFlag, match="suspended"):
        flag(suspended, comment.pk, "spam", now=NOW)
    for state in ("held", "removed", "deleted"):
        with pytest.raises(CannotFlag, match="not shown any more"):
            flag(old_reader(), make_comment(state=state).pk, "spam", now=NOW)
    assert not Flag.objects.exists()


def test_flags_of_somebody_who_left_are_counted_no_more_after_a_day(comment):
    reader = old_reader()
    flag(reader, comment.pk, "spam", now=NOW)
    reader.delete()

    assert recount() == 1 and recount() == 0
    comment.refresh_from_db()
    assert comment.flag_count == 0


@pytest.mark.django_db(transaction=True)
def test_flags_that_come_at_the_same_moment_hide_once(comment):
    readers = [old_reader() for _ in range(9)]

    def press(reader: User) -> None:
        try:
            flag(reader, comment.pk, "spam", now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(9) as crowd:
        list(crowd.map(press, readers))

    assert state_of(comment) == "hidden" and comment.flag_count == 9
    assert ModerationAction.objects.count() == 1
    assert comment.article.comment_count == 0
    assert Notification.objects.get().data["action"] == "hidden"
