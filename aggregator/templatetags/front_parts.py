"""What stands on the front page several times and says more than a card: each is written in one step, for the templates
that said the same took a third of the page's time.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape

from django import template
from django.template.context import Context
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from aggregator.models import Article, Story
from aggregator.tellings import Told
from aggregator.templatetags.cards import (
    DOT,
    GRID_SIZES,
    LONGEST_HEADLINE,
    headline,
    hooks,
    meta,
    source_name,
    summary_line,
    thumb_or_mark,
    tongue,
    voices,
)
from aggregator.templatetags.moments import short
from aggregator.templatetags.own import read_class, read_word
from aggregator.templatetags.perspectives import countries_and_sources, shares_bar
from aggregator.templatetags.places import category_name, country_name, flag
from feeds.models import Category

register = template.Library()

SUMMARY = 160  # characters


@register.simple_tag
def section_head(category: Category) -> SafeString:
    """The head of a category's place, with the way to all of it."""
    return _section_head(category.slug, get_language() or "en", get_script_prefix())


@lru_cache(maxsize=512)  # `language` is the page's, `prefix` stands before all addresses
def _section_head(slug: str, language: str, prefix: str) -> SafeString:
    name, address = category_name(slug), reverse("category", args=[slug])
    more = _("More %(name)s") % {"name": name}
    arrow = f'<svg class="icon forward" aria-hidden="true"><use href="{static("icons/sprite.svg")}#arrow"/></svg>'
    return SafeString(
        f'<div class="section"><h2 id="block-{escape(slug)}">{escape(name)}</h2><a href="{escape(address)}">'
        f"{escape(more)}{arrow}</a></div>"
    )


@register.simple_tag(takes_context=True)
def told_card(context: Context, told: Told) -> SafeString:
    """A top story: a card of the article that stands for it, and how two more countries tell it."""
    article, others = told.article, told.others
    address = escape(article.get_absolute_url())
    drawn = thumb_or_mark(article, GRID_SIZES, address=address)
    below = _also(told, others) if others else summary_line(article, SUMMARY)
    return SafeString(
        f'<article class="card" {hooks(article)}>\n{drawn}\n{meta(context, article)}\n'
        f"{headline(context, article, 'h2', address)}\n{below}\n{voices(context, article)}\n</article>"
    )


def _also(told: Told, others: Sequence[Article]) -> str:
    """How further countries tell a story, each in one line or two: flag and headline."""
    label = _("How others tell it") if told.story and told.story.country_count > 1 else _("Also told by")
    items = "".join(
        f'<li><a href="{escape(one.get_absolute_url())}">{flag(one.source.country_id)}'
        f"<span{tongue(one)}>{escape(one.title[:LONGEST_HEADLINE])}</span></a></li>"
        for one in others
    )
    return f'<ul class="also" aria-label="{escape(label)}">{items}</ul>'


@register.simple_tag(takes_context=True)
def tellings(context: Context, articles: Iterable[Article]) -> SafeString:
    """How other countries tell the lead, an item each: flag, headline, source and time."""
    return SafeString("".join(f"<li>{_telling(context, article)}</li>" for article in articles))


def _telling(context: Context, article: Article) -> str:
    said = (
        f'<span class="headline{read_class(context, article)}"{tongue(article)}>'
        f"{escape(article.title[:LONGEST_HEADLINE])}</span>"
    )
    by = (
        f'<span class="meta"><b>{source_name(article)}</b>{DOT}'
        f"{short(context, article.published_at)}{read_word(context, article)}</span>"
    )
    opening = f'<a class="telling" href="{escape(article.get_absolute_url())}" {hooks(article)}>'
    return f"{opening}\n{flag(article.source.country_id)}\n{said}\n{by}\n</a>"


@register.simple_tag
def told_by_most(stories: Iterable[Told]) -> SafeString:
    """Items of stories beside the blocks: headline, how many countries and sources, and the bar of their shares."""
    return SafeString("".join(_story(told, one, _counts(one)) for told in stories if (one := told.story)))


@register.simple_tag
def told_by_one_side(stories: Iterable[Told]) -> SafeString:
    """The same of stories that one country's sources tell alone."""
    return SafeString("".join(_story(told, one, _alone(told, one)) for told in stories if (one := told.story)))


def _story(told: Told, story: Story, said: str) -> str:
    language = f'lang="{escape(told.language)}" ' if told.language else ""
    return (
        f'<li data-story="{story.pk}"><h3><a class="headline" href="{escape(story.get_absolute_url())}" {language}'
        f'dir="auto">{escape(told.title[:LONGEST_HEADLINE])}</a></h3>\n'
        f'<p class="meta">{said}</p>{shares_bar(story.voices)}</li>'
    )


def _counts(story: Story) -> str:
    return DOT.join(map(escape, countries_and_sources(story)))


def _alone(told: Told, story: Story) -> str:
    iso, n = told.article.source.country_id, story.source_count
    said = ngettext("%(n)s source, in %(country)s", "%(n)s sources, all in %(country)s", n)
    return f"{flag(iso, named=False)}{escape(said % {'n': n, 'country': country_name(iso)})}"


@register.simple_tag(takes_context=True)
def newest_beside(context: Context, articles: Iterable[Article]) -> SafeString:
    """Items of the newest articles beside the blocks: headline, and what a card's line says."""
    return SafeString("".join(_newest(context, article) for article in articles))


def _newest(context: Context, article: Article) -> str:
    link = (
        f'<a class="headline{read_class(context, article)}" href="{escape(article.get_absolute_url())}"'
        f"{tongue(article)}>{escape(article.title[:LONGEST_HEADLINE])}</a>"
    )
    return f"<li {hooks(article)}><h3>{link}</h3>{meta(context, article)}</li>"
