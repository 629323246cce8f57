"""The small parts of an article in a list."""

import re

import pytest
from django.template import Context, Template
from django.utils import timezone, translation
from django.utils.text import Truncator

from accounts.following import follow
from aggregator.templatetags.cards import shortened, voices_in_words
from feeds.models import Display
from tests.factories import make_article, make_reader, make_source, make_story

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
def test_a_source_named_in_other_letters_says_its_language():
    named, plain = (make_article(source=make_source(name=name), language="zh") for name in ("江南快报", "Jiangnan"))

    assert '<bdi lang="zh">江南快报</bdi>' in drawn("source_link article", article=named)
    assert "<bdi>Jiangnan</bdi>" in drawn("source_link article", article=plain)


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


@pytest.mark.django_db
def test_the_menu_of_a_card_is_for_users_and_sends_the_pages_one_form(client):
    article = make_article(source=make_source(slug="the-paper", name="A & B"))
    make_article()
    assert "acts" not in client.get("/latest/").content.decode()

    client.force_login(make_reader())
    page = client.get("/latest/").content.decode()

    assert page.count('<form id="acts"') == 1
    assert page.count('<details class="menu acts">') == 2
    for address in (f"/article/{article.pk}/save/", f"/article/{article.pk}/reaction/", "/source/the-paper/hide/"):
        assert f'<button form="acts" formaction="{address}"' in page
    followed = 'formaction="/follow/?id=the-paper" name="follow" value="yes" aria-pressed="false"'
    assert f"{followed}><span>Follow <bdi>A &amp; B</bdi>" in page
    assert f'href="/settings/keywords/from/{article.pk}/?next=%2Flatest%2F"' in page


@pytest.mark.django_db
def test_the_menu_tells_whether_the_source_is_followed_and_offers_to_stop(client):
    article, user = make_article(source=make_source(slug="the-paper")), make_reader()
    follow(user, article.source, timezone.now())
    client.force_login(user)
    page = client.get("/latest/").content.decode()

    assert 'formaction="/follow/?id=the-paper" name="follow" value="no" aria-pressed="true"' in page
    client.post("/follow/?id=the-paper", {"what": "source", "follow": "no"})
    assert 'name="follow" value="yes" aria-pressed="false"' in client.get("/latest/").content.decode()


@pytest.mark.django_db
def test_a_story_is_followed_from_the_menu_of_its_articles_and_from_its_row(client):
    story, user = make_story(told_by=(make_article(country="GB"), make_article(country="FR"))), make_reader()
    make_article()
    button = f'formaction="/follow/?story={story.pk}" name="follow" value="%s" aria-pressed="%s"'
    nobody = client.get("/stories/").content.decode()
    assert f'action="/follow/?story={story.pk}"' in nobody and "Log in to follow" in nobody
    client.force_login(user)

    for address, count in (("/latest/", 2), ("/stories/", 1)):
        page = client.get(address).content.decode()
        assert page.count(button % ("yes", "false")) == page.count("/follow/?story=") == count
        sent = {"next": address, "what": "source", "follow": "yes"}
        for _twice in range(2):
            answer = client.post(f"/follow/?story={story.pk}", sent, headers={"Accept": "application/json"}).json()
        assert (answer["followed"], user.followed_stories.get().story) == (True, story)
        assert button % ("no", "true") in client.get(address).content.decode()
        client.post(answer["undo"]["url"], answer["undo"]["fields"])
        assert not user.followed_stories.exists()


@pytest.mark.django_db
def test_counts_stand_on_a_card_where_there_are_any():
    assert "tally" not in drawn("meta article", article=make_article())

    said = drawn("meta article", article=make_article(like_count=1, comment_count=12))

    assert '1<span class="unseen"> like</span>' in said
    assert '12<span class="unseen"> comments</span>' in said


@pytest.mark.django_db
def test_every_button_of_a_menu_does_what_it_says(client):
    article = make_article()
    user = make_reader()
    client.force_login(user)
    page = client.get("/latest/").content.decode()
    sent = {"next": "/latest/", "what": "source"}

    for address, name, value in re.findall(r'formaction="([^"]+)" name="(\w+)" value="([^"]+)"', page):
        answer = client.post(address, sent | {name: value})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/latest/"), address

    assert user.saved.get().article == article
    assert user.reactions.get().article == article
    assert user.follows.get().source == article.source
    assert user.hidden_sources.get().source == article.source
