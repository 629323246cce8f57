"""Serves stored pictures that lie in a folder of ours; with another storage their addresses lead there instead."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import URLPattern, re_path
from django.views.static import serve

# A stored picture is never written anew under a name that pages have shown.
CACHE_CONTROL = "public, max-age=2592000, immutable"


def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """A WebP we made ourselves. Nothing else is served from the folder, whatever came to lie in it."""
    if not path.endswith(".webp"):
        raise Http404
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    response["Cache-Control"] = CACHE_CONTROL
    return response


def picture_urls() -> list[URLPattern]:
    """The address of the folder; none where MEDIA_URL points to another host."""
    if not settings.MEDIA_URL.startswith("/"):
        return []
    return [re_path(rf"^{settings.MEDIA_URL.lstrip('/')}(?P<path>[\w/-]+\.webp)$", picture)]
