"""Addresses that stand dozens of times on one page, written as reverse() writes them but without its search for a
route, which took a tenth of such a page.
"""

import re
from functools import cache
from urllib.parse import quote

from django.conf import settings
from django.urls import get_script_prefix, reverse
from django.utils.encoding import filepath_to_uri

_SAFE = "!$&'()*+,;=/~:@"  # what reverse() lets stand (RFC 3986, section 3.3)
_SLUG, _FOREIGN = re.compile(r"[\w-]+"), re.compile(r"[^\0-\x7f]+")  # a slug, and what is quoted of one


def article_address(pk: int, slug: str) -> str:
    """The path of an article's page."""
    return f"{_before('article', '0/-/', get_script_prefix())}{pk}/{_quoted(slug)}/"


def story_address(pk: int, slug: str) -> str:
    """The path of a story's page."""
    return f"{_before('story', '0/-/', get_script_prefix())}{pk}/{_quoted(slug)}/"


def _quoted(slug: str) -> str:
    """As quote() writes it, which goes through all letters one by one where one of them is no ASCII."""
    if slug.isascii() or not _SLUG.fullmatch(slug):
        return quote(slug or "-", safe=_SAFE)
    return _FOREIGN.sub(_in_percent, slug)


def _in_percent(letters: re.Match[str]) -> str:
    return f"%{letters[0].encode().hex('%').upper()}"


def source_address(slug: str) -> str:
    """The path of a source's page."""
    return f"{_before('source', '-/', get_script_prefix())}{slug}/"


def country_address(iso: str) -> str:
    """The path of a country's page."""
    return f"{_before('country', '-/', get_script_prefix())}{iso.lower()}/"


def media_address(name: str) -> str:
    """The address of a stored file; with the beginning of a name, the beginning of its address."""
    return f"{settings.MEDIA_URL}{filepath_to_uri(name)}"


@cache
def _before(route: str, arguments: str, script_prefix: str) -> str:
    """What stands before a route's arguments. script_prefix: only so that each keeps its own."""
    return reverse(route, args=arguments.split("/")[:-1]).removesuffix(arguments)
