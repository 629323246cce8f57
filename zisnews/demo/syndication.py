"""A publisher's newest items as its feed: RSS 2.0, RSS 0.91, RDF, Atom or JSON Feed, in its own encoding. Pure."""

import json
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from html import escape

from zisnews.demo.prose import body_html
from zisnews.demo.publishers import Publisher
from zisnews.demo.world import Item

CONTENT_TYPES = {
    "rss2.0": "application/rss+xml",
    "rss0.91": "text/xml",
    "rdf": "application/rdf+xml",
    "atom": "application/atom+xml",
    "jsonfeed": "application/feed+json",
}
LANGUAGE_OF_RSS = {"zh": "zh-CN", "en": "en"}


def content_type_of(publisher: Publisher) -> str:
    return f"{CONTENT_TYPES[publisher.format]}; charset={publisher.encoding}"


def feed_bytes(publisher: Publisher, items: list[Item], now: datetime) -> bytes:
    """Write the feed that lists these items, newest first, as it reads at a moment."""
    text = WRITERS[publisher.format](publisher, items, now)
    if publisher.format == "jsonfeed":
        return text.encode()
    declaration = f'<?xml version="1.0" encoding="{publisher.encoding}"?>\n'
    return (declaration + text).encode(publisher.encoding, "xmlcharrefreplace")


def element(name: str, text: str, attributes: str = "") -> str:
    return f"<{name}{attributes}>{escape(text, quote=False)}</{name}>\n" if text else ""


def local(publisher: Publisher, moment: datetime) -> datetime:
    return moment.astimezone(publisher.zone)


def figure_html(item: Item) -> str:
    if not item.picture:
        return ""
    telling = item.telling
    caption = " ".join(part for part in (telling.caption, f"({telling.credit})" if telling.credit else "") if part)
    legend = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return f'<figure><img src="{item.picture_url}" alt="{escape(telling.caption)}">{legend}</figure>\n'


def full_html(item: Item) -> str:
    return figure_html(item) + body_html(item.telling.body)


def rss2(publisher: Publisher, items: list[Item], now: datetime) -> str:
    newest = max((item.updated_at(now) for item in items), default=now)
    return (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" '
        'xmlns:atom="http://www.w3.org/2005/Atom">\n<channel>\n'
        + element("title", publisher.name)
        + element("link", publisher.site_url + "/")
        + element("description", f"{publisher.name}, {publisher.place}")
        + element("language", LANGUAGE_OF_RSS.get(publisher.language, publisher.language))
        + f'<atom:link href="{publisher.feed_url}" rel="self" type="application/rss+xml"/>\n'
        + element("lastBuildDate", format_datetime(local(publisher, newest)))
        + "<ttl>5</ttl>\n"
        + "".join(rss2_item(publisher, item, now) for item in items)
        + "</channel>\n</rss>\n"
    )


def rss2_item(publisher: Publisher, item: Item, now: datetime) -> str:
    telling = item.telling
    picture = ""
    if item.picture:
        picture = (
            f'<media:content url="{item.picture_url}" medium="image" type="image/jpeg" width="1280" height="800">'
            + element("media:description", telling.caption)
            + element("media:credit", telling.credit)
            + "</media:content>\n"
        )
    content = element("content:encoded", full_html(item)) if publisher.has_full_text else ""
    return (
        "<item>\n"
        + element("title", item.headline(now))
        + element("link", item.url)
        + element("guid", f"{publisher.slug}-{item.number}", ' isPermaLink="false"')
        + element("pubDate", format_datetime(local(publisher, item.published_at)))
        + element("dc:creator", telling.author)
        + element("category", item.category.capitalize())
        + "".join(element("category", tag) for tag in telling.tags)
        + element("description", telling.summary)
        + content
        + picture
        + "</item>\n"
    )


def rss091(publisher: Publisher, items: list[Item], now: datetime) -> str:
    """RSS 0.91 knows no identity and no date; like many of its publishers these add pubDate all the same."""
    listed = "".join(
        "<item>\n"
        + element("title", item.headline(now))
        + element("link", item.url)
        + element("description", item.telling.summary)
        + element("pubDate", format_datetime(local(publisher, item.published_at)))
        + "</item>\n"
        for item in items
    )
    return (
        '<rss version="0.91">\n<channel>\n'
        + element("title", publisher.name)
        + element("link", publisher.site_url + "/")
        + element("description", publisher.name)
        + element("language", publisher.language)
        + listed
        + "</channel>\n</rss>\n"
    )


def rdf(publisher: Publisher, items: list[Item], now: datetime) -> str:
    order = "".join(f'<rdf:li rdf:resource="{item.url}"/>\n' for item in items)
    listed = "".join(
        f'<item rdf:about="{item.url}">\n'
        + element("title", item.headline(now))
        + element("link", item.url)
        + element("description", item.telling.summary)
        + element("dc:creator", item.telling.author)
        + element("dc:subject", item.category.capitalize())
        + element("dc:date", local(publisher, item.published_at).isoformat())
        + "</item>\n"
        for item in items
    )
    return (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/">\n<channel rdf:about="{publisher.feed_url}">\n'
        + element("title", publisher.name)
        + element("link", publisher.site_url + "/")
        + element("description", f"{publisher.name}, {publisher.place}")
        + element("dc:language", publisher.language)
        + f"<items><rdf:Seq>\n{order}</rdf:Seq></items>\n</channel>\n{listed}</rdf:RDF>\n"
    )


def atom(publisher: Publisher, items: list[Item], now: datetime) -> str:
    newest = max((item.updated_at(now) for item in items), default=now)
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{publisher.language}">\n'
        + element("title", publisher.name)
        + element("id", publisher.feed_url)
        + f'<link rel="self" href="{publisher.feed_url}"/>\n<link rel="alternate" href="{publisher.site_url}/"/>\n'
        + element("updated", newest.isoformat())
        + "".join(atom_entry(publisher, item, now) for item in items)
        + "</feed>\n"
    )


def atom_entry(publisher: Publisher, item: Item, now: datetime) -> str:
    telling = item.telling
    picture = f'<link rel="enclosure" type="image/jpeg" href="{item.picture_url}"/>\n' if item.picture else ""
    author = f"<author>{element('name', telling.author)}</author>\n" if telling.author else ""
    content = element("content", full_html(item), ' type="html"') if publisher.has_full_text else ""
    return (
        "<entry>\n"
        + element("title", item.headline(now))
        + f'<link rel="alternate" type="text/html" href="{item.url}"/>\n'
        + element("id", f"tag:{publisher.host},2026:{item.number}")
        + element("published", local(publisher, item.published_at).isoformat())
        + element("updated", local(publisher, item.updated_at(now)).isoformat())
        + author
        + "".join(f'<category term="{escape(term)}"/>\n' for term in (item.category, *telling.tags))
        + element("summary", telling.summary)
        + content
        + picture
        + "</entry>\n"
    )


def json_feed(publisher: Publisher, items: list[Item], now: datetime) -> str:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": publisher.name,
        "home_page_url": publisher.site_url + "/",
        "feed_url": publisher.feed_url,
        "language": publisher.language,
        "icon": publisher.site_url + "/icon.png",
        "items": [json_item(publisher, item, now) for item in items],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def json_item(publisher: Publisher, item: Item, now: datetime) -> dict[str, object]:
    telling = item.telling
    content = {"content_html": full_html(item)} if publisher.has_full_text else {"content_text": telling.summary}
    return {
        "id": str(item.number),
        "url": item.url,
        "title": item.headline(now),
        "summary": telling.summary,
        **content,
        "date_published": local(publisher, item.published_at).isoformat(),
        "date_modified": local(publisher, item.updated_at(now)).isoformat(),
        "tags": [item.category, *telling.tags],
        **({"authors": [{"name": telling.author}]} if telling.author else {}),
        **({"image": item.picture_url} if item.picture else {}),
    }


WRITERS: dict[str, Callable[[Publisher, list[Item], datetime], str]] = {
    "rss2.0": rss2,
    "rss0.91": rss091,
    "rdf": rdf,
    "atom": atom,
    "jsonfeed": json_feed,
}
