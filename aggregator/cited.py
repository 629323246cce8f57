"""Sentences of articles as markup: what a figure of a story's page rests on, each leading to its article.

A page has hundreds, so each is written in one step. All take the page's Perspective, which knows the articles. What
a reader's choices hide has no words in it; how much of it there is, is told.
"""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from aggregator.addresses import article_address
from aggregator.comparing.sections import Evidence, Span
from aggregator.figures_in_words import hidden_in_words, more_sentences
from aggregator.perspectives import Perspective, Row
from aggregator.templatetags.places import flag

EXAMPLE, SHORT_EXAMPLE = 190, 120  # characters around the word that is exemplified
FEW_SENTENCES = 2  # of each figure, where many sides tell a story


def figure(words: str, listed: str) -> str:
    """What a figure says, in plain words, and what opens below it."""
    return f'<details class="figure"><summary>{escape(words)}</summary>{listed}</details>'


def sentences(told: Perspective, evidence: Iterable[Evidence], among: str = "") -> str:
    """The sentences as a list, each once; of articles that the reader hides only how many there are.

    among: the country whose place on the page this is, so that its flag need not be told again
    """
    known = [one for one in dict.fromkeys(evidence) if row_of(told, one)]
    shown = [one for one in known if not one.is_hidden]
    most = FEW_SENTENCES if told.is_brief else len(shown)
    items = [f"<li>{sentence(told, one, among)}</li>" for one in shown[:most]]
    if len(shown) > most:
        items.append(f'<li class="meta">{escape(more_sentences(len(shown) - most))}</li>')
    if hidden := len(known) - len(shown):
        items.append(f'<li class="meta">{escape(hidden_in_words(hidden))}</li>')
    return f'<ul class="sentences">{"".join(items)}</ul>'


def sentence(told: Perspective, one: Evidence, among: str) -> str:
    """A sentence with its marks, and its source."""
    row = told.rows[one.article]
    return f"{said(row, marked(one.sentence, one.marks))} {source(told, row, among)}"


def example(told: Perspective, evidence: Iterable[Evidence], length: int, among: str = "") -> str:
    """The first sentence that may be shown, as far as it stands around its word."""
    shown = next((one for one in evidence if not one.is_hidden and row_of(told, one)), None)
    if shown is None:
        return ""
    row = told.rows[shown.article]
    return f'<p class="example">{said(row, around(shown.sentence, shown.marks, length))} {source(told, row, among)}</p>'


def row_of(told: Perspective, one: Evidence) -> Row | None:
    """The article of a sentence, where it is still one of the story's."""
    return told.rows.get(one.article)


def said(row: Row, written: str) -> str:
    """Words of an article, escaped before, in its language."""
    return f'<span class="sentence" lang="{escape(row.language)}" dir="auto">{written}</span>'


def source(told: Perspective, row: Row, among: str = "") -> str:
    """The flag and name of a source, leading to the article."""
    key = row.article, row.country != among
    written = told.written.get(key)  # each article stands behind many figures
    if written is None:
        written = told.written[key] = _source(row, has_flag=row.country != among)
    return written


def _source(row: Row, *, has_flag: bool) -> str:
    address = escape(article_address(row.article, "" if row.is_hidden else row.slug))
    drawn = flag(row.country) if has_flag else ""
    return f'<a class="by" href="{address}">{drawn}<bdi>{escape(row.source_name)}</bdi></a>'


def text_of(figure: Any) -> str:
    """What a figure is of, as a sentence that may be shown has it: how another writes it may be hidden."""
    shown = [one for one in figure.evidence if not one.is_hidden]
    if not shown or any(figure.text in one.sentence for one in shown):
        return str(figure.text)
    return shown[0].sentence[slice(*shown[0].marks[0])] if shown[0].marks else ""


def around(text: str, marks: Sequence[Span], length: int) -> str:
    """A sentence with its marks, cut at words a few before and after the first of them."""
    if len(text) <= length or not marks:
        return marked(text, marks)
    begin, end = marks[0]
    room = max(0, length - (end - begin)) // 2
    first = text.rfind(" ", 0, begin - room) + 1 if begin > room else 0
    last = text.find(" ", end + room + max(0, room - begin))
    last = last if last >= 0 else len(text)
    inside = [(one - first, other - first) for one, other in marks if first <= one and other <= last]
    return f"{'… ' if first else ''}{marked(text[first:last], inside)}{' …' if last < len(text) else ''}"


def marked(text: str, spans: Iterable[Span]) -> str:
    return woven(text, ((begin, end, "<mark>", "</mark>") for begin, end in spans))


def woven(text: str, spans: Iterable[tuple[int, int, str, str]]) -> str:
    """A text, escaped, with markup before and after each of these places; in order, none over another."""
    parts: list[str] = []
    last = 0
    for begin, end, opening, closing in spans:
        if begin >= last:
            parts += (escape(text[last:begin]), opening, escape(text[begin:end]), closing)
            last = end
    parts.append(escape(text[last:]))
    return "".join(parts)
