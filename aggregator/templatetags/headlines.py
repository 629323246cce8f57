"""Headlines of a story's articles in templates: what sets them apart, and what they were before."""

from html import escape

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from aggregator.cited import figure, woven
from aggregator.models import Article
from aggregator.perspectives import Perspective
from aggregator.templatetags.cards import LONGEST_HEADLINE, tongue
from aggregator.templatetags.own import read_class

register = template.Library()


@register.simple_tag(takes_context=True)
def headline_apart(context: Context, told: Perspective, article: Article, level: str) -> SafeString:
    """The headline as a link, what no other country's says in <b>, what most say in soft letters."""
    title, apart = " ".join(article.title.split()), told.apart.get(article.pk)
    if apart and (apart.own or apart.common) and title.startswith(apart.title):
        spans = [(*span, "<b>", "</b>") for span in apart.own]
        spans += [(*span, '<span class="shared">', "</span>") for span in apart.common]
        written = woven(title[:LONGEST_HEADLINE], sorted(spans))
    else:
        written = escape(article.title[:LONGEST_HEADLINE])
    link = f'<a href="{escape(article.get_absolute_url())}">{written}</a>'
    return mark_safe(f'<{level} class="headline{read_class(context, article)}"{tongue(article)}>{link}</{level}>')  # noqa: S308


@register.simple_tag
def earlier_headlines_of(told: Perspective, article: Article) -> SafeString:
    """The headlines an article had before its source changed it, one press away."""
    titles = told.earlier.get(article.pk)
    if not titles:
        return mark_safe("")
    words = ngettext("%(n)s earlier headline", "%(n)s earlier headlines", len(titles)) % {"n": len(titles)}
    items = "".join(f"<li{tongue(article)}>{escape(title[:LONGEST_HEADLINE])}</li>" for title in titles)
    return mark_safe(figure(words, f'<ol class="sentences">{items}</ol>'))  # noqa: S308
