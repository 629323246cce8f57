"""Keeping articles for later."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import excluding
from aggregator import saving
from aggregator.models import Article, Saved
from aggregator.retention import let_old_leave
from aggregator.views import saved
from tests.factories import make_article, make_reader

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


def save(client, article, **fields):
    return client.post(reverse("save_article", args=[article.pk]), fields)


def titles(page) -> list[str]:
    return [article.title for article in page.context["articles"]]


def test_an_article_is_saved_and_stands_in_the_list(client):
    user, article = make_reader(), make_article(title="Rain expected")
    client.force_login(user)

    answer = save(client, article)

    assert answer.status_code == 303
    page = client.get(reverse("saved"))
    assert titles(page) == ["Rain expected"]
    assert "no-store" in page["Cache-Control"]


def test_saved_twice_it_is_saved_once_and_stays_in_its_place(client):
    client.force_login(make_reader())
    first, second = make_article(title="First"), make_article(title="Second")

    for article in (first, second, first):
        save(client, article, saved="yes")

    assert titles(client.get(reverse("saved"))) == ["Second", "First"]


def test_what_is_no_longer_saved_comes_back_to_its_place_by_undo(client):
    client.force_login(make_reader())
    articles = [make_article(title=str(number)) for number in range(3)]
    for article in articles:
        save(client, article)

    undo = client.post(reverse("save_article", args=[articles[1].pk]), {"saved": "no"}, headers=JSON).json()["undo"]
    assert titles(client.get(reverse("saved"))) == ["2", "0"]
    client.post(undo["url"], undo["fields"])

    assert titles(client.get(reverse("saved"))) == ["2", "1", "0"]


def test_the_notice_after_saving_takes_it_back_without_a_script(client):
    user, article = make_reader(), make_article()
    client.force_login(user)

    page = client.post(reverse("save_article", args=[article.pk]), {"next": "/latest/"}, follow=True)

    assert page.redirect_chain[-1][0] == "/latest/"
    assert f'action="{reverse("save_article", args=[article.pk])}"' in page.content.decode()
    save(client, article, saved="no")
    save(client, article, saved="no")  # a second tab
    assert not Saved.objects.exists()


def test_the_fragment_for_a_script_is_the_button_alone(client):
    client.force_login(make_reader())
    article = make_article()

    answer = client.post(reverse("save_article", args=[article.pk]), headers={"HX-Request": "true"}).content.decode()

    assert 'aria-pressed="true"' in answer
    assert "<html" not in answer


def test_a_reader_without_account_logs_in_and_finds_the_article_saved(client):
    make_reader(email="ann@example.org", password="long enough for all")
    article = make_article()

    answer = save(client, article)
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))
    client.post(answer.url, {"login": "ann@example.org", "password": "long enough for all"})

    assert Saved.objects.get().article == article


def test_a_program_without_account_is_told_so(client):
    assert client.post(reverse("save_article", args=[make_article().pk]), headers=JSON).status_code == 401


@pytest.mark.parametrize(("pk", "fields", "status"), [(0, {}, 404), (2**70, {}, 404), (None, {"saved": "maybe"}, 400)])
def test_nonsense_saves_nothing(client, pk, fields, status):
    client.force_login(make_reader())
    article = make_article()

    answer = client.post(f"/article/{article.pk if pk is None else pk}/save/", fields)

    assert answer.status_code == status
    assert not Saved.objects.exists()


@pytest.mark.parametrize("at", ["nonsense", "2999-01-01T00:00:00+00:00", "2020-01-01T00:00:00"])
def test_no_form_saves_at_a_moment_that_was_not(client, at):
    client.force_login(make_reader())

    save(client, make_article(), at=at)

    assert abs(Saved.objects.get().at - timezone.now()) < timedelta(minutes=1)


def test_another_site_can_not_save_in_a_users_name():
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_reader())

    assert save(client, make_article()).status_code == 403
    assert not Saved.objects.exists()


def test_saved_articles_are_found_by_words_of_their_headline(client):
    client.force_login(make_reader())
    for title in ("Rain expected in Gyumri", "Rain stops play", "Election"):
        save(client, make_article(title=title))

    assert titles(client.get(reverse("saved"), {"q": "rain gyumri"})) == ["Rain expected in Gyumri"]
    nothing = client.get(reverse("saved"), {"q": "xyzzy"})
    assert titles(nothing) == []
    assert "All that is saved" in nothing.content.decode()


def test_a_blocked_word_hides_what_is_saved_and_says_how_many(client):
    user = make_reader()
    client.force_login(user)
    for title in ("Football final", "Rain"):
        save(client, make_article(title=title))
    excluding.block(user, excluding.Wanted("football"), timezone.now())

    page = client.get(reverse("saved"))

    assert titles(page) == ["Rain"]
    assert 'data-hidden="1"' in page.content.decode()
    assert len(titles(client.get(reverse("saved"), {"hidden": "show"}))) == 2


def test_pages_follow_each_other_without_gap_at_the_same_cost(client):
    user = make_reader()
    client.force_login(user)
    articles = [make_article(title=f"{number:02}") for number in range(70)]
    Saved.objects.bulk_create(Saved(user=user, article=article) for article in articles)

    found: list[str] = []
    costs: list[int] = []
    address = reverse("saved")
    for _page in range(3):
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address)
        costs.append(len(queries))
        found += titles(page)
        address = reverse("saved") + f"?after={page.context['listing'].page.next}".replace("+", "%2B")

    assert found == [article.title for article in reversed(articles)]
    assert len(set(costs)) == 1
    assert costs[0] <= 8  # session, user, exclusions, notices, how many, rows, cards, marks


def test_an_empty_list_says_what_to_do(client):
    client.force_login(make_reader())

    assert "Nothing is saved" in client.get(reverse("saved")).content.decode()


def test_there_is_a_limit_that_is_said(client, monkeypatch):
    monkeypatch.setattr(saving, "MOST_SAVED", 1)
    client.force_login(make_reader())
    first, second = make_article(), make_article()
    save(client, first)

    answer = client.post(reverse("save_article", args=[second.pk]), headers=JSON)

    assert answer.status_code == 422
    assert save(client, first).status_code == 303
    assert Saved.objects.get().article == first


def test_saving_too_fast_is_refused(client, monkeypatch):
    monkeypatch.setattr(saved, "CHANGES_PER_MINUTE", 3)
    client.force_login(make_reader())
    article = make_article()

    answers = [save(client, article).status_code for _time in range(7)]  # more than two minutes allow

    assert set(answers) == {303, 429}


def test_a_saved_article_stays_when_others_of_its_age_leave():
    old = make_article(minutes_ago=60 * 24 * 40)
    make_article(minutes_ago=60 * 24 * 40)
    saving.save(make_reader(), old.pk, timezone.now())

    let_old_leave(30)

    assert Article.objects.get() == old


@pytest.mark.django_db(transaction=True)
def test_many_presses_at_one_moment_save_once():
    user, article = make_reader(), make_article()

    def press(number: int) -> None:
        try:
            (saving.unsave(user, article.pk) if number % 3 == 0 else saving.save(user, article.pk, timezone.now()))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(press, range(40)))
    saving.save(user, article.pk, timezone.now())

    assert Saved.objects.count() == 1
