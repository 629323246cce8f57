"""The interface in seven languages: every text that goes through translation is there in each of them."""

import ast
import gettext
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from django.conf import settings
from django.template import Node, engines
from django.template.base import FilterExpression, Variable
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

from zisnews.quality import problems_of
from zisnews.translations import LOCALES, compile_catalogues

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = sorted(code for code, _name in settings.LANGUAGES if code != "en")
PACKAGES = ("accounts", "aggregator", "comments", "feeds", "zisnews")
NOT_THE_INTERFACE = ("demo/", "bench/")
KEYWORDS: dict[str, Any] = {
    "gettext": None,
    "gettext_lazy": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
}
KEYWORDS |= {"pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2)}


Text = tuple[str, str]  # the context that tells it from others that read the same, or "", and its first form


def texts_of_code() -> Iterator[Text]:
    for package in PACKAGES:
        found = extract_from_dir(ROOT / package, [("**.py", "python")], keywords=KEYWORDS)
        for name, _line, message, _comments, context in found:
            if not name.startswith(NOT_THE_INTERFACE):
                yield context or "", message[0] if isinstance(message, tuple) else message


def texts_of_templates() -> Iterator[Text]:
    """The texts in templates, as the engine itself reads them."""
    engine = engines["django"].engine  # type: ignore[attr-defined]
    for path in sorted(path for ending in ("html", "txt") for path in (ROOT / "templates").rglob(f"*.{ending}")):
        template = engine.get_template(str(path.relative_to(ROOT / "templates")))
        for node in template.nodelist.get_nodes_by_type(Node):
            yield from texts_of_node(node)


def texts_of_node(node: Node) -> Iterator[Text]:
    if isinstance(node, TranslateNode):
        yield context_of(node), str(node.filter_expression.var.literal)
        return  # once rendered, its expression says that it is translated too, without the context
    if isinstance(node, BlockTranslateNode):
        yield context_of(node), node.render_token_list(node.singular)[0]
    values = list(vars(node).values())
    values += [inner for value in values if isinstance(value, dict) for inner in value.values()]
    for value in values:
        if isinstance(value, FilterExpression) and isinstance(value.var, Variable) and value.var.translate:
            yield "", str(value.var.literal)


def context_of(node: TranslateNode | BlockTranslateNode) -> str:
    return node.message_context.resolve({}) if node.message_context else ""


@pytest.fixture(scope="module")
def texts() -> set[Text]:
    found = [*texts_of_code(), *texts_of_templates()]
    return {(context, text.replace("%%", "%")) for context, text in found if text}


def test_texts_are_found_in_code_and_in_templates(texts):
    assert {("", "Choose a time that is still to come."), ("", "Skip to the content"), ("", "%(n)s source")} <= texts
    assert ("", "Choose a new password") in texts  # the subject of an e-mail
    assert {("button", "Answer"), ("button", "Following"), ("how often an ad was", "shown")} <= texts
    assert len(texts) > 800


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_in_every_form(language, texts):
    with (LOCALES / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    whole = set()
    for message in catalogue:
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        first = message.id[0] if isinstance(message.id, tuple) else message.id
        if all(forms) and not message.fuzzy:
            whole.add((message.context or "", first.replace("%%", "%")))
    assert sorted(texts - whole) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_loses_a_placeholder_or_adds_markup(language):
    path = LOCALES / language / "LC_MESSAGES" / "django.po"
    assert list(problems_of(path)) == []
    with path.open("rb") as file:
        for message in filter(lambda message: message.id, read_po(file, locale=language)):
            forms = message.string if isinstance(message.string, tuple) else (message.string,)
            originals = message.id if isinstance(message.id, tuple) else (message.id,)
            tags = {tag for text in originals for tag in re.findall(r"</?\w+[^>]*>", text)}
            for form in forms:
                assert set(re.findall(r"</?\w+[^>]*>", form)) <= tags, form


def test_no_text_stands_within_an_f_string_where_makemessages_does_not_see_it():
    within = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for string in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in KEYWORDS
    ]
    assert within == []


def test_what_is_not_translated_yet_is_shown_in_english(tmp_path):
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        'msgid "Harvest"\nmsgstr "Ernte"\n\nmsgid "Rain"\nmsgstr ""\n\n'
        'msgid "%(n)d day"\nmsgid_plural "%(n)d days"\nmsgstr[0] ""\nmsgstr[1] ""\n',
        encoding="utf-8",
    )

    compile_catalogues(tmp_path)

    with (folder / "django.mo").open("rb") as file:
        german = gettext.GNUTranslations(file)
    assert german.gettext("Harvest") == "Ernte" and german.gettext("Rain") == "Rain"
    assert german.ngettext("%(n)d day", "%(n)d days", 2) == "%(n)d days"


def test_a_catalogue_is_compiled_once_and_again_when_it_changed(tmp_path):
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source, compiled = folder / "django.po", folder / "django.mo"
    source.write_text('msgid ""\nmsgstr ""\n\nmsgid "Rain"\nmsgstr "Regen"\n', encoding="utf-8")
    compile_catalogues(tmp_path)
    first = compiled.stat().st_mtime_ns

    compile_catalogues(tmp_path)
    again = compiled.stat().st_mtime_ns
    os.utime(source, ns=(first + 10**9, first + 10**9))
    compile_catalogues(tmp_path)

    assert again == first and compiled.stat().st_mtime_ns != first and not list(folder.glob("*.part"))


@pytest.mark.django_db
def test_an_armenian_reader_registers_in_armenian(client):
    page = client.get("/accounts/signup/", headers={"accept-language": "hy"}).content.decode()

    assert '<html lang="hy"' in page
    assert not re.search(r"<label[^>]*>\s*(Email|Password)", page)
