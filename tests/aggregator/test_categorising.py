"""The category of an article: section before tags before words, and how sure the words are."""

import gzip
import hashlib
import json

import pytest

from aggregator.categorising import CONFIDENT, Model, category_of, category_of_tags
from aggregator.category_training import Example, learn, report_of, train

TOPICS = {
    "sports": ["striker", "goal", "referee", "penalty", "coach", "stadium", "tournament", "midfielder"],
    "science": ["telescope", "galaxy", "physicist", "genome", "laboratory", "molecule", "orbit", "fossil"],
    "business": ["shares", "profit", "merger", "investor", "dividend", "earnings", "retailer", "inflation"],
}


def rows_about(topics: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [
        (f"{one} {other}\n{third} number {number}", category)
        for category, words in topics.items()
        for number, (one, other, third) in enumerate((a, b, c) for a in words for b in words for c in words)
    ]


@pytest.fixture(scope="module")
def model() -> Model:
    return train(rows_about(TOPICS))


def test_the_section_of_a_feed_is_believed_before_anything_else(model):
    assert category_of("health", ["Sport"], "Striker scores goal", "", model) == ("health", 1.0, "feed")


@pytest.mark.parametrize("feed_category", ["", "general"])
def test_without_a_section_the_tags_are_asked(model, feed_category):
    judged = category_of(feed_category, ["Lisbon", "Sport"], "Telescope finds galaxy", "", model)
    assert judged == ("sports", 1.0, "tags")


def test_without_tags_the_words_are_asked(model):
    category, confidence, how = category_of("", [], "A striker and a referee", "The goal came late", model)
    assert (category, how) == ("sports", "text")
    assert confidence >= CONFIDENT


@pytest.mark.parametrize("title", ["Nothing known here", "Striker buys shares, telescope and profit"])
def test_words_that_do_not_settle_it_leave_it_general(model, title):
    assert category_of("", [], title, "", model) == ("general", 0.0, "")


def test_without_a_model_it_is_general():
    assert category_of("", [], "A striker and a referee", "") == ("general", 0.0, "")


@pytest.mark.parametrize(
    ("tags", "category"),
    [
        (["World > Middle East"], "world"),
        (["fox-news/health/infectious-disease/coronavirus"], "health"),
        (["Europe", "Football"], "sports"),
        (["Économie"], "business"),
        (["Спорт"], "sports"),
        (["体育"], "sports"),
        (["খেলা"], "sports"),
        (["اقتصاد"], "business"),
        (["Meinung"], "opinion"),
    ],
)
def test_tags_are_read_in_many_languages_and_as_paths(tags, category):
    told = category_of_tags(tags)
    assert told and told[0] == category


def test_tags_that_name_no_section_tell_nothing():
    assert category_of_tags(["Lisbon", "breaking news", ""]) is None


def test_a_model_survives_being_stored(model):
    stored = json.loads(json.dumps(model.as_json()))
    text = "Physicist sees galaxy\nfrom the laboratory"
    assert Model.from_json(stored).classify(text) == model.classify(text)
    assert model.accuracy > 0.9


@pytest.mark.parametrize("rows", [[], [("a\nb", "sports")], [("a\nb", "general")], rows_about({"science": ["fossil"]})])
def test_too_little_to_learn_from_gives_a_model_that_is_never_sure(rows):
    assert train(rows).classify("a fossil\n") == ("general", 0.0)


def test_above_the_bar_nine_in_ten_real_articles_are_right(corpus):
    seen: list[tuple[str, str]] = []
    unseen: list[tuple[str, str]] = []
    for name in ("huffpost", "agnews"):
        with gzip.open(corpus / "categories" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                if row["category"] and row["category"] != "general":
                    is_seen = hashlib.sha256(row["id"].encode()).digest()[0] % 4
                    (seen if is_seen else unseen).append((f"{row['title']}\n{row['text'] or ''}", row["category"]))
    model = train(seen)
    judged = [(model.classify(text), category) for text, category in unseen]
    sure = [best == category for (best, confidence), category in judged if confidence >= CONFIDENT]

    assert sum(best == category for (best, _), category in judged) / len(judged) > 0.78
    assert sum(sure) / len(sure) > 0.88
    assert len(sure) / len(judged) > 0.6


def test_articles_of_one_story_are_never_judged_by_a_model_that_saw_another_of_them():
    told = [(text, category) for text, category in rows_about(TOPICS)]
    copies = [Example(f"Zanzibar ferry {n}\nquibble", ["sports", "business"][n % 2], "one story") for n in range(40)]
    held = learn([*copies, *(Example(*row) for row in told)]).held_out

    # Nothing of what they share is known; a model that saw one of them would be sure of the others.
    assert max(one.margin for one in held if one.example.group) < 0.01


def test_a_report_counts_what_was_taken_for_what():
    sure = [Example(text, category) for text, category in rows_about(TOPICS)]
    odd = Example("striker goal\nreferee penalty coach stadium", "business", "odd")
    learnt = learn([*sure, odd])

    report = report_of(learnt, confident=CONFIDENT)

    assert report["held_out"] == 3 * 8**3 + 1
    assert report["confusion"]["business"] == {"business": 512, "sports": 1}
    assert report["categories"]["business"]["count"] == 513
    assert report["categories"]["business"]["recall"] == round(512 / 513, 4)
    assert report["categories"]["sports"]["precision"] == round(512 / 513, 4)
    assert report["mistakes"] == [
        {"text": "striker goal: referee penalty coach stadium", "was": "business", "said": "sports"}
    ]


def test_general_is_learned_where_examples_of_it_are_given_and_is_no_category():
    model = train(
        [
            *rows_about(TOPICS),
            *((f"{a} {b}\nquiet lane {c}", "general") for a in "abcd" for b in "efgh" for c in range(9)),
        ]
    )

    assert category_of("", [], "A quiet lane", "quiet lane", model) == ("general", 0.0, "")
