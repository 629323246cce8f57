"""What machines ask a site for: sitemaps, robots.txt, the manifest, and well-known addresses."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aggregator import sitemaps
from aggregator.templatetags.places import page_direction
from zisnews.site_address import absolute

XML = "application/xml; charset=utf-8"
HOUR_SECONDS, DAY_SECONDS = 3600, 86_400
# What search engines have no use for: forms, searches without end, a reader's own pages.
CLOSED_TO_ROBOTS = (
    "/search/", "/ad/", "/accounts/", "/settings/", "/admin/", "/preferences/", "/*?hidden=", "/*&hidden=",
)  # fmt: skip


def sitemap_index(request: HttpRequest) -> HttpResponse:
    days = sitemaps.days_with_stories(timezone.now())
    paths = [reverse("sitemap_pages"), *(reverse("sitemap_stories", args=[day.isoformat()]) for day in days)]
    return cached(HttpResponse(sitemaps.write_index(absolute(request, path) for path in paths), XML), HOUR_SECONDS)


def sitemap_pages(request: HttpRequest) -> HttpResponse:
    return sitemap(request, sitemaps.plain_pages())


def sitemap_stories(request: HttpRequest, day: str) -> HttpResponse:
    try:
        chosen = date.fromisoformat(day)
    except ValueError as error:
        raise Http404 from error
    return sitemap(request, sitemaps.stories_of(chosen))


def sitemap(request: HttpRequest, addresses: Iterable[sitemaps.Address]) -> HttpResponse:
    written = sitemaps.write_sitemap(addresses, absolute(request, "/").removesuffix("/"))
    return cached(HttpResponse(written, XML), HOUR_SECONDS)


def news_sitemap(request: HttpRequest) -> HttpResponse:
    written = sitemaps.write_news(sitemaps.recent_news(timezone.now()), absolute(request, "/").removesuffix("/"))
    return cached(HttpResponse(written, XML), HOUR_SECONDS // 12)


def robots(request: HttpRequest) -> HttpResponse:
    """robots.txt (RFC 9309): everything may be read but what leads nowhere; where the sitemaps are."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED_TO_ROBOTS), ""]
    lines += [f"Sitemap: {absolute(request, reverse(name))}" for name in ("sitemap_index", "news_sitemap")]
    return cached(HttpResponse("\n".join(lines) + "\n", "text/plain; charset=utf-8"), DAY_SECONDS)


def manifest(request: HttpRequest) -> HttpResponse:
    """The web app manifest, in the language of whoever installs the site."""
    icons = [
        {"src": static("icons/icon-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": static("icons/icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any maskable"},
    ]
    shortcuts = [("latest", _("Latest")), ("countries", _("Countries"))]
    content = {
        "name": "ZisNews",
        "short_name": "ZisNews",
        "description": _("One story, as each country tells it"),
        "id": "/",
        "start_url": reverse("front"),
        "scope": "/",
        "display": "standalone",
        "lang": get_language() or "en",
        "dir": page_direction(),
        "background_color": "#fbfaf7",
        "theme_color": "#fbfaf7",
        "categories": ["news"],
        "icons": icons,
        "shortcuts": [{"name": name, "url": reverse(page)} for page, name in shortcuts],
    }
    response = cached(JsonResponse(content, content_type="application/manifest+json"), DAY_SECONDS)
    patch_vary_headers(response, ["Cookie"])  # where the language is kept
    return response


def favicon(request: HttpRequest) -> HttpResponse:
    """For programs that ask for /favicon.ico whatever a page says."""
    return redirect(static("icons/icon-192.png"))


def change_password(request: HttpRequest) -> HttpResponse:
    """Where a password manager finds the page to change a password (W3C, "A Well-Known URL for Changing Passwords")."""
    return redirect("account_change_password")


def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a hole (RFC 9116); 404 where the operator gave no address."""
    contact = settings.ZIS_FETCH_CONTACT
    if not contact:
        raise Http404
    address = f"mailto:{contact}" if "@" in contact and ":" not in contact else contact
    expires = timezone.now().replace(microsecond=0) + timedelta(days=180)
    return HttpResponse(f"Contact: {address}\nExpires: {expires.isoformat()}\n", "text/plain; charset=utf-8")


def cached(response: HttpResponse, seconds: int) -> HttpResponse:
    patch_cache_control(response, public=True, max_age=seconds)
    return response
