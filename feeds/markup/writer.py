"""Writes article markup: text and the elements it stands in, in the order and nesting HTML5 asks for.

Blocks hold paragraphs, paragraphs hold inline elements; an element is written only once there is text for it. So a
thousand nested <b> cost nothing, and no parser can read the result in another way than it was meant.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

MAX_DEPTH = 10  # of lists, quotes and tables within each other; deeper ones are unwrapped

# fmt: off
INLINE = frozenset({
    "a", "abbr", "b", "bdi", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "rp", "rt",
    "ruby", "s", "samp", "small", "strong", "sub", "sup", "u", "var",
})
# fmt: on
HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
# What each structural element may stand in; None: wherever text may stand.
PARENTS: dict[str, frozenset[str] | None] = {
    "blockquote": None,
    "ul": None,
    "ol": None,
    "li": frozenset({"ul", "ol"}),
    "dl": None,
    "dt": frozenset({"dl"}),
    "dd": frozenset({"dl"}),
    "figure": None,
    "figcaption": frozenset({"figure"}),
    "table": None,
    "caption": frozenset({"table"}),
    "thead": frozenset({"table"}),
    "tbody": frozenset({"table"}),
    "tfoot": frozenset({"table"}),
    "tr": frozenset({"table", "thead", "tbody", "tfoot"}),
    "td": frozenset({"tr"}),
    "th": frozenset({"tr"}),
}
# What loose text in an element is wrapped in, outermost first.
WRAPPERS: dict[str, tuple[str, ...]] = {
    "": ("p",),
    "blockquote": ("p",),
    "figure": ("p",),
    "ul": ("li",),
    "ol": ("li",),
    "dl": ("dd",),
    "table": ("tr", "td"),
    "thead": ("tr", "td"),
    "tbody": ("tr", "td"),
    "tfoot": ("tr", "td"),
    "tr": ("td",),
}
# A table scrolls in a box of its own, which the keyboard reaches and which is named as the table's caption names it.
TABLE_BOX, NAMED_TABLE_BOX = '<div role="group" tabindex="0">', '<div role="region" aria-label="{}" tabindex="0">'
LONGEST_NAME = 120  # characters
PHRASES_ONLY = frozenset({"td", "th", "dt", "caption", "figcaption"})  # paragraphs in them become lines

# Control characters, characters that turn the direction of what follows them, and code points that are no characters.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
# What is to be one space and is none yet: the single spaces between words, which are most, are passed over.
_SPACES = re.compile("[ \t\n\r\f\u2028\u2029]{2,}|[\t\n\r\f\u2028\u2029]")


def clean_text(text: str) -> str:
    """Text without control characters and overrides of the writing direction."""
    return _UNWANTED.sub("", text)


@dataclass(slots=True)
class _Open:
    """An element that has begun. It is written, at `place`, when there is text in it; `skipped` then goes first."""

    tag: str
    attributes: str
    is_written: bool = False
    skipped: str = ""
    place: int = 0


class MarkupWriter:
    """Keeps what is open in three layers (structure, one wrapper, inline) and writes each when text needs it."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.structure: list[_Open] = [_Open("", "", True)]
        self.wanted: list[tuple[str, ...] | None] = []
        self.wrapper: tuple[str, ...] | None = None
        self.outline: list[str] = []
        self.heading = ""
        self.inline: list[_Open] = []
        self.breaks = 0
        self.space = False

    def begin_structure(self, tag: str, attributes: str) -> Callable[[], None]:
        """Begin a list, a table, a cell …; where it may not stand, a paragraph. Returns what ends it."""
        parents = PARENTS[tag]
        fits = self.structure[-1].tag in parents if parents else self.structure[-1].tag not in PHRASES_ONLY
        if not fits or (parents is None and len(self.structure) > MAX_DEPTH):
            return self.begin_wrapper("p")
        if parents is None and WRAPPERS.get(self.structure[-1].tag, ("p",)) != ("p",):
            return self.begin_wrapper("p")  # a list directly in a list, a table directly in a row
        self.close_wrapper()
        opened = _Open(tag, attributes)
        self.structure.append(opened)
        self.wanted.append(None)
        return lambda: self.end_structure(opened)

    def end_structure(self, opened: _Open) -> None:
        self.close_wrapper()
        self.structure.pop()
        self.wanted.pop()
        if opened.is_written:
            self.parts.append(f"</{opened.tag}>")
            if opened.tag == "table":
                self.box_table(opened.place)
        elif opened.tag in ("td", "th"):  # an empty cell keeps the others in their columns
            cell, row = f"<{opened.tag}{opened.attributes}></{opened.tag}>", self.structure[-1]
            if row.is_written:
                self.parts.append(cell)
            else:
                row.skipped += cell

    def box_table(self, place: int) -> None:
        """Put the table that begins at `place` of the parts, and has just ended, into its box."""
        name = _NOT_IN_A_NAME.sub(" ", _caption_of(self.parts[place:])).strip()[:LONGEST_NAME].strip()
        self.parts.insert(place, NAMED_TABLE_BOX.format(name) if name else TABLE_BOX)
        self.parts.append("</div>")

    def begin_wrapper(self, tag: str) -> Callable[[], None]:
        """Begin a paragraph, a heading or preformatted text. Returns what ends it."""
        self.break_block()
        inner = self.structure[-1].tag
        wanted = self.wanted[-1] if self.wanted else None
        if inner in PHRASES_ONLY:
            wanted = None
        elif tag != "p" or not wanted:
            wanted = WRAPPERS[inner] if WRAPPERS.get(inner, ("p",)) != ("p",) else (tag,)
        self.wanted.append(wanted)
        return self.end_wrapper

    def end_wrapper(self) -> None:
        self.break_block()
        self.wanted.pop()

    def break_block(self) -> None:
        """Separate what follows: a new paragraph, or a new line where only phrases may stand."""
        if self.structure[-1].tag in PHRASES_ONLY:
            self.breaks = max(self.breaks, 1)
        else:
            self.close_wrapper()

    def begin_inline(self, tag: str, attributes: str) -> Callable[[], None]:
        if any(opened.tag == tag for opened in self.inline):
            return nothing
        opened = _Open(tag, attributes)
        self.inline.append(opened)
        return lambda: self.end_inline(opened)

    def end_inline(self, ended: _Open) -> None:
        position = next(i for i, opened in enumerate(self.inline) if opened is ended)
        self.close_inline(position)
        del self.inline[position]

    def close_inline(self, position: int = 0) -> None:
        for opened in reversed(self.inline[position:]):
            if opened.is_written:
                self.parts.append(f"</{opened.tag}>")
                opened.is_written = False

    def close_wrapper(self) -> None:
        self.close_inline()
        for tag in reversed(self.wrapper or ()):
            self.parts.append(f"</{self.heading if tag in HEADINGS else tag}>")
        self.wrapper, self.breaks, self.space = None, 0, False

    def break_line(self) -> None:
        self.breaks += 1
        self.space = False

    def rule(self) -> None:
        if self.structure[-1].tag in ("", "blockquote", "li", "dd"):
            self.close_wrapper()
            self.open_structure()
            self.parts.append("<hr>")

    def say(self, text: str) -> None:
        """Write text, after whatever has begun and was not yet worth writing."""
        verbatim = bool(self.wanted) and self.wanted[-1] == ("pre",)
        text = clean_text(text)
        text = text.replace("\r", "") if verbatim else _SPACES.sub(" ", text)
        if not text.strip() and not (verbatim and text and self.wrapper):
            self.space = self.space or bool(text)
            return
        if verbatim and not self.wrapper:
            text = text.lstrip("\n")  # parsers ignore the first line break, and so would the next pass the second
        self.open_wrapper()
        if not verbatim:
            self.space = self.space or text.startswith(" ")
        self.write_gap()
        for opened in self.inline:
            if not opened.is_written:
                self.parts.append(f"<{opened.tag}{opened.attributes}>")
                opened.is_written = True
        self.parts.append(html.escape(text if verbatim else text.strip(" "), quote=False))
        self.space = not verbatim and text.endswith(" ")

    def write_gap(self) -> None:
        """Write the line break or the space owed since the last text; nothing at the beginning of a block."""
        if not self.parts or _BLOCK_TAG.match(self.parts[-1]):
            pass
        elif self.breaks:
            self.parts.append("<br>")
        elif self.space:
            self.parts.append(" ")
        self.breaks, self.space = 0, False

    def open_wrapper(self) -> None:
        inner = self.structure[-1].tag
        wanted = self.wanted[-1] if self.wanted else None
        wrapper = wanted or WRAPPERS.get(inner)
        if self.wrapper is not None and (self.wrapper != wrapper or (self.breaks > 1 and wrapper == ("p",))):
            self.close_wrapper()  # two line breaks are how a paragraph is often typed
        self.open_structure()
        if self.wrapper is None and wrapper:
            self.wrapper = wrapper
            self.parts += [f"<{self.heading_for(tag) if tag in HEADINGS else tag}>" for tag in wrapper]

    def heading_for(self, tag: str) -> str:
        """The heading written for one of this level: one below the heading it stands under, so that none is skipped.

        Pages choose levels by their looks; who listens goes through a text by them. The article's own is the first.
        """
        while self.outline and self.outline[-1] >= tag:
            self.outline.pop()
        self.outline.append(tag)
        self.heading = f"h{len(self.outline) + 1}"
        return self.heading

    def open_structure(self) -> None:
        for opened in self.structure:
            if not opened.is_written:
                opened.place = len(self.parts)
                self.parts.append(f"<{opened.tag}{opened.attributes}>{opened.skipped}")
                opened.is_written = True

    def finish(self) -> str:
        self.close_wrapper()
        return "".join(self.parts)


_NOT_IN_A_NAME = re.compile('[\\s"&<>\xa0]+')
_TAG = re.compile("<[^>]*>")


def _caption_of(parts: list[str]) -> str:
    """The words of a table's caption, which is written before its rows; "" where it has none."""
    try:
        first = parts.index("<caption>")
        last = parts.index("</caption>", first)
    except ValueError:
        return ""
    return html.unescape(_TAG.sub(" ", "".join(parts[first:last])))


_BLOCK_TAG = re.compile(r"</?(?!(?:" + "|".join(sorted(INLINE | {"br"})) + r")\b)[a-z]")


def nothing() -> None:
    """End what was never begun."""
