"""Words that set a country's coverage apart, against numbers worked out by hand."""

import pytest

from aggregator.comparing.odds import believable, chance_of, log_odds
from aggregator.comparing.reading import read
from aggregator.comparing.wording import SIGNIFICANT, wording
from tests.aggregator.comparing_stories import telling

COMMON = "The bridge fell. The river rose. The harbour closed. The mayor spoke."


def told(country, word, count=4, **fields):
    return [telling(f"{COMMON} They called it {word}.", country, **fields) for _ in range(count)]


def test_the_odds_of_a_word_are_compared_as_worked_out_by_hand():
    # 6 of 20 words here, 1 of 40 there, 2 of 10 usually: ln(8/22) − ln(3/47) = 1.7399, over √(1/8 + 1/3) = 0.6770
    assert log_odds(6, 20, 1, 40, usual=2, all_usual=10) == pytest.approx(2.570, abs=0.001)
    # as often here as there: nothing
    assert log_odds(5, 50, 5, 50, usual=1, all_usual=10) == 0


def test_how_likely_chance_deals_a_word_out_is_as_worked_out_by_hand():
    # 5 articles of which 3 have it; a side of 2 has it twice in 3 of 10 ways
    assert chance_of(2, 2, 3, 5) == pytest.approx(0.3)
    assert chance_of(1, 2, 3, 5) == pytest.approx(0.9)


def test_of_many_words_tried_fewer_are_believed():
    # 0.02 is below 0.1·1/4; 0.04 below 0.1·2/4; 0.09 above 0.1·3/4
    assert believable([0.5, 0.04, 0.09, 0.02]) == 0.04
    assert believable([0.04] + [0.9] * 3) < 0


def test_a_side_is_shown_by_the_word_that_only_it_uses():
    sides = wording(read(told("GB", "sabotage", 8) + told("RU", "mishap", 8)))

    assert [(side.country, [word.text for word in side.words]) for side in sides] == [
        ("GB", ["sabotage"]), ("RU", ["mishap"]),
    ]  # fmt: skip
    word = sides[0].words[0]
    assert (word.here, word.there, word.sources) == (8, 0, 8)
    # Words counted of each side: 8 articles × (bridge fell river rose harbour closed mayor spoke, the pairs bridge
    # fell, river rose, harbour closed, mayor spoke, and sabotage) = 104. The prior weighs a quarter of that, 26, of
    # which this word has 8/208, 1: (ln(9/121) − ln(1/129)) / √(1/9 + 1) = 2.2612 / 1.0541
    assert word.z == 2.15 >= SIGNIFICANT
    assert word.evidence[0].sentence == "They called it sabotage."
    assert word.evidence[0].marks == ((15, 23),)
    assert {one.article for one in word.evidence} == set(sides[0].articles)
    assert sides[0].others == ("RU",)


def test_what_one_source_says_five_times_is_no_countrys_word():
    assert [s.country for s in wording(read(told("GB", "sabotage", 8, source="one") + told("RU", "mishap", 8)))] == [
        "RU"
    ]


def test_two_articles_are_no_side():
    assert wording(read(told("GB", "sabotage", 2) + told("RU", "mishap", 8))) == []


def test_languages_are_not_compared_with_each_other():
    assert wording(read(told("GB", "sabotage", 8) + told("DE", "unglück", 8, language="de"))) == []


def test_a_copied_text_is_not_the_words_of_who_printed_it():
    articles = told("GB", "sabotage", 8) + told("RU", "mishap", 8)
    copies = {article.article for article in articles[:6]}

    assert wording(read(articles), copies=copies) == []


def test_a_country_s_own_name_does_not_set_it_apart():
    assert wording(read(told("RU", "russian", 8) + told("GB", "british", 8))) == []


def test_what_is_common_in_the_weeks_before_needs_more_to_stand_out():
    articles = read(told("GB", "sabotage", 8) + told("RU", "mishap", 8))
    usually = {"en": {"sabotage": 300, "other": 300}}

    # of the prior's 26 it has 26·(8/208 + 1/2)/2 = 7: (ln(15/115) − ln(7/123)) / √(1/15 + 1/7) = 0.8293 / 0.4577 = 1.81
    assert "GB" in [side.country for side in wording(articles)]
    assert "GB" not in [side.country for side in wording(articles, background=usually)]


def test_what_the_weeks_before_do_not_know_still_stands_out():
    articles = read(told("GB", "sabotage", 8) + told("RU", "mishap", 8))
    usually = {"en": {f"word{n}": 50 for n in range(20_000)}}

    [gb, _] = wording(articles, background=usually)

    # of the prior's 26 it has 26·(8/208 + 0)/2 = 0.5: (ln(8.5/121.5) − ln(0.5/129.5)) / √(1/8.5 + 1/0.5) = 1.99
    assert [(word.text, word.z) for word in gb.words] == [("sabotage", 1.99)]


def test_chinese_is_compared_by_pairs_of_signs():
    articles = [telling(f"大桥倒塌。他们说这是{word}。", country, language="zh") for country, word in
                [("CN", "事故")] * 8 + [("TW", "破坏")] * 8]  # fmt: skip

    assert {side.country: side.words[0].text for side in wording(read(articles))} == {"CN": "事故", "TW": "破坏"}
