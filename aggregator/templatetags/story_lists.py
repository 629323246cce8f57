"""The numbers behind a story's place in a list of stories, in words."""

from collections.abc import Mapping

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aggregator.figures_in_words import silence_in_words
from aggregator.growing import HOURS
from aggregator.models import Story
from aggregator.silences import Usual
from aggregator.templatetags.perspectives import all_counts
from aggregator.templatetags.places import country_name

register = template.Library()


@register.simple_tag
def counts_now(story: Story, joined: Mapping[int, int]) -> str:
    """Such as "7 countries · 12 sources · 30 articles, 5 more sources in 3 hours"."""
    counts = all_counts(story)
    more = joined.get(story.pk, 0)
    if not more:
        return counts
    if more >= story.source_count:
        return _("%(counts)s, all within %(hours)s hours") % {"counts": counts, "hours": HOURS}
    said = ngettext(
        "%(counts)s, %(n)s more source in %(hours)s hours", "%(counts)s, %(n)s more sources in %(hours)s hours", more
    )
    return said % {"counts": counts, "n": more, "hours": HOURS}


@register.simple_tag
def usually(story: Story, usual: Mapping[int, Usual], country: str) -> str:
    """Such as "India had something on 24 of 40 stories like this.", or why its silence is unusual, in the words of the
    story's own page; "" where too little is known.
    """
    known = usual.get(story.pk)
    if known is None:
        return ""
    if known.silence:
        rare = _("Nothing at all would be expected of fewer than one such story in a hundred.")
        return f"{country_name(country)}: {silence_in_words(known.silence)}. {rare}"
    said = _("%(country)s had something on %(n)s of %(all)s stories like this.")
    return said % {"country": country_name(country), "n": known.told, "all": known.stories}
