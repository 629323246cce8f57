"""What an article is found by, as the text of a tsvector. Touches neither network nor database.

The words are those of feeds.words, so search and keywords know the same ones. Beside them stand, where no word can:

- ``=war``: it stands in the headline, so that headlines are found without reading through all other matches
- ``~s12`` ``~cFR`` ``~gsports`` ``~len``: source, country, category, language, so that a narrowed search reads only
  what it shows
- ``~t2:20778``: when it was published, in spans of several lengths, so that the newest of a million matches are
  found without counting the others (Postgres' GIN keeps no order of its own)
- 战争 beside 战 and 争: neighbours in scripts without spaces, whose single characters stand in every other article
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from feeds.tsvector import quoted, vector_of
from feeds.words import is_unspaced, lexemes

TEXT_LENGTH = 16_000  # characters of an article's text that are searched: some 2,700 words of English
IN_TITLE, SHELF = "=", "~"
FIRST_SPAN_SECONDS = 3 * 3600
SPAN_FACTOR, SPAN_LENGTHS = 8, 5  # 3 hours, a day, 8, 64 and 512 days
MOST_SPANS = 3  # that one question names: eight of a day take four times as long as one of eight days
SPAN_COST = 0.1  # of one more of them: as if so much more of the time were looked through


def words_of(title: str, description: str, text: str) -> str:
    """The words of an article. Its description is not told again where it is only how the text begins."""
    text = text[:TEXT_LENGTH]
    in_title = lexemes_with_pairs(title)
    fields = [(in_title, ""), (lexemes_with_pairs(text), "")]
    if not text.startswith(description.rstrip("…")):
        fields.insert(1, (lexemes_with_pairs(description), ""))
    headline = dict.fromkeys(IN_TITLE + lexeme for lexeme, _ in in_title)
    return " ".join([vector_of(fields), *map(quoted, headline)])


def shelves_of(*, source: int, country: str, category: str, language: str, published_at: datetime) -> str:
    """Where an article stands, to be written behind its words."""
    found = [of_source(source), of_country(country), of_category(category), of_language(language)]
    found += (f"{SHELF}t{length}:{span_at(published_at, length)}" for length in range(SPAN_LENGTHS))
    return " ".join(map(quoted, found))


def of_source(pk: int) -> str:
    return f"{SHELF}s{pk}"


def of_country(iso: str) -> str:
    return f"{SHELF}c{iso}"


def of_category(slug: str) -> str:
    return f"{SHELF}g{slug}"


def of_language(tag: str) -> str:
    return f"{SHELF}l{tag}"


def lexemes_with_pairs(text: str) -> Sequence[tuple[str, int]]:
    """As feeds.words.lexemes; between two neighbours of a script without spaces the pair of them, where it begins."""
    found = lexemes(text)
    if text.isascii():
        return found
    with_pairs: list[tuple[str, int]] = []
    before, at = "", 0
    for lexeme, position in found:
        if lexeme > "\u0dff" and is_unspaced(lexeme):
            if before and position == at + 1:
                with_pairs.append((before + lexeme, at))
            before, at = lexeme, position
        else:
            before = ""
        with_pairs.append((lexeme, position))
    return with_pairs


def span_at(moment: datetime, length: int) -> int:
    return int(moment.timestamp() // _seconds(length))


def _seconds(length: int) -> int:
    return FIRST_SPAN_SECONDS * SPAN_FACTOR**length


def spans_between(since: datetime, until: datetime, newest: datetime) -> tuple[list[str], datetime]:
    """The lexemes of a few spans that hold this time, and where the first of them begins: they may reach further back.

    until: the last moment; newest: behind which nothing is, so that spans may reach beyond it. None of them where the
    time is too long for any: then all times are meant.
    """
    found = _covering(since.timestamp(), until.timestamp(), newest.timestamp(), MOST_SPANS)
    if found is None:
        return [], since
    _cost, spans = found
    length, first = spans[-1]
    begins = datetime.fromtimestamp(first * _seconds(length), UTC)
    return [f"{SHELF}t{length}:{span}" for length, span in spans], begins


def _covering(since: float, until: float, newest: float, most: int) -> tuple[float, list[tuple[int, int]]] | None:
    """Of at most so many spans those that hold this time and little else, with what they cost: seconds, and more for
    each. The newest first.
    """
    best: tuple[float, list[tuple[int, int]]] | None = None
    for length in range(SPAN_LENGTHS):
        seconds = _seconds(length)
        span = int(until // seconds)
        begins = span * seconds
        cost, spans = min(begins + seconds, newest) - begins + SPAN_COST * (until - since), [(length, span)]
        if begins > since:
            before = _covering(since, begins - 1, newest, most - 1) if most > 1 else None
            if before is None:
                continue
            cost, spans = cost + before[0], spans + before[1]
        if best is None or cost < best[0]:
            best = cost, spans
    return best


def any_of(found: Iterable[str]) -> str:
    """A question, as the text of a tsquery, for articles that have one of these lexemes."""
    return "(" + " | ".join(map(quoted, found)) + ")"
