"""/story/<id>.json and .csv: all of a comparison, for machines."""

import csv
import io
from dataclasses import replace

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from redis import Redis

from accounts.excluding import Wanted, block
from aggregator.comparing.sections import Evidence, Only, OnlyHere, Speaker
from aggregator.comparing.veiling import veiled
from aggregator.comparing.whole import compare
from aggregator.comparing_stories import compare_grown
from aggregator.models import Story
from aggregator.story_rows import COLUMNS, FORMULA, safe
from tests.aggregator.comparing_stories import NOON, telling
from tests.factories import make_article, make_reader, make_story

pytestmark = pytest.mark.django_db
SAID = "“We will rebuild the bridge before the winter comes”"
COUNTRIES = ("GB", "FR", "DE", "IN")


@pytest.fixture
def story() -> Story:
    told = [
        make_article(
            country=country, title=f"Bridge falls, says {country}", text=f"The mayor of {country} said {SAID}."
        )
        for country in COUNTRIES
    ]
    made = make_story(told_by=tuple(told))
    compare_grown()
    made.refresh_from_db()
    return made


def address(story, kind="json"):
    return reverse(f"story_{kind}", args=[story.pk])


def rows_of(response):
    return list(csv.DictReader(io.StringIO(response.content.decode())))


def test_json_has_the_story_its_articles_and_each_section(client, story):
    response = client.get(address(story))
    found = response.json()

    assert address(story) == f"/story/{story.pk}.json"
    assert response["Content-Type"] == "application/json"
    assert list(found) == ["story", "articles", "compared", "comparison"]
    assert (found["story"]["id"], found["story"]["sources_by_country"]) == (story.pk, dict.fromkeys(COUNTRIES, 1))
    assert found["story"]["url"].endswith(story.get_absolute_url())
    assert found["story"]["first_at"] == story.first_at.isoformat()
    assert len(found["articles"]) == 4
    assert found["articles"][0].keys() >= {"article", "url", "original", "source", "country", "published_at", "title"}
    assert found["compared"] == {"at": found["compared"]["at"], "version": story.version, "is_current": True}
    assert list(found["comparison"]) == ["story", "timeline", "columns", "wording", "naming", "quotes", "speakers",
                                         "only_here", "differing", "copied", "voices", "silent", "origins"]  # fmt: skip
    [quote] = found["comparison"]["quotes"]
    assert (quote["text"], quote["sources"]) == (SAID[1:-1], 4)
    evidence = quote["uses"][0]["evidence"]
    begin, end = evidence["marks"][0]
    assert evidence["sentence"][begin:end] == SAID[1:-1]
    assert "hidden" not in evidence


def test_before_a_worker_compared_it_a_story_is_told_without(client):
    story = make_story(told_by=(make_article(), make_article(country="FR")))

    found = client.get(address(story)).json()

    assert (found["compared"], found["comparison"]) == (None, None)
    assert {row["section"] for row in rows_of(client.get(address(story, "csv")))} == {"article"}


def test_a_request_computes_nothing(client, story, django_assert_max_num_queries, monkeypatch):
    monkeypatch.setattr("aggregator.comparing.whole.compare", None)
    Story.objects.filter(pk=story.pk).update(version=7)

    with django_assert_max_num_queries(5):
        found = client.get(address(story)).json()
    assert (found["compared"]["is_current"], found["story"]["version"]) == (False, 7)


def test_csv_is_one_flat_table(client, story):
    response = client.get(address(story, "csv"))
    rows = rows_of(response)

    assert tuple(rows[0]) == COLUMNS
    assert response["Content-Type"].startswith("text/csv")
    assert f"zisnews-story-{story.pk}.csv" in response["Content-Disposition"]
    [quote] = [row for row in rows if row["section"] == "quote"]
    assert (quote["what"], quote["number"], quote["sources"]) == (SAID[1:-1], "4", "4")
    sentences = [row for row in rows if row["section"] == "quote: sentence"]
    assert {row["country"] for row in sentences} == set(COUNTRIES)
    assert {row["item"] for row in sentences} == {"1"}
    assert all(row["url"].startswith("http") and row["article"] in row["url"] for row in sentences)


@pytest.mark.parametrize("begins", FORMULA)
def test_no_cell_is_a_formula(client, begins):
    bad = make_article(title=f"{begins}HYPERLINK(1)")
    story = make_story(told_by=(bad, make_article(country="FR")))

    [cell] = [row["what"] for row in rows_of(client.get(address(story, "csv"))) if row["article"] == str(bad.pk)]

    assert cell == f"'{begins}HYPERLINK(1)".replace("\r", "\n") or cell == f"'{begins}HYPERLINK(1)"
    if not begins.isspace():
        assert safe(f" \u00a0{begins}1") == f"' \u00a0{begins}1", "some programs take the blanks away first"
    assert safe(-3) == -3


def test_what_a_reader_hides_is_marked_and_has_no_words(client, story):
    reader = make_reader()
    block(reader, Wanted('"says IN"'), timezone.now())
    client.force_login(reader)
    hidden = story.articles.get(title="Bridge falls, says IN")

    response = client.get(address(story))
    found = response.json()

    assert {one["article"] for one in found["articles"] if one.get("hidden")} == {hidden.pk}
    assert "says IN" not in response.content.decode()
    assert "mayor of IN" not in response.content.decode()
    assert hidden.slug not in response.content.decode()
    [quote] = found["comparison"]["quotes"]
    assert (quote["sources"], [use["evidence"].get("hidden", False) for use in quote["uses"]].count(True)) == (4, 1)
    assert [column["country"] for column in found["comparison"]["columns"]] == sorted(COUNTRIES)
    assert "private" in response["Cache-Control"]
    table = client.get(address(story, "csv")).content.decode()
    assert "says IN" not in table
    assert "mayor of IN" not in table
    shown = client.get(f"{address(story)}?hidden=show").content.decode()
    assert "mayor of IN" in shown


def test_whoever_has_it_is_told_so_until_something_changes(client, story):
    first = client.get(address(story))
    assert "public" in first["Cache-Control"]

    again = client.get(address(story), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")

    Story.objects.filter(pk=story.pk).update(version=2)
    changed = client.get(address(story), headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, changed["ETag"] != first["ETag"]) == (200, True)
    assert client.get(address(story, "csv"))["ETag"] != changed["ETag"]


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_a_merged_story_leads_to_the_one_that_stands(client, story, kind):
    merged = make_story(merged_into=story)

    response = client.get(f"{address(merged, kind)}?hidden=show")

    assert (response.status_code, response["Location"]) == (302, f"{address(story, kind)}?hidden=show")


@pytest.mark.parametrize("pk", [999_999_999, 10**30])
def test_what_is_not_there_is_told_as_the_contract_says(client, pk):
    found = client.get(f"/story/{pk}.json")
    assert (found.status_code, found.json()["error"]["code"]) == (404, 404)
    assert client.get(f"/story/{pk}.csv").status_code == 404
    assert client.post(f"/story/{pk}.json").status_code == 405


def test_what_a_reader_hides_has_no_words_however_old_it_is(client, story, monkeypatch):
    """Neither in the data nor on the page, where older articles than are looked at are hidden too; nor may what was
    left out for one reader be kept for all.
    """
    monkeypatch.setattr("aggregator.perspectives.LOOKED_AT", 2)
    monkeypatch.setattr("aggregator.story_data.MOST_ARTICLES", 2)
    oldest = story.articles.order_by("published_at", "pk").first()
    Story.objects.filter(pk=story.pk).update(title=oldest.title)
    named = oldest.title.removeprefix("Bridge falls, ")
    page = Story.objects.get(pk=story.pk).get_absolute_url()
    reader = make_reader()
    block(reader, Wanted(f'"{named}"'), timezone.now())
    client.force_login(reader)

    for shown in (page, address(story), address(story, "csv"), reverse("feed_story", args=[story.pk])):
        body = client.get(shown).content.decode()
        assert oldest.title not in body, shown
        assert shown == page or oldest.slug not in body, shown
        assert f"mayor of {oldest.source.country_id}" not in body, shown
    assert client.get(page).context["told"].is_veiled

    redis = Redis.from_url(settings.REDIS_URL)
    assert not redis.keys("*findings:*")
    client.logout()
    assert client.get(page).status_code == 200
    assert redis.keys("*findings:*")


def test_what_a_figure_is_of_is_told_no_further_than_sentences_that_are_not_hidden_have_it():
    hers = Evidence(1, "a", "GB", "Marta Quill said: “No.”"), Evidence(2, "b", "FR", "Ms Quill refused.")
    prices = (
        Evidence(1, "a", "GB", "It cost $5m.", marks=((8, 11),)),
        Evidence(2, "b", "FR", "It was five million.", marks=((7, 19),)),
    )
    found = compare([telling("The bridge fell.", iso) for iso in ("GB", "FR")], now=NOON)
    assert found
    said = replace(
        found,
        speakers=(Speaker("Marta Quill", 9, (), hers),),
        only_here=(OnlyHere("GB", (1,), 2, (Only("$5m", 2, 3, prices),), (), ()),),
    )

    one, both = veiled(said, {1}), veiled(said, {1, 2})
    assert [each.speakers[0].text for each in (said, one, both)] == ["Marta Quill", "Quill", ""]
    assert [each.only_here[0].numbers[0].text for each in (said, one, both)] == ["$5m", "five million", ""]
