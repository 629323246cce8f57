"""The categories that have a page, as every page's navigation shows them."""

from functools import lru_cache

from django.db import connection
from django.http import HttpRequest

from accounts.models import User
from accounts.preferences import beside_of
from feeds.models import GENERAL, Category

# CategoryQuerySet.sections, on every page: Django takes three times as long to write it as Postgres to answer.
_SECTIONS = "SELECT slug, position FROM feeds_category WHERE slug <> %s ORDER BY position"


def sections() -> tuple[Category, ...]:
    """The categories, in the order of the navigation. One query."""
    return sections_of(*connection.rows(_SECTIONS, [GENERAL]))  # type: ignore[attr-defined]  # zisnews.postgres


@lru_cache(maxsize=8)
def sections_of(*rows: tuple[str, int]) -> tuple[Category, ...]:
    """They change once a year; what is made of the same rows is the same."""
    return tuple(Category(slug=slug, position=position) for slug, position in rows)


def sections_for(request: HttpRequest) -> tuple[Category, ...]:
    """The same for the page of whoever asks: a user's asks for them with other things."""
    user = getattr(request, "user", None)
    return sections_named(beside_of(request, user).sections) if isinstance(user, User) else sections()


@lru_cache(maxsize=8)
def sections_named(named: tuple[str, ...]) -> tuple[Category, ...]:
    """named: "slug position" each"""
    pairs = (one.split(" ") for one in named)
    return sections_of(*((slug, int(position)) for slug, position in pairs))
