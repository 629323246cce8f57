"""Parts of an article's own page, kept by each process: what they say is nearly all of the page, and the same for most.

A part is rendered of a Shown alone: no request, no user, no preferences but the zone and the size of text. So nothing
of one reader can come to another but what stands in that value, which is what the part is kept under, and what is
written into its places: the address of the page, and the token of its forms.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.urls import get_script_prefix
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from accounts.preferences import Preferences
from aggregator.models import Article, Headline
from aggregator.page_marks import page_marks
from aggregator.reading_marks import Marks
from aggregator.templatetags.kept_cards import template_of
from aggregator.templatetags.own import MARKED
from aggregator.templatetags.reading import shown_views
from aggregator.templatetags.shared import as_format
from zisnews.site_address import absolute

register = template.Library()

MOST_KEPT = 200  # parts of 5 to 50 kB

_kept: dict[tuple, str] = {}


@dataclass(frozen=True, slots=True)
class Asking:
    """What stands for the request of whoever reads a part: what they did with its articles, and nothing else."""

    _marks: Marks
    get_full_path: str = "\0next\0"


@dataclass(frozen=True, slots=True)
class Reader:
    """What a part knows of whoever is logged in."""

    is_authenticated: bool = True


@dataclass(slots=True)
class Shown:
    """An article as its page shows it to a reader.

    here: its absolute address. key: all that its parts differ by
    """

    article: Article
    earlier_headlines: tuple[Headline, ...]
    tellings: list[Article]
    preferences: Preferences
    marks: Marks
    is_user: bool
    here: str
    key: tuple

    @property
    def context(self) -> dict[str, Any]:
        """What the templates of parts are given."""
        return {
            "article": self.article,
            "earlier_headlines": self.earlier_headlines,
            "tellings": self.tellings,
            "preferences": self.preferences,
            "user": Reader() if self.is_user else None,
            "request": Asking(self.marks),
            "csrf_token": "\0csrf\0" if self.is_user else None,
            "here": self.here,
            "is_story_followed": self.marks.has(self.article, "story_followed"),
        }


@register.tag
def article_part(parser: Parser, token: Token) -> "PartNode":
    """{% article_part "aggregator/_article_head.html" %}: a template that needs no more than a Shown gives it."""
    _tag, name = token.split_contents()
    return PartNode(name.strip("\"'"))


class PartNode(template.Node):
    def __init__(self, name: str) -> None:
        self.name = name

    def render(self, context: Context) -> SafeString:
        shown = shown_on(context)
        key = self.name, *shown.key
        kept = _kept.get(key)
        if kept is None:
            if len(_kept) >= MOST_KEPT:
                _kept.clear()
            kept = _kept[key] = as_format(template_of(self.name).render(Context(shown.context)))
        own = {"next": escape(context["request"].get_full_path())}
        if shown.is_user:
            own["csrf"] = str(context.get("csrf_token") or "")
        return mark_safe(kept % own)  # noqa: S308  a template, with what was escaped just now


def shown_on(context: Context) -> Shown:
    """The article of the page; put together once."""
    found: Shown | None = context.render_context.get("_shown")
    if found is None:
        found = context.render_context["_shown"] = shown_to(context)
    return found


def shown_to(context: Context) -> Shown:
    article, tellings, user = context["article"], context["tellings"], context.get("user")
    preferences, earlier = context["preferences"], tuple(context["earlier_headlines"])
    is_user = bool(user and user.is_authenticated)
    own = own_marks(page_marks(context, article), [article, *tellings])
    here = absolute(context["request"], article.get_absolute_url())
    copied = (article.copy_of.pk, article.copy_of.version) if article.copy_of_id and article.copy_of else ()
    plain = Preferences(time_zone=preferences.time_zone, text_size=preferences.text_size)
    return Shown(
        article,
        earlier,
        tellings,
        plain,
        marks_from(own),
        is_user,
        here,
        key=(
            get_language(), get_script_prefix(), is_user, plain, here,
            article.pk, article.says, shown_views(article), copied, own,
            tuple((one.title, one.seen_at, one.replaced_at) for one in earlier),
            tuple((telling.pk, telling.version) for telling in tellings),
        ),
    )  # fmt: skip


def own_marks(marks: Marks, articles: Sequence[Article]) -> tuple[tuple[int, tuple[bool, ...]], ...]:
    """Of each article whether it was read, and which of the marks of a menu it has."""
    return tuple((article.pk, marks.of(article, MARKED)) for article in articles)


def marks_from(own: tuple[tuple[int, tuple[bool, ...]], ...]) -> Marks:
    """Marks that say this and nothing else."""
    names = "read", *MARKED
    marked = {name: {pk for pk, has in own if has[place]} for place, name in enumerate(names)}
    return Marks(frozenset(pk for pk, _has in own), marked)
