"""Absolute addresses of our own pages. They come from SITE_URL, never from a Host header that anybody can send."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest


def absolute(request: HttpRequest, path: str) -> str:
    """Return the address under which the world knows a path of this site.

    Without SITE_URL, as in a development server, the site is where it was asked; ALLOWED_HOSTS bounds that.
    """
    return settings.SITE_URL + path if settings.SITE_URL else request.build_absolute_uri(path)


def site_host(request: HttpRequest) -> str:
    """The host of this site, as it stands in addresses."""
    return urlsplit(absolute(request, "/")).netloc
