"""Anybody's HTML to the few elements an article needs, well nested. Not a sanitiser: feeds/sanitising.py is."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from lxml import etree

from feeds.markup.media import embedded_link, picture_link
from feeds.markup.writer import HEADINGS, INLINE, PARENTS, MarkupWriter, clean_text, nothing

RENAMED = {"strike": "s", "tt": "code", "acronym": "abbr", "h1": "h2", "menu": "ul", "dir": "ul"}
# fmt: off
BLOCKS = frozenset({
    "address", "article", "aside", "body", "center", "details", "div", "fieldset", "footer", "form", "header",
    "hgroup", "html", "legend", "main", "nav", "p", "section", "summary",
})
DROPPED = frozenset({
    "area", "base", "basefont", "bgsound", "button", "canvas", "col", "colgroup", "datalist", "dialog", "frame",
    "frameset", "head", "input", "keygen", "link", "listing", "map", "math", "meta", "noembed", "noframes",
    "noscript", "optgroup", "option", "param", "plaintext", "progress", "rb", "rtc", "script", "select",
    "source", "style", "svg", "template", "textarea", "title", "track", "wbr", "xmp",
})
# fmt: on
LONGEST_CELL = 800  # characters in a cell of a table that holds data
EMBEDS = frozenset({"iframe", "embed", "object", "video", "audio", "applet"})
OUTPUT = INLINE | HEADINGS | frozenset(PARENTS) | {"p", "pre", "br", "hr"}


def parse_fragment(fragment: str) -> etree._Element | None:
    """Parse HTML leniently; None where there is nothing in it. What is nested over 2,048 deep is lost (libxml2)."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    return etree.fromstring(clean_text(fragment).encode(), parser) if fragment.strip() else None


def rewrite(root: etree._Element, link: Callable[[str], str]) -> str:
    """Write a tree as article markup. link: a URL as found → absolute and allowed, or "" (the text then stays)."""
    writer = MarkupWriter()
    _Reader(writer, link).read(root)
    return writer.finish()


class _Reader:
    """Walks the tree and tells the writer what starts, what ends and what is said."""

    def __init__(self, writer: "MarkupWriter", link: Callable[[str], str]) -> None:
        self.writer, self.link = writer, link
        self.ends: list[Callable[[], None]] = []
        self.in_table = 0
        self.figure: _Figure | None = None

    def read(self, root: etree._Element) -> None:
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if not isinstance(element.tag, str):
                self.say_tail(event, element, root)
                continue
            if event == "start":
                if not self.start(element):
                    walk.skip_subtree()
            else:
                self.ends.pop()()
                self.say_tail(event, element, root)

    def say_tail(self, event: str, element: etree._Element, root: etree._Element) -> None:
        if event == "end" and element is not root and element.tail:
            self.writer.say(element.tail)

    def start(self, element: etree._Element) -> bool:
        """Begin an element; False when its content is of no interest."""
        tag = "code" if _is_code_in_a_sentence(element) else RENAMED.get(element.tag, element.tag)
        self.ends.append(nothing)
        if tag in DROPPED:
            return False
        if tag == "img":
            self.say_picture(element)
            return False
        if tag in EMBEDS:
            self.say_embedded(element)
            return False
        if tag == "br":
            self.writer.break_line()
        elif tag == "hr":
            self.writer.rule()
        elif tag in INLINE:
            self.start_inline(tag, element)
        elif tag in PARENTS:
            self.start_structure(tag, element)
        elif tag in HEADINGS or tag == "pre":
            self.ends[-1] = self.writer.begin_wrapper(tag)
        elif tag in BLOCKS:
            self.ends[-1] = self.writer.begin_wrapper("p")
        if element.text:
            self.writer.say(element.text)
        return True

    def start_inline(self, tag: str, element: etree._Element) -> None:
        if tag != "a":
            self.ends[-1] = self.writer.begin_inline(tag, "")
        elif target := self.link(element.get("href", "")):
            self.ends[-1] = self.begin_link(target)

    def start_structure(self, tag: str, element: etree._Element) -> None:
        if tag == "table":
            if self.in_table or _is_layout(element):
                self.ends[-1] = self.writer.begin_wrapper("p")
                return
            self.in_table += 1
            end = self.writer.begin_structure(tag, "")
            self.ends[-1] = lambda: self.end_table(end)
            return
        if tag == "figure":
            self.start_figure(element)
            return
        self.ends[-1] = self.writer.begin_structure(tag, _spans(tag, element))
        if tag == "figcaption" and self.figure and self.figure.target and element.find(".//a") is None:
            end, end_link = self.ends[-1], self.begin_link(self.figure.target)
            self.ends[-1] = lambda: _both(end_link, end)

    def end_table(self, end: Callable[[], None]) -> None:
        end()
        self.in_table -= 1

    def start_figure(self, element: etree._Element) -> None:
        """Begin a figure. Its caption, where it has one, leads to its picture and stands for it."""
        if self.figure:
            self.ends[-1] = self.writer.begin_wrapper("p")
            return
        picture = element.find(".//img")
        target = picture_link(picture, self.link)[0] if picture is not None else ""
        self.figure = _Figure(any(map(_has_words, element.iter("figcaption"))), target)
        end = self.writer.begin_structure("figure", "")
        self.ends[-1] = lambda: self.end_figure(end)

    def end_figure(self, end: Callable[[], None]) -> None:
        end()
        self.figure = None

    def say_picture(self, element: etree._Element) -> None:
        if not (self.figure and self.figure.has_caption):
            self.say_link(*picture_link(element, self.link))

    def say_embedded(self, element: etree._Element) -> None:
        target, text = embedded_link(element, self.link)
        if target:
            end = self.writer.begin_wrapper("p")
            self.say_link(target, text)
            end()

    def say_link(self, target: str, text: str) -> None:
        end = self.begin_link(target) if target else nothing
        self.writer.say(text)
        end()

    def begin_link(self, target: str) -> Callable[[], None]:
        return self.writer.begin_inline("a", f' href="{html.escape(target)}"')


@dataclass(frozen=True, slots=True)
class _Figure:
    has_caption: bool
    target: str  # its first picture's address


def _both(first: Callable[[], None], second: Callable[[], None]) -> None:
    first()
    second()


def _has_words(element: etree._Element) -> bool:
    return any(text.strip() for text in element.itertext())


def _is_code_in_a_sentence(element: etree._Element) -> bool:
    """Whether <pre> holds some words of a sentence that goes on after it: the extractor writes <code> so."""
    parent = element.getparent()
    if element.tag != "pre" or parent is None or parent.tag not in ("p", "li"):
        return False
    return bool(element.tail and element.tail.strip()) and "\n" not in "".join(element.itertext()).strip()


def _is_layout(table: etree._Element) -> bool:
    """Whether a table only arranges: no row of it has two cells, or one cell holds a page's worth of text."""
    cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    if all(len(row) < 2 for row in cells):
        return True
    return any(sum(map(len, cell.itertext())) > LONGEST_CELL for row in cells for cell in row)


def _spans(tag: str, element: etree._Element) -> str:
    names = {"td": ("colspan", "rowspan"), "th": ("colspan", "rowspan"), "ol": ("start",)}.get(tag, ())
    values = ((name, element.get(name, "")) for name in names)
    return "".join(f' {name}="{int(value)}"' for name, value in values if re.fullmatch("[1-9][0-9]{0,2}", value))


_LINE_END = re.compile(r"<br>|</(?:li|tr|dt|dd|caption|figcaption)>")
_BLOCK = re.compile(r"</?(?:p|h[2-6]|ul|ol|dl|table|figure|blockquote|pre|hr)>|<ol [^>]*>")
_CELL_END = re.compile(r"</t[dh]>")
_TAG = re.compile(r"<[^>]*>")


def text_of(markup: str) -> str:
    """Return the plain text of sanitised markup: blocks parted by blank lines, list items and rows by line breaks."""
    text = _LINE_END.sub("\n", _BLOCK.sub("\n\n", _CELL_END.sub(" ", markup)))
    lines = html.unescape(_TAG.sub("", text)).replace("\xa0", " ").split("\n")
    blocks = (block for is_text, block in groupby(lines, lambda line: bool(line.strip())) if is_text)
    return "\n\n".join(["\n".join([line.strip(" \t") for line in block]).strip() for block in blocks])
