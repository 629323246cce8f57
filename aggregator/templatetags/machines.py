"""What a page says of itself to other programs: its address, its feed, how it may be indexed, what it is about."""

import json
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.core.files.storage import default_storage
from django.http import HttpRequest
from django.template.context import Context
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, to_locale

from aggregator.models import Article
from aggregator.templatetags.cards import shortened
from aggregator.templatetags.outward import outward
from aggregator.templatetags.places import category_name
from aggregator.templatetags.reading import stored_widths, summary
from feeds.models import Display
from zisnews.site_address import absolute

register = template.Library()

_of_articles: dict[tuple, SafeString] = {}  # under all that they are made of
_of_pages: dict[tuple, SafeString] = {}  # of others, under their address, as it was asked for, and language

# The feed of the list that a page shows, by the names of their addresses; both take the same arguments.
FEEDS = {name: f"feed_{name}" for name in ("front", "latest", "category", "country", "source")}
# Lists whose query says what they hold: so does that of their feed.
ASKED_FEEDS = {"stories": "feed_stories", "search": "feed_search"}
NOT_FOR_INDEXES = {"search"}
DESCRIPTION = 200  # characters
MOST_KEPT = 512  # heads of articles, of 2 to 4 kB
# A script that only holds data is never run, and none of these characters could end it.
_ESCAPED = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


@register.simple_tag(takes_context=True)
def machine_head(context: Context) -> SafeString:
    """The links and marks in the head of a page. An error page has no address of its own and says nothing."""
    request: HttpRequest | None = context.get("request")
    match = getattr(request, "resolver_match", None)
    if request is None or match is None:
        return mark_safe("")
    article = context.get("article") if match.url_name == "article" else None
    if article is None:
        asked = absolute(request, "/"), request.get_full_path(), get_language(), get_script_prefix()
        kept = _of_pages.get(asked)
        if kept is None:
            if len(_of_pages) >= MOST_KEPT:
                _of_pages.clear()
            kept = _of_pages[asked] = rendered_once(*said_of(request, match.url_name, None).items())
        return kept
    address = canonical_of(request)
    says = article.says
    key = article.pk, says, address, get_language(), get_script_prefix(), "hidden" in request.GET
    kept = _of_articles.get(key)
    if kept is None:
        if len(_of_articles) >= MOST_KEPT:
            _of_articles.clear()
        kept = _of_articles[key] = rendered(said_of(request, match.url_name, article))
    return kept


def said_of(request: HttpRequest, route: str | None, article: Article | None) -> dict[str, Any]:
    """What the head says of a page: of an article, of nothing but that, its address and the language."""
    return {
        "canonical": (is_reprint(article) and article and outward(article.url)) or canonical_of(request),
        "feed": feed_of(request),
        "is_indexed": route not in NOT_FOR_INDEXES and "hidden" not in request.GET and not is_reprint(article),
        "address": canonical_of(request),
        "locale": to_locale(get_language() or "en"),
        "article": article,
        "picture": picture_of(request, article),
        "description": summary(article) if article else "",
        "structured": structured(request, article),
    }


@register.simple_tag
def in_short(article: Article) -> str:
    """What an article says in a line or two, for those who only list its page."""
    return shortened(summary(article), DESCRIPTION)


@lru_cache(maxsize=512)
def rendered_once(*said: tuple[str, Any]) -> SafeString:
    """Of a list: rendering it took longer than to put together what is said, and many ask for the same."""
    return rendered(dict(said))


def rendered(said: dict[str, Any]) -> SafeString:
    return get_template("aggregator/_machine_head.html").template.render(Context(said))  # type: ignore[attr-defined]


def canonical_of(request: HttpRequest) -> str:
    """The address of this page: with its place in a list, without what only says how to show it, as ?hidden= does."""
    place = {name: request.GET[name] for name in ("tab", "side", "category", "after") if request.GET.get(name)}
    return absolute(request, request.path) + (f"?{urlencode(place)}" if place else "")


def feed_of(request: HttpRequest) -> str:
    """The path of the feed that lists what this page lists; "" where there is none."""
    match = request.resolver_match
    if match is None or match.url_name is None:
        return ""
    if match.url_name == "story":
        return reverse("feed_story", args=[match.kwargs["pk"]])
    if match.url_name in ASKED_FEEDS:
        asked = urlencode(
            {name: value for name, value in request.GET.items() if name not in {"after", "hidden", "sort"}}
        )
        return reverse(ASKED_FEEDS[match.url_name]) + (f"?{asked}" if asked else "")
    if match.url_name not in FEEDS:
        return ""
    return address_of_feed(FEEDS[match.url_name], tuple(match.kwargs.items()), get_script_prefix())


@lru_cache(maxsize=4096)
def address_of_feed(name: str, given: tuple[tuple[str, Any], ...], prefix: str) -> str:
    """prefix: what stands before all addresses, which `reverse` knows; it only tells one from another"""
    return reverse(name, kwargs=dict(given))


def is_reprint(article: Article | None) -> bool:
    """Whether a page shows more than an excerpt of somebody else's text: search engines shall find the original."""
    return article is not None and article.display == Display.FULL_TEXT and bool(article.text)


def picture_of(request: HttpRequest, article: Article | None) -> str:
    """The absolute address of an article's largest picture; the site's own sign for other pages."""
    if article is None or not article.picture:
        return absolute(request, static("icons/icon-512.png"))
    return absolute(request, default_storage.url(f"{article.picture}-{stored_widths(article)[-1]}.webp"))


def structured(request: HttpRequest, article: Article | None) -> SafeString:
    """JSON-LD (schema.org) of the site on its front page, and of an article that is here in full; else nothing."""
    if article is not None and is_reprint(article):
        data = news_article(request, article)
    elif request.resolver_match and request.resolver_match.url_name == "front":
        data = {"@type": "WebSite", "name": "ZisNews", "url": absolute(request, reverse("front"))}
    else:
        return mark_safe("")
    written = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False)
    return mark_safe(written.translate(_ESCAPED))  # noqa: S308  nothing in it can end the script


def news_article(request: HttpRequest, article: Article) -> dict[str, Any]:
    """An article as schema.org/NewsArticle, published by its source."""
    source = article.source
    said = {
        "@type": "NewsArticle",
        "headline": article.title[:110],  # Google, "Article structured data": longer ones may be cut
        "url": absolute(request, article.get_absolute_url()),
        "mainEntityOfPage": outward(article.url),
        "isBasedOn": outward(article.url),
        "datePublished": article.published_at.isoformat(),
        "dateModified": (article.updated_at or article.published_at).isoformat(),
        "inLanguage": article.language,
        "articleSection": category_name(article.category_id),
        "wordCount": article.word_count,
        "description": summary(article),
        "publisher": {"@type": "NewsMediaOrganization", "name": source.name, "url": outward(source.site_url)},
        "author": {"@type": "Person", "name": article.author} if article.author else None,
        "image": picture_of(request, article) if article.picture else None,
    }
    return {name: value for name, value in said.items() if value}
