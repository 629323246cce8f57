"""What is rendered once for all readers holds nothing of one of them."""

import pytest
from django.template import Context, Engine, RequestContext, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import translation

ENGINE = Engine(libraries={"shared": "aggregator.templatetags.shared", "i18n": "django.templatetags.i18n"})


def template(inside: str, given: str = ""):
    return ENGINE.from_string(f"{{% load i18n shared %}}{{% same_for_all {given} %}}{inside}{{% endsame_for_all %}}")


def test_nothing_of_the_page_or_its_reader_stands_inside_but_what_is_named():
    page = template("{{ user }}{{ request.path }}{{ csrf_token }}{{ theme }}", "theme=preferences.theme")
    request = RequestFactory().get("/latest/")

    rendered = page.render(RequestContext(request, {"user": "Ani", "preferences": {"theme": "dark"}}))

    assert rendered == "dark"


def test_each_value_and_each_language_has_its_own():
    page = template("{{ theme }} {% translate 'Sunday' %}", "theme=theme")

    rendered = []
    for language in ("en", "de"):
        with translation.override(language):
            rendered += [page.render(Context({"theme": theme})) for theme in ("dark", "light")]

    assert rendered == ["dark Sunday", "light Sunday", "dark Sonntag", "light Sonntag"]


def test_it_is_rendered_once():
    asked: list[int] = []
    counting = template("{% for each in asked %}{{ each }}{% endfor %}", "asked=asked")

    first = counting.render(Context({"asked": Counting(asked)}))
    again = counting.render(Context({"asked": Counting(asked)}))

    assert (first, again, len(asked)) == ("x", "x", 1)


def test_texts_are_escaped_inside():
    assert template("{{ name }}", "name=name").render(Context({"name": "<b>"})) == "&lt;b&gt;"


def test_a_value_needs_a_name():
    with pytest.raises(TemplateSyntaxError, match="name=value"):
        template("", "theme")


class Counting:
    """Equal to each other, and writes down when somebody goes through it."""

    def __init__(self, asked: list[int]) -> None:
        self.asked = asked

    def __iter__(self):
        self.asked.append(1)
        return iter("x")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Counting)

    def __hash__(self) -> int:
        return 1
