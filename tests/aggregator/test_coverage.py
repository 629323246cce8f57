"""What stories are compared with, counted once a day: who usually tells such, in which words, and what pages repeat."""

from datetime import timedelta

import pytest

from aggregator.comparing.silent import Coverage
from aggregator.comparing_stories import compare_grown, variants_in
from aggregator.coverage import count_usual, coverage_of, size_of
from aggregator.furniture import count_furniture, furniture_of
from aggregator.kept_comparisons import comparison_of
from aggregator.models import Furniture, NameVariants, UsualWords
from aggregator.name_variants import catalogue, fill_name_variants
from aggregator.usual_words import FADES, background, count_words
from feeds.clock import database_now
from tests.factories import make_article, make_feed, make_source, make_story

pytestmark = pytest.mark.django_db


def make_past(days_ago: float, voices: dict[str, int], *, category: str = "world"):
    at = database_now() - timedelta(days=days_ago)
    return make_story(
        category=category, first_at=at, newest_at=at, voices=voices, country_count=len(voices),
        source_count=sum(voices.values()), article_count=sum(voices.values()),
    )  # fmt: skip


def make_polled(country: str, sources: int, *, hours_ago: float = 1):
    for _ in range(sources):
        source = make_source(country=country)
        for _feed in range(2):
            make_feed(source=source, succeeded_at=database_now() - timedelta(hours=hours_ago))


def test_what_is_usual_is_counted_by_category_and_size_with_the_stories_that_a_country_did_not_tell():
    for days in (40, 20, 10):
        make_past(days, {"GB": 3, "FR": 1})
    make_past(5, {"GB": 1, "IN": 4})
    make_past(5, {"GB": 1, "IN": 4}, category="sports")
    make_past(5, {"GB": 1, "IN": 1, "FR": 1})  # of three countries: another kind
    make_past(0.5, {"GB": 9, "FR": 9})  # may still be told
    make_past(100, {"GB": 9, "FR": 9})
    now = database_now()

    assert count_usual(now) == 8  # rows: 3 countries, 2 in sports, 3 of the story of three
    assert count_usual(now + timedelta(hours=19)) == 0, "once a day"
    make_polled("GB", 14)
    make_polled("IN", 9)
    make_polled("FR", 3, hours_ago=100)
    told = make_past(0.1, {"GB": 1, "FR": 1})
    [gb, india] = coverage_of(told, now)
    assert (gb.country, gb.polled, sorted(gb.usual)) == ("GB", 14, [1, 3, 3, 3])
    assert (india.country, india.polled, sorted(india.usual)) == ("IN", 9, [0, 0, 0, 4])
    assert count_usual(now + timedelta(hours=21)) == 8, "and the next day anew"


def test_a_source_counts_as_polled_once_when_a_feed_of_it_answered_since_the_story_began():
    make_polled("IN", 2, hours_ago=1)
    make_polled("IN", 1, hours_ago=30)
    make_feed(source=make_source(country="IN"))

    assert coverage_of(make_past(1, {"GB": 2, "FR": 1}), database_now()) == [Coverage("IN", 2, ())]


def test_without_thirty_days_of_history_nothing_is_usual():
    make_past(29, {"GB": 3, "IN": 1})
    count_usual(database_now())
    make_polled("IN", 9)

    [india] = coverage_of(make_past(0.1, {"GB": 1, "FR": 1}), database_now())

    assert (india.polled, india.usual) == (9, ())


@pytest.mark.parametrize(("countries", "size"), [(1, 2), (2, 2), (3, 3), (4, 3), (5, 5), (8, 5), (9, 9), (40, 17)])
def test_stories_are_alike_that_about_as_many_countries_tell(countries, size):
    assert size_of(countries) == size


def test_a_kept_comparison_says_of_how_many_polled_sources_and_who_is_silent():
    for days in range(2, 42):
        make_past(days, {"GB": 3, "IN": 6})
    make_polled("IN", 14)
    make_polled("GB", 3)
    told = [make_article(country=country, category="world", minutes_ago=60 * 25) for country in ("GB", "FR")]
    story = make_story(told_by=tuple(told), category="world")
    count_usual(database_now())
    compare_grown()

    found = comparison_of(story).comparison

    assert [(voice.country, voice.sources, voice.polled) for voice in found.voices] == [("GB", 1, 3)]
    assert found.silent is not None
    [silence] = found.silent
    # 40 stories, 6 sources in each, no variance: e^-6
    assert (silence.country, silence.polled, silence.usually, silence.probability) == ("IN", 14, 6, 0.00248)


def test_usual_words_are_counted_once_a_day_and_fade():
    source = make_source()
    for n in range(5):
        make_article(source=source, title=f"Bridge {n}", text="The bridge fell. The bridge fell again.")
    make_article(title="Brücke fällt", text="Die Brücke ist gefallen.", language="de")
    now = database_now()

    assert count_words(now) == 2
    assert count_words(now + timedelta(hours=1)) == 0
    english = UsualWords.objects.get(language="en")
    # in how many articles, not how often; what one article alone has is not kept
    assert (english.documents, english.counts["bridge"], english.counts["bridge fell"]) == (5, 5, 5)
    assert "gefallen" not in UsualWords.objects.get(language="de").counts
    assert background({"en", "fr"}) == {"en": english.counts}

    count_words(now + FADES)
    # 5 · e^-1
    assert UsualWords.objects.get(language="en").counts["bridge"] == 1.84


def test_what_a_source_shows_its_headline_only_of_is_not_counted_word_by_word():
    quiet = make_source(display_policy="headline")
    for n in range(3):
        make_article(source=quiet, title=f"Number {n} falls", text="A secret cracks.")
    count_words(database_now())

    assert "secret" not in UsualWords.objects.get(language="en").counts


def test_what_a_source_repeats_is_counted_from_its_own_articles():
    source, other = make_source(), make_source()
    for n in range(12):
        make_article(source=source, text=f"Event number {n} happened. Follow us for more news every day.")
    make_article(source=other, text="One article tells nothing.")

    assert count_furniture(database_now()) == 2
    assert count_furniture(database_now()) == 0
    assert len(Furniture.objects.get(source=source).sentences) == 1
    assert furniture_of({"ours": source.pk, "theirs": other.pk}) == {
        "ours": frozenset(Furniture.objects.get(source=source).sentences)
    }


def test_the_catalogue_of_names_is_whole_and_loaded_as_often_as_one_likes():
    rows = catalogue()
    fill_name_variants()

    assert {"Kyiv", "Kiev"} <= {name for row in rows for name in row["names"]}
    assert len({row["language"] for row in rows}) >= 10
    for row in rows:
        assert len(row["names"]) >= 2, row
        assert row["note"], row
        assert row["source"].startswith("https://"), row
    assert NameVariants.objects.count() == len(rows)


def test_what_curators_changed_the_catalogue_changes_no_more():
    kyiv, burma = NameVariants.objects.get(key="kyiv"), NameVariants.objects.get(key="burma")
    NameVariants.objects.filter(pk=kyiv.pk).update(names=["Kyjiw", "Kiev"], is_edited=True)
    NameVariants.objects.filter(pk=burma.pk).update(note="an older note")
    fill_name_variants()

    assert NameVariants.objects.get(pk=kyiv.pk).names == ["Kyjiw", "Kiev"]
    assert NameVariants.objects.get(pk=burma.pk).note == burma.note


def test_only_sets_in_use_of_the_languages_asked_are_looked_for():
    NameVariants.objects.exclude(key__in=["kyiv", "kiew"]).update(is_used=False)

    assert [one.names for one in variants_in({"en", "fr"})] == [("Kyiv", "Kiev")]
