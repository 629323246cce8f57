"""The text of an XML document made fit to parse: junk, declarations, DTD and forbidden characters go. Pure.

Without its DTD a document can fetch nothing and define no entity that grows, whatever the parser's own guards.
"""

import re
import sys
from html.entities import html5

from lxml import etree

from feeds.errors import NotAFeed
from feeds.formats.characters import FORBIDDEN, without_forbidden

_FEED_ROOT = r"(?:[a-z]\w{0,20}:)?(?:rss|feed|rdf|channel|item|entry)[\s>/]"
_START = re.compile(rf"<(?:\?xml[\s?]|{_FEED_ROOT})", re.IGNORECASE)
_FIRST_ELEMENT = re.compile(rf"<{_FEED_ROOT}", re.IGNORECASE)
ITEM = re.compile(r"<(?:[a-z]\w{0,20}:)?(?:item|entry)[\s>/]", re.IGNORECASE)
ITEM_END = re.compile(r"</(?:[a-z]\w{0,20}:)?(?:item|entry)\s*>", re.IGNORECASE)
_DOCUMENT_END = re.compile(r"</(?:[a-z]\w{0,20}:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
_DECLARATION = re.compile(r"<\?xml[\s?][^<>]*>", re.IGNORECASE)
_NUMBERED_CHARACTER = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));")
_ENTITY_DECLARATION = re.compile(r"""<!ENTITY\s+([A-Za-z][\w.-]{0,40})\s+["']([^"'<%&]{0,200})["']\s*>""")
_CHARACTER_ENTITY = re.compile(r"""<!ENTITY\s+([A-Za-z][\w.-]{0,40})\s+["'](&#\w{1,8};)["']\s*>""")
_REFERENCE = re.compile(r"&([A-Za-z][\w.-]{0,40});")
_AMPERSAND = re.compile(r"&(#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{0,30};)?")
_TITLE = re.compile(r"<title[^<>]*>([^<]{1,200})", re.IGNORECASE)
_HTML_DOCUMENT = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_HTML = re.compile(r"<!doctype\s+html|<(?:html|head|body|div|p|script|h1|meta|title)[\s>]", re.IGNORECASE)
_OTHER_ROOT = re.compile(r"<([A-Za-z_][\w:.-]{0,60})[\s>/]")

SNIFFED = 65_536  # characters in which a feed's first element must begin
DOCTYPE_WITHIN = 4_096
_KNOWN_ROOTS = {"opml": "a list of feeds (OPML)", "urlset": "a sitemap", "sitemapindex": "a list of sitemaps"}
_CLEAR_FAULTS = (
    etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE,
    etree.ErrorTypes.ERR_TAG_NOT_FINISHED,
    etree.ErrorTypes.ERR_DOCUMENT_END,
)


def tidy(text: str) -> str:
    """The document from its first element on, with nothing in it that XML forbids.

    Raises NotAFeed, with what it is instead, where no feed begins in its first 64 K characters.
    """
    allowed = without_forbidden(text)
    if len(text) - len(allowed) > len(text) // 20:
        raise NotAFeed("This is binary data (a picture, an archive, …), not a feed.")
    text = allowed.lstrip("\ufeff \t\r\n")
    start = _START.search(text, 0, SNIFFED)
    if not start or _HTML_DOCUMENT.search(text, 0, start.start()):
        raise NotAFeed(what_it_is(text))
    text = _DECLARATION.sub("", text[start.start() :], count=1).lstrip()
    text = _without_dtd(text)
    return _NUMBERED_CHARACTER.sub(_if_allowed, text) if "&#" in text else text


def _if_allowed(found: re.Match[str]) -> str:
    """A reference to a character by its number, or nothing where no such character may stand in XML."""
    digits = found[1] or found[2]
    number = int(digits, 16 if found[1] else 10) if len(digits) < 20 else 0
    return found[0] if number <= sys.maxunicode and not FORBIDDEN.match(chr(number)) else ""


def what_it_is(text: str) -> str:
    """A sentence for the curator who gave the address."""
    head = text[:SNIFFED]
    root = _OTHER_ROOT.search(head)
    if root and root[1].lower() in _KNOWN_ROOTS:
        return f"This is {_KNOWN_ROOTS[root[1].lower()]}, not a feed."
    if _HTML.search(head):
        title = _TITLE.search(head)
        called = f" It is called “{' '.join(title[1].split())}”." if title else ""
        return f"This is a web page, not a feed.{called}"
    if root and head.startswith("<"):
        return f"This is XML, but not a feed: its first element is <{root[1]}>."
    if not head or head.startswith("<"):
        return "The document breaks off at its very beginning."
    return "This is plain text, not a feed."


def has_feed_elements(text: str) -> bool:
    """Whether anything in the document's beginning is named as a feed's first elements are."""
    return bool(_FIRST_ELEMENT.search(text, 0, SNIFFED))


def _without_dtd(text: str) -> str:
    """Drop <!DOCTYPE …>; the plain characters it names by entities are put in their places."""
    start = text.find("<!DOCTYPE", 0, DOCTYPE_WITHIN)
    if start < 0 or _OTHER_ROOT.search(text, 0, start):
        return text
    subset, end = text.find("[", start), text.find(">", start)
    if 0 <= subset < end:
        close = text.find("]", subset)
        end = text.find(">", close) if close >= 0 else -1
    if end < 0:
        raise NotAFeed("The document breaks off inside its DOCTYPE.")
    declared = dict(_ENTITY_DECLARATION.findall(text[start:end]))
    declared |= dict(_CHARACTER_ENTITY.findall(text[start:end]))
    text = text[:start] + text[end + 1 :]
    return _REFERENCE.sub(lambda found: declared.get(found[1], found[0]), text) if declared else text


def parse_strictly(text: str) -> etree._Element:
    """The tree of a tidied document. Raises etree.XMLSyntaxError where it is not well-formed.

    Raises NotAFeed where it is nested deeper than 256 elements: the parser's own guard, and no feed is.
    """
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), _parser(recover=False))
    except etree.XMLSyntaxError as error:
        if "depth" in str(error).lower():
            raise NotAFeed("Its elements are nested deeper than 256 levels, as in no honest feed.") from error
        raise
    return root


def parse_mended(text: str) -> etree._Element | None:
    """The tree of a document whose only faults are such as leave no doubt of what was meant; else None.

    These are a bare "&", names of HTML's characters (&nbsp;) that XML does not know, prefixes nobody declared,
    something after the end, and a missing end of the outermost elements.
    """
    ends = [end.end() for end in _DOCUMENT_END.finditer(text)] or [end.end() for end in ITEM_END.finditer(text)]
    return parse_clear(text[: ends[-1]] if ends else text)


def parse_clear(text: str) -> etree._Element | None:
    """The tree of a piece of a document, or None where its faults leave doubt of what was meant."""
    parser = _parser(recover=True)
    root = _parsed(text, parser)
    is_clear = all(fault.type in _CLEAR_FAULTS for fault in parser.error_log)
    return root if is_clear else None


def recovered(text: str) -> etree._Element | None:
    """The tree of what the parser can make out, whatever the faults; None where that is nothing."""
    return _parsed(text, _parser(recover=True))


def _parsed(text: str, parser: etree.XMLParser) -> etree._Element | None:
    if not text.strip():  # what even a parser that recovers does not take
        return None
    return etree.fromstring(_with_characters(text).encode("utf-8", "replace"), parser)


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        recover=recover,
        remove_comments=True,
        remove_pis=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )


def _with_characters(text: str) -> str:
    """Put characters for HTML's names, and &amp; for a bare &, outside CDATA sections."""
    pieces = []
    place = 0
    while place < len(text):
        start = text.find("<![CDATA[", place)
        start = len(text) if start < 0 else start
        pieces.append(_AMPERSAND.sub(_character, text[place:start]))
        end = text.find("]]>", start)
        end = len(text) if end < 0 else end + 3
        pieces.append(text[start:end])
        place = end
    return "".join(pieces)


def _character(found: re.Match[str]) -> str:
    name = found[1]
    if not name:
        return "&amp;"
    if name.startswith("#") or name in ("amp;", "lt;", "gt;", "quot;", "apos;"):
        return found[0]
    return html5.get(name) or "&amp;" + name


def breaks_off(text: str) -> bool:
    """Whether the document ends inside an item: not all of it has arrived."""
    starts = [item.start() for item in ITEM.finditer(text)]
    ends = [end.start() for end in ITEM_END.finditer(text)]
    is_open = len(starts) > 0 and starts[-1] > (ends[-1] if ends else -1)
    return is_open and not _DOCUMENT_END.search(text, starts[-1])
