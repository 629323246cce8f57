"""The buttons by which a reader follows, keeps and hides, as they stand for whoever reads the page."""

from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import get_template
from django.urls import get_script_prefix, reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from aggregator.followables import Search, Thing, is_followed, name_of, reference_of
from aggregator.models import Story
from aggregator.search.addresses import query_string_of
from aggregator.templatetags.shared import as_format

register = template.Library()


@register.inclusion_tag("aggregator/_follow.html", takes_context=True)
def follow_button(context: Context, thing: Thing, is_known_followed: bool | None = None) -> dict[str, Any]:
    """Follow, or let go; one query for a user, unless it is known whether they follow it. For a reader without account
    it leads to log in, and does it then.
    """
    user = context.get("user")
    what, key = reference_of(thing)
    if is_known_followed is None:
        is_known_followed = isinstance(user, User) and is_followed(user, thing)
    return of_page(context) | {"what": what, "key": key, "name": name_of(thing), "is_followed": is_known_followed}


@register.simple_tag(takes_context=True)
def follow_story(context: Context, story: Story) -> SafeString:
    """Following a story from its row in a list: a button of the page's one form, or for a reader without account the
    way to log in. `followed` in the context: the numbers of those a user follows.
    """
    user, where = context.get("user"), (get_language() or "en", get_script_prefix())
    if user and user.is_authenticated:
        return SafeString(_follow_in(*where, story.pk in (context.get("followed") or ())) % story.pk)
    return SafeString(_log_in_to_follow(*where, context["request"].get_full_path()) % story.pk)


# With a place for the number of a story; `language` is the page's, `prefix` stands before all addresses.
@lru_cache(maxsize=64)
def _follow_in(language: str, prefix: str, is_followed: bool) -> str:
    value, pressed = ("no", "true") if is_followed else ("yes", "false")
    words = _for_format(_("Follow this story"))
    return (
        f'\n<button class="link" form="acts" formaction="{_for_format(reverse("follow"))}?story=%d" name="follow"'
        f' value="{value}" aria-pressed="{pressed}">{words}</button>\n'
    )


@lru_cache(maxsize=64)
def _log_in_to_follow(language: str, prefix: str, here: str) -> str:
    words = _for_format(_("Log in to follow"))
    return (
        f'\n<form method="post" action="{_for_format(reverse("follow"))}?story=%d"><input type="hidden" name="next"'
        f' value="{_for_format(here)}"><button class="link" name="follow" value="yes">'
        f"{words}</button></form>\n"
    )


def _for_format(words: str) -> str:
    return escape(words).replace("%", "%%")


@register.simple_tag(takes_context=True)
def search_buttons(context: Context) -> SafeString:
    """Keep the search of this page, and follow it. Needs: is_search_followed, None where it is not kept."""
    request, user, is_followed = context["request"], context.get("user"), context["is_search_followed"]
    is_user = isinstance(user, User)
    own = {
        "search": escape(query_string_of(request.GET)),
        "next": escape(request.get_full_path()),
        "csrf": str(context.get("csrf_token") or "") if is_user else "",
    }
    where = get_language() or "en", get_script_prefix()
    return SafeString(buttons_of_search(*where, is_user, is_followed is not None, bool(is_followed)) % own)


@lru_cache(maxsize=64)
def buttons_of_search(language: str, prefix: str, is_user: bool, is_saved: bool, is_followed: bool) -> str:
    """The same with places for the search, the address of the page and the token of its forms; in the language of the
    page, which is `language`, with addresses behind `prefix`: they only tell what is kept for one from what is for
    another.
    """
    search = Search("\0search\0")
    given = {
        "request": {"get_full_path": "\0next\0"},
        "user": {"is_authenticated": is_user},
        "csrf_token": "\0csrf\0",
        "search": search,
        "what": "search",
        "key": search.query,
        "is_saved": is_saved,
        "is_followed": is_followed,
    }
    return as_format(get_template("aggregator/_search_follow.html").template.render(Context(given)))  # type: ignore[attr-defined]


def of_page(context: Context) -> dict[str, Any]:
    """What a form needs of the page it stands on."""
    names = ("request", "user", "csrf_token")
    return {name: context.get(name) for name in names}
