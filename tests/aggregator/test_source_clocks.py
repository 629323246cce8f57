"""By which clock a source's readers live."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from babel.core import get_global

from aggregator.source_clocks import own_zone, zone_of_country
from tests.factories import A_WEDNESDAY

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("iso", "zone"),
    [("IN", "Asia/Kolkata"), ("RU", "Europe/Moscow"), ("us", "America/New_York"), ("CN", "Asia/Shanghai")],
)
def test_a_country_lives_by_the_clock_of_its_capital(iso, zone):
    assert zone_of_country(iso) == ZoneInfo(zone)


@pytest.mark.parametrize("iso", ["AQ", "XX", ""])
def test_where_no_clock_is_known_none_is_made_up(iso):
    assert zone_of_country(iso) is None
    assert own_zone(iso, LONDON, A_WEDNESDAY) is None


def test_every_country_with_people_and_zones_has_a_clock():
    nobody = {"001", "AQ", "UM", "ZZ"}
    assert [iso for iso in get_global("territory_zones") if iso not in nobody and zone_of_country(iso) is None] == []


def test_a_clock_that_shows_the_readers_time_is_not_told_twice():
    assert own_zone("PT", LONDON, A_WEDNESDAY) is None
    assert own_zone("FR", LONDON, A_WEDNESDAY) == ZoneInfo("Europe/Paris")


def test_whether_two_clocks_agree_goes_by_the_day():
    iceland = ZoneInfo("Atlantic/Reykjavik")

    assert own_zone("GB", iceland, datetime(2026, 1, 14, tzinfo=UTC)) is None
    assert own_zone("GB", iceland, datetime(2026, 7, 14, tzinfo=UTC)) == LONDON
