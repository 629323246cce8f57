"""The parts of the page of all countries that stand on it 150 times: each is written in one step."""

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from django import template
from django.urls import get_script_prefix
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from aggregator.addresses import country_address
from aggregator.templatetags.places import country_name, flag
from aggregator.world_map import Place
from feeds.models import Country

register = template.Library()


@register.simple_tag
def country_tiles(shelves: Iterable[tuple[Country, int]]) -> SafeString:
    """An item for each country with how many sources it has (`source_count`) and how much they told since yesterday."""
    page = get_language() or "en", get_script_prefix()
    tiles = (_tile(country.iso, country.source_count, articles, page) for country, articles in shelves)  # type: ignore[attr-defined]
    return mark_safe("".join(tiles))  # noqa: S308  each part is escaped or a number


@lru_cache(maxsize=1024)  # page: its language, and what stands before all addresses, which only tell apart what is kept
def _tile(country: str, sources: int, articles: int, page: tuple[str, str]) -> str:
    return (
        f'<li><a class="tile" href="{escape(country_address(country))}" data-country="{escape(country)}">'
        f"{flag(country, named=False)}<b>{escape(country_name(country))}</b>"
        f'<span class="meta">{escape(output(sources, articles))}</span></a></li>'
    )


def output(sources: int, articles: int) -> str:
    """Such as "12 sources · 340 today"."""
    words = ngettext("%(n)s source", "%(n)s sources", sources) % {"n": sources}
    return words + " · " + gettext("%(n)s today") % {"n": articles} if articles else words


@register.simple_tag
def lands_on_map(lands: Iterable[Place]) -> SafeString:
    """The shapes of countries that have no source here: only drawn."""
    return mark_safe("".join(f'<path d="{escape(land.d)}"/>' for land in lands))  # noqa: S308  as above


@register.simple_tag
def places_on_map(places: Iterable[Place]) -> SafeString:
    """Each country's shape, or a dot for a small one, as a link for who points at it."""
    return mark_safe("\n".join(map(_place, places)))  # noqa: S308  as above


def _place(place: Place) -> str:
    shape = f'<path d="{escape(place.d)}"/>' if place.d else f'<circle cx="{place.x}" cy="{place.y}" r="4"/>'
    return (
        f'<a href="{escape(country_address(place.iso))}" tabindex="-1" class="level-{place.level}">'
        f"<title>{escape(country_name(place.iso))}: {place.count}</title>{shape}</a>"
    )
