"""The text of a comment to HTML: a subset of Markdown, with the one sanitiser last. Touches no database.

Bold, italic, links, lists, quotes, code and line breaks are marked; all else stands as it was typed.
"""

import re
from collections.abc import Iterator
from functools import cache
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import regex

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MARKS = ["newline", "escape", "backticks", "emphasis", "link", "autolink", "fence", "blockquote", "list"]
NESTED_AT_MOST = 12  # lists within quotes within lists …

_ADDRESS = re.compile(r"https?://[^\s<>\"'`|\\^{}\[\]]{2,1000}", re.IGNORECASE)
_NOT_ITS_END = ".,:;!?…*_~"
_LOOKS_LIKE_ADDRESS = regex.compile(
    r"^\s*(?:https?:/|www\.)|^\s*(?:[\p{L}\p{N}-]++\.)++\p{L}{2,}+(?:[/:?#]\S*+)?\s*$", re.I
)
_ALPHABETS = tuple(map(regex.compile, (r"\p{Latin}", r"\p{Cyrillic}", r"\p{Greek}", r"\p{Armenian}")))


def html_of(text: str) -> str:
    """The HTML of a comment's text, for a page to show as it is.

    A link whose words name another place than it leads to says where it leads; one whose host mixes alphabets to look
    like another is none.
    """
    from feeds.sanitising import sanitise  # noqa: PLC0415  its parsers are for who writes, not for each web process

    return sanitise(_marked(text)) or sanitise(escape(text))  # marks alone, as ">>>", stand as they were typed


def _marked(text: str) -> str:
    markdown = _markdown()
    parsed = markdown.parse(text)
    for block in parsed:
        if block.children:
            block.children = list(_honest(_with_bare_addresses(block.children)))
    return markdown.renderer.render(parsed, markdown.options, {})


@cache
def _markdown() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415  as above

    options = {"html": False, "breaks": True, "maxNesting": NESTED_AT_MOST}
    return MarkdownIt("zero", options).enable(MARKS)


def _with_bare_addresses(tokens: "list[Token]") -> "Iterator[Token]":
    """Make links of addresses that stand in the text, but not of those within a link."""
    inside = 0
    for token in tokens:
        inside += (token.type == "link_open") - (token.type == "link_close")
        if token.type == "text" and not inside and "://" in token.content:
            yield from _linked(token)
        else:
            yield token


def _linked(token: "Token") -> "Iterator[Token]":
    text, end = token.content, 0
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(_NOT_ITS_END)
        if address.endswith(")") and "(" not in address:
            address = address.rstrip(")").rstrip(_NOT_ITS_END)
        yield _text(token, text[end : found.start()])
        yield from _link(token, address, address)
        end = found.start() + len(address)
    yield _text(token, text[end:])


def _honest(tokens: "Iterator[Token]") -> "Iterator[Token]":
    """Let each link say where it leads, where its words would say something else."""
    link: list[Token] = []
    for token in tokens:
        if not link and token.type != "link_open":
            yield token
            continue
        link.append(token)
        if token.type == "link_close":
            yield from _told(link)
            link = []
    yield from link


def _told(link: "list[Token]") -> "Iterator[Token]":
    address = str(link[0].attrs.get("href", ""))
    words = "".join(token.content for token in link)
    if mixes_alphabets(_host(address)):
        yield _text(link[0], words)
    elif _LOOKS_LIKE_ADDRESS.search(words) and _host(words) != _host(address):
        yield from _link(link[0], address, address)
    else:
        yield from link


def mixes_alphabets(host: str) -> bool:
    """Whether a label of a host is written in letters of two alphabets that look alike: paypаl with a Cyrillic а."""
    labels = host.split(".")
    return any(sum(bool(alphabet.search(label)) for alphabet in _ALPHABETS) > 1 for label in labels)


def _host(address: str) -> str:
    """The host of an address as it is typed or as Markdown spells it; "" where there is none."""
    address = address.strip()
    try:
        host = urlsplit(address if "//" in address else f"//{address}").hostname or ""
        return (host.encode("ascii").decode("idna") if host.isascii() else host).removeprefix("www.")
    except ValueError:
        return ""


def _link(like: "Token", address: str, words: str) -> "Iterator[Token]":
    from markdown_it.token import Token  # noqa: PLC0415  as above

    yield Token("link_open", "a", 1, attrs={"href": address}, level=like.level)
    yield _text(like, words)
    yield Token("link_close", "a", -1, level=like.level)


def _text(like: "Token", content: str) -> "Token":
    from markdown_it.token import Token  # noqa: PLC0415  as above

    return Token("text", "", 0, content=content, level=like.level)
