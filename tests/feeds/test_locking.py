"""Workers that write down looks and curators who change many feeds at once never wait for each other in a circle."""

import threading

import pytest
from django.db import connection, connections

from feeds.clock import database_now
from feeds.models import Feed
from tests.factories import make_feed

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
