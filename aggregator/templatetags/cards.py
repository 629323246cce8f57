"""The small parts that every article in a list has. They stand a hundred times on a page: each is written here in one
step, for an {% include %} with its look-ups cost ten times as much. Which of them a card has is for its template.
"""

import unicodedata
from functools import lru_cache
from html import escape

from django import template
from django.template.context import Context
from django.templatetags.static import static
from django.utils.safestring import SafeString
from django.utils.text import Truncator, add_truncation_text
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from aggregator.addresses import source_address
from aggregator.models import Article, Story
from aggregator.templatetags.marks import mark
from aggregator.templatetags.moments import iso, reader_zone, time_ago
from aggregator.templatetags.own import own_part, read_class
from aggregator.templatetags.places import flag
from aggregator.templatetags.reading import summary, thumb

register = template.Library()

LONGEST_HEADLINE = 1000  # characters; what feeds say is cut at half of that, and nothing else shall stop a browser
# Places in a card that is rendered for everybody (kept_cards.py): its age, when it changed, whether it was read, what
# its reader may do, why it is shown although it is hidden.
AGE, CHANGED, READ, OWN, WHY = "\0age\0", "\0changed\0", "\0read\0", "\0own\0", "\0why\0"
# Widths of pictures, as in <img sizes>: of a row's, and of one in a grid.
ROW_SIZES, GRID_SIZES = "(min-width: 50rem) 12rem, 24vw", "(min-width: 58rem) 18rem, (min-width: 40rem) 45vw, 92vw"
SUMMARY = 240  # characters
TEXT = "\0text\0"
DOT = '<span class="dot"> </span>'  # cards.css draws the point, which leaves with the blank at the end of a line


@register.simple_tag(takes_context=True)
def article_row(context: Context, article: Article) -> SafeString:
    """One article in a list, newest first, whole: by one tag in place of six, each of which Django asks for its
    arguments, it takes half the time. On the page of its source it has no mark in place of a picture.
    """
    address = escape(article.get_absolute_url())
    of_source = context.get("source") and not article.picture
    drawn = "" if of_source else thumb_or_mark(article, ROW_SIZES, address=address)
    words = words_of(context, article, "h2", address)
    return SafeString(
        f'<article class="row" {hooks(article)}>\n<div class="words">\n{words}\n</div>\n{drawn}\n</article>'
    )


@register.simple_tag(takes_context=True)
def article_card(context: Context, article: Article) -> SafeString:
    """One article in a grid, with its picture, or its source's mark."""
    address = escape(article.get_absolute_url())
    drawn = thumb_or_mark(article, GRID_SIZES, address=address)
    words = words_of(context, article, "h3", address)
    return SafeString(f'<article class="card" {hooks(article)}>\n{drawn}\n{words}\n</article>')


def words_of(context: Context, article: Article, level: str, address: str) -> str:
    """What a row and a card say beside the picture."""
    head, summary = headline(context, article, level, address), summary_line(article, SUMMARY)
    return f"{meta(context, article)}\n{head}\n{summary}\n{voices(context, article)}"


@register.simple_tag(takes_context=True)
def article_brief(context: Context, article: Article) -> SafeString:
    """One article as source and headline only."""
    return SafeString(
        f'<article class="brief" {hooks(article)}>\n{meta(context, article)}\n'
        f"{headline(context, article, 'h3')}\n</article>"
    )


@register.simple_tag
def hooks(article: Article) -> SafeString:
    """What scripts and machines find an article by (contract.md), as attributes of the element that holds it."""
    story = f' data-story="{article.story_id}"' if article.story_id else ""
    country = escape(article.source.country_id)
    published = iso(article.published_at)
    return SafeString(f'data-article="{article.pk}"{story} data-country="{country}" data-published="{published}"')


@register.simple_tag(takes_context=True)
def headline(context: Context, article: Article, level: str, address: str = "") -> SafeString:
    """The headline as a link, in a heading such as "h2" that says its language and direction; softer once read.

    address: of the article, escaped, where it is known
    """
    link = f'<a href="{address or escape(article.get_absolute_url())}">{escape(article.title[:LONGEST_HEADLINE])}</a>'
    read = (READ if context["is_user"] else "") if "is_for_all" in context else read_class(context, article)
    return SafeString(f'<{level} class="headline{read}"{tongue(article)}>{link}</{level}>')


@register.simple_tag
def summary_line(article: Article, length: int, kind: str = "summary") -> SafeString:
    """The description as a paragraph, cut to so many characters; nothing where none may be shown."""
    text = summary(article)
    if not text:
        return SafeString("")
    return SafeString(f'<p class="{escape(kind)}"{tongue(article)}>{escape(shortened(text, length))}</p>')


@register.simple_tag
def thumb_link(
    article: Article, sizes: str, *, to: Article | Story | None = None, eager: bool = False, address: str = ""
) -> SafeString:
    """The picture, leading to the article or `to`; nothing where it has none. It repeats the headline's link, and so
    is hidden from who listens and from the Tab key. address: where it leads, escaped, where that is known
    """
    if not article.picture:
        return SafeString("")
    address = address or escape((to or article).get_absolute_url())
    drawn = thumb(article, sizes, eager)
    return SafeString(f'<a class="thumb" href="{address}" tabindex="-1" aria-hidden="true">{drawn}</a>')


@register.simple_tag
def thumb_or_mark(article: Article, sizes: str, *, eager: bool = False, address: str = "") -> SafeString:
    """The picture; where there is none, a calm tile with the source's mark."""
    if article.picture:
        return thumb_link(article, sizes, eager=eager, address=address)
    address, drawn = address or escape(article.get_absolute_url()), mark(article.source)
    return SafeString(f'<a class="thumb stand-in" href="{address}" tabindex="-1" aria-hidden="true">{drawn}</a>')


@register.simple_tag(takes_context=True)
def meta(context: Context, article: Article) -> SafeString:
    """Flag, source and age of an article, how many like it and talk about it, and for a user what may be done with it.

    On the page of one source (`source` in the context) its name stands above the list and is not told again.
    """
    is_for_all = "is_for_all" in context
    of_page = context.get("source")
    parts: list[str] = []
    if not of_page or of_page.pk != article.source_id:
        parts += flag(article.source.country_id), source_link(article), DOT
    parts.append(AGE if is_for_all else time_ago(article.published_at, reader_zone(context)))
    if article.is_changed:
        changed = CHANGED if is_for_all else time_ago(article.updated_at, reader_zone(context))  # type: ignore[arg-type]  # it has one
        updated = escape(_("updated"))
        parts.append(f'{DOT}<span class="card-updated">{updated} {changed}</span>')
    if article.like_count or article.comment_count:
        parts.append(answer_counts(article))
    user = context.get("user")
    if not (context["is_user"] if is_for_all else user and user.is_authenticated):
        return SafeString(f'<p class="meta">{"".join(parts)}</p>')
    parts.append(OWN if is_for_all else own_part(context, article))
    return SafeString(f'<div class="meta">{"".join(parts)}</div>{WHY if is_for_all else hidden_line(article)}')


@register.simple_tag
def hidden_line(article: Article) -> SafeString:
    """Why an article that is shown all the same (?hidden=show) is hidden; nothing for all others."""
    if not (reasons := getattr(article, "hidden_by", None)):
        return SafeString("")
    said = escape(_("Hidden because of: %(reasons)s") % {"reasons": ", ".join(reasons)})
    return SafeString(f'<p class="meta hidden-by">{said}</p>')


@register.simple_tag
def source_link(article: Article) -> SafeString:
    """The name of an article's source, as a link to its page."""
    return SafeString(f'<b><a href="{escape(source_address(article.source.slug))}">{source_name(article)}</a></b>')


def source_name(article: Article) -> str:
    """Apart from the text around it; in other letters than English ones it says its language, for who listens and for
    the right face: else a browser asks for faces of all scripts of a page in each size that names are set in.
    """
    name = article.source.name
    said = "" if name.isascii() else f' lang="{escape(article.language)}"'
    return f"<bdi{said}>{escape(name)}</bdi>"


@register.simple_tag(takes_context=True)
def voices(context: Context, article: Article) -> SafeString:
    """Such as "7 countries · 12 sources", leading to the story, where it has more voices than this one.

    Not on the page of the story itself (`story` in the context).
    """
    story, of_page = article.story, context.get("story")
    if story is None or story.source_count < 2 or (of_page and of_page.pk == story.pk):
        return SafeString("")
    words = escape(voices_in_words(story.country_count, story.source_count, get_language() or "en"))
    return SafeString(f'<a class="voices" href="{escape(story.get_absolute_url())}">{words}</a>')


@lru_cache(maxsize=4096)
def voices_in_words(countries: int, sources: int, language: str) -> str:
    """In the language of the page, which is `language`: it only tells what is kept for one from what is for another."""
    of_sources = ngettext("%(n)s source", "%(n)s sources", sources) % {"n": sources}
    if countries < 2:
        return of_sources
    of_countries = ngettext("%(n)s country", "%(n)s countries", countries) % {"n": countries}
    return f"{of_countries} · {of_sources}"


def answer_counts(article: Article) -> str:
    """The counts that are not 0, as signs with numbers, in words for who listens."""
    return "".join(
        f' <span class="tally">{sign}{count}<span class="unseen"> {escape(words)}</span></span>'
        for count, sign, words in (
            (article.like_count, icon("like"), ngettext("like", "likes", article.like_count)),
            (article.comment_count, icon("comment"), ngettext("comment", "comments", article.comment_count)),
        )
        if count
    )


def icon(name: str) -> str:
    return f'<svg class="icon" aria-hidden="true"><use href="{static("icons/sprite.svg")}#{name}"/></svg>'


def tongue(article: Article) -> str:
    """The attributes that say which language a text of an article is in; its first letter says the direction."""
    return f' lang="{escape(article.language)}" dir="auto"'


def shortened(text: str, length: int) -> str:
    """As Django's truncatechars, which looks at each letter in Python to find those that only join to another one."""
    text = unicodedata.normalize("NFC", text[: length * 4])  # a letter may come with marks of its own
    if len(text) <= length:
        return text
    if not text.isascii() and any(map(unicodedata.combining, text[: length + 1])):
        return Truncator(text).chars(length)
    return _cut(get_language() or "en").replace(TEXT, text[: length - 1])


@lru_cache(maxsize=64)
def _cut(language: str) -> str:
    """How `language`, which is the page's, writes a TEXT that goes on: mostly with three points."""
    return add_truncation_text(TEXT)
