"""What a reader types, as a query: understood, asked in Postgres, and never an error."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator.search.lexemes import words_of
from aggregator.search.queries import MOST_TERMS, QUERY_MAX_LENGTH, parse


def is_found(db, typed: str, *, title: str = "", text: str = "") -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [words_of(title, "", text), parse(typed).in_documents])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("flood oxford", "Oxford braces for another flood"),
        ('"european union"', "The European Union's answer"),
        ("“european union”", "in the European Union"),
        ("war*", "Another warning"),
        ("flood -paris", "A flood in Lyon"),
        ('flood -"new york"', "A flood in York, as new as ever"),
        ("expedition", "Expédition 33"),
        ("крым", "Крым сегодня"),
        ("NATO", "Nato ministers meet"),
        ("nato", "NATO ministers meet"),
        ("US", "U.S. adults"),
        ("战争", "俄乌战争爆发"),
        ("俄乌战争", "俄乌战争爆发"),
        ("争", "俄乌战争爆发"),
        ("「戦争」", "ウクライナ戦争が続く"),
        ("ウクライナ", "ウクライナ戦争が続く"),
        ("สงคราม", "ข่าวสงครามในยุโรป"),
        ("iPhone发布", "苹果iPhone发布会"),
        ("서울", "서울에서 열린"),
        ("ニュース速報", "最新のニュース 速報です"),
        ('"l\'orange bleue"', "Sous l’orange bleue"),
        ("super-bad", "a superbad film"),
        ("-flood rain", "Rain at last"),
    ],
)
def test_a_query_finds(db, typed, text):
    assert is_found(db, typed, text=text)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("flood oxford", "Oxford is dry"),
        ('"european union"', "a union of European cities"),
        ("war", "A warning"),
        ("flood -paris", "A flood in Paris"),
        ('flood -"new york"', "A flood in New York"),
        ("US", "tell us more"),
        ("WHO", "a man who knew"),
        ("战争", "挑战。争取"),
        ("战争", "争战"),
        ("乌战争", "俄乌 大战争"),
        ('"lord mayor"', "Mayor of the Lord"),
    ],
)
def test_a_query_does_not_find(db, typed, text):
    assert not is_found(db, typed, text=text)


def test_no_phrase_reaches_from_the_title_into_the_text(db):
    assert not is_found(db, '"lord mayor"', title="My Lord", text="Mayor elected")
    assert is_found(db, "lord mayor", title="My Lord", text="Mayor elected")


def test_headlines_are_asked_apart(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT words @@ %s::tsquery, words @@ %s::tsquery FROM (SELECT %s::tsvector AS words) AS document",
            [parse("flood").in_titles, parse("oxf*").in_titles, words_of("Flood", "", "Oxford")],
        )
        assert cursor.fetchone() == (True, False)


def understood(typed: str) -> tuple[list[str], list[str]]:
    query = parse(typed)
    return [term.typed for term in query.wanted], [term.typed for term in query.excluded]


@pytest.mark.parametrize(
    ("typed", "wanted", "excluded"),
    [
        ("one two", ["one", "two"], []),
        ("flood flood FLOOD", ["flood"], []),
        ("trump + tariff & more", ["trump", "tariff", "more"], []),
        ("semi-final", ["semi-final"], []),
        ("a -b –c", ["a"], ["b", "c"]),
        ('-"a b" c', ["c"], ['"a b"']),
        ('say"what now"', ["say", '"what now"'], []),
        ("…!? --- ''", [], []),
        ("", [], []),
        ("one\0two", ["one", "two"], []),
    ],
)
def test_words_phrases_and_exclusions_are_told_apart(typed, wanted, excluded):
    assert understood(typed) == (wanted, excluded)


@pytest.mark.parametrize(
    ("typed", "note"),
    [
        ("-war -peace", "exclusions alone"),
        ("?!", "at least one letter or digit"),
        ("flood a*", "At least two letters must stand before a star"),
        ("fl*ood rain", "A star stands at the end of a word"),
        ('rain "in spain', "not closed"),
        ("x " + "y" * 150, "more than 100 characters"),
        ("word " * 2000, f"first {QUERY_MAX_LENGTH} characters"),
        (" ".join(f"word{number}" for number in range(MOST_TERMS + 1)), "1 word too many was left out"),
    ],
)
def test_what_can_not_be_asked_is_said(typed, note):
    assert any(note in said for said in parse(typed).notes)


def test_a_query_loses_or_changes_one_term_and_keeps_the_others():
    query = parse('"lord mayor" floood -paris')

    assert query.without(query.wanted[0]) == "floood -paris"
    assert query.replacing({query.wanted[1]: "flood"}) == '"lord mayor" flood -paris'


def test_the_same_question_has_one_normal_form():
    assert parse("Flood  oxford").normal_form == parse("oxford FLOOD").normal_form
    assert parse("flood").normal_form != parse("-flood").normal_form


LETTERS = st.characters(codec="utf-8") | st.sampled_from(" \"'*-+()&|!:<>\\\0战争งค서울éЁ«»“”「」US.")


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(LETTERS, max_size=80))
def test_anything_typed_is_a_query_that_postgres_takes(db, typed):
    query = parse(typed)
    if query.is_askable:
        with connection.cursor() as cursor:
            for asked in (query.in_documents, query.in_titles, query.in_index):
                cursor.execute("SELECT %s::tsquery", [asked])
    assert parse(query.text).normal_form == query.normal_form
