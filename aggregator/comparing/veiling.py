"""A comparison for a reader who hides some of its articles: they stay where they are counted, without their words.

A reader's keywords collapse articles, never columns: what a country says is not changed by what one reader reads.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from aggregator.comparing.sections import (
    Apart,
    Column,
    Comparison,
    Differing,
    Evidence,
    Id,
    Naming,
    Only,
    OnlyHere,
    Origin,
    SharedQuote,
    Side,
    Speaker,
    Value,
)

T = TypeVar("T", Apart, Only, Origin, Value)


def veiled(comparison: Comparison, hidden: Collection[Id]) -> Comparison:
    """The same comparison without any word of these articles; what only they say is an empty text."""
    if not hidden:
        return comparison
    story = comparison.story
    if story.headline in hidden:
        story = replace(story, title="")
    return replace(
        comparison,
        story=story,
        columns=tuple(_column(one, hidden) for one in comparison.columns),
        wording=tuple(_side(one, hidden) for one in comparison.wording),
        naming=tuple(_naming(one, hidden) for one in comparison.naming),
        quotes=tuple(_quote(one, hidden) for one in comparison.quotes),
        speakers=tuple(_speaker(one, hidden) for one in comparison.speakers),
        only_here=tuple(_only_here(one, hidden) for one in comparison.only_here),
        differing=tuple(_differing(one, hidden) for one in comparison.differing),
        origins=tuple(_said(one, hidden) for one in comparison.origins),
    )


def _evidence(one: Evidence, hidden: Collection[Id]) -> Evidence:
    return replace(one, sentence="", marks=(), is_hidden=True) if one.article in hidden else one


def _said(one: T, hidden: Collection[Id]) -> T:
    """A figure with the sentences it rests on; its text is as one that is not hidden has it, "" where none is left."""
    shown = tuple(_evidence(evidence, hidden) for evidence in one.evidence)
    left = [evidence for evidence in shown if not evidence.is_hidden]
    text = one.text if len(left) == len(shown) else _as_in(left, one.text)
    return replace(one, evidence=shown, text=text)


def _as_in(left: Sequence[Evidence], text: str) -> str:
    """What a figure is of, as these sentences have it: how another writes it is not to be told."""
    if any(text in evidence.sentence for evidence in left):
        return text
    return left[0].sentence[slice(*left[0].marks[0])] if left and left[0].marks else ""


def _speaker(one: Speaker, hidden: Collection[Id]) -> Speaker:
    """Who is quoted, by so much of the end of the name as a sentence has that is not hidden."""
    shown = tuple(_evidence(evidence, hidden) for evidence in one.evidence)
    left = [evidence.sentence for evidence in shown if not evidence.is_hidden]
    if len(left) == len(shown):
        return one
    words = one.text.split()
    ends = (" ".join(words[place:]) for place in range(len(words)))
    return replace(one, evidence=shown, text=next((end for end in ends if any(end in said for said in left)), ""))


def _column(column: Column, hidden: Collection[Id]) -> Column:
    headlines = tuple(
        replace(one, title="", own=(), common=(), lead="", is_hidden=True) if one.article in hidden else one
        for one in column.headlines
    )
    return replace(column, headlines=headlines)


def _side(side: Side, hidden: Collection[Id]) -> Side:
    words = tuple(
        replace(_said(word, hidden), there_evidence=tuple(map(partial(_evidence, hidden=hidden), word.there_evidence)))
        for word in side.words
    )
    return replace(side, words=words)


def _naming(naming: Naming, hidden: Collection[Id]) -> Naming:
    """The names are the curators' words: they stay."""
    countries = tuple(
        replace(
            called,
            uses=tuple(
                replace(use, evidence=tuple(_evidence(one, hidden) for one in use.evidence)) for use in called.uses
            ),
        )
        for called in naming.countries
    )
    return replace(naming, countries=countries)


def _quote(quote: SharedQuote, hidden: Collection[Id]) -> SharedQuote:
    """The longest version that the reader may see; what the others left out is told of the longest one alone."""
    uses = tuple(
        replace(use, evidence=_evidence(use.evidence, hidden), text="", left_out=())
        if use.evidence.article in hidden
        else use
        for use in quote.uses
    )
    if any(use.text == quote.text for use in uses):
        return replace(quote, uses=uses)
    longest = max((use.text for use in uses), key=len, default="")
    return replace(quote, text=longest, uses=tuple(replace(use, left_out=()) for use in uses))


def _only_here(only: OnlyHere, hidden: Collection[Id]) -> OnlyHere:
    return replace(
        only,
        numbers=tuple(_said(one, hidden) for one in only.numbers),
        names=tuple(_said(one, hidden) for one in only.names),
        quotes=tuple(_said(one, hidden) for one in only.quotes),
    )


def _differing(differing: Differing, hidden: Collection[Id]) -> Differing:
    values = tuple(_said(value, hidden) for value in differing.values)
    return replace(differing, values=values, what=differing.what if any(value.text for value in values) else "")
