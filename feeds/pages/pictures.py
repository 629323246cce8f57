"""The picture a page leads its article with, and what it says of it. Pure."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from feeds.candidates import LARGE, in_order, size_of, usefulness
from feeds.items import Picture
from feeds.markup.media import picture_sources
from feeds.pages.structured import Node, as_list, first_string
from feeds.sanitising import allowed_url

if TYPE_CHECKING:
    from feeds.pages.metadata import Metas

MAX_CAPTION_LENGTH, MAX_CREDIT_LENGTH, MAX_FIGURES = 1_000, 200, 60
MAX_TOLD, MAX_SRCSET = 10, 20_000

_CREDIT_LABEL = re.compile(r"(?:photo|image|picture|credit|source|copyright|©)s?\W*", re.IGNORECASE)
_WIDTH_OFFERED = re.compile(r"(?:^|[\s,])([^\s,]\S{0,1999})\s+(\d{2,5})w\s*(?=,|$)")
_TEXT_PICTURES = (
    "(//article | //main | //*[@itemprop='articleBody'])//img[not(ancestor::aside or ancestor::nav or ancestor::footer"
    " or ancestor::a[not(contains(@href, '.jp') or contains(@href, '.png') or contains(@href, '.webp'))])]"
)
_CREDIT_CLASS = "contains(concat(@class, ' ', @itemprop), {name})"
_CREDIT_WORDS = ("credit", "copyright", "photographer", "attribution", "source")
_CREDIT = re.compile(
    r"(?:^|[\s(\[|.])((?:photo(?:graph)?s?|image|picture|pic|credit|source|foto|bild|crédit|фото|©|\(c\))"
    r"(?:\s+(?:by|courtesy|credit|von|di|de))?\s*[:/©]?\s*)(\S[^()\[\]|]{1,118}?)[)\]]?\s*$",
    re.IGNORECASE,
)


def lead_pictures(tree: HtmlElement, metas: "Metas", article: Node, *, url: str) -> list[Picture]:
    """Return the pictures that may lead the article, the best first: told by OpenGraph or JSON-LD, else in its text.

    What is told without words has those of the figure that shows it.
    """
    figures = list(_figures(tree, url))
    told = [_with_words(picture, figures) for picture in _told(metas, article, url)]
    return in_order([*told, *(shown for shown in figures if shown.caption), *_in_text(tree, url)])


def _with_words(picture: Picture, figures: list[Picture]) -> Picture:
    shown = next((shown for shown in figures if _stem(shown.url) == _stem(picture.url)), None)
    if shown is None:
        return picture
    return replace(picture, caption=picture.caption or shown.caption, credit=picture.credit or shown.credit)


def _told(metas: "Metas", article: Node, url: str) -> Iterator[Picture]:
    """Yield the pictures told to machines: OpenGraph's first, being the one cut for sharing."""
    width, height = (_size(metas.first(f"og:image:{name}")) for name in ("width", "height"))
    words = _structured_words(article)
    shared = metas.all("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src")
    for number, told in enumerate(islice(shared, MAX_TOLD)):
        if address := allowed_url(told, base=url):
            yield Picture(address, *words, width, height) if number == 0 else Picture(address)
    for image in as_list(article.get("image"))[:MAX_TOLD]:
        node: Node = image if isinstance(image, dict) else {"url": image}
        address = allowed_url(first_string(node.get("url")) or first_string(node.get("contentUrl")), base=url)
        if address:
            yield Picture(address, *_words(node), _size(node.get("width")), _size(node.get("height")))


def _structured_words(article: Node) -> tuple[str, str]:
    images = [image for image in as_list(article.get("image")) if isinstance(image, dict)]
    return _words(images[0]) if len(images) == 1 else ("", "")


def _words(node: Node) -> tuple[str, str]:
    caption = first_string(node.get("caption")) or first_string(node.get("description"))
    credit = first_string(node.get("creditText")) or first_string(node.get("creator"))
    return split_credit(caption, credit or first_string(node.get("copyrightHolder")))


def _figures(tree: HtmlElement, url: str) -> Iterator[Picture]:
    """Yield the pictures of the page's figures, with their captions."""
    for figure in tree.xpath("//figure[.//img]")[:MAX_FIGURES]:
        if picture := _shown(figure.find(".//img"), url):
            caption, credit = _caption(figure)
            yield replace(picture, caption=caption, credit=credit)


def _in_text(tree: HtmlElement, url: str) -> Iterator[Picture]:
    """Yield the large pictures of the article's own text; what leads to another page is its teaser, no part of it."""
    for image in tree.xpath(_TEXT_PICTURES)[:MAX_FIGURES]:
        picture = _shown(image, url)
        if picture and (size_of(picture)[0] or 0) >= LARGE:
            yield picture


def _shown(image: HtmlElement, url: str) -> Picture | None:
    """The largest version an <img>, or the <picture> around it, offers, with its size where that is told."""
    around = next(image.iterancestors("picture"), None)
    holders = [image, *(islice(around.iter("source"), MAX_TOLD) if around is not None else ())]
    offered = [Picture(address, width=width) for holder in holders for address, width in _offered(holder, url)]
    source = next(filter(None, (allowed_url(source, base=url) for source in picture_sources(image))), "")
    if source:
        width, height = (_size(image.get(name)) for name in ("width", "height"))
        offered.insert(0, Picture(source, width=width, height=height))
    return max(offered, key=usefulness, default=None)


def _offered(element: HtmlElement, url: str) -> Iterator[tuple[str, int]]:
    """Yield the addresses of a srcset that tells widths. An address may itself hold commas, so blanks part them."""
    for name in ("data-srcset", "srcset"):
        for found in islice(_WIDTH_OFFERED.finditer(element.get(name, "")[:MAX_SRCSET]), MAX_TOLD):
            if address := allowed_url(found[1], base=url):
                yield address, int(found[2])


def _caption(figure: HtmlElement) -> tuple[str, str]:
    caption = next(figure.iter("figcaption"), None)
    if caption is None:
        return "", ""
    text, credit = _words_in(caption), ""
    for name in _CREDIT_WORDS:
        found = caption.xpath(f".//*[{_CREDIT_CLASS.format(name=repr(name))}]")
        if found and (words := _words_in(found[-1])) and not _CREDIT_LABEL.fullmatch(words):
            credit = words
            text = text.replace(credit, "", 1) if credit != text else ""
            break
    return split_credit(text, credit)


def _words_in(element: HtmlElement) -> str:
    """The words an element shows: late styles and scripts write rules and code into captions."""
    return " ".join("".join(element.xpath(".//text()[not(ancestor::style or ancestor::script)]")).split())


def split_credit(caption: str, credit: str = "") -> tuple[str, str]:
    """Take "Photo: A. Person/Agency" off the end of a caption, where no credit is given apart."""
    caption = " ".join(caption.split())
    if not credit and (found := _CREDIT.search(caption[-200:])):
        credit = found[2]
        caption = caption[: len(caption) - len(found[0])] + (found[0][0] if found[0][0] == "." else "")
    credit = re.sub(
        r"^(?:(?:photo(?:graph)?|image|picture|credit|source|©)\s*(?:by\b|:|\s)\s*)+", "", credit, flags=re.IGNORECASE
    )
    return caption.strip(" |-–—")[:MAX_CAPTION_LENGTH], credit.strip(" |()[]")[:MAX_CREDIT_LENGTH]


def _stem(url: str) -> str:
    """A picture's file name without ending and size, by which its versions are recognised."""
    name = unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2]).lower()
    return re.sub(r"(?:[-_]\d{2,4}x\d{2,4})?(?:\.\w{3,4})?$", "", name) or url


def _size(value: object) -> int | None:
    found = re.match(r"\s*(\d{1,5})(?:px)?\b", str(value or ""))
    return int(found[1]) if found else None
