"""What was searched for, marked where it stands, and never more of a text than its source allows."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.search.highlighting import SNIPPET_LENGTH, snippet, spans_of
from aggregator.search.queries import parse
from aggregator.templatetags.findings import marked_snippet, marked_title, phrases_of
from feeds.models import Display
from tests.factories import make_article, make_source


def marked_words(typed: str, text: str) -> list[str]:
    return [text[start:end] for start, end in spans_of(phrases_of(parse(typed)), text)]


@pytest.mark.parametrize(
    ("typed", "text", "words"),
    [
        ("flood", "Flood, floods and FLOOD.", ["Flood", "FLOOD"]),
        ("flood*", "A flooded town", ["flooded"]),
        ('"european union"', "European unions, the European Union's union", ["European Union's"]),
        ("lord mayor", "The Lord Mayor of York", ["Lord Mayor"]),
        ("expedition", "L’Expédition 33", ["L’Expédition"]),
        ("US", "U.S. adults tell us", ["U.S"]),
        ("战争", "俄乌战争爆发。战。争", ["战争"]),
        ("สงคราม", "ข่าวสงครามใน", ["สงคราม"]),
        ("iphone发布", "苹果iPhone发布会", ["iPhone发布"]),
        ("서울", "서울에서 열린", ["서울에서"]),
        ("superbad", "a super-bad film", ["super-bad"]),
        ("rain -flood", "rain and flood", ["rain"]),
        ("ёлка", "Новогодняя елка", ["елка"]),
    ],
)
def test_matches_are_marked_where_they_stand(typed, text, words):
    assert marked_words(typed, text) == words


def test_a_snippet_is_taken_around_the_match():
    text = "Word " * 300 + "then the flood came to Oxford " + "and so on " * 300

    piece, spans = snippet(phrases_of(parse("flood oxford")), text)

    assert [piece[a:b] for a, b in spans] == ["flood", "Oxford"]
    assert piece.startswith("…Word") and piece.endswith("…") and len(piece) <= SNIPPET_LENGTH + 2


def test_a_snippet_shows_where_most_of_the_words_stand():
    text = "A flood. " + "Word " * 200 + "The Oxford flood of 1947. " + "Word " * 200

    piece, _ = snippet(phrases_of(parse("flood oxford")), text)

    assert "Oxford flood of 1947" in piece


@given(st.text(), st.text(st.sampled_from(" \"'*-aAbé战争งU.S서")))
def test_any_text_can_be_marked(text, typed):
    piece, spans = snippet(phrases_of(parse(typed)), text * 3)

    assert all(0 <= start < end <= len(piece) for start, end in spans) and spans == sorted(spans)


@given(
    st.lists(st.sampled_from(["War", "war's", "o'war", "US", "us", "warring", "a", "1,000", "`war`", "x"])).map(
        " ".join
    ),
    st.sampled_from(["war", "us", "US", "war*", "war us", "a 1000", "1,000", "o'war"]),
)
def test_plain_letters_are_read_faster_and_marked_alike(text, typed):
    parted = f"{text} | a-b"  # what makes each word be read

    assert spans_of(phrases_of(parse(typed)), text) == [
        (start, end) for start, end in spans_of(phrases_of(parse(typed)), parted) if end <= len(text)
    ]


def test_a_long_text_is_marked_in_a_moment():
    text = "war-" * 2000 + "a'" * 2000 + "1,1." * 1000
    began = time.thread_time()

    snippet(phrases_of(parse("war a 1 zzz")), text)

    assert time.thread_time() - began < 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, "…"),
        ({"page_display": Display.EXCERPT}, "Short."),
        ({"page_display": Display.HEADLINE}, ""),
        ({"max_snippet": 20}, "Short."),
    ],
)
def test_a_snippet_shows_no_more_than_the_source_allows(fields, shown):
    article = make_article(description="Short.", text="Word " * 200 + "the flood.", **fields)
    article.opening = article.text  # type: ignore[attr-defined]

    found = marked_snippet(article, phrases_of(parse("flood")))

    assert found.startswith(shown) and ("<mark>flood</mark>" in found) == (fields == {})


@pytest.mark.django_db
def test_the_policy_of_the_source_counts_too():
    source = make_source(display_policy=Display.HEADLINE)
    article = make_article(source=source, description="The flood.", text="The flood.")
    article.opening = article.text  # type: ignore[attr-defined]

    assert marked_snippet(article, phrases_of(parse("flood"))) == ""


@pytest.mark.django_db
def test_nothing_in_a_headline_or_text_becomes_markup():
    article = make_article(title="<script>flood</script> & more", description="<b>flood</b>")
    article.opening = ""  # type: ignore[attr-defined]

    assert (
        marked_title(article, phrases_of(parse("flood")))
        == "&lt;script&gt;<mark>flood</mark>&lt;/script&gt; &amp; more"
    )
    assert marked_snippet(article, phrases_of(parse("flood"))) == "&lt;b&gt;<mark>flood</mark>&lt;/b&gt;"
