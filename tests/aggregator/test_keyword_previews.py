"""What a keyword would hide, before it is blocked: how many, which, by which forms and other spellings."""

import pytest
from django.db import connection
from django.utils import timezone

from accounts.keywords import parse_keyword
from accounts.models import BlockedKeyword
from aggregator import previewing, walking
from aggregator.models import DocumentFrequency
from aggregator.previewing import other_forms
from aggregator.spellings import is_alike, spellings_of
from tests.factories import make_article, make_story
from tests.readers import KEYWORDS, add_keyword, keywords_of

pytestmark = pytest.mark.django_db


def test_a_preview_says_how_many_it_hides_and_shows_some_before_anything_is_saved(client, reader):
    for number in range(7):
        make_article(title=f"Football {number}", minutes_ago=number)
    make_article(title="Harvest")

    page = client.get(KEYWORDS + "preview/", {"keyword": "football"}).content.decode()

    assert "Hides <b>7</b> of the 8 articles" in page and page.count("<li>") == 5 and not keywords_of(reader)
    assert "Hides <b>7</b> of the 8 articles" in client.get(KEYWORDS, {"try": "football"}).content.decode()


def test_other_forms_of_a_word_stand_with_their_counts():
    for term, count in (("elections", 48), ("electoral", 12), ("electric", 90), ("election", 70), ("elbow", 5)):
        DocumentFrequency.objects.create(term=term, document_count=count)

    assert other_forms(parse_keyword("election")) == [("electric", 90), ("elections", 48), ("electoral", 12)]
    assert other_forms(parse_keyword("war")) == other_forms(parse_keyword("election*")) == []


def test_the_match_is_marked_in_what_a_preview_shows(client, reader):
    make_article(title="Final of Football’s year")
    make_article(title="An evening", description="They played football & lost.")

    page = client.get(KEYWORDS + "preview/", {"keyword": "football"}).content.decode()
    of_titles = client.get(KEYWORDS + "preview/", {"keyword": "football", "where": "title"}).content.decode()

    assert "Final of <mark>Football’s</mark> year" in page and "played <mark>football</mark> &amp; lost" in page
    assert "Hides <b>2</b>" in page and "Hides <b>1</b>" in of_titles and "<mark>football</mark>" not in of_titles


def test_a_preview_that_takes_too_long_tells_of_the_newest(client, reader, monkeypatch):
    make_article(title="Football final")
    asked = []

    def too_slow(ask, *, otherwise):
        asked.append(ask)
        return otherwise if len(asked) == 1 else ask()

    monkeypatch.setattr(previewing, "in_time", too_slow)

    assert "Hides <b>1</b> of the newest 1 articles" in client.get(f"{KEYWORDS}preview/", {"keyword": "football"}).text


def test_a_question_is_broken_off_in_time():
    def sleep() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(30)")
        return "awake"

    assert previewing.in_time(sleep, otherwise="in time") == "in time"
    assert previewing.in_time(BlockedKeyword.objects.count, otherwise=-1) == 0


def test_another_spelling_is_found_among_those_who_tell_the_same_stories(client, reader):
    for _number in range(3):
        told = [
            make_article(title=f"Talks in {name} go on", country=iso) for name, iso in (("Kiev", "RU"), ("Kyiv", "GB"))
        ]
        make_story(told_by=(*told, make_article(title="Talks in Kyoto", country="JP")))
    for term, count in (("kyiv", 7), ("kiev", 5), ("kyoto", 3), ("talks", 9), ("", 1000)):
        DocumentFrequency.objects.create(term=term, document_count=count)

    page = client.get(KEYWORDS + "preview/", {"keyword": "Kiev"}).content.decode()

    assert spellings_of(parse_keyword("Kiev"), timezone.now(), most=3) == [("kyiv", 7)]
    assert spellings_of(parse_keyword("Kyiv"), timezone.now(), most=3) == [("kiev", 5)]
    assert "The news may also spell it:" in page and 'name="keyword" value="kyiv"' in page
    add_keyword(client, "kyiv")
    assert (
        'value="kyiv" formnovalidate disabled'
        in client.get(KEYWORDS + "preview/", {"keyword": "Kiev"}).content.decode()
    )


@pytest.mark.parametrize(
    ("word", "other", "expected"),
    [
        ("kiev", "kyiv", True), ("zelensky", "zelenskyy", True), ("mohammed", "muhammad", True),
        ("odessa", "odesa", True), ("киев", "кiев", True), ("kiev", "kids", False),
        ("war", "wer", False), ("talks", "walks", False),
        ("kiev", "kiev", False), ("love", "have", False), ("strike", "struck", False),
    ],
)  # fmt: skip
def test_what_may_be_another_spelling(word, other, expected):
    assert is_alike(word, other) is expected


def test_the_page_of_a_reader_who_hides_nearly_all_ends_and_says_how_far_it_looked(client, reader, monkeypatch):
    monkeypatch.setattr(walking, "WALKED", 5)
    for number in range(12):
        make_article(title=f"Football {number}", minutes_ago=number + 5)
    make_article(title="Harvest", minutes_ago=30)
    add_keyword(client, "football")

    found, after, pages = [], "", 0
    while after or not pages:
        answer = client.get("/latest/", {"after": after})
        listing = answer.context["listing"]
        found += [article.title for article in listing.page.rows]
        if listing.page.next:
            assert listing.hidden == 5 and "looks back no further than" in answer.content.decode()
            assert 'rel="next"' in answer.content.decode()
        after, pages = listing.page.next, pages + 1

    assert found == ["Harvest"] and pages == 3
