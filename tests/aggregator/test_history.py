"""The history of a user: what is noted, and how they look after it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from aggregator import history
from aggregator.models import Article, Visit
from aggregator.retention import let_old_leave
from tests.factories import make_article, make_reader

pytestmark = pytest.mark.django_db
A_PERSON = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
JSON = {"accept": "application/json"}


def open_page(client, article, **headers):
    return client.get(article.get_absolute_url(), headers=A_PERSON | headers)


def open_at(user, article, *, hours_ago: float = 1) -> None:
    at = timezone.now() - timedelta(hours=hours_ago)
    history.remember(user, article.pk, first_at=at, at=at)


def titles(page) -> list[str]:
    return [article.title for article in page.context["articles"]]


def test_an_opened_article_stands_in_the_history_once_the_last_time_first(client):
    client.force_login(make_reader())
    first, second = make_article(title="First"), make_article(title="Second")

    for article in (first, second, first):
        open_page(client, article)

    assert titles(client.get(reverse("history"))) == ["First", "Second"]
    visit = Visit.objects.get(article=first)
    assert visit.first_at < visit.at


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}, {"User-Agent": "Googlebot/2.1"}],
    ids=["prerendered", "prefetched", "program"],
)
def test_what_no_person_looked_at_is_not_noted(client, headers):
    client.force_login(make_reader())

    open_page(client, make_article(), **headers)

    assert not Visit.objects.exists()


def test_neither_head_nor_a_reader_without_account_is_noted(client):
    article = make_article()
    open_page(client, article)
    client.force_login(make_reader())
    client.head(article.get_absolute_url(), headers=A_PERSON)

    assert not Visit.objects.exists()


def test_to_note_a_visit_costs_one_statement(client, django_assert_max_num_queries, django_assert_num_queries):
    user, article = make_reader(), make_article()
    request = type("Asked", (), {"user": user, "method": "GET", "headers": A_PERSON})()

    with django_assert_num_queries(3):  # with the two of the savepoint
        history.note(article.pk, request, timezone.now())


def test_who_keeps_no_history_has_none_and_may_leave_or_clear_what_there_was(client):
    user = make_reader()
    client.force_login(user)
    open_at(user, make_article())

    undo = client.post(reverse("history"), {"do": "stop"}, headers=JSON).json()["undo"]
    open_page(client, make_article())
    assert Visit.objects.count() == 1
    client.post(undo["url"], undo["fields"])
    open_page(client, make_article())
    assert Visit.objects.count() == 2

    client.post(reverse("history"), {"do": "stop_and_clear"})
    user.refresh_from_db()
    assert not user.keeps_history
    assert not Visit.objects.exists()
    page = client.get(reverse("history")).content.decode()
    assert "No history is kept" in page
    assert 'value="start"' in page


def test_one_article_is_taken_out_and_comes_back_to_its_place(client):
    user = make_reader()
    client.force_login(user)
    articles = [make_article(title=str(number)) for number in range(3)]
    for number, article in enumerate(articles):
        open_at(user, article, hours_ago=number + 1)
    address = reverse("visit", args=[articles[1].pk])

    undo = client.post(address, {"kept": "no"}, headers=JSON).json()["undo"]
    assert titles(client.get(reverse("history"))) == ["0", "2"]
    assert client.post(address, {"kept": "no"}, headers=JSON).json()["undo"] is None  # a second press
    client.post(undo["url"], undo["fields"])

    assert titles(client.get(reverse("history"))) == ["0", "1", "2"]


def test_days_are_those_of_the_readers_zone(client):
    user = make_reader(time_zone="Asia/Yerevan")  # UTC+4
    client.force_login(user)
    for at in (datetime(2026, 1, 14, 19, 59, tzinfo=UTC), datetime(2026, 1, 14, 20, 1, tzinfo=UTC)):
        history.remember(user, make_article().pk, first_at=at, at=at)

    page = client.get(reverse("history"))

    assert [day.isoformat() for day, _visits in page.context["days"]] == ["2026-01-15", "2026-01-14"]
    assert "Wednesday, January 14, 2026" in page.content.decode()


def test_clearing_is_asked_for_twice_and_forgets_the_users_own_only(client):
    user, other = make_reader(), make_reader()
    article = make_article()
    open_at(user, article)
    open_at(other, article)
    client.force_login(user)
    assert "Yes, forget all of it for good" in client.get(reverse("history")).content.decode()

    client.post(reverse("history"), {"do": "clear"})

    assert Visit.objects.get().user == other


@pytest.mark.parametrize("fields", [{"do": "nonsense"}, {}])
def test_nonsense_changes_nothing(client, fields):
    user = make_reader()
    client.force_login(user)
    open_at(user, make_article())

    assert client.post(reverse("history"), fields).status_code == 400
    assert Visit.objects.count() == 1


def test_an_article_that_left_can_not_come_back_into_the_history(client):
    client.force_login(make_reader())

    assert client.post(reverse("visit", args=[12345]), {"kept": "yes"}).status_code == 404
    assert client.post(f"/history/{2**70}/", {"kept": "no"}).status_code == 404


def test_what_was_only_opened_leaves_with_its_time():
    old = make_article(minutes_ago=60 * 24 * 40)
    open_at(make_reader(), old)

    let_old_leave(30)

    assert not Article.objects.exists()
    assert not Visit.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_article_opened_in_many_tabs_at_once_is_one_visit():
    user, article, now = make_reader(), make_article(), timezone.now()

    def open_one(number: int) -> None:
        try:
            history.remember(user, article.pk, first_at=now, at=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(open_one, range(40)))

    assert Visit.objects.count() == 1
