"""Feed and page documents for tests, written by hand: a test names only what it is about."""

from datetime import datetime
from email.utils import format_datetime
from html import escape

PARAGRAPH = (
    "The harbour council voted on Tuesday to close the old lock for repairs, after engineers reported cracks in "
    "two of its four gates and the insurers declined to renew their cover for the winter season."
)


def item(
    title: str = "A headline",
    *,
    link: str | None = "https://paper.example/news/1",
    guid: str = "",
    description: str = "What happened.",
    published_at: datetime | None = None,
    extra: str = "",
) -> str:
    """One item of an RSS 2.0 feed."""
    parts = [f"<title>{escape(title)}</title>", f"<description>{escape(description)}</description>", extra]
    if link:
        parts.append(f"<link>{escape(link)}</link>")
    if guid:
        parts.append(f"<guid isPermaLink='false'>{escape(guid)}</guid>")
    if published_at:
        parts.append(f"<pubDate>{format_datetime(published_at)}</pubDate>")
    return f"<item>{''.join(parts)}</item>"


def rss(*items: str, title: str = "The Paper") -> bytes:
    """An RSS 2.0 document with these items."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/">'
        f"<channel><title>{escape(title)}</title><link>https://paper.example/</link>"
        f"<language>en-gb</language>{''.join(items)}</channel></rss>"
    ).encode()


def page(
    title: str = "A headline",
    *paragraphs: str,
    head: str = "",
    author: str = "Ada Quill",
    lang: str = "en",
) -> bytes:
    """An article page with navigation around the text, as publishers have it."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs or [PARAGRAPH, PARAGRAPH[::-1].title(), PARAGRAPH])
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{escape(title)} | The Paper</title>'
        f'<meta property="og:title" content="{escape(title)}"><meta name="author" content="{escape(author)}">{head}'
        f"</head><body><nav><a href='/'>Home</a> <a href='/sport'>Sport</a></nav>"
        f"<article><h1>{escape(title)}</h1><p class='byline'>By {escape(author)}</p>{text}</article>"
        f"<footer>Copyright The Paper. All rights reserved.</footer></body></html>"
    ).encode()
