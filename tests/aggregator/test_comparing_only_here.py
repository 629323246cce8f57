"""What only one country's articles have: numbers, names, quotations."""

from aggregator.comparing.only_here import only_here
from aggregator.comparing.reading import read
from tests.aggregator.comparing_stories import telling

LONG = " Nobody knew whether the river would rise again before the harbour could be opened for ships." * 3
OTHERS = [telling(f"The bridge fell and {count} people fled.{LONG}", country) for country, count in
          [("GB", 40), ("DE", 40), ("IT", 45)]]  # fmt: skip


def only(*texts, country="FR", others=OTHERS, **fields):
    articles = [telling(text, country, **fields) for text in texts]
    found = {one.country: one for one in only_here(read([*articles, *others]))}
    return found.get(country)


def test_a_number_that_no_other_country_has_is_shown_with_its_sentences():
    found = only("Police counted 60 people.", "There were 60 people on it, and 40 people fled.")

    [number] = found.numbers
    assert (number.text, number.sources, number.looked_through) == ("60 people", 2, 3)
    assert [one.sentence for one in number.evidence] == [
        "Police counted 60 people.", "There were 60 people on it, and 40 people fled.",
    ]  # fmt: skip
    assert number.evidence[0].sentence[slice(*number.evidence[0].marks[0])] == "60"


def test_a_number_is_the_same_in_any_language_and_within_two_per_cent():
    others = [*OTHERS, telling("Der Schaden beträgt 1,2 Millionen Euro.", "DE", language="de")]
    texts = ["It cost 1,210,400 euros."] * 2

    assert only(*texts, others=others) is None
    assert only(*texts).numbers


def test_one_source_needs_a_large_number_that_counts_something():
    assert only("There were 60 people.") is None
    assert only("There were 600.") is None
    assert only("There were 600 people.").numbers[0].sources == 1


def test_a_name_that_no_other_country_has_is_shown():
    found = only("The engineer was Jean Dupont.", "They blamed engineer Dupont for it.")

    assert [(name.text, name.sources) for name in found.names] == [("Jean Dupont", 2)]


def test_a_name_that_another_country_has_in_any_form_is_not():
    others = [*OTHERS, telling("Der Ingenieur heißt Dupont.", "DE", language="de")]

    assert only("The engineer was Jean Dupont.", "They blamed engineer Dupont for it.", others=others) is None


def test_names_are_compared_within_one_script():
    others = [
        telling("Мост рухнул. " + "Никто не знал, поднимется ли река. " * 8, country, language="ru")
        for country in ("RU", "BY", "KZ")
    ]

    assert only("The engineer was Jean Dupont.", "They blamed engineer Dupont for it.", others=others) is None


def test_a_quotation_of_one_country_is_shown_and_a_shared_one_is_not():
    said = "“nobody told us anything about the cracks”"

    assert only(f"He said {said}.").quotes[0].text == said[1:-1]
    assert only(f"He said {said}.", others=[*OTHERS, telling(f"She said {said}.", "GB")]) is None


def test_two_other_sources_are_too_few_to_say_only():
    assert only("Police counted 60 people.", "There were 60 people on it.", others=OTHERS[:2]) is None


def test_what_a_copy_has_makes_no_second_source_and_yet_is_had():
    articles = [telling("There were 60 people on it.", "FR") for _ in range(2)]
    assert only_here(read([*articles, *OTHERS]), copies={articles[1].article}) == []

    copy = telling("There were 60 people on it.", "IT")
    assert only_here(read([*articles, *OTHERS, copy]), copies={copy.article}) == []


def test_what_only_began_to_be_read_leaves_nothing_out():
    teasers = [telling(f"The bridge fell and {count} people fled.", country) for country, count in
               [("GB", 40), ("DE", 40), ("IT", 45)]]  # fmt: skip
    cut = [telling(f"The bridge fell.{LONG}…", country) for country in ("GB", "DE", "IT")]

    for others in (teasers, cut):
        assert only("Police counted 60 people.", "There were 60 people on it.", others=others) is None


def test_a_number_of_another_year_is_not_of_this_story():
    assert only("In 1991 they counted 600 people.", "In October 1991, 600 people fled.") is None
    assert only("In 2025 they counted 600 people.", "They counted 600 people.").numbers


def test_what_another_country_tells_in_other_words_is_not_only_here():
    said = "“the bridge was inspected in spring and engineers declared it safe”"
    retold = telling(f"Engineers had declared the bridge safe, the mayor told them.{LONG}", "GB")

    # of bridge, inspected, spring, engineers, declared, safe the other sentence has four
    assert only(f"He said {said}.").quotes
    assert only(f"He said {said}.", others=[*OTHERS, retold]) is None


def test_a_name_is_shown_as_it_stands_within_sentences():
    found = only("Media Jean Dupont fled.", "They blamed Jean Dupont for it.", "It was Jean Dupont.")

    assert [name.text for name in found.names] == ["Jean Dupont"]


def test_names_that_end_alike_are_two_unless_the_end_is_a_name_by_itself():
    text = (
        "Police saw the White House lit. All of White House knew. The White House slept. In Seoul the Blue House did."
    )

    [name] = only(text + LONG).names
    [person] = only(f"Then Jim Mattis came. In May Mattis spoke. On Friday Mattis left.{LONG}").names

    assert (name.text, len(name.evidence)) == ("White House", 3)
    assert (person.text, len(person.evidence)) == ("Mattis", 3)


def test_a_small_number_rests_on_what_counts_the_same_and_all_of_something_is_no_number():
    [number] = only(
        "There were 12 flights.", "They had 12 flights. Only 12 children.", "All are 100 percent behind it."
    ).numbers

    assert (number.text, number.sources, [one.sentence for one in number.evidence]) == (
        "12 flights", 2, ["There were 12 flights.", "They had 12 flights."],
    )  # fmt: skip
