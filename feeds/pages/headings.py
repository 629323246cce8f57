"""The headings of a page, as candidates for its article's title. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

MAX_HEADINGS, MAX_SUBHEADINGS, MAX_PARTS = 20, 3, 12
MAX_STRINGS, MAX_HEADING_LENGTH = 100, 1_000
NEAR = 3  # boxes around a heading whose class tells of the heading, not of half the page
MAX_KICKER_LENGTH = 60  # "Opinion |", "War in Ukraine -": words that stand before a headline within its heading
TRUSTED_WORDS = 4  # a page's only heading, this long, is its headline whatever machines are told

_ELSEWHERE = {"aside", "nav", "footer", "dialog"}
_SUBHEADINGS = "(//article//h2 | //main//h2 | //header//h2)[not(ancestor::aside or ancestor::nav or ancestor::footer)]"
_NO_HEADLINE = re.compile(r"breadcrumb|(?:^|[\s_-])(?:logo|modal|popup|login)(?:$|[\s_-])", re.IGNORECASE)
_HEADLINE = re.compile(r"(?:^|[\s_-])(?:head(?:line|ing)?|hed|title)(?:$|[\s_-])", re.IGNORECASE)
_KICKER = re.compile(
    r"kicker|overline|eyebrow|topline|roofline|strapline|dachzeile|spitzmarke|rubri[ck]|volanta|antetitulo|"
    r"surtitre|occhiello|(?:^|[\s_-])(?:label|badge|category|section)(?:$|[\s_-])",
    re.IGNORECASE,
)
_DASH = re.compile(r"\s*[|/–—•·~-]+\s*")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Heading:
    text: str  # without a kicker that is marked as one
    is_sure: bool  # the markup tells that this is the article's headline
    is_site: bool  # it leads to the site's home page: a logo, no headline


def headings_of(tree: HtmlElement) -> list[Heading]:
    """Read a page's <h1>, in order, but for those of side columns, menus and breadcrumbs; without any, the first <h2>.

    Of several <h1>, or of an <h2>, only what tells in class, itemprop or place to be the headline is sure.
    """
    elements = [element for element in tree.xpath("//h1")[:MAX_HEADINGS] if not _is_elsewhere(element)]
    headings = [_heading(element) for element in elements]
    headings = [heading for heading in headings if heading.text]
    if not headings:
        texts = map(_text, tree.xpath(_SUBHEADINGS)[:MAX_SUBHEADINGS])
        return [Heading(text, is_sure=False, is_site=False) for text in texts if text]
    if len(headings) == 1 and len(_WORD.findall(headings[0].text)) >= TRUSTED_WORDS:
        return [Heading(headings[0].text, is_sure=True, is_site=headings[0].is_site)]
    return headings


def _heading(element: HtmlElement) -> Heading:
    around = {ancestor.tag for ancestor in element.iterancestors()}
    is_sure = (
        _is_headline(element)
        or {"article", "header"} <= around
        or bool(around & {"article", "main"} and _HEADLINE.search(element.get("class", "")))
    )
    return Heading(_text(element), is_sure=is_sure, is_site=_leads_home(element))


def _is_headline(element: HtmlElement) -> bool:
    return "headline" in element.get("itemprop", "").split()


def _is_elsewhere(element: HtmlElement) -> bool:
    """Whether a heading stands beside the article, or in the path of sections that leads to it."""
    if _is_headline(element):
        return False
    ancestors = list(element.iterancestors())
    if any(ancestor.tag in _ELSEWHERE for ancestor in ancestors):
        return True
    return any(_NO_HEADLINE.search(box.get("class", "")) for box in (element, *ancestors[:NEAR]) if box.tag != "body")


def _text(element: HtmlElement) -> str:
    """The words of a heading; without a kicker before them, unless a colon makes it part of the sentence."""
    text = _words(_shown(element))
    for kicker in _kickers(element):
        rest = text[len(kicker) :].strip()
        if rest and text.startswith(kicker) and not kicker.endswith(":") and not rest.startswith(":"):
            return _DASH.sub("", rest, count=1) if _DASH.match(rest) else rest
    return text


def _kickers(element: HtmlElement) -> Iterator[str]:
    """The words before a headline: by the name of their class, or as parted from it by a dash for the eye only."""
    for child in islice(element.iterdescendants(), MAX_PARTS):
        if not isinstance(child.tag, str):
            continue
        text = _shown(child)
        if _KICKER.search(child.get("class", "")):
            kicker = _words(text)
        elif _DASH.fullmatch(text) and (child.get("aria-hidden") == "true" or child.get("role") == "presentation"):
            kicker = _words(_shown(element).partition(text)[0])
        else:
            continue
        if 0 < len(kicker) <= MAX_KICKER_LENGTH:
            yield kicker


def _shown(element: HtmlElement) -> str:
    """The beginning of an element's text: a heading may be made to hold the whole page."""
    return "".join(islice(element.itertext(), MAX_STRINGS))[:MAX_HEADING_LENGTH]


def _words(text: str) -> str:
    return " ".join(text.split())


def _leads_home(element: HtmlElement) -> bool:
    links = [*element.iterancestors("a"), *element.iterdescendants("a")]
    return any(_is_home(link.get("href", "#")) for link in links[:MAX_PARTS])


def _is_home(address: str) -> bool:
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return False
    return parts.path in ("/", "") and bool(parts.path or parts.netloc) and not parts.query and not parts.fragment
