"""What each country calls a thing, and where they give other numbers for it."""

from aggregator.comparing.differing import differing
from aggregator.comparing.naming import Variants, naming
from aggregator.comparing.reading import read
from tests.aggregator.comparing_stories import hours, telling

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


def test_countries_that_use_two_names_alike_do_not_differ_by_them():
    both = telling("In Kyiv. In Kiev.", "RU")

    assert naming(read([telling("In Kyiv.", "GB"), both]), [CITY]) == []
    assert naming(read([telling("In Kyiv.", "GB"), both, telling("In Kiev.", "RU")]), [CITY])


def test_a_name_may_have_several_forms_and_beginnings_of_words():
    war = Variants(
        "ru",
        ("спецоперация|СВО|спецоперац*|специальн* военн* операц*", "война|войн* в Украине"),
        "why",
        "https://x.example/",
    )
    articles = [
        telling("Сегодня в ходе специальной военной операции.", "RU", language="ru"),
        telling("О ходе СВО и спецоперации.", "RU", language="ru"),
        telling("Идёт третий год войны в Украине. Мировая войнушка.", "UA", language="ru"),
    ]

    [found] = naming(read(articles), [war])

    assert (found.names, found.note, found.reference) == (("спецоперация", "война"), "why", "https://x.example/")
    assert called(found) == [("RU", 2, [("спецоперация", 2)]), ("UA", 1, [("война", 1)])]


def test_what_only_has_a_name_in_it_is_none_of_the_names():
    armed = Variants("en", ("fighter|fighters|-fighter jet", "militant|militants"))
    articles = [telling("A fighter jet took off.", "GB"), telling("Militants fled.", "FR")]

    assert naming(read(articles), [armed]) == []
    assert naming(read([*articles, telling("Fighters fled.", "DE")]), [armed])


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


def test_what_a_source_said_last_counts_with_the_time_it_was_first_given():
    articles = [
        telling("The gunman killed 50 people.", "US", "one", published_at=hours(0)),
        telling("The gunman killed 59 people.", "US", "one", published_at=hours(5)),
        telling("The gunman killed 59 people.", "GB", published_at=hours(3)),
        telling("The gunman killed 61 people.", "RU", published_at=hours(6)),
    ]

    [found] = differing(read(articles))

    assert [(value.text, value.countries, value.first_at) for value in found.values] == [
        ("59", ("US", "GB"), hours(3)), ("61", ("RU",), hours(6)),
    ]  # fmt: skip


def test_an_earlier_event_that_one_sentence_is_a_little_like_is_no_other_count():
    articles = [
        telling("The gunman killed 50 people at the concert on Sunday.", "US"),
        telling("At the concert the gunman killed 59 people on Sunday.", "GB"),
        telling("Last June a gunman killed 49 people inside Orlando nightclub Pulse.", "CN"),
        telling("Deadliest: Orlando nightclub Pulse, 47 people.", "RU"),
    ]

    found = differing(read(articles))

    assert {value.text for value in found[0].values} == {"50", "59", "49"}
    assert ["47"] not in [[value.text for value in one.values] for one in found]


def test_one_source_correcting_itself_is_no_difference():
    articles = [telling(f"The gunman killed {n} people.", "US", "one") for n in (50, 59)]

    assert differing(read(articles)) == []
