"""The small parts of an article in a list."""

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.text import Truncator

from aggregator.templatetags.cards import shortened, voices_in_words
from feeds.models import Display
from tests.factories import make_article, make_source, make_story

TEXTS = [
    "",
    "short",
    "x" * 39,
    "x" * 40,
    "x" * 41,
    "Выборы в Армении: " * 5,
    "e\N{COMBINING ACUTE ACCENT}" * 60,  # becomes one letter each
    "q\N{COMBINING ACUTE ACCENT}" * 60,  # stays two
    "नमस्ते दुनिया " * 9,
    "說明" * 30,
]


def drawn(tag: str, **context: object) -> str:
    return Template(f"{{% load cards %}}{{% {tag} %}}").render(Context(context))


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_cut_as_django_cuts_it(text):
    assert shortened(text, 40) == Truncator(text).chars(40)


def test_voices_are_counted_in_the_language_of_the_page():
    assert voices_in_words(2, 3, "en") == "2 countries · 3 sources"
    assert voices_in_words(1, 2, "en") == "2 sources"
    with translation.override("de"):
        assert voices_in_words(2, 3, "de") == "2 Länder · 3 Quellen"


@pytest.mark.django_db
def test_what_feeds_say_is_text_and_nothing_else():
    said = '<script>alert("&")</script>'
    article = make_article(title=said, description=said, source=make_source(name=said))

    parts = [
        drawn(tag, article=article) for tag in ('headline article "h2"', "summary_line article 240", "meta article")
    ]

    assert all("&lt;script&gt;" in part and "<script" not in part for part in parts)


@pytest.mark.django_db
def test_an_article_shown_by_its_headline_only_has_no_summary():
    article = make_article(description="A summary", page_display=Display.HEADLINE)

    assert drawn("summary_line article 240", article=article) == ""


@pytest.mark.django_db
def test_on_its_own_page_a_source_is_not_named_again_nor_a_story_counted_again():
    articles = make_article(country="GB"), make_article(country="FR")
    story = make_story(told_by=articles)
    article = type(articles[0]).objects.cards().get(pk=articles[0].pk)

    assert article.source.name in drawn("meta article", article=article)
    assert article.source.name not in drawn("meta article", article=article, source=article.source)
    assert "2 countries · 2 sources" in drawn("voices article", article=article)
    assert drawn("voices article", article=article, story=story) == ""
