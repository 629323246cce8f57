"""Lists of feeds in OPML, with folders as categories. Pure; strangers' files are read in the sandbox.

What opml_writing.py exported comes back as it was.
"""

import re
from collections.abc import Iterator

from lxml import etree

from feeds.catalogues.opml_writing import OURS
from feeds.catalogues.rows import NotACatalogue, Row
from feeds.errors import NotAFeed
from feeds.finding.addresses import without_feed_scheme
from feeds.finding.guesses import category_named
from feeds.formats.characters import without_forbidden
from feeds.formats.decoding import decode
from feeds.formats.xmltext import has_feed_elements, parse_mended, parse_strictly, what_it_is
from feeds.shelves import CATEGORIES

DEEPEST = 40  # folders in folders
LONGEST_NAME = 1_000
_DOCTYPE = re.compile(r"<!DOCTYPE(\s+html\b)?", re.IGNORECASE)
_HTML = re.compile(r"\s*<(?:html|head|body)\b", re.IGNORECASE)
_END = re.compile(r"</opml\s*>", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^<>]{0,300}\?>")
_NOT_FEEDS = frozenset({"link", "include"})


def read_opml(content: bytes) -> list[Row]:
    """Read each outline that stands for a feed. Raises NotACatalogue, with what the file is instead.

    A DOCTYPE is refused: its entities could grow without end. Where the file is not well-formed XML, what leaves no
    doubt (a bare "&", a missing end) is mended.
    """
    text = _XML_DECLARATION.sub("", without_forbidden(decode(content)[0]).lstrip("\ufeff \t\r\n"), count=1)
    if not text.strip():
        raise NotACatalogue("The file is empty.")
    doctype = _DOCTYPE.search(text)
    if doctype and not doctype[1]:
        raise NotACatalogue("The OPML has a DOCTYPE, which we do not read. Remove that line.")
    root = None if doctype else _root_of(text)
    if root is None or not isinstance(root.tag, str) or root.tag.lower() != "opml":
        if has_feed_elements(text):
            raise NotACatalogue("This is a feed, not a list of feeds: add it by its address.")
        raise NotACatalogue(f"The file is not OPML, which is a list of feeds. {what_it_is(text)}")
    return list(_read_outlines(root))


def _root_of(text: str) -> etree._Element | None:
    """The tree of a file, mended where that leaves no doubt; None for a web page. Raises NotACatalogue."""
    try:
        return parse_strictly(text)
    except NotAFeed as error:
        what = str(error).replace("not a feed", "not a list of feeds")
        raise NotACatalogue(f"The file can not be read as OPML. {what}") from error
    except etree.XMLSyntaxError as error:
        if _HTML.match(text):
            return None
        mended = parse_mended(text) if _END.search(text[-200:]) else None
        if mended is None or not any(_address_of(outline) for outline in mended.iter("outline")):
            raise NotACatalogue(f"The OPML is not well-formed XML, or breaks off: {error.msg}.") from error
        return mended


def _read_outlines(root: etree._Element) -> Iterator[Row]:
    """Walk the tree without recursion; a folder's name is known to all that stands in it."""
    folders: list[str] = []
    depths: list[bool] = []
    for event, outline in etree.iterwalk(root, events=("start", "end"), tag="outline"):
        if event == "end":
            if depths.pop():
                folders.pop()
            continue
        is_folder = not _address_of(outline) and len(outline) > 0
        depths.append(is_folder)
        if is_folder:
            folders.append(_name_of(outline))
        elif _is_feed(outline):
            yield _row(outline, folders[-DEEPEST:])


def _is_feed(outline: etree._Element) -> bool:
    kind = _attribute(outline, "type").lower()
    return bool(_address_of(outline)) or (bool(kind) and kind not in _NOT_FEEDS)


def _row(outline: etree._Element, folders: list[str]) -> Row:
    url = without_feed_scheme(_address_of(outline))
    name = _name_of(outline)
    category, remark = _category_of(outline, folders)
    source = _ours(outline, "source")
    fault = "" if url else "The outline has no address (xmlUrl), so there is nothing to fetch."
    return Row(
        line=outline.sourceline or 0,
        name=name or url,
        feed_url=url,
        site_url=_attribute(outline, "htmlUrl"),
        country=_ours(outline, "country").upper(),
        language=_attribute(outline, "language"),
        category=category,
        status=_ours(outline, "status"),
        source=source,
        fault=fault,
        remark=remark,
        only_adds=not source,
    )


def _category_of(outline: etree._Element, folders: list[str]) -> tuple[str, str]:
    """Our category: as the outline says, or of the innermost folder that is one; and a remark where none is."""
    said = [part.strip("/ ").rpartition("/")[2] for part in _attribute(outline, "category")[:500].split(",")]
    names = [*said, *reversed(folders)]
    category = next(filter(None, map(_slug_of, names)), "")
    unknown = next((name for name in reversed(folders) if name), "")
    if category or not unknown:
        return category, ""
    return "", f"Its folder “{unknown[:100]}” is none of our categories; it stands in none."


def _slug_of(name: str) -> str:
    lower = name.strip().lower()
    return lower if lower in CATEGORIES else category_named(name[:200])


def _name_of(outline: etree._Element) -> str:
    name = _attribute(outline, "title") or _attribute(outline, "text")
    return " ".join(name.split())[:LONGEST_NAME]


def _address_of(outline: etree._Element) -> str:
    if address := _attribute(outline, "xmlUrl"):
        return address
    return _attribute(outline, "url") if _attribute(outline, "type").lower() in {"rss", "atom", "feed"} else ""


def _attribute(outline: etree._Element, name: str) -> str:
    """An attribute in whatever case: xmlUrl is often written xmlurl."""
    value = outline.get(name)
    if value is None:
        value = next((value for key, value in outline.items() if key.lower() == name.lower()), "")
    return value.strip()


def _ours(outline: etree._Element, name: str) -> str:
    return outline.get(f"{{{OURS}}}{name}", "").strip()
