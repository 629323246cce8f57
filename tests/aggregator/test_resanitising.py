"""Stored bodies after an update of the sanitiser."""

from io import StringIO

import pytest
from django.core.management import call_command

from aggregator import resanitising
from aggregator.models import Article
from feeds.sanitising import SANITISER_VERSION, sanitise
from tests.factories import make_article

pytestmark = pytest.mark.django_db

AS_VERSION_1_HAD_IT = "<p>Votes</p><table><tbody><tr><th>For</th><td>31</td></tr></tbody></table>"


def resanitise() -> str:
    said = StringIO()
    call_command("resanitise", stdout=said)
    return said.getvalue()


def test_bodies_of_an_older_version_become_what_todays_makes_of_them(monkeypatch):
    monkeypatch.setattr(resanitising, "ARTICLES_PER_BATCH", 2)
    for _ in range(5):
        make_article(html=AS_VERSION_1_HAD_IT, sanitiser_version=1)

    assert resanitise() == "5 articles sanitised anew.\n"
    assert set(Article.objects.values_list("html", "sanitiser_version")) == {
        (sanitise(AS_VERSION_1_HAD_IT), SANITISER_VERSION)
    }
    assert 'tabindex="0"' in Article.objects.first().html
    assert resanitise() == "0 articles sanitised anew.\n"


def test_a_body_of_today_is_left_alone():
    article = make_article(html="<p>as it is", sanitiser_version=SANITISER_VERSION)

    resanitise()

    article.refresh_from_db()
    assert article.html == "<p>as it is"
