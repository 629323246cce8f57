"""The picture an item announces: Media RSS, enclosures, iTunes, Atom links; with its caption and credit. Pure."""

from collections.abc import Iterable, Iterator

from lxml import etree

from feeds.formats.elements import Children, text_of
from feeds.formats.plaintext import absolute, is_ornament, pixels, plain_text
from feeds.items import Picture

USUAL_WIDTH = 600  # pixels
_PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif")


def picture_of(children: Children, base: str) -> Picture | None:
    """The widest picture of the first kind that has one: media:content, media:thumbnail, enclosure, itunes:image, …

    Caption and credit stand in the picture's own element, in its group, or beside it in the item.
    """
    groups = [Children(group) for group in children.all("media:group")]
    for kind in (
        _media(children, groups, base),
        _thumbnails(children, groups, base),
        _enclosures(children, base),
        _simple(children, base),
    ):
        news = [picture for picture in kind if not is_ornament(picture.url)]
        if news:
            return widest(news)
    return None


def widest(pictures: Iterable[Picture]) -> Picture:
    """The widest of some pictures; one that does not tell its width beats a thumbnail, not a large one."""
    return max(pictures, key=lambda picture: picture.width or USUAL_WIDTH)


def _media(item: Children, groups: list[Children], base: str) -> Iterator[Picture]:
    for holder in (item, *groups):
        for element in holder.all("media:content"):
            url = absolute(element.get("url", ""), base)
            if url and _is_picture(element, url):
                inside = Children(element)
                yield _picture(element, url, (inside, holder, item))
            elif len(element):
                yield from _thumbnails(Children(element), [], base)


def _thumbnails(item: Children, groups: list[Children], base: str) -> Iterator[Picture]:
    for holder in (item, *groups):
        for element in holder.all("media:thumbnail"):
            url = absolute(element.get("url") or text_of(element), base)
            if url:
                # A group around a video describes the video, not its preview: only what is beside the preview counts.
                yield _picture(element, url, (Children(element), *([item] if holder is item else [])))


def _enclosures(item: Children, base: str) -> Iterator[Picture]:
    for element in item.all("enclosure", "link", "atom:link"):
        if element.get("rel", "enclosure") != "enclosure":
            continue
        url = absolute(element.get("url") or element.get("href") or "", base)
        if url and _is_picture(element, url):
            yield _picture(element, url, ())


def _simple(item: Children, base: str) -> Iterator[Picture]:
    for element in item.all("itunes:image", "image", "other:image", "thumb", "thumbnail"):
        address = element.get("href") or element.get("url") or Children(element).text("url") or text_of(element)
        url = absolute(address, base)
        if url:
            yield Picture(url)


def _is_picture(element: etree._Element, url: str) -> bool:
    """As declared by medium or type; where neither is, as the address ends."""
    medium, kind = element.get("medium", "").lower(), element.get("type", "").lower()
    if medium or "/" in kind:
        return medium == "image" or kind.startswith("image/")
    return kind == "image" or url.partition("?")[0].lower().endswith(_PICTURE_ENDINGS)


def _picture(element: etree._Element, url: str, places: tuple[Children, ...]) -> Picture:
    return Picture(
        url,
        caption=_said(places, "media:description", "media:text"),
        credit=_said(places, "media:credit"),
        width=pixels(element.get("width")),
        height=pixels(element.get("height")),
    )


def _said(places: tuple[Children, ...], *keys: str) -> str:
    return next((text for place in places if (text := plain_text(place.text(*keys)))), "")
