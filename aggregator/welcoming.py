"""What a new reader may choose from in the welcome, and what we suggest before they have chosen anything."""

from collections import Counter
from collections.abc import Collection

from django.utils.translation.trans_real import parse_accept_lang_header

from aggregator.first_feed import country_of_zone
from aggregator.templatetags.places import by_name
from feeds.language_tags import primary_tag
from feeds.models import Source
from feeds.shelves import UNKNOWN_COUNTRY

MOST_NEAR = 12  # countries shown at once; the others unfold


def suggested_languages(page_language: str, accepted: str, offered: Collection[str]) -> set[str]:
    """Those of our languages that the page is in or the browser asks for; all where it asks for none of ours.

    accepted: the Accept-Language header
    """
    asked = {primary_tag(tag) for tag, _weight in parse_accept_lang_header(accepted.lower())} | {page_language}
    return asked & set(offered) or set(offered)


def countries_to_choose(time_zone: str, chosen: Collection[str]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(code, name) of the countries with a source of ours: those near to the reader, and the others, by name.

    Near are the one whose clocks they live by, those they chose, and those with the most sources. One query.
    """
    told = Counter(Source.objects.exclude(country=UNKNOWN_COUNTRY).order_by().values_list("country", flat=True))
    here = country_of_zone(time_zone)
    order = sorted(told, key=lambda iso: (iso != here, iso not in chosen, -told[iso], iso))
    near = order[: max(MOST_NEAR, len([iso for iso in order if iso in chosen]) + 1)]
    first = [iso for iso in near if iso == here]
    rest = by_name([iso for iso in near if iso != here], "country")
    return by_name(first, "country") + rest, by_name(order[len(near) :], "country")
