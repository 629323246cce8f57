"""The address a page is rightly known by, and whether it is only an AMP or print version of another. Pure.

What a page says of its own address is believed where it can be true: rel=canonical is copied from templates that name
the home page, the section, or another site on every page. A wrong refusal shows an article twice; a wrong belief loses
one.
"""

import re
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from feeds.canonical import canonical_url
from feeds.sites import same_publisher

if TYPE_CHECKING:
    from feeds.pages.metadata import Metas

_VERSION_HOST = re.compile(r"(?:amp|print)[.-]")
_VERSION_SEGMENTS = frozenset({"amp", "amp.html", "print", "print.html", "printable", "printversion", "print-version"})
_VERSION_ENDING = re.compile(r"\.(?:amp|print)(?:\.\w{2,5})?$|[_-](?:amp|print)\.s?html?$")
_VERSION_PARAMETER = re.compile(
    r"(?:amp|print|printable|printpage|printview|print_view)(?:=(?:1|true|yes|y|on|amp|print)?)?"
    r"|(?:output|outputtype|view|viewtype|format|template|tmpl|mode|layout|version)=(?:amp|print|printable)"
)
_AMP_SCRIPT = "boolean(//script[contains(@src, '//cdn.ampproject.org/v0.')])"
_WORDS = re.compile(r"[^\W_]+")
SECTION_WORDS = 2  # an address that ends in no more of them, and in no number, is a shelf beside one that has more


def address_of(tree: HtmlElement, metas: "Metas", url: str) -> str:
    """Return the address a page asks to be known by, where that can be true, else the one it was found at."""
    told = chain(tree.xpath("//link[@rel='canonical']/@href")[:2], metas.all("og:url"))
    for candidate in told:
        address = canonical_url(candidate, base=url)
        if address and same_publisher(address, url) and not _is_home(address, url) and not _is_section(address, url):
            return address
    return canonical_url(url) or url


def fuller_address(tree: HtmlElement, address: str, url: str) -> str:
    """Return the address of the whole page where the one found at `url` is its AMP or print version, else ""."""
    is_another = address != canonical_url(url) and not is_version_address(address)
    return address if is_another and (is_version_address(url) or _is_amp(tree)) else ""


def is_version_address(url: str) -> bool:
    """Say whether an address by its form is that of an AMP or print version."""
    parts = urlsplit(url.lower())
    segments = [segment for segment in parts.path.split("/") if segment]
    return bool(
        _VERSION_HOST.match(parts.hostname or "")
        or (segments and not _VERSION_SEGMENTS.isdisjoint((segments[0], segments[-1])))
        or (segments and _VERSION_ENDING.search(segments[-1]))
        or any(map(_VERSION_PARAMETER.fullmatch, parts.query.split("&")))
    )


def _is_amp(tree: HtmlElement) -> bool:
    """Whether a page says that it is AMP: <html ⚡>, <html amp>, or AMP's own script."""
    root = tree.getroottree().getroot()
    return "amp" in root.attrib or "⚡" in root.attrib or tree.xpath(_AMP_SCRIPT)


def _is_home(address: str, url: str) -> bool:
    return len(urlsplit(address).path) <= 1 and not urlsplit(address).query and len(urlsplit(url).path) > 1


def _is_section(address: str, url: str) -> bool:
    """Whether an address is that of a shelf, where the page was found at what reads like an article's."""
    if urlsplit(address).query:
        return False
    told, own = _names(address), [name for name in _names(url) if name not in _VERSION_SEGMENTS]
    return bool(told and own) and told[-1] != own[-1] and not _is_telling(told[-1]) and _is_telling(own[-1])


def _names(url: str) -> list[str]:
    """The parts of an address' path, readable, without endings such as .html."""
    path = unquote(urlsplit(url).path).lower()
    return [re.sub(r"(?:\.amp|\.print)?\.\w{2,5}$", "", name) for name in path.split("/") if name]


def _is_telling(name: str) -> bool:
    return any(map(str.isdigit, name)) or len(_WORDS.findall(name)) > SECTION_WORDS
