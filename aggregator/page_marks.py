"""A reader's own marks on the page that is being rendered: looked up once, for every article in its context."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.template.context import Context

from accounts.models import User
from aggregator.models import Article
from aggregator.reading_marks import MINE, Marks, marks_of

NONE = Marks()
DEEPEST = 8  # levels of lists within lists
NOT_LOOKED_INTO = {"csrf_token", "user", "messages", "request"}  # the first three are made when they are looked at


def page_marks(context: Context, article: Article) -> Marks:
    """The marks of a page's articles; one query, whichever of them asks first. Nothing without an account, or where a
    part is rendered apart from the request, as what is the same for all is.
    """
    request = context.get("request")
    found: Marks = getattr(request, "_marks", NONE)
    if article.pk in found.asked:
        return found
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return NONE
    found = marks_of(user, [article, *articles_in(context)], scope_of(request))
    request._marks = found  # type: ignore[union-attr]  # it has a user, hence it is there
    return found


def articles_in(context: Context) -> Iterator[Article]:
    """Every article that the page was given, in whatever lists and values it stands."""
    seen: set[int] = set()
    for names in context.dicts:
        for name, value in names.items():
            if name not in NOT_LOOKED_INTO:
                yield from _found_in(value, 1, seen)


def _found_in(value: object, depth: int, seen: set[int]) -> Iterator[Article]:
    """seen: what was looked into by its id; a page is given one list under several names"""
    if isinstance(value, Article):
        yield value
    elif depth >= DEEPEST or value is None or isinstance(value, (str, int)) or id(value) in seen:
        return
    elif isinstance(value, (list, tuple, Mapping)):
        seen.add(id(value))
        for one in value.values() if isinstance(value, Mapping) else value:
            if isinstance(one, Article):  # most of them: lists of articles are what pages are made of
                yield one
            else:
                yield from _found_in(one, depth + 1, seen)
    elif is_dataclass(value):
        seen.add(id(value))
        kind: Any = type(value)
        for name in _names_of(kind):
            yield from _found_in(getattr(value, name), depth + 1, seen)


@cache
def _names_of(kind: Any) -> tuple[str, ...]:
    """The fields of a dataclass in which articles may stand: all, unless it says which."""
    if hasattr(kind, "HOLDS_ARTICLES"):
        return tuple(kind.HOLDS_ARTICLES)
    return tuple(one.name for one in fields(kind))


def scope_of(request: HttpRequest | None) -> str:
    """Which list of articles, newest first, a page shows, as ReadUpTo names it; "" where it shows none such."""
    match = getattr(request, "resolver_match", None)
    if request is None or match is None:
        return ""
    given = match.kwargs
    if match.url_name == "front":
        return MINE if request.GET.get("feed") == "mine" else ""
    if match.url_name == "category":
        is_latest = request.GET.get("tab") == "latest" or "after" in request.GET
        return f"category:{given['slug']}" if is_latest else ""
    scopes = {
        "latest": "all",
        "country": f"country:{given.get('iso', '').upper()}",
        "source": f"source:{given.get('slug')}",
    }
    return scopes.get(match.url_name or "", "")
