"""Feeds out: Atom for every list, and the list of our sources as OPML."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from hashlib import blake2b
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aggregator.addresses import story_address
from aggregator.country_lists import country_page
from aggregator.front import front_page
from aggregator.lists import preferences_for_list
from aggregator.models import Article, ArticleQuerySet, Story
from aggregator.search import Filters, Query, parse, read_filters
from aggregator.search import search as find
from aggregator.search.filters import DATE
from aggregator.syndication import atom
from aggregator.syndication.entries import entry_of, story_entry_of
from aggregator.templatetags.places import category_name, country_name
from aggregator.told import Side, told_page
from aggregator.views.lists import page_language, within_bigint
from aggregator.views.story_lists import asked_by
from aggregator.walking import walk
from feeds.catalogues.exporting import FORMATS, export
from feeds.catalogues.opml_writing import write_opml
from feeds.catalogues.rows import Row
from feeds.models import GENERAL, Category, Country, Feed, Source
from zisnews.pagination import Page
from zisnews.site_address import absolute

FRESH_SECONDS = 60


def front(request: HttpRequest) -> HttpResponse:
    """The stories that stand highest now; the list has no older pages."""
    now = timezone.now()
    found = front_page(preferences_for_list(request), language=page_language(), now=now)
    told = [one for one in (found.lead, *found.top) if one]
    address = partial(absolute, request)
    entries = [story_entry_of(one.story, one, address) if one.story else entry_of(one.article, address) for one in told]
    return answer(request, _("Top stories"), reverse("front"), entries)


def latest(request: HttpRequest) -> HttpResponse:
    return answer_list(request, _("Latest"), reverse("latest"), Article.objects.all())


def category(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Category.objects.sections(), slug=slug)
    page = reverse("category", args=[found.slug])
    return answer_list(request, category_name(found.slug), page, Article.objects.filter(category=found))


def country(request: HttpRequest, iso: str) -> HttpResponse:
    found = get_object_or_404(Country, iso=iso.upper())
    path = reverse("country", args=[found.iso.lower()])
    page = country_page(found.iso, preferences_for_list(request), request.GET.get("after", ""))
    return answer_page(request, country_name(found.iso), path, page)


def source(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Source, slug=slug)
    return answer_list(request, found.name, reverse("source", args=[slug]), Article.objects.filter(source=found))


def story(request: HttpRequest, pk: int) -> HttpResponse:
    """The articles of a story; of one that was merged, those of the story it is part of now. Where its headline may be
    of an article that the reader hides, its number stands for it.
    """
    found = get_object_or_404(Story.objects.defer("profile", "key_terms"), pk=within_bigint(pk))
    found = found.that_stands()
    articles = Article.objects.filter(story=found)
    hidden = articles.hidden_from(preferences_for_list(request))
    if (hidden if found.is_title_pinned else hidden.filter(title=found.title)).exists():
        return answer_list(request, str(found.pk), story_address(found.pk, ""), articles)
    return answer_list(request, found.title, found.get_absolute_url(), articles)


def stories(request: HttpRequest) -> HttpResponse:
    """The lists of /stories/, asked for in the same way; which stories a country has not only where one is named."""
    asked, after = asked_by(request), request.GET.get("after", "")
    if asked.side == Side.SILENT and not asked.country:
        raise Http404
    preferences, now = preferences_for_list(request), timezone.now()
    found = told_page(asked, preferences, after=after, language=page_language(), now=now)
    entries = [story_entry_of(one.story, one, partial(absolute, request)) for one in found.told if one.story]
    titles = {
        Side.MOST: _("Told by most countries"),
        Side.GROWING: _("Growing fastest"),
        Side.ONE: _("Told by one side only"),
        Side.SILENT: _("Not told by %(country)s") % {"country": country_name(asked.country)},
    }
    title = titles[asked.side]
    return answer(request, title, reverse("stories") + query(request), entries, following=found.page.next)


def search(request: HttpRequest) -> HttpResponse:
    """What the search of the same address finds, newest first."""
    asked, filters, now = searched(request)
    found = find(asked, filters, preferences_for_list(request), request.GET.get("after", ""), now=now)
    entries = [entry_of(one.article, partial(absolute, request)) for one in found.found]
    return answer(request, title_of(asked), reverse("search") + query(request), entries, following=found.next)


def search_opml(request: HttpRequest) -> HttpResponse:
    """The feed of a search as OPML, for reader programs that take nothing else."""
    asked, _filters, now = searched(request)
    feed, page = (absolute(request, reverse(name) + query(request)) for name in ("feed_search", "search"))
    row = Row(line=1, name=f"{title_of(asked)} · ZisNews", feed_url=feed, site_url=page, category=GENERAL)
    return as_opml(write_opml([row], title="ZisNews", now=now), "zisnews-search")


def searched(request: HttpRequest) -> tuple[Query, Filters, datetime]:
    """The question of a search's address, to be answered by date; raises Http404 where it asks nothing."""
    asked = parse(request.GET.get("q", ""))
    if not asked.is_askable:
        raise Http404
    filters, _notes = read_filters(request.GET, preferences_for_list(request).zone)
    return asked, replace(filters, sort=DATE), timezone.now()


def title_of(asked: Query) -> str:
    return _("Search: %(words)s") % {"words": asked.text}


def sources_opml(request: HttpRequest) -> HttpResponse:
    """The feeds of our sources as OPML, to be read elsewhere; ?country=, ?language= and ?category= narrow the list."""
    feeds = Feed.objects.filter(is_paused=False, retired_at=None, source__is_paused=False)
    if iso := request.GET.get("country"):
        feeds = feeds.filter(source__country=iso.upper())
    if language := request.GET.get("language"):
        feeds = feeds.filter(source__language=language)
    if slug := request.GET.get("category"):
        feeds = feeds.filter(source__category=slug)
    return as_opml(export("opml", feeds), "zisnews-sources")


def as_opml(document: bytes, name: str) -> HttpResponse:
    response = HttpResponse(document, content_type=f"{FORMATS['opml']}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.opml"'
    return response


def answer_list(request: HttpRequest, title: str, page_path: str, articles: ArticleQuerySet) -> HttpResponse:
    """Answer with a page of a list of articles, newest first, and the way to the older ones."""
    preferences = preferences_for_list(request)
    return answer_page(request, title, page_path, walk(articles, preferences, request.GET.get("after", "")).page)


def answer_page(request: HttpRequest, title: str, page_path: str, page: Page[Article]) -> HttpResponse:
    entries = [entry_of(article, partial(absolute, request)) for article in page.rows]
    return answer(request, title, page_path, entries, following=page.next)


def answer(
    request: HttpRequest, title: str, page_path: str, entries: Sequence[atom.Entry], following: str = ""
) -> HttpResponse:
    """Write the feed; 304 to whoever has it already.

    following: the position where the next page begins. A reader's own choices apply, and then nobody else may keep it.
    """
    newest, secret = absolute(request, request.path + query(request)), secret_in(request)
    document = atom.Document(
        title=f"{title} · ZisNews",
        page_url=absolute(request, page_path),
        self_url=absolute(request, request.get_full_path()),
        id=newest.replace(secret, blake2b(secret.encode(), digest_size=8).hexdigest()) if secret else newest,
        language=get_language() or "en",
        icon_url=absolute(request, static("icons/icon-192.png")),
        entries=entries,
        hub_url="" if secret else settings.ZIS_WEBSUB_HUB,  # it would be told the address
        first_url=newest if "after" in request.GET else "",
        next_url=absolute(request, request.path + query(request, after=following)) if following else "",
    )
    body = atom.write(document)
    response = HttpResponse(body, content_type=atom.CONTENT_TYPE)
    response["ETag"] = f'"{blake2b(body, digest_size=16).hexdigest()}"'
    response["X-Robots-Tag"] = "noindex"
    if request.user.is_authenticated:
        patch_cache_control(response, private=True, max_age=0)
    else:
        patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


def secret_in(request: HttpRequest) -> str:
    """What only the reader of a private feed knows of its address (views.private_feeds); "" in all others."""
    return request.resolver_match.kwargs.get("token", "") if request.resolver_match else ""


def query(request: HttpRequest, **changes: str) -> str:
    """The query of this feed without a position in it, and with these changes; "" or beginning with a "?"."""
    kept = {name: value for name, value in request.GET.items() if name != "after"} | changes
    return f"?{urlencode(kept)}" if kept else ""
