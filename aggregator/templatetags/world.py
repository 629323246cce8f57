"""The parts of the page of all countries that stand on it 150 times: each is written in one step."""

from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from aggregator.addresses import country_address
from aggregator.templatetags.places import country_name, flag
from aggregator.world_map import Place
from feeds.models import Country

register = template.Library()


@register.simple_tag
def country_tile(country: Country, articles: int) -> SafeString:
    """A country with how many sources it has (`source_count`) and how much they told since yesterday, as a link."""
    iso = escape(country.iso)
    return mark_safe(  # noqa: S308  each part is escaped or a number
        f'<a class="tile" href="{escape(country_address(country.iso))}" data-country="{iso}">'
        f"{flag(country, named=False)}<b>{escape(country.name)}</b>"
        f'<span class="meta">{escape(output(country.source_count, articles))}</span></a>'  # type: ignore[attr-defined]
    )


def output(sources: int, articles: int) -> str:
    """Such as "12 sources · 340 today"."""
    words = ngettext("%(n)s source", "%(n)s sources", sources) % {"n": sources}
    return words + " · " + gettext("%(n)s today") % {"n": articles} if articles else words


@register.simple_tag
def place_on_map(place: Place) -> SafeString:
    """A country's shape, or a dot for a small one, as a link for who points at it."""
    shape = f'<path d="{escape(place.d)}"/>' if place.d else f'<circle cx="{place.x}" cy="{place.y}" r="4"/>'
    return mark_safe(  # noqa: S308  as above
        f'<a href="{escape(country_address(place.iso))}" tabindex="-1" class="level-{place.level}">'
        f"<title>{escape(country_name(place.iso))}: {place.count}</title>{shape}</a>"
    )
