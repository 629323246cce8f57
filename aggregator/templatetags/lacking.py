"""What one of two sides that are compared has nothing of, in a sentence of its own."""

from django import template
from django.utils.translation import ngettext

from aggregator.models import Story
from aggregator.templatetags.places import country_name

register = template.Library()


@register.simple_tag
def none_uses(story: Story, iso: str) -> str:
    """That a country has nothing to set against another's names of a thing."""
    count = story.voices.get(iso, 0)
    words = ngettext(
        "%(country)s: %(n)s source, which uses none of these names in a text of its own",
        "%(country)s: %(n)s sources, none of which uses any of these names in a text of its own",
        count,
    )
    return words % {"n": count, "country": country_name(iso)}


@register.simple_tag
def none_quotes(story: Story, iso: str) -> str:
    """That it quotes nobody of those that the other quotes."""
    count = story.voices.get(iso, 0)
    words = ngettext(
        "%(country)s: %(n)s source, which quotes nobody by name in a text of its own",
        "%(country)s: %(n)s sources, none of which quotes anybody by name in a text of its own",
        count,
    )
    return words % {"n": count, "country": country_name(iso)}


@register.simple_tag
def none_alone(story: Story, iso: str) -> str:
    """That all it has others have too."""
    count = story.voices.get(iso, 0)
    words = ngettext(
        "%(country)s: %(n)s source, whose numbers, names and quotations other countries have too",
        "%(country)s: %(n)s sources, whose numbers, names and quotations other countries have too",
        count,
    )
    return words % {"n": count, "country": country_name(iso)}
