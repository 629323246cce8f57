"""Accounts erased at the same moment: one by several tabs, and people who answered, flagged and like each other."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import following
from accounts.models import User
from comments import discussion, reactions, recounting
from comments.flags import flag
from comments.models import Comment
from comments.reactions import set_reaction
from comments.votes import set_vote
from tests.crowds import at_once
from tests.factories import make_article, make_comment, make_reader
from zisnews.personal_data import erase

pytestmark = pytest.mark.django_db(transaction=True)

ARTICLES = 8
NOW = timezone.now()


def a_life_together() -> tuple[User, User]:
    """Two readers who answered each other under several articles, and voted on, flagged and followed the same."""
    joined = NOW - timedelta(days=90)  # whoever is new may not write as much
    anna, boris = make_reader(date_joined=joined), make_reader(date_joined=joined)
    for number in range(ARTICLES):
        article = make_article()
        first, second = (anna, boris) if number % 2 else (boris, anna)
        root = make_comment(article, author=first)
        answer = make_comment(article, author=second, parent=root)
        make_comment(article, author=first, parent=answer, state="held")
        for person, theirs in ((second, root), (first, answer)):
            set_vote(person, theirs.pk, "up")
            flag(person, theirs.pk, "spam", now=NOW)
            set_reaction(person, article.pk, "like")
            following.follow(person, article.source, NOW)
    return anna, boris


def test_two_who_answered_each_other_leave_at_once_and_what_they_said_stays_without_their_names():
    anna, boris = a_life_together()

    assert at_once(lambda: erase(anna.pk), lambda: erase(boris.pk)) == [True, True]

    assert not User.objects.exists()
    assert Comment.objects.shown().filter(author=None).count() == 2 * ARTICLES
    assert not Comment.objects.filter(state="held").exists(), "nobody saw them: they lost their text"
    assert recounting.recount() == reactions.recount() == following.recount_followers() == 0


def test_one_account_is_erased_once_however_many_tabs_ask():
    anna, boris = a_life_together()

    erased = at_once(*[lambda: erase(anna.pk)] * 4)

    assert sorted(erased) == [False, False, False, True]
    assert list(User.objects.all()) == [boris]
    assert recounting.recount() == reactions.recount() == following.recount_followers() == 0


def test_who_writes_likes_and_follows_while_they_are_erased_leaves_nothing_behind():
    anna, boris = a_life_together()
    article, root = make_article(), make_comment()

    def go_on() -> None:
        for deed in (
            lambda: set_reaction(anna, article.pk, "like"),
            lambda: discussion.post(anna, root.article, "One last word", parent=root, now=timezone.now()),
            lambda: following.follow(anna, article.source, NOW),
        ):
            try:
                deed()
            except Exception as error:
                assert type(error).__name__ in {"DoesNotExist", "IntegrityError"}, error

    at_once(lambda: erase(anna.pk), go_on, go_on)

    assert list(User.objects.exclude(pk=root.author.pk)) == [boris]
    assert recounting.recount() == reactions.recount() == following.recount_followers() == 0
