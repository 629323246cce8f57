"""Who is told of a comment: whom it answers or names, once, and nobody who does not want it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.excluding import Wanted
from accounts.excluding import block as block_word
from accounts.models import Notification
from comments.blocking import block
from comments.discussion import edit, post
from comments.moderation import approve
from tests.factories import make_article, make_comment, make_curator, make_reader

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now()
LONG_AGO = NOW - timedelta(days=30)


def reader(name: str, **fields):
    return make_reader(display_name=name, date_joined=LONG_AGO, **fields)


def told() -> list[tuple[str, str]]:
    """Whom, and of what."""
    return [(notice.user.display_name, notice.kind) for notice in Notification.objects.order_by("pk")]


@pytest.fixture
def root(db):
    return make_comment(make_article(title="Football final"), author=reader("Boris"))


def test_who_is_answered_is_told_once_with_the_way_there(root):
    answer = post(reader("Anna"), root.article, "No, @Boris", parent=root, now=NOW)
    edit(answer, "No and no, @Boris", NOW)

    notice = Notification.objects.get()
    assert told() == [("Boris", "answer")]
    assert (notice.url, notice.count, notice.people) == (answer.get_absolute_url(), 1, [answer.author_id])
    assert notice.data["title"] == "Football final"


def test_who_is_named_in_the_discussion_is_told_and_nobody_outside_of_it(root):
    reader("Carla")
    post(reader("Anna"), root.article, "@boris and @Carla, look", parent=None, now=NOW)
    assert told() == [("Boris", "mention")]


def test_nobody_is_told_of_what_they_wrote_themselves(root):
    post(root.author, root.article, "I, @Boris, add", parent=root, now=NOW)
    assert told() == []


def test_who_blocked_the_author_is_not_told(root):
    anna = reader("Anna")
    block(root.author, anna, now=NOW)
    post(anna, root.article, "Hear me, @Boris", parent=None, now=NOW)
    assert told() == []


def test_who_blocks_a_word_of_the_article_is_not_told_of_it(root):
    block_word(root.author, Wanted("football"), NOW)
    post(reader("Anna"), root.article, "No", parent=root, now=NOW)
    assert told() == []


def test_of_a_held_comment_is_told_when_it_is_approved(root):
    new = make_reader(display_name="New", date_joined=NOW)
    answer = post(new, root.article, "See https://a.example/", parent=root, now=NOW)
    assert ("Boris", "answer") not in told()

    approve(answer.pk, moderator=make_curator(), now=NOW)

    assert ("Boris", "answer") in told()
