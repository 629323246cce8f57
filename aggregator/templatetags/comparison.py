"""How the sides of a story differ, in templates: each figure with the sentences it rests on, one press away.

Lists of figures are written in one step, for a page has hundreds. All take `told`, the page's Perspective.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from html import escape

from babel.lists import format_list
from django import template
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from aggregator.cited import (
    SHORT_EXAMPLE,
    example,
    hidden_in_words,
    marked,
    row_of,
    said,
    sentences,
    source,
    text_of,
    woven,
)
from aggregator.comparing.sections import CalledBy, Copy, Evidence, Naming, Only, QuoteUse, SharedQuote, Side, Value
from aggregator.models import Article
from aggregator.perspectives import Perspective, Row
from aggregator.templatetags.cards import LONGEST_HEADLINE, tongue
from aggregator.templatetags.own import read_class
from aggregator.templatetags.places import country_name, country_options, flag, page_locale, percent

register = template.Library()

MOST_NAMED = 4  # countries that are named one by one; more are counted


@register.simple_tag(takes_context=True)
def headline_apart(context: Context, told: Perspective, article: Article, level: str) -> SafeString:
    """The headline as a link, what no other country's says in <b>, what most say in soft letters."""
    title, apart = " ".join(article.title.split()), told.apart.get(article.pk)
    if apart and (apart.own or apart.common) and title.startswith(apart.title):
        spans = [(*span, "<b>", "</b>") for span in apart.own]
        spans += [(*span, '<span class="shared">', "</span>") for span in apart.common]
        kind, written = " apart", woven(title[:LONGEST_HEADLINE], sorted(spans))
    else:
        kind, written = "", escape(article.title[:LONGEST_HEADLINE])
    link = f'<a href="{escape(article.get_absolute_url())}">{written}</a>'
    return mark_safe(f'<{level} class="headline{kind}{read_class(context, article)}"{tongue(article)}>{link}</{level}>')  # noqa: S308


@register.simple_tag
def earlier_headlines_of(told: Perspective, article: Article) -> SafeString:
    """The headlines an article had before its source changed it, one press away."""
    titles = told.earlier.get(article.pk)
    if not titles:
        return mark_safe("")
    words = ngettext("%(n)s earlier headline", "%(n)s earlier headlines", len(titles)) % {"n": len(titles)}
    items = "".join(f"<li{tongue(article)}>{escape(title[:LONGEST_HEADLINE])}</li>" for title in titles)
    return mark_safe(_figure(words, f'<ol class="sentences">{items}</ol>'))  # noqa: S308


@register.simple_tag
def words_of(told: Perspective, side: Side) -> SafeString:
    """The words that set a side apart, each with an example and the sentences it stands in."""
    language = get_language() or "en"
    return _items(
        f"{_term(text_of(word), side.language)}{example(told, word.evidence)}"
        + _figure(
            _word_counts(word.here, word.sources, word.there, language),
            sentences(told, word.evidence) + _elsewhere(told, word.there_evidence),
        )
        for word in side.words
    )


@register.simple_tag
def names_of(told: Perspective, naming: Naming) -> SafeString:
    """Each name of a thing with the countries that use it, and in what sentences."""
    shares: dict[str, list[str]] = defaultdict(list)
    evidence: dict[str, list[Evidence]] = defaultdict(list)
    for called in naming.countries:
        for use in called.uses:
            counted = f'<span class="meta">{escape(_of_sources(use.sources, called.sources))}</span>'
            shares[use.name].append(f"<li>{_country(called.country)} {counted}</li>")
            evidence[use.name] += use.evidence
    return _items(
        f'{_term(name, naming.language)}<ul class="shares">{"".join(by)}</ul>'
        + _figure(_sentences(len(evidence[name])), sentences(told, evidence[name]))
        for name, by in shares.items()
    )


@register.simple_tag
def called_by(told: Perspective, called: CalledBy, language: str) -> SafeString:
    """The names one country uses for a thing."""
    return _items(
        _term(use.name, language) + _figure(_of_sources(use.sources, called.sources), sentences(told, use.evidence))
        for use in called.uses
    )


@register.simple_tag
def uses_of(told: Perspective, quote: SharedQuote, country: str = "") -> SafeString:
    """Who has a quotation, in what sentence, and what each left out of it; of one country or of all."""
    return _items(
        _use(row, quote, use)
        for use in quote.uses
        if (row := row_of(told, use.evidence)) and (not country or use.evidence.country == country)
    )


@register.simple_tag
def counts_of_quote(quote: SharedQuote) -> str:
    """Such as "4 sources · 3 countries"."""
    countries = len(quote.countries)
    return f"{_sources(quote.sources)} · {ngettext('%(n)s country', '%(n)s countries', countries) % {'n': countries}}"


@register.simple_tag
def names_only(told: Perspective, found: Iterable[Only], sources: int) -> SafeString:
    """Names that one country has alone; `sources`: how many of its sources tell the story."""
    return _items_alone(told, ((_term(text_of(one)), one) for one in found), sources)


@register.simple_tag
def numbers_only(told: Perspective, found: Iterable[Only], sources: int) -> SafeString:
    """Numbers that one country has alone, with what they are of."""
    terms = ((_term(text_of(one)) + example(told, one.evidence, SHORT_EXAMPLE), one) for one in found)
    return _items_alone(told, terms, sources)


@register.simple_tag
def quotes_only(told: Perspective, found: Iterable[Only], sources: int) -> SafeString:
    """Quotations that one country has alone, in the marks of their language."""
    return _items_alone(told, ((_quotation(told, one), one) for one in found), sources)


def _items_alone(told: Perspective, found: Iterable[tuple[str, Only]], sources: int) -> SafeString:
    language = get_language() or "en"
    return _items(
        term + _figure(_only_counts(one.sources, sources, one.looked_through, language), sentences(told, one.evidence))
        for term, one in found
    )


def _quotation(told: Perspective, one: Only) -> str:
    row = next(filter(None, (row_of(told, evidence) for evidence in one.evidence)), None)
    words = text_of(one).rstrip(" ,;")
    if not words:
        return _term("")
    return f'<q class="term" lang="{escape(row.language if row else "")}" dir="auto">{escape(words)}</q>'


@register.simple_tag
def values_of(told: Perspective, values: Iterable[Value], country: str = "") -> SafeString:
    """The values that are given for one thing, who gives each, and in what sentences; of one country or of all."""
    return _items(
        _term(text_of(value))
        + example(told, (one for one in value.evidence if not country or one.country == country), SHORT_EXAMPLE)
        + (
            ""
            if country
            else f'<ul class="shares">{"".join(f"<li>{_country(iso)}</li>" for iso in value.countries)}</ul>'
        )
        + _figure(
            _sources(value.sources),
            sentences(told, (one for one in value.evidence if not country or one.country == country)),
        )
        for value in values
    )


@register.simple_tag
def copies_of(told: Perspective, copies: Iterable[Copy]) -> SafeString:
    """Who printed a text, and how much of their words stand there."""
    return _items(
        f'{source(one.country, row)} <span class="meta">{escape(percent(one.share))}</span>'
        for one in copies
        if (row := told.rows.get(one.article))  # type: ignore[call-overload]  # ids are numbers here
    )


@register.simple_tag
def told_by(told: Perspective, article: int) -> SafeString:
    """The source of an article, leading to it."""
    row = told.rows.get(article)
    return mark_safe(source(row.country, row) if row else "…")  # noqa: S308  escaped there


@register.filter
def in_words(countries: Iterable[str]) -> str:
    """Such as "France, Germany and Japan", or "12 countries"."""
    names = [country_name(iso) for iso in countries]
    if len(names) > MOST_NAMED:
        return ngettext("%(n)s country", "%(n)s countries", len(names)) % {"n": len(names)}
    return format_list(names, locale=page_locale())


@register.simple_tag
def side_options(told: Perspective, chosen: str) -> SafeString:
    """The <option>s of the countries that tell a story."""
    return country_options([column.country for column in told.columns if column.country], chosen)


@register.simple_tag
def of_polled(sources: int, polled: int) -> str:
    """Such as "9 of 14 polled sources"."""
    words = ngettext("%(n)s of %(all)s polled source", "%(n)s of %(all)s polled sources", polled)
    return words % {"n": sources, "all": polled}


def _items(items: Iterable[str]) -> SafeString:
    """The items of a list."""
    return mark_safe("".join(f"<li>{item}</li>" for item in items))  # noqa: S308  escaped where each piece is made


def _figure(words: str, listed: str) -> str:
    return f'<details class="figure"><summary>{escape(words)}</summary>{listed}</details>'


def _term(text: str, language: str = "") -> str:
    """What a figure is of; three points where every sentence that says it is hidden."""
    tagged = f' lang="{escape(language)}"' if language else ""
    return f'<b class="term"{tagged} dir="auto">{escape(text or "…")}</b>'


def _elsewhere(told: Perspective, evidence: tuple[Evidence, ...]) -> str:
    return f'<p class="meta">{escape(_("Elsewhere:"))}</p>{sentences(told, evidence)}' if evidence else ""


def _country(iso: str) -> str:
    return f"{flag(iso, named=False)}{escape(country_name(iso))}"


def _use(row: Row, quote: SharedQuote, use: QuoteUse) -> str:
    one, by = use.evidence, source(use.evidence.country, row)
    if one.is_hidden:
        return f'{by} <span class="meta">{escape(hidden_in_words(1, get_language() or "en"))}</span>'
    return f"{said(row, marked(one.sentence, one.marks))} {by}{_cut(row, quote, use)}"


def _cut(row: Row, quote: SharedQuote, use: QuoteUse) -> str:
    """The longest version with what this one left out struck through."""
    if not use.left_out:
        return ""
    gone = f'<del><span class="unseen">{escape(_("left out:"))} </span>'
    struck = woven(quote.text, ((begin, end, gone, "</del>") for begin, end in use.left_out))
    return f'<p class="cut"><span class="meta">{escape(_("Cut:"))}</span> {said(row, struck)}</p>'


# The same few counts stand a hundred times on a page; `language` is the page's, and only tells them apart.
@lru_cache(maxsize=4096)
def _word_counts(here: int, sources: int, there: int, language: str) -> str:
    """Such as "9 sentences · 3 sources · 4 elsewhere"."""
    elsewhere = _("%(n)s elsewhere") % {"n": there}
    return f"{_sentences(here)} · {_sources(sources)} · {elsewhere}"


@lru_cache(maxsize=4096)
def _only_counts(sources: int, of: int, looked_through: int, language: str) -> str:
    """Such as "3 of 4 sources · 0 of 11 elsewhere"."""
    elsewhere = _("0 of %(n)s elsewhere") % {"n": looked_through}
    return f"{_of_sources(sources, of)} · {elsewhere}"


def _of_sources(sources: int, of: int) -> str:
    return ngettext("%(n)s of %(all)s source", "%(n)s of %(all)s sources", of) % {"n": sources, "all": of}


def _sentences(count: int) -> str:
    return ngettext("%(n)s sentence", "%(n)s sentences", count) % {"n": count}


def _sources(count: int) -> str:
    return ngettext("%(n)s source", "%(n)s sources", count) % {"n": count}
