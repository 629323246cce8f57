"""The picture a page leads its article with, and what it says of it. Pure."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from feeds.items import Picture
from feeds.markup.media import picture_sources
from feeds.pages.structured import Node, as_list, first_string
from feeds.sanitising import allowed_url

if TYPE_CHECKING:
    from feeds.pages.metadata import Metas

MAX_CAPTION_LENGTH, MAX_CREDIT_LENGTH, MAX_FIGURES = 1_000, 200, 60

_NO_PHOTOGRAPH = re.compile(
    r"logo|placeholder|default[-_]?(?:image|img|thumb)|blank\.|spacer|favicon|avatar", re.IGNORECASE
)
_CREDIT_CLASS = "contains(concat(@class, ' ', @itemprop), {name})"
_CREDIT_WORDS = ("credit", "copyright", "photographer", "attribution", "source")
_CREDIT = re.compile(
    r"(?:^|[\s(\[|.])((?:photo(?:graph)?s?|image|picture|pic|credit|source|foto|bild|crédit|фото|©|\(c\))"
    r"(?:\s+(?:by|courtesy|credit|von|di|de))?\s*[:/©]?\s*)(\S[^()\[\]|]{1,118}?)[)\]]?\s*$",
    re.IGNORECASE,
)


def lead_picture(tree: HtmlElement, metas: "Metas", article: Node, *, url: str) -> Picture | None:
    """Return the picture told by OpenGraph or JSON-LD, else a figure's; captioned from the figure showing it."""
    figures = list(_figures(tree, url))
    for picture in (*_told(metas, article, url), *(shown for shown in figures if shown.caption)):
        if _NO_PHOTOGRAPH.search(urlsplit(picture.url).path) or picture.url.lower().endswith(".svg"):
            continue
        shown = next((shown for shown in figures if _stem(shown.url) == _stem(picture.url)), None)
        return Picture(
            url=picture.url,
            caption=picture.caption or (shown.caption if shown else ""),
            credit=picture.credit or (shown.credit if shown else ""),
            width=picture.width,
            height=picture.height,
        )
    return None


def _told(metas: "Metas", article: Node, url: str) -> Iterator[Picture]:
    """Yield the pictures told to machines: OpenGraph's first, being the one cut for sharing."""
    if address := allowed_url(
        metas.first("og:image", "og:image:url", "og:image:secure_url", "twitter:image"), base=url
    ):
        width, height = (_size(metas.first(f"og:image:{name}")) for name in ("width", "height"))
        caption, credit = _structured_words(article)
        yield Picture(address, caption, credit, width, height)
    for image in as_list(article.get("image")):
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
        image = figure.find(".//img")
        address = next(filter(None, (allowed_url(source, base=url) for source in picture_sources(image))), "")
        if address:
            yield Picture(address, *_caption(figure))


def _caption(figure: HtmlElement) -> tuple[str, str]:
    caption = next(figure.iter("figcaption"), None)
    if caption is None:
        return "", ""
    text, credit = " ".join(caption.text_content().split()), ""
    for name in _CREDIT_WORDS:
        found = caption.xpath(f".//*[{_CREDIT_CLASS.format(name=repr(name))}]")
        if found and (words := " ".join(found[-1].text_content().split())):
            credit = words
            text = text.replace(credit, "", 1) if credit != text else ""
            break
    return split_credit(text, credit)


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
