"""The style guide: for builders only, and made of the pages' own partials."""

import pytest
from django.template import loader

from tests.factories import give_picture, make_article

pytestmark = pytest.mark.django_db


def test_outside_of_debug_there_is_no_style_guide(client):
    assert client.get("/styleguide/").status_code == 404


def test_the_style_guide_stands_on_an_empty_site(client, settings):
    settings.DEBUG = True
    assert client.get("/styleguide/").status_code == 200


def test_every_component_is_shown_from_the_partial_that_pages_use(client, settings):
    settings.DEBUG = True
    give_picture(make_article(title="With a picture"))

    page = client.get("/styleguide/")

    parts = {template.name for template in page.templates}
    lists = ("article_card", "article_row", "article_brief", "block", "pages", "empty")
    assert {f"aggregator/_{name}.html" for name in lists} <= parts
    shell = ("notice", "skeleton", "search_field", "account_menu", "keys")
    assert {f"_{name}.html" for name in shell} <= parts
    assert {"account/_tabs.html", "allauth/elements/fields.html"} <= parts
    assert "With a picture" in page.content.decode()
    assert '<a class="telling"' in page.content.decode()
    assert "This field is required." in page.content.decode()


def test_a_notice_offers_undo_by_a_form_and_only_where_there_is_something_to_undo():
    plain = loader.render_to_string("_notice.html", {"text": "<Kept>"})
    assert "&lt;Kept&gt;" in plain
    assert "<form" not in plain
    assert '<form method="post" action="/back/">' in loader.render_to_string(
        "_notice.html", {"text": "", "undo": "/back/"}
    )
