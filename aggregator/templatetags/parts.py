"""Parts of the pages of an article and of a source, kept by each process: nearly all of such a page, and the same for
most who read it.

A part is rendered of a Shown alone: no request, no user, no preferences but the zone and the size of text. So nothing
of one reader can come to another but what stands in that value, which is what the part is kept under, and what is
written into its places: the address of the page, and the token of its forms.
"""

from collections.abc import Callable
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
from aggregator.reading_marks import Marks
from aggregator.templatetags.kept_cards import template_of
from aggregator.templatetags.shared import as_format

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


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows to a reader. key: all that its parts differ by; given: what their templates are told of it"""

    is_user: bool
    preferences: Preferences
    marks: Marks
    key: tuple
    given: dict[str, Any]

    @property
    def context(self) -> Context:
        return Context(
            {
                **self.given,
                "preferences": self.preferences,
                "user": Reader() if self.is_user else None,
                "request": Asking(self.marks),
                "csrf_token": "\0csrf\0" if self.is_user else None,
            }
        )


def shown(context: Context, given: dict[str, Any], *told_apart: Any, marks: Marks = Marks()) -> Shown:  # noqa: B008  frozen
    """told_apart: all that `given` and `marks` may differ by, beside what every part differs by."""
    preferences, user = context["preferences"], context.get("user")
    is_user = bool(user and user.is_authenticated)
    plain = Preferences(time_zone=preferences.time_zone, text_size=preferences.text_size)
    return Shown(is_user, plain, marks, (get_language(), get_script_prefix(), is_user, plain, *told_apart), given)


def part_tag(find: Callable[[Context], Shown]) -> Callable[[Parser, Token], "PartNode"]:
    """A tag that takes the name of a template, which needs no more than what `find` finds out about the page."""

    def compiled(_parser: Parser, token: Token) -> PartNode:
        _tag, name = token.split_contents()
        return PartNode(name.strip("\"'"), find)

    return compiled


class PartNode(template.Node):
    def __init__(self, name: str, find: Callable[[Context], Shown]) -> None:
        self.name, self.find = name, find

    def render(self, context: Context) -> SafeString:
        shown: Shown | None = context.render_context.get("_shown")
        if shown is None:
            shown = context.render_context["_shown"] = self.find(context)
        key = self.name, *shown.key
        kept = _kept.get(key)
        if kept is None:
            if len(_kept) >= MOST_KEPT:
                _kept.clear()
            kept = _kept[key] = as_format(template_of(self.name).render(shown.context))
        own = {"next": escape(context["request"].get_full_path())}
        if shown.is_user:
            own["csrf"] = str(context.get("csrf_token") or "")
        return mark_safe(kept % own)  # noqa: S308  a template, with what was escaped just now
