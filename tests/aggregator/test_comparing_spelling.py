"""A comparison as it is kept, as it is given out, and as who hides some of it sees it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from aggregator.comparing.naming import Variants
from aggregator.comparing.sections import Comparison
from aggregator.comparing.spelling import plain, rebuilt, shape_of, spelled
from aggregator.comparing.veiling import veiled
from aggregator.comparing.whole import compare
from tests.aggregator.comparing_stories import NOON, hours, telling

SAID = "“We will rebuild the bridge before the winter comes”"
LONG = " Nobody knew whether the river would rise again before the harbour could be opened for ships." * 3


@dataclass(frozen=True)
class One:
    at: datetime | None
    marks: tuple[tuple[int, int], ...]
    is_hidden: bool = False


@dataclass(frozen=True)
class Two:
    name: str
    ones: tuple[One, ...] | None


def test_what_is_spelled_is_short_and_comes_back_as_it_was():
    whole = Two("x", (One(datetime(2026, 1, 1, tzinfo=UTC), ((0, 2),)), One(None, (), is_hidden=True)))

    assert spelled(whole) == ["x", [[1767225600.0, [[0, 2]], False], [None, [], True]]]
    back = rebuilt(Two, ["x", [[1767225600.0, [(0, 2)], False], [None, [], True]]])
    assert back == whole
    assert rebuilt(Two, ["x", None]) == Two("x", None)
    assert plain(whole) == {
        "name": "x",
        "ones": [{"at": "2026-01-01T00:00:00+00:00", "marks": [[0, 2]]}, {"at": None, "marks": [], "hidden": True}],
    }


def test_other_fields_are_another_shape():
    @dataclass(frozen=True)
    class Renamed:
        title: str
        ones: tuple[One, ...] | None

    assert shape_of(Two) != shape_of(One)
    assert shape_of(Renamed) != shape_of(Two)
    assert shape_of(Comparison) == shape_of(Comparison)


def test_a_hidden_article_counts_and_has_no_words():
    told = [
        telling(f"Dupont said {SAID}, of 1,200 people in Kiev. The Zorba left, the Zorba fled, the Zorba hid.{LONG}",
                "RU", title="Sabotage by Zorba", published_at=hours(0)),
        telling(f"She heard {SAID} in Kyiv, of 900 people.{LONG}", "GB", title="Bridge falls", published_at=hours(1)),
        telling(f"The bridge fell in Kyiv.{LONG}", "DE", title="Bridge falls", published_at=hours(2)),
        telling(f"The bridge fell.{LONG}", "FR", title="Bridge falls", published_at=hours(3)),
    ]  # fmt: skip
    made = compare(told, now=NOON, variants=[Variants("en", ("Kyiv", "Kiev"))])
    assert made.only_here
    assert made.quotes
    assert made.naming

    seen = veiled(made, {told[0].article})

    words = str(plain(seen))
    assert all(word in str(plain(made)) for word in ("Zorba", "Sabotage", "Dupont", "1,200"))
    assert not any(word in words for word in ("Zorba", "Sabotage", "Dupont", "1,200"))
    assert seen.columns[0].articles == made.columns[0].articles
    assert [column.country for column in seen.columns] == [column.country for column in made.columns]
    assert {called.uses[0].name for called in seen.naming[0].countries} == {"Kyiv", "Kiev"}
    assert (seen.quotes[0].text, seen.quotes[0].sources) == (SAID[1:-1], 2)
    assert veiled(made, ()) is made
