"""A curator's rule for the pages of a source."""

from datetime import UTC, datetime

import pytest

from feeds.clock import database_now
from feeds.errors import BadSelector
from feeds.extraction import extract
from feeds.models import Entry
from feeds.pages.rules import check_selector
from feeds.reading import read_due_pages
from feeds.sandbox import Sandbox
from feeds.sanitising import sanitise
from feeds.selectors import refuse_bad_selector
from tests.factories import make_entry, make_feed, make_source

NOW = datetime(2026, 11, 21, tzinfo=UTC)
URL = "https://paper.example/news/2026/bridge"
ARTICLE = "".join(f"<p>Sentence {n} of the article tells how the harbour bridge was mended.</p>" for n in range(9))
BODY = "".join(f"<p>Part {n} of the story that only the curator knows how to find on this page.</p>" for n in range(3))
PAGE = (
    f"<html><head><title>Bridge reopens</title></head><body><article><h1>Bridge reopens</h1>{ARTICLE}</article>"
    f"<div class='odd story'>{BODY}<script>steal()</script><p class=plea>Subscribe now, it costs nothing.</p> Tail."
    "<p onclick='x()'>And <a href='/more' style='x'>more of it</a>.</p></div></body></html>"
)


def read(**rule: str):
    return extract(PAGE.encode(), url=URL, now=NOW, **rule)


def test_the_text_is_taken_from_what_the_selector_finds_and_sanitised():
    page = read(text_selector=".story")
    assert page.text.startswith("Part 0 of the story")
    assert "Sentence 1" not in page.text
    assert "steal" not in page.html
    assert '<a href="https://paper.example/more"' in page.html
    assert sanitise(page.html) == page.html
    assert page.title == "Bridge reopens"


def test_clutter_is_left_out_and_the_text_after_it_stays():
    page = read(text_selector=".story", clutter_selector=".plea, a")
    assert "Subscribe" not in page.text
    assert "Tail." in page.text
    assert "more of it" not in page.text


def test_clutter_is_left_out_where_the_extractor_finds_the_text_too():
    page = read(clutter_selector="article p:nth-child(3)")
    assert "Sentence 1 of" not in page.text
    assert "Sentence 2 of" in page.text


def test_several_elements_make_one_text_in_the_pages_order_each_once():
    page = read(text_selector=".story p, article, article p")
    assert page.text.index("Sentence 8") < page.text.index("Part 0")
    assert page.text.count("Sentence 3 of") == 1


@pytest.mark.parametrize("selector", [".moved", "h1", "p::first-line", "a[["])
def test_a_rule_that_does_not_fit_falls_back_to_the_extractor_and_says_so(selector):
    page = read(text_selector=selector)
    assert "Sentence 8" in page.text
    assert page.rule_problem.endswith(".")
    assert read().rule_problem == ""


@pytest.mark.django_db
def test_a_sources_pages_are_read_by_its_rule_and_curators_hear_where_it_fails(web):
    source = make_source(text_selector=".story")
    web[URL], other = PAGE, "https://paper.example/news/2026/other"
    web[other] = PAGE.replace("odd story", "new")
    for url in (URL, other):
        make_entry(feed=make_feed(source=source), url=url)

    read_due_pages()

    fits, misses = Entry.objects.order_by("pk")
    assert fits.page["text"].startswith("Part 0")
    assert fits.read_error == ""
    assert misses.state == "ready"
    assert "Sentence 8" in misses.page["text"]
    assert "found nothing on this page" in misses.read_error
    assert [entry.pk for entry in Entry.objects.unreadable()] == [misses.pk]


@pytest.mark.django_db
def test_reading_a_page_again_uses_the_rule_of_now(web):
    source = make_source(text_selector=".moved")
    web[URL] = PAGE
    make_entry(feed=make_feed(source=source), url=URL)
    read_due_pages()
    source.text_selector = ".story"
    source.save()
    Entry.objects.all().read_again(database_now())
    read_due_pages()
    entry = Entry.objects.get()
    assert (entry.read_error, entry.page["text"][:6]) == ("", "Part 0")


@pytest.mark.django_db
def test_a_rule_too_dear_for_a_page_costs_the_rule_not_the_page(web, monkeypatch):
    """The selector would be refused in the form; a page may still make an accepted one dear."""
    impatient = Sandbox(1, wall_seconds=10)  # a new child needs a few of them to load the extractor
    monkeypatch.setattr("feeds.reading.sandbox", lambda: impatient)
    monkeypatch.setattr("feeds.manners.permission.sandbox", lambda: impatient)
    many = "<i></i>" * 9_000
    web[URL] = PAGE.replace("</body>", f"<div>{many}</div></body>")
    make_entry(feed=make_feed(source=make_source(text_selector="* ~ * ~ * ~ * ~ *")), url=URL)

    read_due_pages()

    impatient.close()
    entry = Entry.objects.get()
    assert (entry.state, "Sentence 8" in entry.page["text"]) == ("ready", True)
    assert "takes too long on this page" in entry.read_error


@pytest.mark.parametrize("selector", ["article", ".story > p", "#main .text, .more", "div[itemprop~=articleBody] p"])
def test_usual_selectors_are_accepted(selector):
    check_selector(selector)


@pytest.mark.parametrize(
    ("selector", "reason"),
    [
        ("", "no CSS selector"),
        ("div[[", "no CSS selector"),
        ("p::before", "no CSS selector"),
        (":unheard-of", "no CSS selector"),
        ("a" * 301, "longer than 300"),
        (":not(" * 59, "no CSS selector"),
        ("* ~ * ~ * ~ *", "too long"),
        (", ".join(["* * *"] * 40), "too long"),
    ],
)
def test_what_is_no_selector_or_a_dear_one_is_refused_with_a_sentence(selector, reason):
    with pytest.raises(BadSelector, match=reason) as caught:
        refuse_bad_selector(selector)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("selector", "said"),
    [("a[[", "got '[' at character 3."), ("p >", "but it ends there."), ("a:nope(1)", ":nope() is unknown.")],
)
def test_what_is_wrong_with_a_selector_is_said_without_the_parsers_own_words(selector, said):
    with pytest.raises(BadSelector) as refused:
        check_selector(selector)
    assert str(refused.value).endswith(said)
    assert "<" not in str(refused.value)
