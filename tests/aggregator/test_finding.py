"""Which story an article belongs to: the choice itself, and how well it does on labelled news."""

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.finding.choosing import Candidate, choose
from aggregator.finding.features import TERMS_MAX, Features, features, key_terms, weigh
from aggregator.finding.profiles import Profile, begun, joined
from aggregator.finding.vectors import similarity

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
QUAKE = ("Earthquake hits Lisbon", "A magnitude 6.1 earthquake shook Lisbon on Monday, damaging the Alfama quarter.")
QUAKE_TOO = ("Lisbon quake damages Alfama", "Houses in Alfama fell when an earthquake of magnitude 6.1 shook Lisbon.")
ELECTION = ("Government survives vote", "The prime minister won a vote of confidence in parliament on Monday.")


def found(title: str, description: str = "", text: str = "") -> Features:
    return features(weigh(title, description, text), {}, 1000)


def story(story_id: int, *, newest_at: datetime = NOON, article_count: int = 1, of: tuple[str, str]) -> Candidate:
    profile = begun(found(*of), newest_at)
    return Candidate(story_id, profile, article_count, article_count, newest_at - timedelta(hours=1), newest_at)


def test_an_article_joins_the_story_it_tells():
    candidates = [story(1, of=ELECTION), story(2, of=QUAKE)]
    assert choose(found(*QUAKE_TOO), NOON, candidates, documents=1000) == 2


def test_an_article_that_tells_something_else_begins_a_story():
    assert choose(found(*ELECTION), NOON, [story(2, of=QUAKE)], documents=1000) is None
    assert choose(found(*ELECTION), NOON, [], documents=1000) is None


def test_words_every_article_has_do_not_make_a_story_even_of_the_first_articles():
    one = "The president said on Monday that the government will support the people of the country this year"
    other = "On Monday the prime minister of the country said that people support the new government this year"
    first = Candidate(1, begun(features(weigh(one), {}, 0), NOON), 1, 1, NOON, NOON)
    assert choose(features(weigh(other), {}, 1), NOON, [first], documents=1) is None


@pytest.mark.parametrize("hours", [-80, 80])
def test_a_like_event_days_before_or_after_is_another_story(hours):
    candidate = story(2, of=QUAKE, newest_at=NOON + timedelta(hours=hours))
    assert choose(found(*QUAKE_TOO), NOON, [candidate], documents=1000) is None


def test_one_name_in_common_is_not_a_story_in_common():
    assert choose(found("Lisbon opens museum"), NOON, [story(2, of=("Lisbon", ""))], documents=1000) is None


def test_a_word_many_documents_hold_weighs_less():
    weights = weigh("storm lisbon")
    common, rare = features(weights, {"storm": 900}, 1000), features(weights, {"storm": 2}, 1000)
    assert common.vector["storm"] < rare.vector["storm"]


def test_the_title_weighs_more_than_the_text_and_plurals_are_one_term():
    weights = weigh("Earthquakes", "", "Lisbon's harbour").terms
    assert weights["earthquake"] > weights["lisbon"] > 0


def test_a_number_weighs_more_than_a_word():
    weights = weigh("Tremor of 5.3").terms
    assert weights["5.3"] > weights["tremor"]


def test_scripts_without_spaces_are_compared_by_pairs_of_characters():
    assert set(weigh("北京地震。救援").terms) == {"北京", "京地", "地震", "救援"}


def test_a_centroid_is_the_mean_of_its_articles_and_stays_small():
    merged = joined(Profile({"quake": 1.0}, 3, 3), Profile({"lisbon": 1.0}, 1, 1)).centroid
    assert merged["quake"] == pytest.approx(3 * merged["lisbon"], rel=0.01)
    assert similarity(merged, merged) == pytest.approx(1, abs=0.01)
    long = {f"term{n}": 0.1 for n in range(100)}
    assert len(joined(Profile(long, 1, 1), Profile({f"other{n}": 0.1 for n in range(100)}, 1, 1)).centroid) == TERMS_MAX


def test_key_terms_are_the_heaviest():
    assert key_terms(Features({"a": 0.1, "b": 0.9, "c": 0.5})) == ["b", "c", "a"]
