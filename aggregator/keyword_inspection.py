"""Which keywords hide an article, asked of Postgres as every page asks it. Reads and writes no row."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db import connection

from accounts.keywords import Keyword, KeywordError, parse_keyword
from aggregator.inspection import Answer
from feeds.formats.characters import without_forbidden
from feeds.tsvector import tsvector_literal

LINES_AT_ONCE = 200


def inspect_keywords(questions: Iterable[Mapping[str, Any]], shared: Sequence[Keyword]) -> Iterator[Answer]:
    """Answer {"id", "title", "description"} with {"id", "hidden", "by"}, in order.

    shared: the keywords of every line; a line may bring its own as "keywords", and "tags" and "source" to be looked in.
    A line that is none is answered by {"ok": false, "error": a sentence}.
    """
    waiting = iter(questions)
    while batch := list(islice(waiting, LINES_AT_ONCE)):
        yield from answered(batch, shared)


def answered(batch: Sequence[Mapping[str, Any]], shared: Sequence[Keyword]) -> Iterator[Answer]:
    errors: dict[int, str] = {}
    vectors: list[str] = []
    own: list[tuple[int, Keyword]] = []
    for number, question in enumerate(batch):
        vectors.append("")
        try:
            if "fault" in question:
                raise KeywordError(question["fault"])
            vectors[number] = vector_of(question)
            own += [(number, parse_keyword(text)) for text in own_keywords(question)]
        except KeywordError as error:
            errors[number] = str(error)
    found = asked(vectors, shared, own)
    for number, question in enumerate(batch):
        named = {"id": question.get("id")}
        if number in errors:
            yield named | {"ok": False, "error": errors[number]}
        else:
            by = found.get(number, [])
            yield named | {"ok": True, "error": None, "hidden": bool(by), "by": by}


def own_keywords(question: Mapping[str, Any]) -> list[str]:
    """The keywords a line brings. Raises KeywordError where they are no list of words."""
    found = question.get("keywords") or []
    if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
        raise KeywordError("“keywords” is not a list of words.")
    return found


def vector_of(question: Mapping[str, Any]) -> str:
    """The line's words as they would be stored: what no text holds is left out, as it is of whatever comes in."""
    tags = question.get("tags")
    return tsvector_literal(
        title=text_of(question, "title"),
        description=text_of(question, "description"),
        tags=[without_forbidden(str(tag)) for tag in tags] if isinstance(tags, list) else (),
        source_name=text_of(question, "source"),
    )


def text_of(question: Mapping[str, Any], name: str) -> str:
    return without_forbidden(str(question.get(name) or ""))


def asked(vectors: list[str], shared: Sequence[Keyword], own: Sequence[tuple[int, Keyword]]) -> dict[int, list[str]]:
    """The keywords that hide each article, by its number; those of all first, each in the order it was given."""
    found: dict[int, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT article.n - 1, keyword.n - 1
               FROM unnest(%s::tsvector[]) WITH ORDINALITY AS article (words, n),
                    unnest(%s::tsquery[]) WITH ORDINALITY AS keyword (query, n)
               WHERE article.words @@ keyword.query ORDER BY article.n, keyword.n""",
            [vectors, [keyword.query for keyword in shared]],
        )
        for number, place in cursor.fetchall():
            found.setdefault(number, []).append(shared[place].text)
        cursor.execute(
            """SELECT question.n - 1
               FROM unnest(%s::tsvector[], %s::tsquery[]) WITH ORDINALITY AS question (words, query, n)
               WHERE question.words @@ question.query ORDER BY question.n""",
            [[vectors[number] for number, _ in own], [keyword.query for _, keyword in own]],
        )
        for (place,) in cursor.fetchall():
            number, keyword = own[place]
            if keyword.text not in found.setdefault(number, []):
                found[number].append(keyword.text)
    return found
