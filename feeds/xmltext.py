"""The text of an XML document made fit to parse: junk, declarations, DTD and forbidden characters go. Pure.

Without its DTD a document can fetch nothing and define no entity that grows, whatever the parser's own guards.
"""

import re

from lxml import etree

from feeds.errors import NotAFeed

_ROOT = re.compile(r"<(?:\?xml[\s?]|(?:rss|feed|[a-z]{1,8}:rdf|rdf|channel|rss:rss|atom:feed|a10:feed)[\s>])", re.IGNORECASE)
_ITEM = re.compile(r"<(?:[a-z]\w{0,20}:)?(?:item|entry)[\s>/]", re.IGNORECASE)
_ITEM_END = re.compile(r"</(?:[a-z]\w{0,20}:)?(?:item|entry)\s*>", re.IGNORECASE)
_DOCUMENT_END = re.compile(r"</(?:[a-z]\w{0,20}:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
_DECLARATION = re.compile(r"<\?xml[\s?][^<>]*>", re.IGNORECASE)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_FORBIDDEN_REFERENCE = re.compile(
    r"&#(?:x0*(?:[0-8bcef]|1[0-9a-f]|fff[ef]|d[89a-f][0-9a-f]{2})|0*(?:[0-8]|1[124-9]|2\d|3[01]));", re.IGNORECASE
)
_ENTITY_DECLARATION = re.compile(r"""<!ENTITY\s+([A-Za-z][\w.-]{0,40})\s+(?:"([^"<%&]{0,200})"|'([^'<%&]{0,200})')\s*>""")
_CHARACTER_ENTITY = re.compile(r"""<!ENTITY\s+([A-Za-z][\w.-]{0,40})\s+["'](&#\w{1,8};)["']\s*>""")
_REFERENCE = re.compile(r"&([A-Za-z][\w.-]{0,40});")
_TITLE = re.compile(r"<title[^<>]*>([^<]{1,200})", re.IGNORECASE)
_HTML = re.compile(r"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<div[\s>]|<p>", re.IGNORECASE)
_OTHER_ROOT = re.compile(r"<([A-Za-z_][\w:.-]{0,60})[\s>/]")

SNIFFED = 65_536  # characters in which a feed's first element must begin
JUNK_ALLOWED = 4_096  # what an ailing server may print in front of a feed
_PARSER_OPTIONS = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


def tidy(text: str) -> str:
    """The document from its first element on, with nothing in it that XML forbids.

    Raises NotAFeed, with what it is instead, where no feed begins in its first 64 K characters.
    """
    if _FORBIDDEN.search(text):
        text = _FORBIDDEN.sub("", text)
    text = text.lstrip("\ufeff \t\r\n")
    start = _ROOT.search(text, 0, SNIFFED)
    if not start or (start.start() > JUNK_ALLOWED and _HTML.search(text, 0, start.start())):
        raise NotAFeed(_what_it_is(text))
    text = _DECLARATION.sub("", text[start.start() :], count=1).lstrip()
    text = _without_dtd(text)
    return _FORBIDDEN_REFERENCE.sub("", text) if "&#" in text else text


def _what_it_is(text: str) -> str:
    """A sentence for the curator who gave the address."""
    head = text[:SNIFFED]
    if _HTML.search(head):
        title = _TITLE.search(head)
        called = f" It is called “{' '.join(title[1].split())}”." if title else ""
        return f"This is a web page, not a feed.{called}"
    root = _OTHER_ROOT.search(head)
    if root and head.startswith("<"):
        known = {"opml": "a list of feeds (OPML)", "urlset": "a sitemap", "sitemapindex": "a list of sitemaps"}
        return f"This is {known.get(root[1].lower(), f'XML with the first element <{root[1]}>')}, not a feed."
    if text.count("\ufffd") > len(text) // 20:
        return "This is binary data (a picture, an archive, …), not a feed."
    return "This is plain text, not a feed."


def _without_dtd(text: str) -> str:
    """Drop <!DOCTYPE …>; the plain characters it names by entities are put in their places."""
    start = text.find("<!DOCTYPE", 0, JUNK_ALLOWED)
    if start < 0 or _OTHER_ROOT.search(text, 0, start):
        return text
    subset, end = text.find("[", start), text.find(">", start)
    if 0 <= subset < end:
        close = text.find("]", subset)
        end = text.find(">", close) if close >= 0 else -1
    if end < 0:
        raise NotAFeed("The document breaks off inside its DOCTYPE.")
    declared = {name: a or b for name, a, b in _ENTITY_DECLARATION.findall(text[start:end])}
    declared |= dict(_CHARACTER_ENTITY.findall(text[start:end]))
    text = text[:start] + text[end + 1 :]
    return _REFERENCE.sub(lambda found: declared.get(found[1], found[0]), text) if declared else text


def parse_strictly(text: str) -> etree._Element:
    """The tree of a tidied document. Raises etree.XMLSyntaxError where it is not well-formed.

    Raises NotAFeed where it is nested deeper than 256 elements: the parser's own guard, and no feed is.
    """
    parser = etree.XMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, **_PARSER_OPTIONS)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        if "depth" in str(error).lower():
            raise NotAFeed("Its elements are nested deeper than 256 levels, as in no honest feed.") from error
        raise
    if root is None:
        raise etree.XMLSyntaxError("no element", 0, 1, 1)
    return root


def whole_items(text: str) -> tuple[str, bool]:
    """The document up to the end of its last whole item, and whether it breaks off there.

    Half an item is no item: its link may be half a link.
    """
    starts, ends = list(_ITEM.finditer(text)), list(_ITEM_END.finditer(text))
    is_cut = bool(starts) and bool(ends) and starts[-1].start() > ends[-1].end()
    is_cut = is_cut or (bool(starts) and not ends and not _DOCUMENT_END.search(text))
    if not is_cut:
        return text, False
    return (text[: ends[-1].end()] if ends else text[: starts[0].start()]), True
