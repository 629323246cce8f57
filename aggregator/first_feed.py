"""What stands in a reader's own list before they follow anything: news of where they are, or in their language."""

from babel.core import get_global

from accounts.following import Followed
from aggregator.languages import languages_offered
from aggregator.my_feed import Wanted
from feeds.models import Source


def country_of_zone(time_zone: str) -> str:
    """The country whose clocks a time zone shows: AM of Asia/Yerevan; "" for UTC and others of no country."""
    found = get_global("zone_territories").get(time_zone, "")
    return found if len(found) == len("AM") and found.isalpha() else ""


def wanted_to_begin(time_zone: str, language: str) -> Wanted:
    """The sources of the reader's country; where there are none those in their language, else all. Two queries."""
    iso = country_of_zone(time_zone)
    if iso and Source.objects.filter(country=iso).exists():
        return Wanted(Followed(countries=(iso,)))
    offered = languages_offered()
    return Wanted(languages=(language,) if language in offered else tuple(offered))
