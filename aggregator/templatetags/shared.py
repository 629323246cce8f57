"""What is the same for all who read a page in one language: rendered once by each process."""

from collections.abc import Mapping

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

MOST_KEPT = 256  # renderings of one place in a template


@register.tag
def same_for_all(parser: Parser, token: Token) -> "SameForAllNode":
    """{% same_for_all name=value … %}…{% endsame_for_all %}: rendered once for each language and each such values.

    Inside stand only these names, nothing else of the page: neither request nor user nor preferences, so that nothing
    of one reader can come to another. The values must be hashable.
    """
    words = token.split_contents()[1:]
    given = token_kwargs(words, parser)
    if words:
        raise template.TemplateSyntaxError(f"same_for_all takes name=value, not {words[0]!r}.")
    nodes = parser.parse(("endsame_for_all",))
    parser.delete_first_token()
    return SameForAllNode(nodes, given)


class SameForAllNode(template.Node):
    """A part of a template that remembers how it was rendered."""

    def __init__(self, nodelist: NodeList, given: Mapping[str, FilterExpression]) -> None:
        self.nodelist, self.given = nodelist, given
        self.kept: dict[tuple, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        values = {name: expression.resolve(context) for name, expression in self.given.items()}
        key = get_language(), get_script_prefix(), *values.values()
        rendered = self.kept.get(key)
        if rendered is None:
            if len(self.kept) >= MOST_KEPT:
                self.kept.clear()
            rendered = self.kept[key] = self.render_apart(context, values)
        return rendered

    def render_apart(self, context: Context, values: dict[str, object]) -> SafeString:
        apart = Context(values, autoescape=context.autoescape)
        page: template.Template = context.template  # type: ignore[assignment]  # a node is rendered within a template
        with apart.bind_template(page), apart.render_context.push_state(page):
            return self.nodelist.render(apart)
