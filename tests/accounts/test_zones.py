"""The time zones to choose from."""

from datetime import UTC, datetime

import pytest
from babel import Locale

from accounts.preferences import is_time_zone
from accounts.zones import ZONES, zones_to_choose

WINTER, SUMMER = datetime(2026, 1, 14, 12, tzinfo=UTC), datetime(2026, 7, 14, 12, tzinfo=UTC)
ENGLISH = Locale("en")


@pytest.mark.parametrize("name", ZONES)
def test_every_zone_we_offer_is_one(name):
    assert is_time_zone(name)


def test_zones_come_from_west_to_east():
    labels = [label for _name, label in zones_to_choose(WINTER, ENGLISH, "UTC")]

    assert labels[0] == "Honolulu (UTC−10)" and labels[-1] == "Auckland (UTC+13)"


def test_a_label_tells_the_offset_of_the_season():
    assert dict(zones_to_choose(WINTER, ENGLISH, "UTC"))["Europe/Paris"] == "Paris (UTC+1)"
    assert dict(zones_to_choose(SUMMER, ENGLISH, "UTC"))["Europe/Paris"] == "Paris (UTC+2)"


def test_the_chosen_zone_is_there_even_if_it_is_none_of_ours():
    assert dict(zones_to_choose(WINTER, ENGLISH, "Asia/Omsk"))["Asia/Omsk"] == "Omsk (UTC+6)"


def test_a_zone_under_its_older_name_does_not_stand_there_twice():
    labels = [label for _name, label in zones_to_choose(WINTER, ENGLISH, "Asia/Calcutta")]

    assert labels.count("Kolkata (UTC+5:30)") == 1


def test_cities_are_named_in_the_language_of_the_page():
    assert dict(zones_to_choose(WINTER, Locale("fr"), "UTC"))["Europe/London"] == "Londres (UTC+0)"
