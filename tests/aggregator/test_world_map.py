"""The world map: every country of ours has its place, and those that tell more stand darker."""

import pytest

from aggregator.world_map import LEVELS, drawing, level_of, world_map
from tests.factories import make_article, make_source


def test_a_country_that_tells_more_stands_no_lighter():
    levels = [level_of(count, 5_000) for count in (0, 1, 10, 100, 1_000, 5_000)]

    assert levels == sorted(levels) and levels[0] == 0 and levels[1] == 1 and levels[-1] == LEVELS


def test_a_day_with_one_article_is_a_map_all_the_same():
    assert level_of(1, 1) == LEVELS and level_of(0, 0) == 0


def test_a_country_without_a_source_is_drawn_and_leads_nowhere():
    found = world_map({"FR": 10, "SG": 3})

    assert {place.iso for place in found.told} == {"FR", "SG"}
    assert "DE" in {land.iso for land in found.lands} and "FR" not in {land.iso for land in found.lands}


def test_a_country_too_small_for_the_map_is_a_dot_within_it():
    (dot,) = world_map({"SG": 1}).told

    assert not dot.d and 0 < dot.x < drawing()["width"] and 0 < dot.y < drawing()["height"]


def test_an_unknown_country_does_not_cost_the_map():
    assert world_map({"ZZ": 5}).told == []


@pytest.mark.django_db
def test_the_map_leads_to_countries_and_says_what_they_told_today(client):
    make_article(country="AM")
    make_article(country="AM", minutes_ago=3 * 24 * 60)
    make_source(country="FR")

    page = client.get("/country/").content.decode()

    assert '<a href="/country/am/" tabindex="-1" class="level-5"><title>Armenia: 1</title>' in page
    assert '<a href="/country/fr/" tabindex="-1" class="level-0"><title>France: 0</title>' in page
