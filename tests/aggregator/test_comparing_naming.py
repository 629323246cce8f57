"""What each country calls a thing, and where they give other numbers for it."""

from aggregator.comparing.differing import differing
from aggregator.comparing.naming import Variants, naming
from aggregator.comparing.reading import read
from tests.aggregator.comparing_stories import telling

CITY = Variants("en", ("Kyiv", "Kiev"))


def called(found):
    return [(one.country, one.sources, [(use.name, use.sources) for use in one.uses]) for one in found.countries]


def test_names_are_counted_by_the_sources_that_use_them():
    articles = [
        telling("They met in Kyiv. Kyiv was calm.", "GB", "one"),
        telling("Kyiv’s mayor spoke.", "GB", "one"),
        telling("They met in KYIV, once Kiev.", "GB", "two"),
        telling("They met in Kiev.", "RU"),
        telling("Nothing was said.", "FR"),
    ]

    [found] = naming(read(articles), [CITY])

    assert called(found) == [("GB", 2, [("Kyiv", 2), ("Kiev", 1)]), ("RU", 1, [("Kiev", 1)])]
    assert [one.sentence for one in found.countries[1].uses[0].evidence] == ["They met in Kiev."]
    assert found.countries[1].uses[0].evidence[0].marks == ((12, 16),)


def test_nothing_is_shown_where_all_call_it_the_same():
    assert naming(read([telling("In Kyiv.", "GB"), telling("In Kyiv.", "RU")]), [CITY]) == []


def test_a_longer_name_is_not_counted_as_the_shorter_in_it():
    variants = Variants("en", ("operation", "special military operation"))
    articles = [telling("The special military operation began.", "RU"), telling("The operation began.", "GB")]

    [found] = naming(read(articles), [variants])

    assert called(found) == [("GB", 1, [("operation", 1)]), ("RU", 1, [("special military operation", 1)])]


def test_a_name_is_looked_for_in_its_own_language_only():
    articles = [telling("In Kyiv.", "GB"), telling("In Kiev.", "FR", language="fr")]

    assert naming(read(articles), [CITY]) == []


def test_countries_that_count_otherwise_are_shown_side_by_side():
    articles = [
        telling("The gunman killed 50 people in the nightclub.", "US"),
        telling("The gunman killed 50 people at the hotel.", "GB"),
        telling("The gunman killed 59 people at the hotel.", "RU"),
        telling("The hotel has rooms for 900 people.", "FR"),
    ]

    [found] = differing(read(articles))

    assert found.what == "people"
    assert [(value.text, value.countries, value.sources) for value in found.values] == [
        ("50", ("US", "GB"), 2), ("59", ("RU",), 1),
    ]  # fmt: skip
    assert found.values[1].evidence[0].marks == ((18, 20),)


def test_numbers_that_each_country_has_do_not_differ():
    both = "The gunman killed 50 people at the hotel. Before, the gunman killed 59 people at the hotel."

    assert differing(read([telling(both, "US"), telling(both, "RU")])) == []


def test_one_source_correcting_itself_is_no_difference():
    articles = [telling(f"The gunman killed {n} people.", "US", "one") for n in (50, 59)]

    assert differing(read(articles)) == []
