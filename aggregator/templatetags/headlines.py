"""Headlines of a story's articles in templates: what sets them apart, and what they were before."""

from functools import lru_cache
from html import escape
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django import template
from django.template.context import Context
from django.template.loader import get_template
from django.urls import get_script_prefix
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from aggregator.cited import figure, woven
from aggregator.figures_in_words import of_polled
from aggregator.kept_findings import kept_part
from aggregator.models import Article
from aggregator.page_marks import page_marks
from aggregator.perspectives import Column, Perspective
from aggregator.reading_marks import Marks
from aggregator.templatetags.cards import (
    DOT,
    LONGEST_HEADLINE,
    hidden_line,
    hooks,
    source_link,
    summary_line,
    tongue,
)
from aggregator.templatetags.moments import reader_zone, short_time
from aggregator.templatetags.own import word_for_read
from aggregator.templatetags.perspectives import and_more, article_count
from aggregator.templatetags.places import country_name, flag

register = template.Library()

COUNTRIES, HIDDEN = "aggregator/story/_countries.html", "aggregator/_side_hidden.html"
SUMMARY = 240  # characters
MOST_KEPT = 3_000  # items of some 1 kB, by each process

_kept: dict[tuple, str] = {}


class Page(NamedTuple):
    """What all items of a page have in common; asked for once, and not by each. prefix: what stands before addresses"""

    language: str
    prefix: str
    zone: ZoneInfo

    @classmethod
    def of(cls, context: Context) -> "Page":
        return cls(get_language() or "en", get_script_prefix(), reader_zone(context))


@register.simple_tag(takes_context=True)
def headlines_of(context: Context, told: Perspective, column: Column) -> SafeString:
    """The articles of a country as a list: headline, source and time, what it was before, summary. Below it how many
    the reader's choices hide, and how many more there are.
    """
    return mark_safe(_headlines(context, told, column, Page.of(context)))  # noqa: S308  each part is escaped


def _headlines(context: Context, told: Perspective, column: Column, page: Page) -> str:
    items = "".join(_item(context, told, column, article, page) for article in column.articles)
    hidden = more = ""
    if column.hidden:
        with context.push(column=column, count=len(column.hidden)):
            hidden = get_template(HIDDEN).template.render(context)  # type: ignore[attr-defined]
    if column.more:
        more = f'<p class="meta">{escape(and_more(column.more))}</p>'
    return f'<ul class="told-by">{items}</ul>\n{hidden}{more}'


@register.simple_tag(takes_context=True)
def sides_of(context: Context, told: Perspective) -> SafeString:
    """Who tells a story, a section for each country: forty with a template for each took longer than what they say."""
    page = Page.of(context)
    return mark_safe("\n".join(_side(context, told, column, page) for column in told.columns))  # noqa: S308


def _side(context: Context, told: Perspective, column: Column, page: Page) -> str:
    polled = (column.voice.sources, column.voice.polled) if column.voice else ()
    head = _head_of_side(column.country, column.count, polled, page.language)
    return f"{head}\n{_headlines(context, told, column, page)}</section>"


@lru_cache(maxsize=4096)  # the same few countries tell story after story; `language` is the page's
def _head_of_side(country: str, count: int, polled: tuple[int, ...], language: str) -> str:
    """Down to the headlines. polled: how many of its sources tell the story, and of how many; () where not known"""
    place, name = escape(country.lower()), escape(country_name(country))
    counted = escape(article_count(count))
    if polled:
        counted += DOT + escape(of_polled(*polled))
    return (
        f'<section class="side" id="{place}" aria-labelledby="{place}-name"><header>'
        f'<h3 id="{place}-name">{flag(country, named=False)}{name}</h3><span class="meta">{counted}</span></header>'
    )


@register.simple_tag(takes_context=True)
def countries_told(context: Context) -> SafeString:
    """Who tells the story of the page, with their headlines; kept where the reader hides and has read nothing of it:
    what is one reader's alone would fill the cache.
    """
    told: Perspective = context["told"]

    def write() -> SafeString:
        return get_template(COUNTRIES).template.render(context)  # type: ignore[attr-defined]

    articles = [article for column in told.columns for article in column.articles]
    if told.is_veiled or any(_is_marked(context, article) for article in articles):
        return write()
    return kept_part("countries", context["story"], _made_of(context, told, articles), write)


def _is_marked(context: Context, article: Article) -> bool:
    """Whether its item says something of its reader: that it is read, or why it would be hidden."""
    return page_marks(context, article).is_read(article) or bool(hidden_line(article))


def _made_of(context: Context, told: Perspective, articles: list[Article]) -> tuple:
    """All that the countries' part of a page differs by, beside its story and language."""
    kept = context.get("kept")
    return (
        reader_zone(context).key,
        (kept.version, kept.made_at) if kept else None,
        [(column.country, column.count, column.first, column.voice, len(column.hidden)) for column in told.columns],
        [(one.pk, one.version) for one in articles],  # type: ignore[attr-defined]
        told.earlier,
        told.reports,
        told.is_brief,
    )


def _item(context: Context, told: Perspective, column: Column, article: Article, page: Page) -> str:
    """One of them, as it was written for others with the same marks: a page has ninety."""
    is_first, marks = column.count > 1 and article.pk == column.first, page_marks(context, article)
    key = (
        page, article.pk, article.version,  # type: ignore[attr-defined]
        told.apart.get(article.pk), tuple(told.earlier.get(article.pk, ())), is_first,
        marks.is_read(article), hidden_line(article),
    )  # fmt: skip
    written = _kept.get(key)
    if written is None:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        written = _kept[key] = _written(told, article, page, marks, is_first=is_first)
    return written


def _written(told: Perspective, article: Article, page: Page, marks: Marks, *, is_first: bool) -> str:
    first = DOT + escape(_("first here")) if is_first else ""
    when = f"{short_time(article.published_at, page.zone, page.language)}{word_for_read(marks, article)}{first}"
    return (
        f"<li {hooks(article)}>{_headline(told, article, is_read=marks.is_read(article))}"
        f'<p class="meta">{source_link(article)}{DOT}{when}</p>'
        f"{_earlier(told, article)}{hidden_line(article)}{summary_line(article, SUMMARY)}</li>"
    )


def _headline(told: Perspective, article: Article, *, is_read: bool) -> str:
    """The headline as a link, what no other country's says in <b>, what most say in soft letters."""
    title, apart = " ".join(article.title.split()), told.apart.get(article.pk)
    if apart and (apart.own or apart.common) and title.startswith(apart.title):
        spans = [(*span, "<b>", "</b>") for span in apart.own]
        spans += [(*span, '<span class="shared">', "</span>") for span in apart.common]
        written = woven(title[:LONGEST_HEADLINE], sorted(spans))
    else:
        written = escape(article.title[:LONGEST_HEADLINE])
    link = f'<a href="{escape(article.get_absolute_url())}">{written}</a>'
    return f'<h4 class="headline{" read" if is_read else ""}"{tongue(article)}>{link}</h4>'


def _earlier(told: Perspective, article: Article) -> str:
    """The headlines an article had before its source changed it, one press away."""
    titles = told.earlier.get(article.pk)
    if not titles:
        return ""
    words = ngettext("%(n)s earlier headline", "%(n)s earlier headlines", len(titles)) % {"n": len(titles)}
    items = "".join(f"<li{tongue(article)}>{escape(title[:LONGEST_HEADLINE])}</li>" for title in titles)
    return figure(words, f'<ol class="sentences">{items}</ol>')
