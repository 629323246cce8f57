"""Cards of articles as parts of a page that are the same for everybody, with places for what is their reader's own.

A card is rendered once by each process for each version of its article, story and source (ArticleQuerySet.cards says
which that is: no row can change without it), language and template. What differs from one reader to the next, or with
the time, is written into its places for each page: ages, what was read, what a user may do.

A template that is rendered so is given the article, the source or story whose page it is on and whether a user reads
it, and nothing else: no request, no user, no preferences.
"""

from collections.abc import Iterator
from typing import Any

from django import template
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.template.context import Context
from django.template.loader import get_template
from django.urls import get_script_prefix
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from aggregator.card_rows import fill
from aggregator.models import Article
from aggregator.page_marks import articles_in, page_marks
from aggregator.templatetags.cards import hidden_line
from aggregator.templatetags.moments import reader_zone, time_ago
from aggregator.templatetags.own import own_part_of
from aggregator.templatetags.shared import as_format

register = template.Library()

MOST_KEPT = 6_000  # cards of 1 to 2 kB

_kept: dict[tuple, str] = {}


@register.tag
def card(parser: Parser, token: Token) -> "CardNode":
    """{% card "aggregator/_article_row.html" %}, or with article=…: as {% include %} would render it."""
    _tag, name, *words = token.split_contents()
    given = token_kwargs(words, parser)
    if words or set(given) - {"article"}:
        raise template.TemplateSyntaxError("card takes the name of a template and article=….")
    return CardNode(name.strip("\"'"), given.get("article") or parser.compile_filter("article"))


class CardNode(template.Node):
    """One card of a page."""

    def __init__(self, name: str, article: FilterExpression) -> None:
        self.name, self.article = name, article

    def render(self, context: Context) -> SafeString:
        article: Article = self.article.resolve(context)
        version = getattr(article, "version", "")
        page: dict[str, Any] = page_of(context)
        if not version:
            with context.push(article=article):
                return template_of(self.name).render(context)
        key = article.pk, version, self.name, *page["key"]
        kept = _kept.get(key)
        if kept is None:
            if getattr(article, "is_light", False):
                fill(self.wanting(context, page))
            if len(_kept) >= MOST_KEPT:
                _kept.clear()
            kept = _kept[key] = self.rendered(article, page)
        return mark_safe(kept % own_of(context, article, page))  # noqa: S308  rendered by a template

    def wanting(self, context: Context, page: dict[str, Any]) -> Iterator[Article]:
        """The articles of the page whose card of this kind is not kept."""
        for one in articles_in(context):
            if getattr(one, "is_light", False) and (one.pk, one.version, self.name, *page["key"]) not in _kept:  # type: ignore[attr-defined]
                yield one

    def rendered(self, article: Article, page: dict[str, Any]) -> str:
        """The card with its places, for % to fill."""
        apart = Context({"article": article, "is_for_all": True, **page["shared"]})
        return as_format(template_of(self.name).render(apart))


def template_of(name: str) -> template.Template:
    return get_template(name).template  # type: ignore[attr-defined]  # Django's own backend


def page_of(context: Context) -> dict[str, Any]:
    """What all cards of a page have in common; put together once."""
    kept = context.render_context.get("_cards")
    if kept is None:
        source, story, user = context.get("source"), context.get("story"), context.get("user")
        is_user = bool(user and user.is_authenticated)
        of_page = source.pk if source else 0, story.pk if story else 0
        kept = {
            "shared": {"source": source, "story": story, "is_user": is_user},
            "is_user": is_user,
            "zone": reader_zone(context),
            "key": (get_language(), get_script_prefix(), is_user, *of_page),
        }
        context.render_context["_cards"] = kept
    return kept


def own_of(context: Context, article: Article, page: dict[str, Any]) -> dict[str, str]:
    """What stands in the places of a card."""
    zone = page["zone"]
    own: dict[str, str] = {"age": time_ago(article.published_at, zone)}
    if article.is_changed:
        own["changed"] = time_ago(article.updated_at, zone)  # type: ignore[arg-type]  # what is changed has one
    if page["is_user"]:
        marks = page_marks(context, article)
        own["read"] = " read" if marks.is_read(article) else ""
        own["own"], own["why"] = own_part_of(context["request"], article, marks), hidden_line(article)
    return own
