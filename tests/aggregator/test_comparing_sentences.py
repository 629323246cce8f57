"""Texts to sentences, and numbers and quotations out of them."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.comparing.names import names
from aggregator.comparing.numbers import numbers
from aggregator.comparing.quotations import quotations
from aggregator.comparing.reading import read
from aggregator.comparing.sentences import LONGEST, MOST_SENTENCES, sentences
from tests.aggregator.comparing_stories import telling


def cut(text: str) -> list[str]:
    return [text[begin:end] for begin, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("It rained. Nobody came! Why?", ["It rained.", "Nobody came!", "Why?"]),
        ("Mr. Smith met J. K. Rowling in the U.S. Senate.", ["Mr. Smith met J. K. Rowling in the U.S. Senate."]),
        ("It fell 3.5 per cent. Then it rose.", ["It fell 3.5 per cent.", "Then it rose."]),
        ("“Why?” he asked. “Go.” She went.", ["“Why?” he asked.", "“Go.”", "She went."]),
        ("Am 3. Oktober kam er. Sie ging.", ["Am 3. Oktober kam er.", "Sie ging."]),
        ("他来了。她走了！为什么？", ["他来了。", "她走了！", "为什么？"]),
        ("वह आया। वह गया।", ["वह आया।", "वह गया।"]),
        ("وصل الوزير؟ نعم.", ["وصل الوزير؟", "نعم."]),
        ("Նա եկավ։ Նա գնաց։", ["Նա եկավ։", "Նա գնաց։"]),
        ("Он приехал в г. Москву. Она уехала.", ["Он приехал в г. Москву.", "Она уехала."]),
        ("A headline\n\nA text", ["A headline", "A text"]),
        ("", []),
    ],
)
def test_a_text_is_cut_where_its_script_ends_a_sentence(text, parts):
    assert cut(text) == parts


@given(st.text(alphabet='aB .!?"“”।。\n1', max_size=900))
def test_sentences_are_in_order_without_space_around_them_and_lose_no_letter(text):
    found = sentences(text)

    assert all(one[1] <= other[0] for one, other in pairwise(found))
    assert all(0 < end - begin <= LONGEST and text[begin:end] == text[begin:end].strip() for begin, end in found)
    if len(found) < MOST_SENTENCES:
        assert "".join("".join(cut(text)).split()) == "".join(text.split())


@pytest.mark.parametrize("part", ["a. ", "A.", "?" * 9 + " ", "“", '"a ', "1,", "1 ", "Ab ", "'", "A-", "\n", "。"])
def test_a_hostile_text_takes_no_longer_than_its_length_asks(part):
    list(numbers(*read([telling("1 May")])))  # reads the names of months
    begin = time.process_time()
    [article] = read([telling(part * (200_000 // len(part)), title=part * 3000)])
    list(numbers(article))
    list(names(article))
    quotations(article.body)

    assert time.process_time() - begin < 0.5


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("He said “we go” and «nous allons» and „wir gehen“.", ["we go", "nous allons", "wir gehen"]),
        ("Han sa ”vi går” och »vi går«.", ["vi går", "vi går"]),
        ("他说「我们走」。", ["我们走"]),
        ('She said "we go" today.', ["we go"]),
        ("She said ``we go'' today.", ["we go"]),
        ("‘We go’ – it’s the dogs’ day.", ["We go"]),
        ("“We ‘really’ go.”", ["We ‘really’ go."]),
        ('One "open mark and no other\nThen "two" here', ["two"]),
        ('צה"ל אמר "אנחנו הולכים" היום', ["אנחנו הולכים"]),
        ("“Never closed", []),
    ],
)
def test_quotations_are_found_in_the_marks_of_many_languages(text, quoted):
    assert [text[begin:end] for begin, end in quotations(text)] == quoted


@pytest.mark.parametrize(
    ("text", "language", "value", "kind"),
    [
        ("Some 1,200 people fled.", "en", 1200, ""),
        ("Etwa 1.200 Menschen flohen.", "de", 1200, ""),
        ("Près de 1 200 personnes ont fui.", "fr", 1200, ""),
        ("It cost $3.5 billion.", "en", 3.5e9, "$"),
        ("Es kostete 3,5 Milliarden €.", "de", 3.5e9, "€"),
        ("Una deuda de 2 billones de euros.", "es", 2e12, ""),
        ("Погибли 2,5 млн человек.", "ru", 2.5e6, ""),
        ("约12万人", "zh", 120_000, ""),
        ("Prices rose 4 per cent.", "en", 4, "%"),
        ("حضر ١٢٠ شخصا", "ar", 120, ""),
        ("It flew 735 miles.", "en", pytest.approx(1_182_868, abs=1), "m"),
    ],
)
def test_a_number_has_one_value_whatever_language_writes_it(text, language, value, kind):
    [article] = read([telling(text, language=language)])

    assert [(number.value, number.kind) for number in numbers(article)] == [(value, kind)]


@pytest.mark.parametrize(
    "text",
    ["In 2015 he left.", "On 14 March, at 17:52.", "the 41-year-old", "5G and B12", "7 men", "14 сентября", "2206 GMT",
     "under Resolution 2375", "call 0207 782 4368", "COVID-19"],
)  # fmt: skip
def test_years_dates_times_ages_and_small_numbers_are_no_quantities(text):
    [article] = read([telling(f"They said {text}")])

    assert list(numbers(article)) == []


def test_names_are_told_by_capitals_inside_a_sentence():
    [article] = read(
        [telling("Yesterday the envoy met George W. Bush and Abu al Masri in New York, said French police.")]
    )

    assert [name.text for name in names(article)] == ["George W. Bush", "Abu al Masri", "New York"]
