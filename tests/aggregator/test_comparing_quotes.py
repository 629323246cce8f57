"""The same words in several articles, and what each left out of them."""

import pytest

from aggregator.comparing.quotations import quotations
from aggregator.comparing.quotes import shared_quotes
from aggregator.comparing.reading import read
from tests.aggregator.comparing_stories import telling

WHOLE = "We will rebuild the bridge before winter, and those who broke it will pay for it."
CUT = "We will rebuild the bridge before winter"


def test_a_quotation_is_shown_whole_with_what_the_other_left_out():
    articles = read(
        [
            telling(f"It was a hard day. The mayor warned: “{WHOLE}” Then he left.", "GB"),
            telling(f"The mayor said hopefully: «{CUT}». It was sunny.", "FR"),
        ]
    )

    [quote] = shared_quotes(articles)

    assert quote.text == WHOLE
    assert (quote.countries, quote.sources) == (("GB", "FR"), 2)
    whole, cut = quote.uses
    assert whole.left_out == ()
    assert [WHOLE[begin:end] for begin, end in cut.left_out] == ["and those who broke it will pay for it"]
    assert cut.evidence.sentence == f"The mayor said hopefully: «{CUT}»."
    [(begin, end)] = cut.evidence.marks
    assert cut.evidence.sentence[begin:end] == CUT


def test_marks_capitals_and_accents_do_not_part_a_quotation():
    one, other = "“The café won’t re-open until next Monday”", '"the cafe won\'t re-open until next Monday"'

    assert len(shared_quotes(read([telling(one, "GB"), telling(other, "US")]))) == 1


def test_half_of_the_rows_of_three_words_must_stand_in_the_other():
    # seven words are five rows of three: three of them shared are enough, two are not
    first = telling("“one two three four five six seven”")

    assert shared_quotes(read([first, telling("“one two three four five aa bb”")]))
    assert not shared_quotes(read([first, telling("“one two three four aa bb cc”")]))


def test_one_source_printing_its_quotation_again_is_no_second_voice():
    assert shared_quotes(read([telling(f"“{WHOLE}”", source="one") for _ in range(9)])) == []


def test_copies_set_a_quotation_nowhere_else():
    articles = [telling(f"“{WHOLE}”"), telling(f"“{WHOLE}”")]

    assert shared_quotes(read(articles), copies={articles[1].article}) == []


def test_five_words_are_a_phrase_and_no_quotation():
    assert shared_quotes(read([telling("“peace in our time now”"), telling("“peace in our time now”")])) == []


def test_languages_are_not_compared():
    assert shared_quotes(read([telling(f"“{WHOLE}”"), telling(f"“{WHOLE}”", language="de")])) == []


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Er sagte: „Die Brücke ist alt.“ Dann »ging« er.", ["Die Brücke ist alt.", "ging"]),
        ("Il veut « une remise à plat\u00a0», dit-il, et «\u202fun élan\u202f».", ["une remise à plat", "un élan"]),
        ("Según él, “no aportan datos objetivos“. Y «nada más».", ["no aportan datos objetivos", "nada más"]),
        ("Мэр сказал: «Мост старый». Он „устал“.", ["Мост старый", "устал"]),
        ("Քաղաքապետն ասաց. «Կամուրջը հին է»։", ["Կամուրջը հին է"]),
        ('على صلة بـ"الجيش الحر" تدعو إلى "ضبط النفس."', ["الجيش الحر", "ضبط النفس."]),
        ("وقال: «الجسر قديم»، وأضاف: “أغلقناه”.", ["الجسر قديم", "أغلقناه"]),
        ('他说：“大桥很旧。”一來到"美樹"馬上。', ["大桥很旧。", "美樹"]),
        ("市長は「橋は古い」と述べた。", ["橋は古い"]),
        ('이 후보는 "다리가 낡았다"고 말했다.', ["다리가 낡았다"]),
        ('A 5" pipe and a 6" one; he said "the pipe" there.', ["the pipe"]),
        ('A 5" pipe, and he said "the pipe" there.', []),
    ],
)
def test_quotations_are_found_by_the_marks_of_their_language(text, quoted):
    assert [text[begin:end] for begin, end in quotations(text)] == quoted
