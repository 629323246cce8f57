"""The rows of the directory of sources. A hundred stand on a page: each is written in one step."""

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from html import escape

from django import template
from django.template.defaultfilters import floatformat
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aggregator.addresses import source_address
from aggregator.templatetags.marks import mark
from aggregator.templatetags.places import category_name, flag, language_name
from feeds.models import Source

register = template.Library()

_LAST_DIGIT = (Decimal(1), Decimal("0.1"))


@register.simple_tag
def source_row(source: Source, rate: float) -> SafeString:
    """One source as a row of the table. rate: its articles a day"""
    address, name = escape(source_address(source.slug)), escape(source.name)
    said_in, language = escape(language_name(source.language)), get_language() or "en"
    return SafeString(
        f'<tr><td>{mark(source)}{flag(source.country_id)}<a href="{address}"><bdi>{name}</bdi></a></td>'
        f'<td>{said_in}</td><td>{_category(source.category_id, language)}</td><td class="number">'
        f"{rate_in_words(rate, language)}</td></tr>"
    )


@lru_cache(maxsize=1024)
def _category(slug: str, language: str) -> str:
    """In the language of the page, which is `language`: it only tells what is kept for one from what is for another."""
    return escape(category_name(slug))


def rate_in_words(rate: float, language: str) -> str:
    """Such as "12 a day" or "0.3 a day"; a dash for none."""
    if not rate:
        return "–"
    digits = 0 if rate >= 10 else 1
    return _rate(Decimal(repr(rate)).quantize(_LAST_DIGIT[digits], ROUND_HALF_UP), digits, language)


@lru_cache(maxsize=4096)  # by what floatformat makes of it, for Django writes a number in 20 µs
def _rate(rounded: Decimal, digits: int, language: str) -> str:
    a_day = escape(_("a day"))
    return f'{floatformat(rounded, digits)}<span class="unit"> {a_day}</span>'
