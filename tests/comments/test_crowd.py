"""A hundred people at one article: all that readers and moderators can do to it, at the same moment.

Nobody waits in a ring, nothing that was answered with "done" is lost, and every count is that of the rows.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, connections
from django.utils import timezone

from accounts import following
from accounts.models import User
from comments import moderation, purging
from comments.discussion import post, remove, restore, wipe_deleted
from comments.errors import CommentError
from comments.flags import CannotFlag, flag, withdraw
from comments.models import Comment, CommentVote, Flag, Reaction
from comments.reactions import recount as recount_reactions
from comments.reactions import set_reaction
from comments.recounting import recount
from comments.votes import set_vote
from tests.factories import make_article, make_comment, make_curator, make_reader
from zisnews.personal_data import erase

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE, AT_ONCE = 100, 16
NOW = timezone.now()
LEAVING, PURGED = 10, 20  # every so manieth erases the account, is purged by a moderator


def deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def everything(person: User, place: int, roots: list[Comment], bad: list[Comment], moderator: User) -> list[Callable]:
    """What one of them does, in order. place: of theirs among all. bad: comments that they flag"""
    article, root, other, worse = roots[0].article, roots[place % 3], roots[(place + 1) % 3], bad[place % 3]
    own: list[Comment] = []

    def write() -> None:
        own.append(post(person, article, f"I am @Root {place % 3} {person.pk}", parent=root, now=NOW))

    def take_back() -> None:
        remove(own[0], NOW)
        if place % 8:
            with suppress(CommentError):  # the text was deleted for good at this moment
                restore(own[0], NOW)

    deeds = [
        lambda: set_reaction(person, article.pk, "like"),
        lambda: set_vote(person, root.pk, "up"),
        write,
        lambda: flag(person, worse.pk, "spam", now=NOW),
        lambda: set_vote(person, other.pk, "down" if place % 3 else "none"),
        lambda: set_reaction(person, article.pk, ("none", "dislike", "like")[place % 3]),
        lambda: withdraw(person, worse.pk),
        lambda: following.follow(person, article.source, NOW),
    ]
    if place % 4 == 0:
        deeds.append(take_back)
    if place % LEAVING == 1:
        deeds.append(lambda: erase(person.pk))
    if place % PURGED == 2:
        deeds.append(lambda: purging.purge(person.pk, ground="spam", moderator=moderator, now=NOW))
    if place % 9 == 4:
        deeds.append(lambda: wipe_deleted(NOW + timedelta(hours=2)))
    if place % 7 == 3:
        deeds.append(lambda: moderation.approve(worse.pk, moderator=moderator, now=NOW))
    return deeds


def test_a_hundred_people_who_do_everything_at_once_lose_nothing_and_wait_for_nobody_in_a_ring():
    article, moderator = make_article(), make_curator()
    roots = [make_comment(article, author=make_reader(display_name=f"Root {number}")) for number in range(3)]
    bad = [make_comment(article) for _ in range(3)]
    people = User.objects.bulk_create(
        User(email=f"p{n}@example.org", display_name=f"P{n}", date_joined=NOW - timedelta(days=300))
        for n in range(PEOPLE)
    )
    begin, before, broken = threading.Barrier(AT_ONCE), deadlocks(), []

    def act(place: int) -> None:
        if place < AT_ONCE:
            begin.wait()
        try:
            for deed in everything(people[place], place, roots, bad, moderator):
                with suppress(CannotFlag):  # it is hidden already
                    deed()
        except OperationalError as error:
            broken.append(error)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(act, range(PEOPLE)))

    assert not broken and deadlocks() == before
    article.refresh_from_db()
    reactions = Reaction.objects.filter(article=article)
    assert article.like_count == reactions.filter(kind="like").count()
    assert article.dislike_count == reactions.filter(kind="dislike").count()
    assert article.comment_count == Comment.objects.shown().count()
    assert Comment.objects.exclude(pk__in=[one.pk for one in roots + bad]).count() == PEOPLE
    for root in Comment.objects.filter(pk__in=[one.pk for one in roots + bad]):
        votes = CommentVote.objects.filter(comment=root)
        assert (root.up_count, root.down_count) == (votes.filter(is_up=True).count(), votes.filter(is_up=False).count())
        assert root.answer_count == Comment.objects.there_for(None).filter(parent=root).count()
        assert root.flag_count == Flag.objects.filter(comment=root, settled_at=None).count()
    gone = len(range(1, PEOPLE, LEAVING))
    assert User.objects.filter(pk__in=[person.pk for person in people]).count() == PEOPLE - gone
    assert recount() == recount_reactions() == 0
