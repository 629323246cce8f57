"""What a curator looks up of articles and stories."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import make_article, make_curator, make_story
from zisnews import pagination

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(client):
    client.force_login(make_curator())
    return client


@pytest.mark.parametrize("by", ["url", "pk"])
def test_an_article_is_found_by_its_address_and_by_its_number(curator, by):
    sought = make_article(title="Sought", url="https://paper.example/sought")
    make_article(title="Another")
    page = curator.get(reverse("admin:aggregator_article_changelist"), {"q": getattr(sought, by)}).content.decode()
    assert "Sought" in page
    assert "Another" not in page


@pytest.mark.parametrize("model", ["article", "story"])
@pytest.mark.parametrize("query", [{"q": "no number & no address"}, {"q": "9" * 40}, {}])
def test_a_list_asks_for_nothing_that_would_read_every_row(curator, model, query):
    make_story(told_by=(make_article(),))
    with CaptureQueriesContext(connection) as queries:
        response = curator.get(reverse(f"admin:aggregator_{model}_changelist"), query)
    assert response.status_code == 200
    asked = " ".join(found["sql"] for found in queries)
    assert "UPPER(" not in asked
    assert '"profile"' not in asked


def test_a_list_that_is_longer_than_anybody_goes_through_says_so_and_ends(curator, monkeypatch):
    monkeypatch.setattr(pagination, "MOST_COUNTED", 3)
    for number in range(5):
        page = curator.get(reverse("admin:aggregator_article_changelist")).content.decode()
        assert f"{min(number, 3)}{'+' * (number >= 3)} article" in page
        make_article()


def test_an_articles_page_says_why_it_has_no_picture(curator):
    article = make_article(picture_error="https://paper.example/1.jpg: The server says that this page is gone (410).")
    page = curator.get(reverse("admin:aggregator_article_change", args=[article.pk])).content.decode()
    assert "1.jpg: The server says that this page is gone (410)." in page
