"""What moderators do: once, whoever presses; written down; taken back as it was; told to the author."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.utils import timezone

from accounts.models import Notification, User
from comments.discussion import post
from comments.errors import CannotModerate, CommentError
from comments.flags import flag
from comments.models import Comment, ModerationAction
from comments.moderation import approve, may_moderate, remove, restore, undo
from comments.purging import purge
from comments.recounting import recount
from tests.factories import make_article, make_comment, make_curator, make_reader

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def moderator():
    return make_curator()


def state_of(comment: Comment) -> tuple[str, str]:
    comment.refresh_from_db()
    return comment.state, comment.state_reason


def actions() -> list[str]:
    return list(ModerationAction.objects.order_by("pk").values_list("action", flat=True))


def test_an_approved_comment_is_shown_and_counted_and_pressing_again_does_nothing(moderator):
    parent = make_comment()
    comment = make_comment(parent.article, parent=parent, state="held", state_reason="links")

    assert approve(comment.pk, moderator=moderator, now=NOW)
    assert approve(comment.pk, moderator=moderator, now=NOW) is None

    parent.refresh_from_db()
    assert state_of(comment) == ("shown", "") and parent.answer_count == 1
    assert comment.article.comment_count == 2
    assert actions() == ["approved"]


def test_a_removed_comment_is_gone_for_the_ground_that_was_named(moderator):
    comment = make_comment()

    row = remove(comment.pk, ground="hate", note="Calls for violence", moderator=moderator, now=NOW)

    assert row
    assert state_of(comment) == ("removed", "hate") and comment.article.comment_count == 0
    assert (row.ground, row.reason, row.moderator, row.about) == (
        "hate",
        "Calls for violence",
        moderator,
        comment.author,
    )
    assert remove(comment.pk, ground="spam", moderator=moderator, now=NOW) is None


@pytest.mark.parametrize(("state", "ground"), [("held", "links"), ("shown", "")])
def test_a_removal_taken_back_leaves_all_as_it_was(moderator, state, ground):
    comment = make_comment(state=state, state_reason=ground)
    if ground:
        ModerationAction.objects.create(action="held", ground=ground, comment=comment)
    else:
        flag(make_reader(), comment.pk, "spam", now=NOW)
    row = remove(comment.pk, ground="spam", moderator=moderator, now=NOW)
    assert row

    assert undo(row.pk, moderator=moderator, now=NOW)
    assert undo(row.pk, moderator=moderator, now=NOW) is None

    assert state_of(comment) == (state, ground)
    assert comment.flag_count == (0 if ground else 1)
    assert comment.article.comment_count == (state == "shown")
    assert actions()[-1] == "undone"


def test_what_was_judged_anew_since_is_not_taken_back(moderator):
    comment = make_comment(state="held")
    row = approve(comment.pk, moderator=moderator, now=NOW)
    remove(comment.pk, ground="spam", moderator=moderator, now=NOW)
    assert row

    with pytest.raises(CannotModerate, match="changed since"):
        undo(row.pk, moderator=moderator, now=NOW)

    assert state_of(comment) == ("removed", "spam") and actions() == ["approved", "removed"]


def test_a_purge_suspends_and_removes_everything_in_one_press_and_comes_back_whole(moderator):
    author, article = make_reader(), make_article()
    parent = make_comment(article)
    own = [
        make_comment(article, author=author, parent=parent),
        make_comment(author=author, state="held"),
        make_comment(author=author, state="deleted"),
    ]

    row = purge(author.pk, ground="spam", moderator=moderator, now=NOW)

    author.refresh_from_db()
    assert row and author.suspended_at == NOW and author.is_active
    assert [state_of(comment)[0] for comment in own] == ["removed", "removed", "deleted"]
    assert Counter(actions()) == {"purged": 1, "suspended": 1, "removed": 2}
    assert purge(author.pk, ground="spam", moderator=moderator, now=NOW) is None

    undo(row.pk, moderator=moderator, now=NOW)

    author.refresh_from_db()
    parent.refresh_from_db()
    assert author.suspended_at is None and parent.answer_count == 1
    assert [state_of(comment)[0] for comment in own] == ["shown", "held", "deleted"]


def test_a_purge_of_whole_threads_leaves_counts_as_they_are_and_so_does_its_undoing(moderator):
    author, article = make_reader(), make_article()
    root = make_comment(article)
    chain = [root]
    for writer in (author, author, None, author, author):
        chain.append(make_comment(article, author=writer, parent=chain[-1]))
    held = make_comment(article, author=author, state="held", state_reason="repeated", parent=root)
    ModerationAction.objects.create(action="held", ground="repeated", comment=held)
    flag(make_reader(), chain[1].pk, "hate", now=NOW)
    before = counts()

    row = purge(author.pk, ground="hate", moderator=moderator, now=NOW + timedelta(minutes=1))

    assert row and recount() == 0
    assert [comment.is_there for comment in reloaded(chain)] == [True, True, True, True, False, False]
    assert counts() != before
    undo(row.pk, moderator=moderator, now=NOW + timedelta(minutes=2))
    undo(row.pk, moderator=moderator, now=NOW + timedelta(minutes=3))
    assert recount() == 0 and counts() == before


def counts() -> list[tuple]:
    return list(Comment.objects.order_by("pk").values_list("pk", "state", "state_reason", "answer_count", "flag_count"))


def reloaded(comments: list[Comment]) -> list[Comment]:
    return [Comment.objects.get(pk=comment.pk) for comment in comments]


def test_who_works_here_is_not_suspended(moderator):
    with pytest.raises(CannotModerate, match="belongs to the staff"):
        purge(make_reader(is_staff=True).pk, ground="spam", moderator=moderator, now=NOW)
    assert actions() == []


def test_somebody_let_in_again_may_speak_and_what_was_removed_stays_so(moderator):
    comment = make_comment()
    assert comment.author
    purge(comment.author.pk, ground="spam", moderator=moderator, now=NOW)

    assert restore(comment.author.pk, moderator=moderator, now=NOW)
    assert restore(comment.author.pk, moderator=moderator, now=NOW) is None

    comment.author.refresh_from_db()
    assert comment.author.suspended_at is None and state_of(comment)[0] == "removed"


@pytest.mark.django_db(transaction=True)
def test_two_moderators_at_once_leave_one_row(moderator):
    author = make_reader()
    comments = [make_comment(author=author) for _ in range(12)]
    chosen = comments[0]

    def at_once(act, times: int = 6) -> list:
        def press(_number: int):
            try:
                return act()
            finally:
                connection.close()

        with ThreadPoolExecutor(times) as crowd:
            return [row for row in crowd.map(press, range(times)) if row]

    removed = at_once(lambda: remove(chosen.pk, ground="spam", moderator=moderator, now=NOW))
    assert len(removed) == 1 and actions() == ["removed"]
    assert len(at_once(lambda: undo(removed[0].pk, moderator=moderator, now=NOW))) == 1
    purged = at_once(lambda: purge(author.pk, ground="spam", moderator=moderator, now=NOW))
    assert len(purged) == 1
    assert Counter(actions()) == {"removed": 13, "undone": 1, "purged": 1, "suspended": 1}
    assert len(at_once(lambda: undo(purged[0].pk, moderator=moderator, now=NOW))) == 1
    assert set(Comment.objects.values_list("state", flat=True)) == {"shown"}


@pytest.mark.django_db(transaction=True)
def test_what_an_author_sends_at_the_moment_of_the_purge_does_not_outlive_it(moderator):
    authors, article = [make_reader() for _ in range(12)], make_article()

    def send(author: User) -> None:
        try:
            with suppress(CommentError):
                post(author, article, f"By {author.pk}", parent=None, now=timezone.now())
        finally:
            connection.close()

    def press(author: User) -> None:
        try:
            purge(author.pk, ground="spam", moderator=moderator, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as crowd:
        for author in authors:
            pressed, sent = crowd.submit(press, author), crowd.submit(send, author)
            pressed.result(), sent.result()

    assert set(Comment.objects.values_list("state", flat=True)) <= {"removed"}
    article.refresh_from_db()
    assert article.comment_count == 0


@pytest.mark.django_db(transaction=True)
def test_an_author_is_told_what_was_done_and_why_in_their_own_language(moderator):
    author = make_reader(language="en")
    comment = make_comment(author=author, state="held")

    approve(comment.pk, moderator=moderator, now=NOW)
    remove(comment.pk, ground="spam", moderator=moderator, now=NOW + timedelta(minutes=1))

    notice = Notification.objects.get(user=author)
    assert (notice.kind, notice.url) == ("moderation", comment.get_absolute_url())
    assert notice.data == {"action": "removed", "title": comment.article.title, "reason": "Spam or advertising"}


def test_only_staff_with_the_permission_may_moderate():
    permission = Permission.objects.get(codename="moderate")
    staff, reader, moderator = make_reader(is_staff=True), make_reader(), make_reader(is_staff=True)
    for person in (reader, moderator):
        person.user_permissions.add(permission)

    assert [may_moderate(person) for person in (staff, reader, moderator, make_curator())] == [
        False,
        False,
        True,
        True,
    ]
