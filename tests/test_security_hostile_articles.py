"""An article, a story, a source and what curators hear of them, all written to run something: text on every page."""

import json
from html.parser import HTMLParser
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.contrib import admin
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Request

from accounts.excluding import Wanted, block
from aggregator.models import Article, Headline, Story
from aggregator.search import documents
from feeds.models import Notice, PublisherRequest
from feeds.sanitising import sanitise
from tests.factories import (
    give_picture,
    make_article,
    make_curator,
    make_entry,
    make_feed,
    make_record,
    make_source,
    make_story,
)

pytestmark = pytest.mark.django_db(transaction=True)

RUN = "window.ran=1"
SHORT = f"\x01\"'><script>{RUN}</script>"
HOSTILE = (
    f"Flood {SHORT}</title></textarea></style></script><img src=https://evil.example/x onerror={RUN}><svg onload={RUN}>"
    f"<!--]]>&lt;script&gt;{RUN}&lt;/script&gt;&#60;script&#62;{RUN}&#60;/script&#62;{{{{ settings.SECRET_KEY }}}}"
    "\u202e\u2066\u200b\ufeff\ufffe\u2028 🏳️‍🌈 \r\nX-Evil: 1\r\n"
)
ADDRESS = f"javascript:{RUN}//\"'><script>{RUN}</script>\n"
LONG = "w" * 500  # a headline that is longer is cut when it comes in
SCHEMES = {"", "http", "https", "mailto", "data"}
LEADING = {"href", "src", "action", "formaction", "poster", "cite", "data", "background", "xlink:href", "content"}


class Read(HTMLParser):
    """What in a page runs, or leads where nothing should."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.data: list[str] = []
        self.is_data = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.is_data = tag == "script" and given.get("type") == "application/ld+json"
        if tag == "script" and not self.is_data and not given.get("src", "").startswith(("/static/", "/admin/jsi18n/")):
            self.wrong.append(f"a script {given}")
        if tag in {"iframe", "object", "embed", "base", "style"} or "srcdoc" in given or "style" in given:
            self.wrong.append(f"<{tag} {given}>")
        for name, value in given.items():
            scheme = urlsplit(value.strip("\x00- ").replace("\n", "").replace("\t", "")).scheme
            if name.startswith("on") or (name in LEADING and tag != "meta" and scheme not in SCHEMES):
                self.wrong.append(f"<{tag} {name}={value[:60]!r}>")
            if name in {"src", "srcset", "poster"} and "//" in value:
                self.wrong.append(f"<{tag} {name}={value[:60]!r}>")

    def handle_endtag(self, tag: str) -> None:
        self.is_data = False

    def handle_data(self, data: str) -> None:
        if self.is_data:
            self.data.append(data)


@pytest.fixture
def pages() -> dict[str, list[str]]:
    """Everything hostile there can be, stored as if nothing had been checked before; the addresses it is shown at."""
    source = make_source(name=HOSTILE[:200], slug="evil", owner=SHORT, owner_register=SHORT)
    type(source).objects.filter(pk=source.pk).update(
        site_url=ADDRESS, owner_register_url=ADDRESS, language='"><i>', text_selector=SHORT, clutter_selector=SHORT
    )
    source.refresh_from_db()
    feed = make_feed(source=source, url="https://paper.example/feed?\"'><script>", title=HOSTILE[:200])
    entry = make_entry(feed=feed, title=HOSTILE, url="https://paper.example/\"'><script>")
    make_record(feed, status=500, error=HOSTILE)
    fields = {"description": HOSTILE + LONG, "text": HOSTILE * 3, "author": HOSTILE[:300], "tags": [HOSTILE, SHORT]}
    fields |= {
        "picture_caption": HOSTILE,
        "picture_credit": HOSTILE[:300],
        "picture_url": "https://paper.example/a.jpg",
    }
    told = [
        make_article(
            source=source,
            title=HOSTILE,
            slug="-",
            url=ADDRESS,
            language='"><i>',
            html=sanitise(HOSTILE, base="https://paper.example/"),
            **fields,
        ),
        make_article(title=HOSTILE + LONG, slug="-", country="FR", url="https://paper.example/\"'><script>", **fields),
        make_article(title=HOSTILE, slug="-", country="US", url="", page_display="excerpt", **fields),
    ]
    give_picture(told[0])
    Headline.objects.create(article=told[0], title=HOSTILE, seen_at=timezone.now(), replaced_at=timezone.now())
    story = make_story(told_by=tuple(told), title=HOSTILE, slug="-")
    documents.renew(told)
    Notice.objects.tell(feed, HOSTILE)
    PublisherRequest.objects.create(site=HOSTILE[:500], wish="other", email="a@b.example", message=HOSTILE)
    Article.objects.filter(pk=told[0].pk).update(entry=entry)
    first = told[0].pk
    html = ["/", "/latest/", "/category/world/", "/country/", "/country/gb/", "/source/", "/source/evil/", "/stories/"]
    html += [
        "/search/",
        "/search/?q=flood",
        "/search/?q=%22%3E%3Cscript%3Ewindow.ran=1%3C/script%3E&source=%22%3E%3Ci%3E",
    ]
    html += [f"/story/{story.pk}/-/?why", f"/story/{story.pk}/-/?tab=all", f"/settings/keywords/from/{first}/"]
    html += [
        *(one.get_absolute_url() for one in told),
        "/settings/keywords/?try=flood",
        "/sources-policy/",
        "/article/987654/%3Cscript%3E/",
    ]
    for model in admin.site._registry:
        meta = model._meta
        if meta.app_label in {"feeds", "aggregator", "accounts"}:
            listed = f"/admin/{meta.app_label}/{meta.model_name}/"
            html += [
                listed,
                *(f"{listed}{pk}/change/" for pk in model._default_manager.values_list("pk", flat=True)[:3]),
            ]
    xml = [
        "/feed/",
        "/feed/latest/",
        "/feed/source/evil/",
        "/feed/country/gb/",
        f"/feed/story/{story.pk}/",
        "/feed/stories/",
    ]
    xml += [
        "/feed/search/?q=flood",
        "/feed/search.opml?q=%22%3E%01flood%EF%BF%BE",
        "/feed/sources.opml",
        "/news-sitemap.xml",
    ]
    xml += ["/sitemap.xml", "/sitemap/pages.xml", f"/sitemap/stories-{story.newest_at:%Y-%m-%d}.xml"]
    return {"html": [*html, "/admin/", "/admin/health/", "/styleguide/"], "xml": xml}


@pytest.fixture
def curator(client: Client) -> Client:
    user = make_curator()
    block(user, Wanted("nothing<script>"), timezone.now())
    client.force_login(user)
    return client


def test_every_page_shows_it_as_text(pages, curator, settings):
    settings.DEBUG = True  # for the style guide
    wrong, data = {}, []
    for address in pages["html"]:
        answer = curator.get(f"{address}{'&' if '?' in address else '?'}hidden=show")
        page = answer.content.decode()
        read = Read(page)
        data += read.data
        if read.wrong or answer.status_code not in {200, 302, 404} or settings.SECRET_KEY in page:
            wrong[address] = answer.status_code, read.wrong[:4]

    assert not wrong
    assert any(json.loads(one)["@type"] == "NewsArticle" for one in data) and Story.objects.exists()


def test_every_feed_and_sitemap_is_well_formed_and_leads_nowhere_else(pages, client):
    wrong = []
    for address in pages["xml"]:
        root = ElementTree.fromstring(client.get(address).content)
        leading = [
            value for one in root.iter() for name, value in one.items() if name.lower().endswith(("href", "url"))
        ]
        wrong += [(address, value) for value in leading if not value.startswith(("http://", "https://"))]

    assert not wrong


def test_without_our_content_security_policy_nothing_runs_and_nothing_is_loaded_from_elsewhere(
    pages, curator, live_server, browser: Browser
):
    context = browser.new_context(bypass_csp=True, service_workers="block")
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": curator.session.session_key, "url": live_server.url}]
    )
    page = context.new_page()
    elsewhere: list[str] = []
    ran: list[str] = []

    def note(request: Request) -> None:  # the names are none that anybody has: nothing needs to be stopped
        if not request.url.startswith((live_server.url, "data:")):
            elsewhere.append(request.url)

    page.on("request", note)
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    ours = ["css", "woff2", "svg", "webp"]  # static files, which are the same on every page and show nothing hostile
    devtools.send("Network.setBlockedURLs", {"urls": [f"{live_server.url}/*.{ending}*" for ending in ours]})
    for address in pages["html"]:
        page.goto(live_server.url + address, wait_until="domcontentloaded", timeout=60_000)
        page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
        ran += [address] if page.evaluate("window.ran") else []
    context.close()

    assert not ran and not elsewhere
