"""Stories in templates: the bar of its countries' shares, and the moments under its timeline."""

from collections.abc import Mapping

from babel.dates import format_skeleton
from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aggregator.tellings import Share, shares
from aggregator.templatetags.places import country_name, page_locale
from aggregator.timeline import Tick

register = template.Library()


@register.simple_tag
def shares_bar(voices: Mapping[str, int]) -> SafeString | str:
    """A bar with a part for each country that tells a story, as wide as its part of the sources; told in words too."""
    parts = shares(voices)
    if not parts:
        return ""
    words = ", ".join(share_in_words(part) for part in parts)
    drawn = format_html_join(
        "",
        '<rect class="part-{}" x="{}%" width="{}%" height="100%"/>',
        ((number, part.begin, part.width) for number, part in enumerate(parts)),
    )
    return format_html('<svg class="sides-bar" role="img" aria-label="{}">{}</svg>', words, drawn)


def share_in_words(share: Share) -> str:
    """Such as "Germany: 3 sources"."""
    name = country_name(share.country) if share.country else _("Other countries")
    count = ngettext("%(n)d source", "%(n)d sources", share.sources) % {"n": share.sources}
    return _("%(country)s: %(sources)s") % {"country": name, "sources": count}


@register.simple_tag
def tick_label(tick: Tick) -> str:
    """Such as "18:00", or "Jan 15" for a midnight."""
    return format_skeleton("MMMd" if tick.is_day else "Hm", tick.at, tick.at.tzinfo, locale=page_locale())


@register.filter
def largest_first(voices: Mapping[str, int]) -> list[tuple[str, int]]:
    """(country, sources) of a story: the country with most sources first."""
    return sorted(voices.items(), key=lambda side: (-side[1], side[0]))
