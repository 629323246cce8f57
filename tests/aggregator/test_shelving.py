"""On which shelf an article stands."""

from datetime import timedelta

import pytest

from aggregator.category_training import Example
from aggregator.models import Article, CategoryModel
from aggregator.publishing import publish_ready
from aggregator.shelving import examples_told_by, train_categories, train_if_due, trained
from tests.factories import A_WEDNESDAY, make_article, make_curator, make_entry, make_feed, make_source

pytestmark = pytest.mark.django_db

SPORT = "striker goal match coach league season penalty keeper stadium derby".split()
MONEY = "shares profit bank market bond inflation rates investors earnings dividend".split()


@pytest.fixture(autouse=True)
def no_model_of_another_test():
    trained.look_again_at = 0.0
    yield
    trained.look_again_at = 0.0


def published(**fields) -> Article:
    make_entry(state="ready", **fields)
    publish_ready()
    return Article.objects.order_by("-pk")[0]


def test_the_section_of_the_feed_decides_before_anything_else():
    article = published(feed=make_feed(category_id="science"), categories=["Sport"])
    assert (article.category_id, article.category_how) == ("science", "feed")


def test_a_source_that_is_all_of_one_section_lends_it_to_its_feeds():
    article = published(feed=make_feed(source=make_source(category_id="business")))
    assert article.category_id == "business"


def test_a_feed_of_everything_leaves_it_to_the_items_tags():
    article = published(categories=["Football"])
    assert (article.category_id, article.category_how) == ("sports", "tags")


def test_without_section_tags_or_a_trained_model_it_is_general():
    article = published(title="Something happened")
    assert (article.category_id, article.category_how) == ("general", "")


def told(words: list[str], category: str, count: int) -> None:
    for n in range(count):
        title = " ".join(words[(n * 3 + k) % len(words)] for k in range(3)) + f" {n}"
        description = " ".join(words[(n * 7 + k) % len(words)] for k in range(5))
        make_article(title=title, description=description, category=category, category_how="feed")


def test_the_classifier_learns_from_our_own_articles_and_then_tells_by_words():
    told(SPORT, "sports", 300)
    told(MONEY, "business", 300)

    model = train_categories(A_WEDNESDAY)

    assert model.accuracy > 0.9
    article = published(title="Late goal wins the derby for the coach", description="A penalty, a keeper, a stadium.")
    assert (article.category_id, article.category_how) == ("sports", "text")


def test_too_few_articles_teach_nothing():
    told(SPORT, "sports", 20)
    assert train_categories(A_WEDNESDAY) is None
    assert not CategoryModel.objects.exists()


def test_it_is_trained_once_a_day_however_often_it_is_asked(monkeypatch):
    monkeypatch.setattr("aggregator.shelving.FEWEST_ARTICLES", 10)
    told(SPORT, "sports", 30)
    told(MONEY, "business", 30)
    for hours in (0, 1, 12, 25):
        train_if_due(A_WEDNESDAY + timedelta(hours=hours))
    assert CategoryModel.objects.count() == 2


def test_what_a_curator_corrects_stays_and_teaches(client):
    article = make_article(title="Striker scores in the derby", category="business", category_how="text")
    client.force_login(make_curator())

    client.post(f"/admin/aggregator/article/{article.pk}/change/", {"category": "sports"})

    article = Article.objects.get()
    assert (article.category_id, article.category_how) == ("sports", "curator")
    assert article.title == "Striker scores in the derby" and article.search_document.category_id == "sports"
    assert Example("Striker scores in the derby\n", "sports") in examples_told_by(["curator"])


def test_a_curator_sees_how_the_classifier_did_on_what_it_had_not_seen(client):
    told(SPORT, "sports", 300)
    told(MONEY, "business", 300)
    model = train_categories(A_WEDNESDAY)
    client.force_login(make_curator())

    page = client.get(f"/admin/aggregator/categorymodel/{model.pk}/change/").content.decode()

    assert model.report["held_out"] == 600 and model.report["sure_precision"] > 0.9
    assert "right where it is sure" in page.lower() and "what is taken for what" in page.lower()
    assert client.get("/admin/aggregator/categorymodel/").status_code == 200
