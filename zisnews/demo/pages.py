"""A publisher's web pages: an article between navigation, advertising, comments and cookies; the home page. Pure."""

import json
import tomllib
from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from zisnews.demo.chance import dice
from zisnews.demo.prose import body_html
from zisnews.demo.publishers import Publisher
from zisnews.demo.syndication import CONTENT_TYPES
from zisnews.demo.world import Item

HERE = Path(__file__).parent
DATE_FORMATS = {
    "en": "%d %B %Y, %H:%M",
    "de": "%d.%m.%Y %H:%M",
    "ru": "%d.%m.%Y %H:%M",
    "hy": "%d.%m.%Y %H:%M",
    "fr": "%d/%m/%Y %H:%M",
    "es": "%d/%m/%Y %H:%M",
    "ar": "%d/%m/%Y %H:%M",
    "ja": "%Y年%m月%d日 %H:%M",
    "zh": "%Y年%m月%d日 %H:%M",
}


@cache
def layout(name: str) -> Template:
    return Template((HERE / "layouts" / f"{name}.html").read_text(encoding="utf-8"))


@cache
def phrases() -> dict[str, dict[str, Any]]:
    """What a site says around its articles, by language."""
    return tomllib.loads((HERE / "phrases.toml").read_text(encoding="utf-8"))


def encoded(publisher: Publisher, text: str) -> bytes:
    return text.encode(publisher.encoding, "xmlcharrefreplace")


def article_page(item: Item, others: list[Item], now: datetime) -> bytes:
    """Write an article's page as it reads at a moment. others: the publisher's other items, for "more from us"."""
    publisher, telling = item.publisher, item.telling
    say = phrases()[publisher.language]
    chance = dice(publisher.slug, item.number)
    first, _, rest = telling.body.strip().partition("\n\n")
    related, popular = others[:4], others[4:9]
    offers = chance.sample(say["offers"], 2)
    voices = chance.sample(say["reader_comments"], min(3, len(say["reader_comments"])))
    fields = {
        "language": publisher.language,
        "direction": "rtl" if publisher.language == "ar" else "ltr",
        "encoding": publisher.encoding,
        "site": escape(publisher.name),
        "colour": publisher.colour,
        "headline": escape(item.headline(now)),
        "summary": escape(telling.summary),
        "metadata": metadata(item, now),
        "byline": escape(f"{say['by']} {telling.author}") if telling.author else "",
        "dateline": dateline(item, now, say),
        "figure": figure(item, say),
        "first": body_html(first),
        "rest": body_html(rest),
        "tags": " ".join(f'<a rel="tag" href="/tag/{n}">{escape(tag)}</a>' for n, tag in enumerate(telling.tags)),
        "navigation": " ".join(navigation(say)),
        "navigation_list": "".join(f"<li>{link}</li>" for link in navigation(say)),
        "related": "".join(f"<li>{link(other, now)}</li>" for other in related),
        "related_cards": "".join(f'<div class="card">{link(other, now)}</div>' for other in related),
        "related_lines": "<br>".join(link(other, now) for other in related),
        "popular": "".join(f"<li>{link(other, now)}</li>" for other in popular),
        "popular_lines": "<br>".join(link(other, now) for other in popular),
        "comments": "".join(f'<div class="comment"><p>{escape(voice)}</p></div>' for voice in voices),
        "offer": escape(offers[0]),
        "second_offer": escape(offers[1]),
        "year": str(now.year),
        "related_title": escape(say["related"]),
        "popular_title": escape(say["popular"]),
        "comments_title": escape(say["comments"]),
        **{
            name: escape(say[name])
            for name in ("advertisement", "newsletter", "subscribe", "cookies", "accept", "about", "rights")
        },
    }
    return encoded(publisher, layout(publisher.layout).substitute(fields))


def navigation(say: dict[str, Any]) -> list[str]:
    return [f'<a href="/section/{n}">{escape(name)}</a>' for n, name in enumerate(say["sections"])]


def link(item: Item, now: datetime) -> str:
    return f'<a href="{item.path}">{escape(item.headline(now))}</a>'


def dateline(item: Item, now: datetime, say: dict[str, Any]) -> str:
    """The visible date; machine-readable except where the publisher has only bare HTML."""

    def moment(at: datetime) -> str:
        here = at.astimezone(item.publisher.zone)
        text = here.strftime(DATE_FORMATS[item.publisher.language])
        if item.publisher.metadata == "bare":
            return text
        return f'<time datetime="{here.isoformat()}">{text}</time>'

    published = f"{escape(say['published'])} {moment(item.published_at)}"
    if item.is_retitled(now):
        return f"{published} · {escape(say['updated'])} {moment(item.updated_at(now))}"
    return published


def figure(item: Item, say: dict[str, Any]) -> str:
    if not item.picture:
        return ""
    telling = item.telling
    credit = f"{say['photo']}: {telling.credit}" if telling.credit else ""
    legend = " ".join(
        f'<span class="{kind}">{escape(text)}</span>'
        for kind, text in (("caption", telling.caption), ("credit", credit))
        if text
    )
    image = f'<img src="/media/{item.picture}.jpg" alt="{escape(telling.caption)}" width="1280" height="800">'
    return f"<figure>{image}<figcaption>{legend}</figcaption></figure>" if legend else f"<figure>{image}</figure>"


def metadata(item: Item, now: datetime) -> str:
    """What the page says about itself to machines: JSON-LD, OpenGraph, or next to nothing."""
    publisher = item.publisher
    lines = [f'{icon_link(publisher)}<link rel="canonical" href="{item.url}">']
    if publisher.metadata == "json-ld":
        lines.append(f'<script type="application/ld+json">{json_ld(item, now)}</script>')
        if item.picture:
            lines.append(f'<meta property="og:image" content="{item.picture_url}">')
    if publisher.metadata == "opengraph":
        lines += [f'<meta property="{name}" content="{escape(text)}">' for name, text in opengraph(item, now)]
        lines.append(f'<meta name="author" content="{escape(item.telling.author)}">')
    if publisher.metadata != "bare":
        lines.append(f'<meta name="description" content="{escape(item.telling.summary)}">')
    return "\n".join(lines)


def icon_link(publisher: Publisher) -> str:
    return '<link rel="icon" type="image/png" href="/icon.png">\n' if publisher.has_icon else ""


def json_ld(item: Item, now: datetime) -> str:
    publisher, telling = item.publisher, item.telling
    facts: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": item.headline(now),
        "description": telling.summary,
        "datePublished": item.published_at.astimezone(publisher.zone).isoformat(),
        "dateModified": item.updated_at(now).astimezone(publisher.zone).isoformat(),
        "inLanguage": publisher.language,
        "mainEntityOfPage": item.url,
        "articleSection": item.category,
        "keywords": telling.tags,
        "publisher": {"@type": "NewsMediaOrganization", "name": publisher.name, "url": publisher.site_url},
    }
    if telling.author:
        facts["author"] = [{"@type": "Person", "name": telling.author}]
    if item.picture:
        facts["image"] = {
            "@type": "ImageObject",
            "url": item.picture_url,
            "width": 1280,
            "height": 800,
            "caption": telling.caption,
            "creditText": telling.credit,
        }
    return json.dumps(facts, ensure_ascii=publisher.encoding != "utf-8").replace("</", "<\\/")


def opengraph(item: Item, now: datetime) -> list[tuple[str, str]]:
    publisher, telling = item.publisher, item.telling
    properties = [
        ("og:type", "article"),
        ("og:site_name", publisher.name),
        ("og:title", item.headline(now)),
        ("og:description", telling.summary),
        ("og:url", item.url),
        ("og:locale", publisher.language),
        ("article:published_time", item.published_at.astimezone(publisher.zone).isoformat()),
        ("article:modified_time", item.updated_at(now).astimezone(publisher.zone).isoformat()),
        ("article:section", item.category.capitalize()),
        *(("article:tag", tag) for tag in telling.tags),
    ]
    if item.picture:
        properties += [
            ("og:image", item.picture_url),
            ("og:image:width", "1280"),
            ("og:image:height", "800"),
            ("og:image:alt", telling.caption),
        ]
    return properties


def home_page(publisher: Publisher, items: list[Item], now: datetime) -> bytes:
    """Write a publisher's front page, which says where its feed is."""
    say = phrases()[publisher.language]
    stories = "\n".join(
        f"<section><h2>{link(item, now)}</h2><p>{escape(item.telling.summary)}</p></section>" for item in items
    )
    text = (
        f'<!DOCTYPE html>\n<html lang="{publisher.language}">\n<head>\n<meta charset="{publisher.encoding}">\n'
        f"<title>{escape(publisher.name)}</title>\n"
        f'<link rel="alternate" type="{CONTENT_TYPES[publisher.format]}" title="{escape(publisher.name)}" '
        f'href="{publisher.feed_path}">\n{icon_link(publisher)}</head>\n<body>\n'
        f"<header><h1>{escape(publisher.name)}</h1><nav>{' '.join(navigation(say))}</nav></header>\n"
        f"<main>\n{stories}\n</main>\n<footer>{escape(say['about'])}</footer>\n</body>\n</html>\n"
    )
    return encoded(publisher, text)
