"""How the sides of a story differ, in templates: each figure with the sentences it rests on, one press away.

Lists of figures are written in one step, for a page has hundreds. All take `told`, the page's Perspective.
"""

from collections import defaultdict
from collections.abc import Iterable
from html import escape

from babel.lists import format_list
from django import template
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aggregator.cited import (
    EXAMPLE,
    SHORT_EXAMPLE,
    example,
    figure,
    marked,
    row_of,
    said,
    sentences,
    source,
    text_of,
    woven,
)
from aggregator.comparing.sections import (
    CalledBy,
    Copy,
    Evidence,
    Naming,
    Only,
    OnlyHere,
    Origin,
    QuoteUse,
    SharedQuote,
    Side,
    Speaker,
    Value,
)
from aggregator.figures_in_words import (
    countries_in_words,
    hidden_in_words,
    of_polled,
    of_sentences,
    of_sources,
    only_counts,
    quoted_words,
    silence_in_words,
    sources_in_words,
    word_counts,
)
from aggregator.perspectives import Perspective, Row
from aggregator.templatetags.moments import short
from aggregator.templatetags.perspectives import and_more
from aggregator.templatetags.places import country_name, country_options, flag, page_locale, percent

register = template.Library()

FEW_WORDS, FEW_USES, FEW_VALUES = 4, 6, 6  # of each side, quotation and thing, where many sides tell a story
LONGEST_QUOTED = 150  # characters of a quotation that one country has alone
QUOTATION_MARKS = frozenset("\"“”„«»「」『』‹›‘’'")
MOST_NAMED = 4  # countries that are named one by one; more are counted


@register.simple_tag(takes_context=True)
def origins_of(context: Context, told: Perspective, found: Iterable[Origin]) -> SafeString:
    """Whom the sources name as where they have it from, its own report where it is there, and in what sentences."""
    return _items(_origin(context, told, one) for one in found)


def _origin(context: Context, told: Perspective, one: Origin) -> str:
    row = told.rows.get(one.article) if one.article else None
    has, none = escape(_("Own report:")), escape(_("No report of its own in this story"))
    own = f"{has} {source(told, row)} {short(context, row.published_at)}" if row else none
    return f'{_term(one.text)} <span class="meta">{own}</span>' + figure(
        ngettext("named by %(n)s source", "named by %(n)s sources", one.sources) % {"n": one.sources},
        sentences(told, one.evidence),
    )


@register.simple_tag
def words_of(told: Perspective, side: Side) -> SafeString:
    """The words that set a side apart, each with an example and the sentences it stands in."""
    return _items(
        f"{_term(text_of(word), side.language)}{example(told, word.evidence, EXAMPLE, side.country)}"
        + figure(
            word_counts(word.here, word.sources, word.there),
            sentences(told, word.evidence, side.country) + _elsewhere(told, word.there_evidence),
        )
        for word in (side.words[:FEW_WORDS] if told.is_brief else side.words)
    )


@register.simple_tag
def names_of(told: Perspective, naming: Naming) -> SafeString:
    """Each name of a thing with the countries that use it, and in what sentences."""
    shares: dict[str, list[str]] = defaultdict(list)
    evidence: dict[str, list[Evidence]] = defaultdict(list)
    for called in naming.countries:
        for use in called.uses:
            counted = f'<span class="meta">{escape(of_sources(use.sources, called.sources))}</span>'
            shares[use.name].append(f"<li>{_country(told, called.country)} {counted}</li>")
            evidence[use.name] += use.evidence
    return _items(
        f'{_term(name, naming.language)}<ul class="shares">{"".join(by)}</ul>'
        + figure(of_sentences(len(evidence[name])), sentences(told, evidence[name]))
        for name, by in shares.items()
    )


@register.simple_tag
def called_by(told: Perspective, called: CalledBy, language: str) -> SafeString:
    """The names one country uses for a thing."""
    return _items(
        _term(use.name, language) + figure(of_sources(use.sources, called.sources), sentences(told, use.evidence))
        for use in called.uses
    )


@register.simple_tag
def uses_of(told: Perspective, quote: SharedQuote, country: str = "") -> SafeString:
    """Who has a quotation, in what sentence, and what each left out of it; of one country or of all."""
    known = [
        (row, use)
        for use in quote.uses
        if (row := row_of(told, use.evidence)) and (not country or use.evidence.country == country)
    ]
    few = FEW_USES if told.is_brief else len(known)
    items = [_use(told, row, quote, use, country) for row, use in known[:few]]
    return _items([*items, *_and_more(len(known) - few)])


@register.simple_tag
def speakers_of(told: Perspective, found: Iterable[Speaker], country: str = "") -> SafeString:
    """Who is quoted, how many words by whom, and in what sentences; by one country or by all."""
    return _items(
        _speaker(told, one, country)
        for one in found
        if not country or any(each.country == country for each in one.countries)
    )


def _speaker(told: Perspective, one: Speaker, country: str) -> str:
    heard = [each for each in one.countries if not country or each.country == country]
    shares = "".join(
        f'<li>{_country(told, each.country)} <span class="meta">{escape(quoted_words(each.words))}</span></li>'
        for each in heard
    )
    evidence = [each for each in one.evidence if not country or each.country == country]
    words = f"{quoted_words(sum(each.words for each in heard))} · {of_sentences(len(evidence))}"
    return (
        _term(one.text)
        + ("" if country else f'<ul class="shares">{shares}</ul>')
        + figure(words, sentences(told, evidence, country))
    )


@register.filter
def without_end(quoted: str) -> str:
    """A quotation without the comma that leads on to who said it."""
    return quoted.rstrip(" ,;")


@register.simple_tag
def counts_of_quote(quote: SharedQuote) -> str:
    """Such as "4 sources · 3 countries"."""
    return f"{sources_in_words(quote.sources)} · {countries_in_words(len(quote.countries))}"


@register.simple_tag
def names_only(told: Perspective, here: OnlyHere) -> SafeString:
    """The names that one country has alone."""
    return _items_alone(told, here, ((_term(text_of(one)), one) for one in here.names))


@register.simple_tag
def numbers_only(told: Perspective, here: OnlyHere) -> SafeString:
    """The numbers that one country has alone, with what they are of."""
    terms = (
        (_term(text_of(one)) + example(told, one.evidence, SHORT_EXAMPLE, here.country), one) for one in here.numbers
    )
    return _items_alone(told, here, terms)


@register.simple_tag
def quotes_only(told: Perspective, here: OnlyHere) -> SafeString:
    """The beginnings of the quotations that one country has alone, in the marks of their language."""
    return _items_alone(told, here, ((_quotation(told, one), one) for one in here.quotes))


def _items_alone(told: Perspective, here: OnlyHere, found: Iterable[tuple[str, Only]]) -> SafeString:
    def counts(one: Only) -> str:
        return only_counts(one.sources, here.sources, one.looked_through)

    return _items(term + figure(counts(one), sentences(told, one.evidence, here.country)) for term, one in found)


def _quotation(told: Perspective, one: Only) -> str:
    """The beginning of a quotation, in the marks its article has it in."""
    shown = next((each for each in one.evidence if not each.is_hidden and row_of(told, each)), None)
    words = text_of(one).rstrip(" ,;")
    if not words or shown is None or not shown.marks:
        return _term(words)
    begin, end = shown.marks[0]
    opening, closing = shown.sentence[begin - 1 : begin] if begin else "", shown.sentence[end : end + 1]
    if not (opening in QUOTATION_MARKS and closing in QUOTATION_MARKS):
        opening, closing = "“", "”"
    language = told.rows[shown.article].language
    return _term(f"{opening}{beginning(words)}{closing}", language)


def beginning(words: str) -> str:
    """The first words of a long quotation."""
    if len(words) <= LONGEST_QUOTED:
        return words
    end = words.rfind(" ", LONGEST_QUOTED // 2, LONGEST_QUOTED)
    return f"{words[: end if end > 0 else LONGEST_QUOTED].rstrip(' ,;')} …"


@register.simple_tag
def values_of(told: Perspective, values: Iterable[Value], country: str = "") -> SafeString:
    """The values that are given for one thing, who gives each, and in what sentences; of one country or of all.

    Of many the smallest and the largest, which are what countries differ in.
    """
    given = list(values)
    few = FEW_VALUES if told.is_brief and len(given) > FEW_VALUES else len(given)
    shown = [*given[: few - few // 2], *given[len(given) - few // 2 :]]
    return _items([*(_value(told, value, country) for value in shown), *_and_more(len(given) - len(shown))])


def _value(told: Perspective, value: Value, country: str) -> str:
    given = [one for one in value.evidence if not country or one.country == country]
    sources = len({one.source for one in given}) if country else value.sources
    givers = "" if country else "".join(f"<li>{_country(told, iso)}</li>" for iso in value.countries)
    return (
        _term(text_of(value))
        + example(told, given, SHORT_EXAMPLE, country)
        + (f'<ul class="shares">{givers}</ul>' if givers else "")
        + figure(sources_in_words(sources), sentences(told, given, country))
    )


@register.simple_tag
def copies_of(told: Perspective, copies: Iterable[Copy]) -> SafeString:
    """Who printed a text, and how much of their words stand there."""
    return _items(
        f'{source(told, row)} <span class="meta">{escape(percent(one.share))}</span>'
        for one in copies
        if (row := told.rows.get(one.article))
    )


@register.simple_tag
def told_by(told: Perspective, article: int) -> SafeString:
    """The source of an article, leading to it."""
    row = told.rows.get(article)
    return mark_safe(source(told, row) if row else "…")  # noqa: S308  escaped there


@register.filter
def in_words(countries: Iterable[str]) -> str:
    """Such as "France, Germany and Japan", or "12 countries"."""
    named = list(countries)
    if len(named) > MOST_NAMED:
        return countries_in_words(len(named))
    return format_list([country_name(iso) for iso in named], locale=page_locale())


@register.simple_tag
def more_countries(count: int) -> str:
    """Such as "28 more countries"."""
    return ngettext("%(n)s more country", "%(n)s more countries", count) % {"n": count}


@register.simple_tag
def side_options(told: Perspective, chosen: str) -> SafeString:
    """The <option>s of the countries that tell a story."""
    return country_options([column.country for column in told.columns if column.country], chosen)


register.simple_tag(of_polled)
register.filter("silence_in_words", silence_in_words)


def _items(items: Iterable[str]) -> SafeString:
    """The items of a list."""
    return mark_safe("".join(f"<li>{item}</li>" for item in items))  # noqa: S308  escaped where each piece is made


def _and_more(count: int) -> list[str]:
    """What a list ends with that shows the first alone."""
    return [f'<span class="meta">{escape(and_more(count))}</span>'] if count > 0 else []


def _term(text: str, language: str = "") -> str:
    """What a figure is of; three points where every sentence that says it is hidden."""
    tagged = f' lang="{escape(language)}"' if language else ""
    return f'<b class="term"{tagged} dir="auto">{escape(text or "…")}</b>'


def _elsewhere(told: Perspective, evidence: tuple[Evidence, ...]) -> str:
    elsewhere = escape(_("Elsewhere:"))
    return f'<p class="meta">{elsewhere}</p>{sentences(told, evidence)}' if evidence else ""


def _country(told: Perspective, iso: str) -> str:
    written = told.written.get(iso)
    if written is None:
        written = told.written[iso] = f"{flag(iso, named=False)}{escape(country_name(iso))}"
    return written


def _use(told: Perspective, row: Row, quote: SharedQuote, use: QuoteUse, among: str) -> str:
    one, by = use.evidence, source(told, row, among)
    if one.is_hidden:
        return f'{by} <span class="meta">{escape(hidden_in_words(1))}</span>'
    return f"{said(row, marked(one.sentence, one.marks))} {by}{_cut(row, quote, use)}"


def _cut(row: Row, quote: SharedQuote, use: QuoteUse) -> str:
    """The longest version with what this one left out struck through."""
    if not use.left_out:
        return ""
    left_out, cut = escape(_("left out:")), escape(_("Cut:"))
    gone = f'<del><span class="unseen">{left_out} </span>'
    struck = woven(without_end(quote.text), ((begin, end, gone, "</del>") for begin, end in use.left_out))
    return f'<p class="cut"><span class="meta">{cut}</span> {said(row, struck)}</p>'
