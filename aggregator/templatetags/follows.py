"""The buttons by which a reader follows, keeps and hides, as they stand for whoever reads the page."""

from html import escape
from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import User
from aggregator.followables import Search, Thing, is_followed, name_of, reference_of
from aggregator.models import Story
from aggregator.search.addresses import query_string_of

register = template.Library()


@register.inclusion_tag("aggregator/_follow.html", takes_context=True)
def follow_button(context: Context, thing: Thing) -> dict[str, Any]:
    """Follow, or let go; one query for a user. For a reader without account it leads to log in, and does it then."""
    user = context.get("user")
    what, key = reference_of(thing)
    return of_page(context) | {
        "what": what,
        "key": key,
        "name": name_of(thing),
        "is_followed": isinstance(user, User) and is_followed(user, thing),
    }


@register.simple_tag(takes_context=True)
def follow_story(context: Context, story: Story) -> SafeString:
    """Following a story from its row in a list: a button of the page's one form, or for a reader without account the
    way to log in. `followed` in the context: the numbers of those a user follows.
    """
    user, address = context.get("user"), f"{escape(reverse('follow'))}?story={story.pk}"
    if not (user and user.is_authenticated):
        here, words = escape(context["request"].get_full_path()), escape(_("Log in to follow"))
        return SafeString(
            f'\n<form method="post" action="{address}"><input type="hidden" name="next" value="{here}">'
            f'<button class="link" name="follow" value="yes">{words}</button></form>\n'
        )
    value, pressed = ("no", "true") if story.pk in (context.get("followed") or ()) else ("yes", "false")
    words = escape(_("Follow this story"))
    return SafeString(
        f'\n<button class="link" form="acts" formaction="{address}" name="follow" value="{value}"'
        f' aria-pressed="{pressed}">{words}</button>\n'
    )


@register.inclusion_tag("aggregator/_search_follow.html", takes_context=True)
def search_buttons(context: Context) -> dict[str, Any]:
    """Keep the search of this page, and follow it. Needs: is_search_followed, None where it is not kept."""
    search, is_followed = Search(query_string_of(context["request"].GET)), context["is_search_followed"]
    return of_page(context) | {
        "search": search,
        "what": "search",
        "key": search.query,
        "is_saved": is_followed is not None,
        "is_followed": bool(is_followed),
    }


def of_page(context: Context) -> dict[str, Any]:
    """What a form needs of the page it stands on."""
    names = ("request", "user", "csrf_token")
    return {name: context.get(name) for name in names}
