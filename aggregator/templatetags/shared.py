"""What is the same for all who read a page in one language: rendered once by each process."""

import re
from collections.abc import Hashable, Mapping

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.template.loader import get_template
from django.urls import get_script_prefix
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()

MOST_KEPT = 256  # renderings of one place in a template
_once: dict[tuple, str] = {}
PLACE = re.compile("\0([a-z_]+)\0")


@register.tag
def same_for_all(parser: Parser, token: Token) -> "SameForAllNode":
    """{% same_for_all name=value … with name=value … %}…{% endsame_for_all %}: rendered once for each language and each
    such values, but for those after "with", whose places are filled in, escaped, for each page.

    Inside stand only these names, nothing else of the page: neither request nor user nor preferences, so that nothing
    of one reader can come to another. The values must be hashable; those after "with" can only be written.
    """
    words = token.split_contents()[1:]
    given = token_kwargs(words, parser)
    filled_in = {}
    if words and words[0] == "with":
        words = words[1:]
        filled_in = token_kwargs(words, parser)
    if words:
        raise template.TemplateSyntaxError(f"same_for_all takes name=value, not {words[0]!r}.")
    nodes = parser.parse(("endsame_for_all",))
    parser.delete_first_token()
    return SameForAllNode(nodes, given, filled_in)


class SameForAllNode(template.Node):
    """A part of a template that remembers how it was rendered."""

    def __init__(
        self, nodelist: NodeList, given: Mapping[str, FilterExpression], filled_in: Mapping[str, FilterExpression]
    ) -> None:
        self.nodelist, self.given, self.filled_in = nodelist, given, filled_in
        self.kept: dict[tuple, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        rendered = self.same(context)
        if not self.filled_in:
            return rendered
        own = {name: conditional_escape(value.resolve(context)) for name, value in self.filled_in.items()}
        return mark_safe(rendered % own)  # noqa: S308  a template, with what was escaped just now

    def same(self, context: Context) -> SafeString:
        """What is kept; where something is to be filled in, for % to do it."""
        values = {name: expression.resolve(context) for name, expression in self.given.items()}
        key = get_language(), get_script_prefix(), *values.values()
        rendered = self.kept.get(key)
        if rendered is None:
            if len(self.kept) >= MOST_KEPT:
                self.kept.clear()
            rendered = self.kept[key] = self.render_apart(context, values)
        return rendered

    def render_apart(self, context: Context, values: dict[str, object]) -> SafeString:
        places = {name: f"\0{name}\0" for name in self.filled_in}
        apart = Context(values | places, autoescape=context.autoescape)
        page: template.Template = context.template  # type: ignore[assignment]  # a node is rendered within a template
        with apart.bind_template(page), apart.render_context.push_state(page):
            rendered = self.nodelist.render(apart)
        return as_format(rendered) if places else rendered


def once(name: str, values: Mapping[str, Hashable], places: Mapping[str, object]) -> SafeString:
    """The template of this name with such values and places, as the tag has them: rendered once for each language and
    each such values. What would be asked of many tags, such as who reads, is known to whoever calls this.
    """
    key = name, get_language(), get_script_prefix(), *values.items(), *places
    kept = _once.get(key)
    if kept is None:
        if len(_once) >= MOST_KEPT:
            _once.clear()
        given = Context(dict(values) | {place: f"\0{place}\0" for place in places})
        kept = _once[key] = as_format(get_template(name).template.render(given))  # type: ignore[attr-defined]
    own = {place: conditional_escape(value) for place, value in places.items()}  # type: ignore[arg-type]  # of any kind
    return mark_safe(kept % own)  # noqa: S308  a template, with what was escaped just now


def as_format(rendered: str) -> SafeString:
    """What was rendered with places such as "\\0name\\0", for % to fill. NUL is in no text: Postgres takes none."""
    return mark_safe(PLACE.sub(r"%(\1)s", rendered.replace("%", "%%")))  # noqa: S308  it was rendered by a template
