"""Pages of ours that a query names: a source, a country, a category. They stand before the articles."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection
from django.urls import reverse
from django.utils.translation import get_language, override

from aggregator.search.queries import Query
from aggregator.templatetags.places import page_locale
from feeds.models import CATEGORY_NAMES, GENERAL, Source
from feeds.words import normalise

MOST_SOURCES = 3
NAMED = f"""
    SELECT name, slug, country_id FROM feeds_source WHERE sort_key >= %s::text AND sort_key < %s::text
    ORDER BY upper(name) = upper(%s::text) DESC, sort_key LIMIT {MOST_SOURCES}"""  # noqa: S608  a number of ours


@dataclass(frozen=True, slots=True)
class Hint:
    """A page. kind: source, country or category; country: whose flag stands beside it, or ""."""

    kind: str
    name: str
    address: str
    country: str = ""


def hints_for(query: Query) -> list[Hint]:
    """The pages whose name is what was searched for; of sources also those whose name begins so. Two queries."""
    name = " ".join(term.text for term in query.wanted)
    if not name or query.excluded:
        return []
    return [*places(query.words), *sources(name)]


def places(words: str) -> list[Hint]:
    language = get_language() or "en"
    found = []
    slug = category_names(language).get(words)
    if slug:
        found.append(Hint("category", str(CATEGORY_NAMES[slug]), reverse("category", args=[slug])))
    iso = country_names(language).get(words)
    if iso and Source.objects.filter(country=iso).exists():
        name = page_locale().territories[iso]
        found.append(Hint("country", name, reverse("country", args=[iso.lower()]), iso))
    return found


def sources(name: str) -> list[Hint]:
    """Sources of this name, then those whose name begins so; along the index by name, whatever its case."""
    begins = f"{name.lower()} "
    rows = connection.rows(NAMED, [begins, f"{begins}\U0010ffff", name])  # type: ignore[attr-defined]  # zisnews.postgres
    return [Hint("source", name, reverse("source", args=[slug]), country) for name, slug, country in rows]


@lru_cache(maxsize=16)
def country_names(language: str) -> Mapping[str, str]:
    """Countries' codes by their names in a language, in normal form."""
    with override(language):
        territories = page_locale().territories.items()
    return {normalise(name): iso for iso, name in territories if len(iso) == 2 and iso.isalpha()}


@lru_cache(maxsize=16)
def category_names(language: str) -> Mapping[str, str]:
    with override(language):
        return {normalise(str(name)): slug for slug, name in CATEGORY_NAMES.items() if slug != GENERAL}
