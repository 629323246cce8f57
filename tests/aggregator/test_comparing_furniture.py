"""What pages are furnished with is no part of what they tell."""

import pytest

from aggregator.comparing.furniture import FEWEST_ARTICLES, hash_of, repeated
from aggregator.comparing.reading import read
from aggregator.comparing.whole import compare
from tests.aggregator.comparing_stories import NOON, telling

CALL = "Follow us for more news of the region every day."


def sentences_of(text, furniture=()):
    one = telling(text, title="Bridge falls")
    [article] = read([one], {one.source: furniture})
    return [article.body[sentence.begin : sentence.end] for sentence in article.sentences][1:]


def test_a_sentence_that_a_tenth_of_a_sources_articles_repeat_is_furniture():
    # 20 articles: 2 are a tenth; the call stands in 3 stories, the background in 3 articles of one story alone,
    # the slogan in one article
    articles = [(f"story {n}", f"Event {n} happened. {CALL if n < 3 else 'It rained.' if n == 3 else ''}") for n in
                range(17)]  # fmt: skip
    articles += [("one story", f"The bridge was built in 1900. Part {n}.") for n in range(3)]

    assert repeated(articles) == [hash_of(CALL)]
    assert repeated(articles[: FEWEST_ARTICLES - 1]) == []


def test_what_a_source_repeats_is_not_read():
    assert sentences_of(f"The bridge fell. {CALL} Nobody was hurt.", [hash_of(CALL.upper())]) == [
        "The bridge fell.", "Nobody was hurt.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Read more\nThe bridge fell.\nPhoto: Anna Smith/AFP\nIt rained.", ["The bridge fell.", "It rained."]),
        ("The bridge fell. Hide Caption 1 of 30\nIt rained. Hide Caption 2 of 30\nEnd.",
         ["The bridge fell.", "It rained.", "End."]),
        ("Updated: 2016-05-30 (Agencies)\nThe bridge fell.", ["The bridge fell."]),
        ("He said “we will rebuild it”.\n“We will.”", ["He said “we will rebuild it”.", "“We will.”"]),
        ("No text here ends its lines\nwith any mark", ["No text here ends its lines", "with any mark"]),
        ("桥塌了。\n相关阅读\n下雨了。", ["桥塌了。", "下雨了。"]),
    ],
)  # fmt: skip
def test_headings_buttons_and_credits_are_told_by_their_form(text, kept):
    assert sentences_of(text) == kept


def test_furniture_is_no_finding():
    text = "The bridge fell into the river on Monday.\nHide Caption\nWatch Anna Smith Live\n" * 3
    told = [telling(text, "US", source) for source in ("one", "two", "three")]
    others = [telling("The bridge fell into the river on Monday. It rained. " * 8, c) for c in ("GB", "DE", "FR")]

    found = compare([*told, *others], now=NOON)

    assert found.only_here == ()
    assert {headline.lead for column in found.columns for headline in column.headlines} != {"Hide Caption"}
