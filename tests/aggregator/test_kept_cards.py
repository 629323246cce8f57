"""Cards that each process keeps: the same as rendered anew, new with every change, and nothing of a reader in them."""

from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils import timezone

from accounts.preferences import Preferences
from aggregator import history, saving
from aggregator.card_rows import light
from aggregator.models import Article
from aggregator.templatetags import kept_cards
from tests.factories import give_picture, make_article, make_reader, make_source, make_story

pytestmark = pytest.mark.django_db
KINDS = ("row", "card", "brief")


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    kept_cards._kept.clear()
    kept_cards._filled.clear()
    kept_cards._lists.clear()


@pytest.fixture
def article() -> Article:
    found = make_article(
        title="100 %(own)s of <b>it</b> & %s",
        source=make_source(name="A & B %", slug="paper"),
        updated_at=timezone.now(),
        like_count=3,
    )
    give_picture(found)
    make_story(told_by=(found, make_article(country="FR")))
    return found


def drawn(how: str, kind: str, article: Article, **more: Any) -> str:
    what = kind if how == "card" else f"aggregator/_article_{kind}.html"
    code = f'{{% load kept_cards %}}{{% {how} "{what}" %}}'
    return Template(code).render(Context({"article": article, "preferences": Preferences(), **more})).strip()


@pytest.mark.parametrize("kind", KINDS)
def test_a_kept_card_is_what_is_rendered_anew(kind, article):
    whole = Article.objects.cards().get(pk=article.pk)
    (row,) = light([article.pk])
    anew = drawn("include", kind, whole)

    assert drawn("card", kind, row) == drawn("card", kind, row) == drawn("card", kind, whole) == anew
    assert "100 %(own)s of &lt;b&gt;" in anew
    assert drawn("card", kind, whole, source=whole.source) == drawn("include", kind, whole, source=whole.source)
    assert drawn("card", kind, whole, story=whole.story) == drawn("include", kind, whole, story=whole.story)


@pytest.mark.parametrize(
    "change",
    [
        lambda article: Article.objects.filter(pk=article.pk).update(like_count=4),
        lambda article: type(article.source).objects.filter(pk=article.source_id).update(name="Another name"),
        lambda article: type(article.story).objects.filter(pk=article.story_id).update(source_count=9),
    ],
)
def test_a_change_of_article_source_or_story_is_another_card(change, article, client):
    before = client.get("/latest/").content
    assert client.get("/latest/").content == before
    change(Article.objects.get(pk=article.pk))

    assert client.get("/latest/").content != before


def test_what_one_reader_did_stands_on_no_page_of_another(article):
    ann, bob = make_reader(), make_reader()
    saving.save(ann, article.pk, timezone.now())
    history.remember(ann, article.pk, first_at=timezone.now(), at=timezone.now())
    pages = []
    for reader in (ann, bob, None, ann):
        client = Client()
        if reader:
            client.force_login(reader)
        pages.append(client.get("/latest/").content.decode())

    assert ['class="headline read"' in page for page in pages] == [True, False, False, True]
    assert ['name="saved" value="no"' in page for page in pages] == [True, False, False, True]
    assert ["menu acts" in page for page in pages] == [True, True, False, True]


def test_a_page_reads_the_cards_that_are_missing_at_once(article, client, django_assert_num_queries):
    client.get("/latest/")
    for _number in range(20):
        make_article()
    with django_assert_num_queries(3):  # the categories, the rows, the cards of the new ones
        client.get("/latest/")
    with django_assert_num_queries(2):
        client.get("/latest/")
