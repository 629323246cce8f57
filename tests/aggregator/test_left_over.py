"""What is left for readers who hide nearly everything is known, and is at any moment what asking each article gives."""

import random
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import excluding
from accounts.excluding import Wanted, block, note_counts, note_reworded, unblock
from accounts.models import Exclusions
from accounts.preferences import Preferences, with_exclusions
from aggregator import left_over
from aggregator.left_over import renew, renew_stale
from aggregator.models import Article
from feeds.tsvector import tsvector_literal
from tests.factories import make_article, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_site(monkeypatch):
    monkeypatch.setattr(left_over, "JUDGED_BY", 20)
    monkeypatch.setattr(left_over, "STRETCH", 10)
    monkeypatch.setattr(left_over, "MOST_LEFT", 3)


@pytest.fixture
def reader():
    """Blocks football, which all articles but every twentieth are about."""
    for number in range(60):
        add(number)
    reader = make_reader()
    block(reader, Wanted("football"), timezone.now())
    return reader


def add(number: int) -> Article:
    long_ago = timezone.now() - timedelta(hours=1)
    title = f"Harvest {number}" if number % 20 == 0 else f"Football {number}"
    return make_article(title=title, minutes_ago=100 - number, added_at=long_ago)


def seen_by(reader) -> list[str]:
    preferences = with_exclusions(Preferences(), reader)
    return sorted(Article.objects.visible_to(preferences).values_list("title", flat=True))


def asked_of_each(reader) -> list[str]:
    blocked = with_exclusions(Preferences(), reader).blocked
    return sorted(Article.objects.visible_to(Preferences(blocked=blocked)).values_list("title", flat=True))


def reword(article: Article, title: str) -> None:
    words = tsvector_literal(title=title)
    Article.objects.filter(pk=article.pk).update(title=title, tokens=words)
    note_reworded([article.pk])


def test_what_is_left_is_known_and_the_same(reader):
    renew(reader.pk, timezone.now())

    left = with_exclusions(Preferences(), reader).left
    assert left and left.until == Article.objects.order_by("-pk")[0].pk
    assert seen_by(reader) == asked_of_each(reader) == ["Harvest 0", "Harvest 20", "Harvest 40"]


def test_nothing_is_kept_for_who_hides_less(reader):
    other = make_reader()
    block(other, Wanted("harvest"), timezone.now())

    renew(other.pk, timezone.now())

    assert with_exclusions(Preferences(), other).left is None


def test_what_comes_later_is_asked_for_and_taken_in(reader):
    renew(reader.pk, timezone.now())
    for number in (60, 61):
        add(number)
    before = seen_by(reader)

    renew(reader.pk, timezone.now())

    assert before == seen_by(reader) == ["Harvest 0", "Harvest 20", "Harvest 40", "Harvest 60"]


def test_what_is_reworded_is_asked_for_again(reader):
    renew(reader.pk, timezone.now())
    reword(Article.objects.get(title="Harvest 40"), "Football in autumn")
    reword(Article.objects.get(title="Football 41"), "An evening")

    assert seen_by(reader) == asked_of_each(reader) == ["An evening", "Harvest 0", "Harvest 20"]
    add(60)
    renew(reader.pk, timezone.now())
    assert seen_by(reader) == asked_of_each(reader) == ["An evening", "Harvest 0", "Harvest 20", "Harvest 60"]
    assert Exclusions.objects.get(user=reader).changed == []  # taken in, or each page would ask for ever more


def test_another_keyword_is_in_force_at_once_and_so_is_one_less(reader):
    renew(reader.pk, timezone.now())
    added = block(reader, Wanted("harvest"), timezone.now())
    none = seen_by(reader)
    renew(reader.pk, timezone.now())
    still_none = seen_by(reader)
    unblock(reader, [added.pk], timezone.now())

    assert none == still_none == [] and seen_by(reader) == ["Harvest 0", "Harvest 20", "Harvest 40"]


def test_asking_in_another_order_forgets_nothing(reader, monkeypatch):
    monkeypatch.setattr(excluding, "ORDER_COUNTS_FROM", 1)
    block(reader, Wanted("tennis"), timezone.now())
    renew(reader.pk, timezone.now())

    note_counts({one.pk: one.pk for one in reader.blocked_keywords.all()}, timezone.now())

    assert Exclusions.objects.get(user=reader).left_until > 0


def test_a_worker_finds_whom_to_look_at(reader):
    now = timezone.now()

    assert renew_stale(now) == 1 and renew_stale(now) == 0
    assert renew_stale(now + left_over.AGAIN_AFTER + timedelta(seconds=1)) == 1
    assert Exclusions.objects.get(user=reader).left_until > 0


def test_a_look_that_was_cut_short_is_gone_on_with_and_each_page_is_right_meanwhile(reader):
    newest = Article.objects.order_by("-pk")[0].pk
    looks: list = []
    while not looks or looks[-1].since:
        renew(reader.pk, timezone.now(), stop_at=0.0)
        looks.append(with_exclusions(Preferences(), reader).left)
        assert seen_by(reader) == asked_of_each(reader) == ["Harvest 0", "Harvest 20", "Harvest 40"]

    assert (looks[0].since, looks[0].ids) == (newest, "{}")  # from then on what is reworded is noted
    assert len(looks) == 7 and looks[-1].until == newest and looks[-1].ids.count(",") == 2


def test_an_article_that_is_still_being_written_is_asked_for(reader):
    fresh = make_article(title="Harvest now")
    renew(reader.pk, timezone.now())

    assert with_exclusions(Preferences(), reader).left.until < fresh.pk and "Harvest now" in seen_by(reader)


def test_whatever_happens_in_whatever_order_the_answer_is_that_of_asking_each(reader):
    chance = random.Random(4)
    number = 60
    for _step in range(40):
        what = chance.choice(["add", "add", "renew", "reword", "block"])
        if what == "add":
            add(number)
            number += 1
        elif what == "renew":
            renew(reader.pk, timezone.now())
        elif what == "reword":
            article = chance.choice(list(Article.objects.all()))
            reword(article, chance.choice(["Football again", "Harvest again", "Tennis"]))
        elif what == "block":
            keyword = reader.blocked_keywords.filter(text="tennis").first()
            if keyword:
                unblock(reader, [keyword.pk], timezone.now())
            else:
                block(reader, Wanted("tennis"), timezone.now())
        assert seen_by(reader) == asked_of_each(reader), what


@pytest.mark.django_db(transaction=True)
def test_a_list_behind_keywords_is_planned_anew_as_a_kept_plan_reads_them_for_each_row(client, reader):
    client.force_login(reader)
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/latest/").status_code == 200

    lists = [one["sql"] for one in asked if "walked" in one["sql"]]
    assert lists and not [sql for sql in lists if sql.startswith(("PREPARE", "EXECUTE"))]
    assert [one for one in asked if one["sql"].startswith("PREPARE")]  # as other questions of the page are
