"""A curator's rule for the pages of one source: CSS selectors of where the text is, and of what is none. Pure."""

import re
import time
from copy import deepcopy
from functools import lru_cache

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement, document_fromstring

from feeds.errors import BadSelector

LONGEST_SELECTOR = 300
MOST_SELECTED = 200  # elements that a text is put together from
# What a selector may take on a page as large as the largest real ones; the extractor itself needs a second for it.
MOST_SECONDS = 0.3
_ROOTS = ("html", "head", "body")


def ruled_body(tree: HtmlElement, text_selector: str) -> etree._Element | None:
    """Return the elements that a selector finds, in one element, in the page's order; None where it finds nothing.

    One that lies within another stands there once. Raises BadSelector.
    """
    body = etree.Element("body")
    chosen: set[HtmlElement] = set()
    for element in _selected(tree, text_selector)[:MOST_SELECTED]:
        if chosen.isdisjoint(element.iterancestors()):
            chosen.add(element)
            copied = deepcopy(element)
            copied.tail = None
            body.append(copied)
    return body if len(body) else None


def drop_clutter(tree: HtmlElement, clutter_selector: str) -> None:
    """Take what a selector finds off a page; the text after each stays. Raises BadSelector."""
    for element in _selected(tree, clutter_selector):
        if element.tag not in _ROOTS and element.getparent() is not None:
            element.drop_tree()


def check_selector(selector: str) -> None:
    """Raise BadSelector, with a sentence for whoever wrote it, where it is none or takes too long on a large page."""
    compiled = _compiled(selector)
    page = _large_page()
    began_at = time.process_time()
    compiled(page)
    if time.process_time() - began_at > MOST_SECONDS:
        raise BadSelector("This selector takes too long on a large page: a class or an id would be quicker.")


def _selected(tree: HtmlElement, selector: str) -> list[HtmlElement]:
    return _compiled(selector)(tree)


@lru_cache(maxsize=500)
def _compiled(selector: str) -> CSSSelector:
    if len(selector) > LONGEST_SELECTOR:
        raise BadSelector(f"This selector is longer than {LONGEST_SELECTOR} characters.")
    try:
        return CSSSelector(selector, translator="html")
    except SelectorError as error:
        raise BadSelector(f"This is no CSS selector we can use: {_in_plain_words(str(error))}.") from error
    except (RecursionError, etree.LxmlError, ValueError) as error:
        raise BadSelector("This is no CSS selector we can use.") from error


def _in_plain_words(said: str) -> str:
    """Without the parser's names of tokens: "got '[' at character 3" for "got <DELIM '[' at 2>"."""
    said = re.sub(r"got <EOF at \d+>", "but it ends there", said)
    said = re.sub(r"<[A-Z]+ ('.*') at (\d+)>", lambda found: f"{found[1]} at character {int(found[2]) + 1}", said)
    return said.replace("Expected ident", "Expected a name").rstrip(".")


def _large_page() -> HtmlElement:
    """A page with as many elements as the longest live reports have, a part of them nested, a part side by side."""
    deep = "<div class='a b'>" * 100 + "<p>text</p>" * 100 + "</div>" * 100
    flat = "<section><h2>a</h2><p>text <a href='/x'>link</a></p><ul><li>one<li>two</ul></section>" * 1_500
    return document_fromstring(f"<html><body><article>{deep}{flat}</article></body></html>")
