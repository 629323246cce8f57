"""Countries, languages and categories in templates: flags, and names in the language of the page."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from html import escape

from babel import Locale, UnknownLocaleError
from babel.numbers import format_percent
from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info, to_locale

from feeds.models import CATEGORY_NAMES, Country, names_of_countries

register = template.Library()


@cache
def flags() -> frozenset[str]:
    """The codes we have a flag for, in lower case."""
    sheet = (settings.BASE_DIR / "static" / "flags" / "flags.svg").read_text(encoding="utf-8")
    return frozenset(re.findall(r'<g id="([a-z-]+)"', sheet))


def page_locale() -> Locale:
    return _locale(get_language() or "en")


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(to_locale(language))


@register.simple_tag
def flag(country: Country | str, named: bool = True) -> SafeString:
    """The flag of a country; where we have none its name, or nothing. named=False where the name stands beside it."""
    return _flag(country if isinstance(country, str) else country.iso, named, get_language() or "en")


@lru_cache(maxsize=4096)  # by the language of the page, which country_name asks for: a page shows hundreds
def _flag(iso: str, named: bool, language: str) -> SafeString:
    if iso.lower() not in flags():
        return SafeString(escape(country_name(iso)) if named else "")
    name = country_name(iso)
    sheet = static("flags/flags.svg")  # one for all: a page shows dozens
    drawn = format_html('<use href="{}#{}"/></svg>', sheet, iso.lower())
    if not named:
        return format_html('<svg class="flag" viewBox="0 0 200 133" aria-hidden="true">{}', drawn)
    # The title is its name for who listens and for who points at it: an aria-label beside it would be read twice.
    return format_html('<svg class="flag" viewBox="0 0 200 133" role="img"><title>{}</title>{}', name, drawn)


@register.filter
def country_name(iso: str) -> str:
    return names_of_countries(get_language() or "en").get(iso.upper(), iso)


@register.filter
def language_name(tag: str) -> str:
    """The language's name in the language of the page; the tag itself where nobody named it."""
    return _language_name(tag, get_language() or "en")


@lru_cache(maxsize=4096)
def _language_name(tag: str, page_language: str) -> str:
    try:
        return Locale.parse(tag, sep="-").get_display_name(page_locale()) or tag
    except (UnknownLocaleError, ValueError):
        return tag


@register.filter
def category_name(slug: str) -> str:
    """A category's name from its slug, without asking the database."""
    return str(CATEGORY_NAMES.get(slug, slug.capitalize()))


def by_name(codes: Iterable[str], kind: str) -> list[tuple[str, str]]:
    """(code, name) of countries or languages (kind "country" or "language"), in the order of their names."""
    name_of = {"country": country_name, "language": language_name}[kind]
    return sorted(((code, name_of(code)) for code in codes), key=lambda one: one[1].casefold())


@register.simple_tag
def country_options(codes: Iterable[str], chosen: str) -> SafeString:
    """The <option>s of countries, by name; the one that is `chosen`, in whatever case, is selected."""
    return _options(((iso.lower(), name) for iso, name in by_name(codes, "country")), chosen.lower())


@register.simple_tag
def language_options(tags: Iterable[str], chosen: str) -> SafeString:
    """The <option>s of languages, by name; the one that is `chosen` is selected."""
    return _options(by_name(tags, "language"), chosen)


def _options(choices: Iterable[tuple[str, str]], chosen: str) -> SafeString:
    return mark_safe(  # noqa: S308  both texts are escaped
        "".join(
            f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(label)}</option>'
            for value, label in choices
        )
    )


@register.filter
def percent(share: float) -> str:
    """Such as "12%", as the language of the page writes it."""
    return format_percent(share, locale=page_locale())


@register.simple_tag
def page_direction() -> str:
    """rtl or ltr, for the language of the page."""
    return "rtl" if get_language_info(get_language() or "en")["bidi"] else "ltr"
