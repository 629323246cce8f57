"""Likes and dislikes: counts that are right whoever answers, and how often, and at the same time."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse

from aggregator.models import Article
from comments import reactions
from comments.models import Reaction
from comments.reactions import recount, set_reaction
from tests.factories import make_article, make_reader

pytestmark = pytest.mark.django_db

OURS = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def article():
    return make_article(title="Harvest")


def counts(article: Article) -> tuple[int, int]:
    article.refresh_from_db(fields=["like_count", "dislike_count"])
    return article.like_count, article.dislike_count


def post(client, article: Article, kind: str, **headers):
    return client.post(f"/article/{article.pk}/reaction/", {"kind": kind}, headers=OURS | headers)


def test_a_reader_has_one_answer_and_may_change_it_or_take_it_back(article):
    reader = make_reader()
    seen = []

    for kind in ("like", "like", "dislike", "none", "none"):
        set_reaction(reader, article.pk, kind)
        seen.append(counts(article))

    assert seen == [(1, 0), (1, 0), (0, 1), (0, 0), (0, 0)] and not Reaction.objects.exists()


def test_pressing_in_a_page_answers_and_leads_back_to_where_one_was(client, article):
    client.force_login(make_reader())

    answer = post(client, article, "like")
    page = client.get(article.get_absolute_url()).content.decode()

    assert answer.status_code == 303 and answer.headers["Location"] == f"{article.get_absolute_url()}#reactions"
    assert 'value="none" aria-pressed="true"' in page and counts(article) == (1, 0)


def test_a_program_gets_the_counts_and_a_script_the_part_of_the_page(client, article):
    client.force_login(make_reader())

    answer = post(client, article, "like", accept="application/json").json()

    assert (answer["likes"], answer["dislikes"], answer["kind"]) == (1, 0, "like")
    assert '1<span class="unseen"> like</span>' in answer["counts"], "for a card, as it would come with the page"
    assert answer["undo"] == {"url": reverse("reaction", args=[article.pk]), "fields": {"kind": "none"}}

    part = post(client, article, "dislike", **{"hx-request": "true"}).content.decode()

    assert part.count("<form") == 1 and "<html" not in part and 'value="dislike"' not in part


def test_what_was_answered_before_logging_in_is_done_after_it(client, article):
    make_reader(email="ani@example.org", password="correct horse 1")
    assert "Log in to like (0)" in client.get(article.get_absolute_url()).content.decode()

    to_login = post(client, article, "like").headers["Location"]
    answer = client.post(to_login, {"login": "ani@example.org", "password": "correct horse 1"})

    assert answer.headers["Location"] == f"{article.get_absolute_url()}#reactions" and counts(article) == (1, 0)


def test_an_answer_waits_for_its_own_log_in_only_once(client, article):
    reader = make_reader(email="ani@example.org", password="correct horse 1")
    to_login = post(client, article, "like").headers["Location"]
    client.post(to_login, {"login": "ani@example.org", "password": "correct horse 1"})
    set_reaction(reader, article.pk, "none")

    client.logout()
    client.force_login(reader)

    assert counts(article) == (0, 0)


def test_a_program_without_a_user_is_told_to_log_in(client, article):
    assert post(client, article, "like", accept="application/json").status_code == 401


@pytest.mark.parametrize("kind", ["", "love", "LIKE", "a\0"])
def test_what_is_no_answer_is_refused(client, article, kind):
    client.force_login(make_reader())

    assert post(client, article, kind).status_code == 400 and counts(article) == (0, 0)


def test_an_article_that_is_not_there_can_not_be_liked(client):
    client.force_login(make_reader())

    assert client.post("/article/987654/reaction/", {"kind": "like"}).status_code == 404


def test_an_article_called_reaction_has_its_page(client):
    article = make_article(title="Reaction")

    assert "Reaction" in client.get(article.get_absolute_url()).content.decode()


def test_a_users_answer_needs_the_token_of_our_form(article):
    from django.test import Client  # noqa: PLC0415  one that checks tokens

    client = Client(enforce_csrf_checks=True)
    client.force_login(make_reader())

    assert post(client, article, "like").status_code == 403 and counts(article) == (0, 0)


def test_another_site_can_not_prepare_an_answer(client, article):
    answer = client.post(f"/article/{article.pk}/reaction/", {"kind": "like"}, headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 403


def test_pressing_without_end_is_stopped_with_a_time_to_come_back(client, article, monkeypatch):
    monkeypatch.setattr("comments.views.REACTIONS_PER_MINUTE", 3)
    client.force_login(make_reader())

    answers = [post(client, article, "like") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [303, 303, 303, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60


def test_counts_that_went_wrong_are_set_right(article):
    set_reaction(make_reader(), article.pk, "like")
    stray = make_article()
    Article.objects.filter(pk=article.pk).update(like_count=7)
    Article.objects.filter(pk=stray.pk).update(dislike_count=1)

    assert recount() == 2 and recount() == 0
    assert counts(article) == (1, 0) and counts(stray) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_many_readers_at_once_leave_counts_that_equal_the_rows(article):
    readers = [make_reader() for _ in range(24)]
    chance = Random(5)
    presses = [(chance.choice(readers), chance.choice(reactions.CHOICES)) for _ in range(240)]

    def press(one) -> None:
        try:
            set_reaction(one[0], article.pk, one[1])
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as crowd:
        list(crowd.map(press, presses))

    rows = list(Reaction.objects.values_list("kind", flat=True))
    assert rows and counts(article) == (rows.count("like"), rows.count("dislike"))


def test_readers_without_account_can_not_begin_sessions_without_end(article, monkeypatch):
    monkeypatch.setattr("accounts.after_login.KEPT_PER_HOUR", 2)

    answers = [post(Client(), article, "like").status_code for _ in range(4)]

    assert answers == [302, 302, 429, 429] and Session.objects.count() == 2
