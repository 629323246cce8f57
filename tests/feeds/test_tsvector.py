"""The tsvector literal an article is stored with."""

from feeds.tsvector import FIELD_GAP, tsvector_literal


def test_each_field_has_its_weight_and_no_phrase_runs_into_the_next():
    literal = tsvector_literal(title="Big war", description="War ends", tags=["Conflict"], source_name="Post")
    places = dict(entry.split(":") for entry in literal.split())
    gap = FIELD_GAP
    assert places["'big'"] == "1A"
    assert places["'post'"] == f"{2 + gap + 1}D"
    assert places["'conflict'"] == f"{3 + 2 * gap + 1}C"
    assert places["'war'"] == f"2A,{4 + 3 * gap + 1}B"


def test_quotes_are_doubled():
    assert tsvector_literal(title="O'Neill") == "'o''neill':1A 'neill':1A"


def test_limits_of_the_type_are_kept():
    literal = tsvector_literal(title="ж" * 5_000, description=" ".join(f"w{n} the" for n in range(100_000)))
    assert literal.count(",") == 254
    assert max(len(entry.split(":")[0].encode()) for entry in literal.split()) <= 2046 + 2
    assert max(int(place[:-1]) for entry in literal.split() for place in entry.split(":")[1].split(",")) == 16_383
    assert len(literal.encode()) < 2_000_000


def test_an_empty_article_has_an_empty_vector():
    assert tsvector_literal() == ""
