"""What a page shows of its articles to their reader alone: which are read, and what may be done with one.

A menu stands on every article of a page, so it is written in one step and holds no form of its own: its buttons send
the page's one form (templates/_actions.html) to their own addresses.
"""

from datetime import date, timedelta
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import quote

from babel.dates import format_date
from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from aggregator.addresses import source_address
from aggregator.models import Article
from aggregator.page_marks import page_marks, scope_of
from aggregator.reading_marks import Marks
from aggregator.templatetags.places import page_locale
from aggregator.templatetags.shared import as_format

register = template.Library()

NEXT = "\0next\0"  # NUL is in no text: Postgres takes none
MARKED = ("saved", "liked", "followed", "story_followed")  # what a menu tells, in its order


@register.simple_tag(takes_context=True)
def read_class(context: Context, article: Article) -> str:
    """The class of a headline whose article was read, beside others."""
    return " read" if page_marks(context, article).is_read(article) else ""


@register.simple_tag(takes_context=True)
def read_word(context: Context, article: Article) -> SafeString:
    """The word "read", for who does not see it by the headline."""
    return mark_safe(word_for_read(page_marks(context, article), article))  # noqa: S308  escaped there


def word_for_read(marks: Marks, article: Article) -> str:
    if not marks.is_read(article):
        return ""
    word = escape(pgettext("an article its reader opened", "read"))
    return f'<span class="unseen"> · {word}</span>'


@register.inclusion_tag("aggregator/_save.html", takes_context=True)
def save_button(context: Context, article: Article) -> dict[str, Any]:
    """The button that keeps an article, on its own page."""
    return {
        "article": article,
        "user": context.get("user"),
        "is_saved": page_marks(context, article).has(article, "saved"),
    }


@register.simple_tag(takes_context=True)
def read_up_to_here(context: Context) -> SafeString:
    """The button that says: I am through with this list up to its newest article here. Nothing on other pages.

    It stands above the list and under it, and is rendered once.
    """
    request, articles = context.get("request"), context.get("articles")
    user, scope = getattr(request, "user", None), scope_of(request)
    if not articles or not scope or user is None or not user.is_authenticated:
        return mark_safe("")
    kept: SafeString | None = getattr(request, "_read_up_to", None)
    if kept is None:
        moment, token = articles[0].published_at.isoformat(), context.get("csrf_token")
        here = request.get_full_path()  # type: ignore[union-attr]  # it has a user, hence it is there
        given = {"scope": scope, "moment": moment, "next": here, "token": token}
        form = form_read_up_to(get_language(), get_script_prefix())
        kept = mark_safe(form % {name: escape(str(value)) for name, value in given.items()})  # noqa: S308  of a template
        request._read_up_to = kept  # type: ignore[union-attr]  # it has a user, hence it is there
    return kept


@lru_cache(maxsize=64)
def form_read_up_to(language: str | None, prefix: str) -> str:
    """The button with its places. language, prefix: of the page, which the template knows by itself"""
    places = {name: f"\0{name}\0" for name in ("scope", "moment", "next", "token")}
    return as_format(get_template("aggregator/_read_up_to.html").template.render(Context(places)))  # type: ignore[attr-defined]


@register.simple_tag
def day_name(day: date, today: date) -> str:
    """Such as "Today", "Yesterday", "Wednesday, January 14, 2026"."""
    if day == today:
        return _("Today")
    return _("Yesterday") if day == today - timedelta(days=1) else format_date(day, "full", locale=page_locale())


def own_part(context: Context, article: Article) -> str:
    """What stands after the source of an article in a list: that it is read, and what its reader can do with it."""
    marks = page_marks(context, article)
    menu = menu_for(article, marks).replace(NEXT, quoted_path(context["request"]))
    return word_for_read(marks, article) + menu


def quoted_path(request: HttpRequest) -> str:
    """The address of the page, for the query of another one; put together once for all its menus."""
    here: str | None = getattr(request, "_quoted_path", None)
    if here is None:
        here = request._quoted_path = quote(request.get_full_path(), safe="")  # type: ignore[attr-defined]
    return here


def menu_for(article: Article, marks: Marks) -> str:
    """What a user can do with an article, behind three dots; but for where it leads back to, NEXT."""
    _is_read, *marked = marks.of(article, MARKED)
    where = get_language() or "en", get_script_prefix()
    ids = article.pk, article.story_id or 0
    return menu_of(ids, article.source.slug, article.source.name, tuple(marked), where)


@lru_cache(maxsize=2048)  # the same articles stand on page after page
def menu_of(ids: tuple[int, int], slug: str, name: str, marked: tuple[bool, ...], where: tuple[str, str]) -> str:
    """The menu of an article that is `marked` as saved, liked, of a source and a story that are followed; but for where
    it leads back to, NEXT. ids: of the article and its story, 0 for none
    where: the language of the page, and what stands before all addresses
    """
    article, story = ids
    is_saved, is_liked, is_followed, is_story_followed = marked
    return menu_in(*where, has_story=bool(story)) % {
        "article": article,
        "story": story,
        "watch": "no" if is_story_followed else "yes",
        "watched": "true" if is_story_followed else "false",
        "source": escape(slug),
        "name": escape(name),
        "hide": f"{escape(source_address(slug))}hide/",
        "next": NEXT,
        "save": "no" if is_saved else "yes",
        "saved": "true" if is_saved else "false",
        "like": "none" if is_liked else "like",
        "liked": "true" if is_liked else "false",
        "follow": "no" if is_followed else "yes",
        "followed": "true" if is_followed else "false",
    }


@lru_cache(maxsize=64)
def menu_in(language: str, prefix: str, *, has_story: bool) -> str:
    """The menu with places for what differs from one article to the next, in the language of the page, which is
    `language`: it only tells what is kept for one from what is for another.
    """
    icon = f'<svg class="icon" aria-hidden="true"><use href="{static("icons/sprite.svg")}#more"/></svg>'
    said = {
        name: escape(words).replace("%", "%%")
        for name, words in {
            "what": _("What to do with this article"),
            "save": _("Save"),
            "like": _("Like"),
            "block": _("Block a word from this headline"),
            "watch": _("Follow this story"),
        }.items()
    }
    hide = escape(_("Hide %(source)s")) % {"source": "<bdi>%(name)s</bdi>"}
    follow = escape(_("Follow %(source)s")) % {"source": "<bdi>%(name)s</bdi>"}
    watch = (
        f'"{prefix}follow/?story=%(story)d" name="follow" value="%(watch)s" aria-pressed="%(watched)s">{said["watch"]}'
    )
    at, send = f"{prefix}article/%(article)d/", '<li><button form="acts" formaction='
    return (
        f'<details class="menu acts"><summary aria-label="{said["what"]}" title="{said["what"]}">{icon}</summary><ul>'
        f'{send}"{at}save/" name="saved" value="%(save)s" data-action="save" aria-pressed="%(saved)s">'
        f"{said['save']}</button>"
        f'{send}"{at}reaction/" name="kind" value="%(like)s" aria-pressed="%(liked)s">{said["like"]}</button>'
        f'{send}"{prefix}follow/?id=%(source)s" name="follow" value="%(follow)s" aria-pressed="%(followed)s">'
        f"<span>{follow}</span></button>{f'{send}{watch}</button>' if has_story else ''}"
        f'{send}"%(hide)s" name="hidden" value="yes"><span>{hide}</span></button>'
        f'<li><a href="{prefix}settings/keywords/from/%(article)d/?next=%(next)s">{said["block"]}</a></ul></details>'
    )
