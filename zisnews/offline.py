"""What a reader sees where there is no network: one page, kept on the device by a service worker of ours.

The worker keeps that page and static files under hashed names, nothing else: a page of the site always comes from the
server, so nobody is shown an old one or another reader's.
"""

import hashlib
import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zisnews.errors import plain_page

KEPT_FILES = ("css/zis.css", "icons/favicon.svg", "fonts/zis-serif-latin.woff2", "fonts/zis-sans-latin.woff2")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The page for no network. It says nothing of who reads it, as it is kept."""
    response = HttpResponse(offline_page(request))
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker's script: from the root, so that it serves all pages; asked for anew each time, as it names files."""
    kept = [reverse("offline"), *map(static, KEPT_FILES)]
    version = hashlib.sha256(f"{kept}{offline_page(request)}".encode()).hexdigest()[:12]
    response = render(
        request, "sw.js", {"kept": json.dumps(kept), "version": version}, "text/javascript; charset=utf-8"
    )
    response["Cache-Control"] = "no-cache"
    return response


def offline_page(request: HttpRequest) -> str:
    return plain_page(request, "offline.html", _("You are not connected."))
