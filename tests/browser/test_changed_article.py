"""The page of an article that its source changed, and whose text is an earlier one's, in a real browser."""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from aggregator.models import Article
from tests.browsers import arrived, assert_axe_is_content_in_both_themes
from tests.factories import make_article, make_source

pytestmark = pytest.mark.django_db(transaction=True)
TITLES = {
    "en": ["Talks with Moscow begin in Vienna", "Talks with Moscow falter", "Talks with Moscow " + "resume again " * 9],
    "ar": ["بدء المحادثات مع موسكو في فيينا", "تعثر المحادثات مع موسكو", "استئناف المحادثات مع موسكو بعد يومين"],
}


def changed_article(language: str) -> Article:
    """An article under its last headline, which had the others before, and is a copy."""
    *earlier, title = TITLES[language]
    now = timezone.now()
    first = make_article(source=make_source(name="وكالة" if language == "ar" else "The Wire"))
    text = "The committee met for the third day in a row without agreeing on a date. " * 8
    article = make_article(
        title=title, language=language, updated_at=now, copy_of=first, text=text, html=f"<p>{text}</p>", minutes_ago=300
    )
    for number, headline in enumerate(earlier):
        since = now - timedelta(hours=5 - 2 * number)
        article.earlier_headlines.create(title=headline, seen_at=since, replaced_at=since + timedelta(hours=2))
    return article


@pytest.mark.parametrize("language", ["en", "ar"])
def test_earlier_headlines_and_the_origin_of_a_text_fit_and_keep_nobody_out(live_server, page: Page, language):
    page.goto(live_server.url + changed_article(language).get_absolute_url())
    arrived(page)
    for width, scheme in ((1280, "light"), (320, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        if folder := os.environ.get("ZIS_SHOTS"):
            page.screenshot(path=Path(folder) / f"changed-{language}-{width}-{scheme}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    expect(page.get_by_role("region", name="Earlier headlines").get_by_role("listitem")).to_have_count(2)
    assert_axe_is_content_in_both_themes(page)


def test_the_link_to_earlier_headlines_works_by_keyboard_and_they_are_printed(live_server, page: Page):
    page.goto(live_server.url + changed_article("en").get_absolute_url())
    page.get_by_role("link", name="Earlier headlines").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#headlines$"))
    page.emulate_media(media="print")
    expect(page.get_by_text("Talks with Moscow falter")).to_be_visible()
    expect(page.get_by_text("Same text as")).to_be_visible()
