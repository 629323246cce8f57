"""What stands around the content of every page of a user: kept by each process, and filled in for each page.

The shell is rendered of an Around alone: no request, no user, no session. So nothing of one reader can come to
another but what stands in that Around, which is what the shell is kept under, and what is written into its places:
the reader's name, the address of the page, and the token of its forms.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape
from itertools import groupby

from django import template
from django.template.base import Node, NodeList, Parser, Token
from django.template.context import Context
from django.template.defaultfilters import truncatechars
from django.template.loader_tags import BlockNode
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from accounts.models import User
from accounts.preferences import Preferences, beside_of
from aggregator.sections import sections_named
from aggregator.templatetags.shared import as_format
from feeds.models import Category

register = template.Library()

MOST_KEPT = 512  # shells of 20 kB
RENEWED_MINUTES = 15  # a day begins, and clocks change, at a quarter of an hour everywhere
LONGEST_NAME = 20  # characters of a reader's name


@dataclass(frozen=True, slots=True)
class Reader:
    """What a shell may know of whoever is logged in; their name is a place."""

    is_staff: bool
    keeps_history: bool

    @property
    def is_authenticated(self) -> bool:
        return True

    def __str__(self) -> str:
        return "\0name\0"


@dataclass(frozen=True, slots=True)
class Around:
    """All that a shell differs by. moment: what its dates are told of. prefix: what stands before all addresses"""

    language: str
    prefix: str
    moment: datetime
    user: Reader
    preferences: Preferences
    section: str
    unread_count: int
    sections: tuple[Category, ...]

    @property
    def context(self) -> dict[str, object]:
        """What its templates are given."""
        return {
            "user": self.user,
            "preferences": self.preferences,
            "section": self.section,
            "unread_count": self.unread_count,
            "page_sections": self.sections,
            "request": {"get_full_path": "\0next\0"},
            "csrf_token": "\0csrf\0",
        }


@register.tag
def shell(parser: Parser, token: Token) -> "ShellNode":
    """{% shell %}…{% endshell %}: the whole of base.html. Its blocks are rendered for each page, all else is kept."""
    nodes = parser.parse(("endshell",))
    parser.delete_first_token()
    return ShellNode(nodes)


class ShellNode(Node):
    """A page: its blocks, and between them what is the same for all readers of an Around."""

    child_nodelists = ("nodelist",)

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self.blocks = nodelist.get_nodes_by_type(BlockNode)  # what extends this asks for them for each page
        self.kept: dict[Around, list[str | BlockNode]] = {}

    def get_nodes_by_type(self, nodetype: type[Node]) -> list[Node]:
        return self.blocks if nodetype is BlockNode else super().get_nodes_by_type(nodetype)

    def render(self, context: Context) -> SafeString:
        user, preferences = context.get("user"), context.get("preferences")
        if not isinstance(user, User) or not isinstance(preferences, Preferences):
            return self.nodelist.render(context)
        around = around_of(context, user, preferences)
        parts = self.kept.get(around)
        if parts is None:
            if len(self.kept) >= MOST_KEPT:
                self.kept.clear()
            parts = self.kept[around] = list(self.apart(around, context))
        own = {
            "name": escape(truncatechars(str(user), LONGEST_NAME)),
            "next": escape(context["request"].get_full_path()),
            "csrf": str(context.get("csrf_token") or ""),
        }
        rendered = [part % own if isinstance(part, str) else str(part.render_annotated(context)) for part in parts]
        return mark_safe("".join(rendered))  # noqa: S308  of templates, with what was escaped just now

    def apart(self, around: Around, context: Context) -> Iterator[str | BlockNode]:
        """What stands before, between and after the blocks, with its places, and the blocks."""
        page: template.Template = context.template  # type: ignore[assignment]  # a node is rendered within a template
        for is_block, nodes in groupby(self.nodelist, lambda node: isinstance(node, BlockNode)):
            if is_block:
                yield from nodes  # type: ignore[misc]  # they are blocks
                continue
            apart = Context(around.context)
            with apart.bind_template(page), apart.render_context.push_state(page):
                yield as_format(NodeList(nodes).render(apart))


def around_of(context: Context, user: User, preferences: Preferences) -> Around:
    now = timezone.now()
    beside = beside_of(context["request"], user)
    return Around(
        language=get_language() or "en",
        prefix=get_script_prefix(),
        moment=now.replace(minute=now.minute // RENEWED_MINUTES * RENEWED_MINUTES, second=0, microsecond=0),
        user=Reader(user.is_staff, user.keeps_history),
        preferences=Preferences(
            time_zone=preferences.time_zone,
            theme=preferences.theme,
            text_size=preferences.text_size,
            density=preferences.density,
            uses_keys=preferences.uses_keys,
        ),
        section=context.get("section") or "",
        unread_count=beside.unread,
        sections=sections_named(beside.sections),
    )
