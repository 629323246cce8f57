"""Stories in templates: the bar of its countries' shares, and the moments under its timeline."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape

from babel.dates import format_skeleton
from django import template
from django.template.context import Context
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from aggregator.addresses import article_address
from aggregator.models import Story
from aggregator.perspectives import Column
from aggregator.tellings import Share, Told, shares
from aggregator.templatetags.moments import reader_zone, short_time
from aggregator.templatetags.places import country_name, flag, page_locale
from aggregator.timeline import Lane, Report, Tick

register = template.Library()

_FIRST = ' class="first"'


@register.simple_tag
def shares_bar(voices: Mapping[str, int]) -> SafeString | str:
    """A bar with a part for each country that tells a story, as wide as its part of the sources; told in words too."""
    return _shares_bar(tuple(voices.items()), get_language() or "en")


@lru_cache(maxsize=2048)  # the same stories stand in list after list; `language` is the page's
def _shares_bar(voices: tuple[tuple[str, int], ...], language: str) -> SafeString | str:
    parts = shares(dict(voices))
    if not parts:
        return ""
    words = ", ".join(share_in_words(part) for part in parts)
    drawn = format_html_join(
        "",
        '<rect class="part-{}" x="{}%" width="{}%" height="100%"/>',
        ((number, part.begin, part.width) for number, part in enumerate(parts)),
    )
    return format_html('<svg class="sides-bar" role="img" aria-label="{}">{}</svg>', words, drawn)


@register.simple_tag
def story_headline(told: Told) -> str:
    """The headline a story has in a list."""
    return told.title[:1000]


@register.simple_tag
def flags_counted(sides: Iterable[tuple[str, int]]) -> SafeString:
    """An item for each of (country, sources): its flag and how many of its sources tell a story."""
    items = (f"<li>{conditional_escape(flag(iso))}<span>{count}</span></li>" for iso, count in sides)
    return mark_safe("".join(items))  # noqa: S308  a flag is SafeString or escaped here


@register.simple_tag
def all_counts(story: Story) -> str:
    """Such as "7 countries · 12 sources · 30 articles"."""
    return _all_counts(story.country_count, story.source_count, story.article_count, get_language() or "en")


@lru_cache(maxsize=4096)
def _all_counts(countries: int, sources: int, articles: int, language: str) -> str:
    return " · ".join((*_countries_and_sources(countries, sources, language), _articles(articles, language)))


def countries_and_sources(story: Story) -> tuple[str, str]:
    """Such as "7 countries" and "12 sources"."""
    return _countries_and_sources(story.country_count, story.source_count, get_language() or "en")


@lru_cache(maxsize=4096)
def _countries_and_sources(countries: int, sources: int, language: str) -> tuple[str, str]:
    return (
        ngettext("%(n)s country", "%(n)s countries", countries) % {"n": countries},
        ngettext("%(n)s source", "%(n)s sources", sources) % {"n": sources},
    )


@register.simple_tag
def article_count(count: int) -> str:
    """Such as "3 articles"."""
    return _articles(count, get_language() or "en")


@lru_cache(maxsize=1024)
def _articles(count: int, language: str) -> str:
    return ngettext("%(n)s article", "%(n)s articles", count) % {"n": count}


@register.simple_tag
def articles_of(iso: str, count: int) -> str:
    """Such as "Germany, 3 articles"."""
    said = ngettext("%(country)s, %(n)s article", "%(country)s, %(n)s articles", count)
    return said % {"country": country_name(iso), "n": count}


@register.simple_tag
def and_more(count: int) -> str:
    """Such as "and 3 more"."""
    return ngettext("and %(n)s more", "and %(n)s more", count) % {"n": count}


@register.simple_tag
def lane_marks(lane: Lane) -> SafeString:
    """The marks of a country's reports on its lane of the timeline."""
    marks = (
        f'<circle cx="{mark.x}%" cy="0" r=".34em"{_FIRST if mark.is_first else ""}>'
        f"<title>{escape(mark.report.source)}</title></circle>"
        for mark in lane.marks
    )
    return mark_safe("".join(marks))  # noqa: S308  names are escaped


@register.simple_tag
def jumps_to(columns: Iterable[Column]) -> SafeString:
    """The countries of a story as items, each with how many articles it has, leading to its place on the page."""
    language = get_language() or "en"
    return mark_safe("".join(_jump(one.country, one.count, language) for one in columns))  # noqa: S308


@lru_cache(maxsize=4096)  # the same few countries tell story after story; `language` is the page's
def _jump(country: str, count: int, language: str) -> str:
    return (
        f'<li><a class="chip" href="#{escape(country.lower())}" aria-label="{escape(articles_of(country, count))}">'
        f"{flag(country, named=False)}{escape(country_name(country))} <b>{count}</b></a></li>"
    )


@register.simple_tag(takes_context=True)
def reports_listed(context: Context, reports: Iterable[Report]) -> SafeString:
    """The reports of a timeline as items: when, and who."""
    zone, language = reader_zone(context), get_language() or "en"
    items = (
        f"<li>{short_time(one.at, zone, language)} <span>{flag(one.country)}{report_link(one)}</span></li>"
        for one in reports
    )
    return mark_safe("".join(items))  # noqa: S308  each part is escaped


@register.simple_tag
def report_link(report: Report) -> SafeString:
    """The name of a source, leading to the article it first told a story with."""
    address = escape(article_address(report.article, report.slug))
    return mark_safe(f'<a href="{address}"><bdi>{escape(report.source)}</bdi></a>')  # noqa: S308


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
