"""Workers that write down looks and curators who change many feeds at once never wait for each other in a circle."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from feeds.attempts import Attempt, failed
from feeds.clock import database_now
from feeds.errors import FetchError
from feeds.ingestion import Refreshed, store
from feeds.models import Feed
from feeds.parsing import parse_feed
from tests.documents import item, rss
from tests.factories import make_feed
from zisnews.processes import wait_until

ROUNDS = 25
IN_ORDER = "UPDATE feeds_feed SET etag = 'x' WHERE id IN (SELECT id FROM feeds_feed ORDER BY id FOR UPDATE)"


@pytest.mark.django_db(transaction=True)
def test_feeds_changed_at_once_from_two_sides_are_locked_in_one_order():
    for _ in range(200):
        make_feed()
    # What stands where in the table follows the last change: without an order of its own an update goes by that.
    Feed.objects.filter(pk__in=list(Feed.objects.values_list("pk", flat=True)[::2])).update(etag="moved")
    errors: list[Exception] = []

    def change(descending: bool) -> None:
        try:
            for _ in range(ROUNDS):
                feeds = Feed.objects.order_by("-pk" if descending else "pk")
                feeds.check_now(database_now())
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=change, args=[descending]) for descending in (True, False, True)]
    for thread in threads:
        thread.start()
    with connection.cursor() as cursor:
        for _ in range(ROUNDS):
            cursor.execute(IN_ORDER)
    for thread in threads:
        thread.join()

    assert errors == []


@pytest.mark.django_db(transaction=True)
def test_a_batch_of_which_only_some_answered_is_locked_in_one_order_too():
    """Storing locks those that answered, recording all: the first must not leave a lower number to the second."""
    make_feed(), make_feed()
    now = database_now()
    silent, answering = Feed.objects.order_by("pk").lease(2, until=now + timedelta(minutes=3))
    assert silent.pk < answering.pk
    parsed = parse_feed(rss(item("News")), url=answering.url, now=now)
    attempts = [failed(silent, FetchError(silent.url, "Silence.")), Attempt(answering, parsed=parsed)]
    with ThreadPoolExecutor() as pool, transaction.atomic():
        Feed.objects.select_for_update(no_key=True).get(pk=silent.pk)
        batch = pool.submit(store_and_leave, attempts)
        assert wait_until(somebody_waits, 60)
        Feed.objects.select_for_update(no_key=True).get(pk=answering.pk)  # what a curator's action does next

    assert batch.result().entries_new == 1


def store_and_leave(attempts: list[Attempt]) -> Refreshed:
    try:
        with transaction.atomic():
            return store(attempts)
    finally:
        connections.close_all()


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # within a transaction it would show the first look for ever
        cursor.execute("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
        return cursor.fetchone() is not None
