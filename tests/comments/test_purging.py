"""Removing thousands of comments: step by step, by whoever is there, wherever one was stopped, and back again."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import User
from comments import purging, tasks
from comments.models import Comment, ModerationAction, Purge
from comments.moderation import undo
from comments.recounting import recount
from tests.comments.test_queue import QUEUE, judge, make_moderator
from tests.factories import make_article, make_comment, make_reader
from zisnews.personal_data import erase

pytestmark = pytest.mark.django_db
NOW = timezone.now()
MANY, IN_ONE_STEP = 30, 4


@pytest.fixture
def moderator(client) -> User:
    moderator = make_moderator()
    client.force_login(moderator)
    return moderator


@pytest.fixture
def spammer(monkeypatch) -> User:
    """Somebody with comments under three articles, beside others' whom they answer; the moderator waits for a step."""
    monkeypatch.setattr(purging, "IN_ONE_STEP", IN_ONE_STEP)
    monkeypatch.setattr(purging, "WAITED_FOR", timedelta())
    author = make_reader(display_name="Spam King")
    articles = [make_article() for _ in range(3)]
    roots = [make_comment(article) for article in articles]
    for n in range(MANY):
        make_comment(articles[n % 3], author=author, parent=roots[n % 3] if n % 2 else None)
    return author


def states(author: User) -> dict[str, int]:
    found = Comment.objects.filter(author=author).values_list("state", flat=True)
    return {state: list(found).count(state) for state in set(found)}


def press(author: User, moderator: User) -> ModerationAction:
    whole = purging.purge(author.pk, ground="spam", moderator=moderator, now=NOW)
    assert whole
    return whole


def test_the_moderator_waits_for_a_step_and_workers_do_the_rest(client, moderator, spammer):
    answer = judge(client, "purge", Comment.objects.filter(author=spammer)[0]).json()

    assert answer["message"].startswith(f"Spam King: suspended. {MANY} comments are being removed")
    assert states(spammer) == {"removed": IN_ONE_STEP, "shown": MANY - IN_ONE_STEP}
    page = client.get(QUEUE).content.decode()
    assert f'<progress value="{IN_ONE_STEP}" max="{MANY}"' in page and f"{IN_ONE_STEP} of {MANY} comments" in page

    tasks.carry_on_purges()

    assert states(spammer) == {"removed": MANY} and recount() == 0
    assert f"finished: {MANY} comments are removed" in client.get(QUEUE).content.decode()
    assert ModerationAction.objects.filter(action="removed", about=spammer).count() == MANY, "a row for each"


def test_who_is_killed_in_a_step_leaves_it_undone_and_whoever_comes_next_does_it(moderator, spammer, monkeypatch):
    whole = press(spammer, moderator)
    change_states = purging.change_states

    def dies(*arguments, **named) -> None:
        change_states(*arguments, **named)
        raise KeyboardInterrupt

    monkeypatch.setattr(purging, "change_states", dies)
    with pytest.raises(KeyboardInterrupt):
        tasks.carry_on_purges()
    assert states(spammer)["removed"] == IN_ONE_STEP and Purge.objects.get().finished_at is None
    monkeypatch.setattr(purging, "change_states", change_states)

    tasks.carry_on_purges()
    before = ModerationAction.objects.count()
    tasks.carry_on_purges()

    assert states(spammer) == {"removed": MANY} and recount() == 0
    assert ModerationAction.objects.count() == before and Purge.objects.get(action=whole).finished_at


def test_taken_back_midway_all_is_as_it_was(moderator, spammer):
    whole = press(spammer, moderator)
    purging.carry_on(whole, timedelta())

    undo(whole.pk, moderator=moderator, now=NOW)
    undo(whole.pk, moderator=moderator, now=NOW)
    tasks.carry_on_purges()

    assert states(spammer) == {"shown": MANY} and recount() == 0
    assert not ModerationAction.objects.filter(action="removed", undone_by=None).exists()


def test_what_somebody_writes_who_was_let_in_again_is_no_part_of_it(moderator, spammer):
    press(spammer, moderator)
    later = make_comment(author=spammer)

    tasks.carry_on_purges()

    later.refresh_from_db()
    assert later.is_shown


def test_an_author_who_leaves_midway_ends_it(moderator, spammer):
    whole = press(spammer, moderator)
    erase(spammer.pk)

    tasks.carry_on_purges()

    assert Purge.objects.get(action=whole).finished_at and recount() == 0


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_remove_each_once(moderator, spammer):
    press(spammer, moderator)
    together = threading.Barrier(4)

    def work() -> None:
        together.wait()
        tasks.carry_on_purges()
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    tasks.carry_on_purges()

    removed = ModerationAction.objects.filter(action="removed").values_list("comment", flat=True)
    assert len(removed) == len(set(removed)) == MANY and recount() == 0
