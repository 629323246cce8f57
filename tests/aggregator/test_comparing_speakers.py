"""Who gets to speak: whose words are quoted, how many, and by which countries."""

from aggregator.comparing.reading import read
from aggregator.comparing.sections import Heard
from aggregator.comparing.speakers import speakers
from tests.aggregator.comparing_stories import telling


def test_quoted_words_are_counted_for_who_is_named_beside_them_by_country():
    told = [
        telling('"The bridge was old and tired," said Mayor Anna Brand in Genoa. It fell.', "GB", "one"),
        telling('In Genoa, Anna Brand told reporters that "the bridge was old".', "IT", "two"),
        telling(
            'Minister Paul Senn said it was "a black day for us". "We will rebuild it," Olga Reuss said.', "IT", "two"
        ),
    ]

    found = speakers(read(told))

    assert [(one.text, one.words) for one in found] == [
        ("Mayor Anna Brand", 10),
        ("Minister Paul Senn", 5),
        ("Olga Reuss", 4),
    ]
    assert found[0].countries == (Heard("GB", 6, 1), Heard("IT", 4, 1))
    sentence = found[0].evidence[0]
    [(begin, end)] = sentence.marks
    assert sentence.sentence[begin:end] == "The bridge was old and tired,"
    assert sentence.sentence.endswith("said Mayor Anna Brand in Genoa.")


def test_what_he_or_she_said_and_what_nobody_says_is_counted_for_nobody():
    three = (
        'Ann Lee said: "One two three." Bob Ray said: "One two three." Cid Moe said: "One two three." '
        '"Nobody asked me a thing," she said, in answer to Dan Poe. '
        'The "new and old bridge" of Genoa is long. A plan for Genoa, on page 7. It says "nothing at all here".'
    )

    assert [one.text for one in speakers(read([telling(three)]))] == ["Ann Lee", "Bob Ray", "Cid Moe"]


def test_two_speakers_are_no_choice_and_a_copy_chose_nobody():
    text = 'Ann Lee said: "One two three." Bob Ray said: "One two three."'
    third = telling('Cid Moe said: "One two three."')

    assert speakers(read([telling(text)])) == []
    assert speakers(read([telling(text), third]), copies={third.article}) == []
    assert len(speakers(read([telling(text), third]))) == 3


def test_speakers_have_their_whole_names_and_nobody_speaks_of_whom_it_is_said():
    told = [
        telling('In Rome, Under Secretary Dana Whitlock called it "a fence with gates".'),
        telling('"They should learn it by telephone," Trade Minister Baek Seung-u said. It is late.'),
        telling('Minister for Trade Vik Arumugam said that they would "neither open nor close".'),
        telling('Minister Tilo Brede spoke of "an overreach among friends" and said Berlin would seek an answer.'),
        telling('"You have closed one loophole," said Harlan Pettibone, Republican of Idaho, on Friday.'),
    ]

    assert {one.text for one in speakers(read(told))} == {
        "Under Secretary Dana Whitlock",
        "Trade Minister Baek Seung-u",
        "Minister for Trade Vik Arumugam",
        "Minister Tilo Brede",
        "Harlan Pettibone",
    }
