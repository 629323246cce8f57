"""Who gets to speak: whose words are quoted, how many, and by which countries."""

import pytest

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


@pytest.mark.parametrize(
    ("language", "text", "named"),
    [
        ("de", "„Die Brücke war alt“, sagte Weiss. „Wir bauen sie neu“, so Olga Reuss. „Sie war müde“, erklärt Kopp.",
         ["Weiss", "Olga Reuss", "Kopp"]),
        ("fr", "« Le pont était vieux », a souligné Anne Brand. « Il était très fatigué », explique Paul Senn. "
         "« Nous le reconstruirons bientôt », assure Olga Reuss.", ["Anne Brand", "Paul Senn", "Olga Reuss"]),
        ("es", "«El puente era viejo», señaló Ana Brand. «Estaba muy cansado», explicó Pablo Senn. "
         "«Lo vamos a reconstruir», aseguró Olga Reuss.", ["Ana Brand", "Pablo Senn", "Olga Reuss"]),
        ("ru", "«Мост был старый», — рассказала Анна Бранд. «Он очень устал», — пояснил Павел Зенн. "
         "«Мы его построим», — подчеркнула Ольга Ройс.", ["Анна Бранд", "Павел Зенн", "Ольга Ройс"]),
        ("uk", "«Міст був старий», — зазначила Анна Бранд. «Він дуже втомився», — додав Павло Зенн. "
         "«Ми його збудуємо», — наголосила Ольга Ройс.", ["Анна Бранд", "Павло Зенн", "Ольга Ройс"]),
        ("hy", "«Կամուրջը շատ հին էր»,- ասաց Աննա Բրանդը։ «Նա շատ հոգնած էր»,- նշեց Պողոս Զենը։ "
         "«Մենք այն կկառուցենք»,- հավելեց Օլգա Ռոյսը։", ["Աննա Բրանդը", "Պողոս Զենը", "Օլգա Ռոյսը"]),
        ("pl", "„Most był bardzo stary”, powiedziała Anna Brand. „Był bardzo zmęczony”, dodał Paweł Senn. "
         "„Zbudujemy go na nowo”, podkreśliła Olga Reuss.", ["Anna Brand", "Paweł Senn", "Olga Reuss"]),
    ],
)  # fmt: skip
def test_who_speaks_is_told_by_the_verbs_of_the_language(language, text, named):
    assert {one.text for one in speakers(read([telling(text, language=language)]))} == set(named)


def test_whose_words_they_are_is_not_what_or_whom_the_speaker_is_of_nor_who_is_told():
    told = [
        telling('"We are sad to learn of it," Kris Hoce, president of Morton Plant Hospital, said in a statement.'),
        telling(
            'Darrell Issa of Ohio, the senior member on the House and Reform Committee, said it was "all a felony".'
        ),
        telling('"They know what this is," Morning Tokyo producer Yoko Wakatsuki said.'),
        telling('"It is rare to see that," Rodger told World News. He left.'),
        telling('"China is gravely concerned now," a spokesman for the Foreign Ministry, Geng Shuang, said.'),
        telling('"This is a plain felony," said Rep. Ada Brune, who led it.'),
        telling('"It is not about us," Issa said.'),
        telling('"There was nothing of it," said Paul Senn\'s lawyer.'),
    ]

    found = {one.text: one.words for one in speakers(read(told))}

    assert found == {
        "Kris Hoce": 7, "Darrell Issa of Ohio": 8, "Yoko Wakatsuki": 5, "Rodger": 6, "Geng Shuang": 5,
        "Rep. Ada Brune": 5,
    }  # fmt: skip


def test_who_is_called_by_the_last_name_has_the_whole_one_that_the_article_gives():
    told = [
        telling('The harbour was shut, as Captain Ilse Moor knew. "We could not sail at all," Moor said.'),
        telling('"No ship has come since," Senn said, and left. They spoke of Karl Senn.'),
        telling('Olga Reuss said: "It is the wind again."'),
    ]

    found = {one.text: one.words for one in speakers(read(told))}

    assert found == {"Captain Ilse Moor": 6, "Karl Senn": 5, "Olga Reuss": 5}
