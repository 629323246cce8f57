"""The only HTML sanitiser: what comes out may be put on a page of ours as it is. Nothing may rewrite it afterwards."""

import re
from functools import partial
from urllib.parse import quote, urljoin, urlsplit

import nh3
from lxml import etree

from feeds.markup.tree import OUTPUT, parse_fragment, rewrite

SANITISER_VERSION = 2  # raise it when the output changes: `./zis manage resanitise` then renews what is stored
MAX_CHARACTERS = 1_000_000
MAX_URL_LENGTH = 2_000

# A tag with all its attributes, as the parser reads it, which minds no other bracket; and what it says in quotes.
_TAG = re.compile(r"""<[a-zA-Z](?:=\s*+(?:"[^"]*"|'[^']*')|[^>])*+""")
_QUOTED = re.compile(r"""=\s*+(?:"[^"]*"|'[^']*')""")
LONGEST_TAG = (
    8_000  # characters, its attributes' values left out; of many attributes libxml2's time grows as the square
)

_SEPARATED = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]+")
_HOST = re.compile(r"[^\x00-\x20\x7f-\xa0!-,/:-@\[-^`{-~\u2028\u2029]+|\[[0-9a-fA-F:.]+\]")
_MAILTO = re.compile(r"mailto:([\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+)(?:\?.*)?", re.ASCII | re.IGNORECASE | re.DOTALL)


def sanitise(fragment: str, *, base: str = "") -> str:
    """Return an HTML fragment as article markup that can neither run, load, nor imitate anything.

    base: the address relative URLs belong to; without it they are dropped.
    Kept are headings (from <h2> on, no level skipped), paragraphs, lists, tables, quotes, code, figures and links to
    http(s) and mailto. A table stands in a box of its own, to be scrolled. A picture becomes a link with its caption
    or description, a video or frame one that names who provides it; pictures without words and trackers vanish. Loose
    text becomes paragraphs, and what is beyond MAX_CHARACTERS is cut.
    Sanitising twice changes nothing. A writer of our own orders the markup; nh3, on an HTML5 parser, has the last word.
    """
    fragment = fragment[:MAX_CHARACTERS]
    if len(fragment) > LONGEST_TAG:
        fragment = _TAG.sub(_unless_endless, fragment)
    tree = parse_fragment(fragment)
    return "" if tree is None else sanitise_tree(tree, base=base)


def _unless_endless(tag: re.Match[str]) -> str:
    """A tag; in place of one with attributes by the thousand a harmless one."""
    if len(tag[0]) <= LONGEST_TAG or len(_QUOTED.sub("", tag[0])) <= LONGEST_TAG:
        return tag[0]
    return "<b"


def sanitise_tree(tree: etree._Element, *, base: str = "") -> str:
    """The same for HTML that is parsed already; the tree stays as it is."""
    return _cleaner.clean(rewrite(tree, partial(allowed_url, base=base))[: 2 * MAX_CHARACTERS])


def allowed_url(url: str, *, base: str = "") -> str:
    """Return a link's address absolute, escaped and in lower-case host, or "" when it is not one we link to.

    Allowed are http and https without user name, and mailto without headers. A fragment of the same page leads
    nowhere, since ids are removed.
    """
    url = _SEPARATED.sub("", url) if ":" in url[:40] else url.strip()
    if not url or url.startswith("#") or "\\" in url or len(url) > MAX_URL_LENGTH:
        return ""
    if mail := _MAILTO.fullmatch(url):
        return f"mailto:{mail[1]}"
    try:
        parts = urlsplit(urljoin(base or "https:", url))
        port = parts.port
    except ValueError:
        return ""
    host = parts.netloc.rpartition(":")[0] if port is not None else parts.netloc.removesuffix(":")
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return ""
    place = host.lower() if port is None else f"{host.lower()}:{port}"
    query = f"?{_escaped(parts.query)}" if parts.query else ""
    fragment = f"#{_escaped(parts.fragment)}" if parts.fragment else ""
    address = f"{parts.scheme}://{place}{_escaped(parts.path) or '/'}{query}{fragment}"
    return address if len(address) <= MAX_URL_LENGTH else ""


def _escaped(part: str) -> str:
    return quote(part, safe="/%:@!$&'()*+,;=?~-._", errors="replace")


def _filter(tag: str, name: str, value: str) -> str | None:
    """nh3 checks schemes before it asks us, so what we return must itself be safe (security.md, Output)."""
    if name == "href":
        return allowed_url(value) or None
    if name == "rel":  # no other than the one nh3 has set
        return value
    if tag == "div":  # the box of a table, which our writer alone makes
        return value if name == "aria-label" or value in _BOX_VALUES else None
    return value if re.fullmatch("[1-9][0-9]{0,2}", value) else None


_BOX_VALUES = {"group", "region", "0"}
_cleaner = nh3.Cleaner(
    tags={*OUTPUT, "div"},
    clean_content_tags={"script", "style", "template", "noscript", "iframe", "textarea", "title", "xmp"},
    attributes={
        "a": {"href"},
        "div": {"role", "tabindex", "aria-label"},
        "ol": {"start"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
    },
    attribute_filter=_filter,
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener noreferrer nofollow ugc",
    strip_comments=True,
)
