"""Which countries an article is about."""

import pytest

from aggregator.subjects import subjects


@pytest.mark.parametrize(
    ("title", "language", "countries"),
    [
        ("North Korea fires missile as South Korea votes", "en", ["KP", "KR"]),
        ("U.S. and Beijing agree on tariffs", "en-US", ["US", "CN"]),
        ("DR Congo's army retakes Goma", "en", ["CD"]),
        ("Polish farmers block the border with Ukraine", "en-GB", ["PL", "UA"]),
        ("Президент Грузии прибыл в Ереван", "ru", ["GE", "AM"]),
        ("Les États-Unis et l'Iran négocient", "fr", ["US", "IR"]),
        ("Polska i Niemcy podpisały umowę", "pl", ["PL", "DE"]),
        ("アメリカと中国が関税で合意", "ja", ["US", "CN"]),
        ("إيران والولايات المتحدة", "ar", ["IR", "US"]),
    ],
)
def test_countries_are_found_by_their_names_capitals_and_peoples(title, language, countries):
    assert subjects(title, "", language) == countries


@pytest.mark.parametrize(
    "title",
    [
        "Georgia governor Kemp signs election law",
        "Michael Jordan sells his house",
        "Jordan Peterson returns to the stage",
        "Chad Smith on forty years of drums",
        "How to polish your shoes",
        "TELL US WHAT YOU THINK",
        "Tell us about it",
        "Turkey recipes for a quiet evening",
        "Israel Adesanya wins again",
        "Wildfires spread across South America",
    ],
)
def test_names_of_two_meanings_and_of_people_are_not_taken_for_countries(title):
    assert subjects(title, "", "en", teller="US") == []


def test_a_name_of_two_meanings_counts_beside_its_capital_or_a_neighbour_or_at_home():
    assert subjects("Georgia protests go on in Tbilisi", "", "en") == ["GE"]
    assert subjects("Jordan intercepts drones fired at Israel", "", "en") == ["JO", "IL"]
    assert subjects("Aid convoy leaves from Jordan", "", "en") == ["JO"]
    assert subjects("Georgia votes", "", "en", teller="GE") == ["GE"]
    assert subjects("Georgia votes as Trump watches", "", "en", teller="GB") == ["US"]


def test_a_country_named_once_in_passing_gives_way_to_those_of_the_headline():
    lead = "The minister, who was in Madrid last week, said so on Monday."

    assert subjects("France and Italy quarrel over wine", lead, "en") == ["FR", "IT"]
    assert subjects("The minister said so", lead, "en") == ["ES"]
