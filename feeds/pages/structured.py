"""What a page says of its article in schema.org's words: JSON-LD, and microdata in the same shape. Pure."""

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement

from feeds.formats.characters import without_forbidden

Node = dict[str, Any]

MAX_SCRIPTS, MAX_SCRIPT_LENGTH, MAX_NODES, MAX_DEPTH = 40, 1_000_000, 3_000, 12

_ARTICLE_TYPE = re.compile(
    r"(?:^|[:/#])(?:\w*Article|Report|\w*BlogPosting|LiveBlogPosting|SocialMediaPosting|Review)$"
)
_NO_ARTICLE = re.compile(r"WebPage|Website|ItemList|Product|Recipe$", re.IGNORECASE)
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")


def structured_articles(tree: HtmlElement) -> list[Node]:
    """Return the page's nodes of an article type, in its order, references between nodes resolved one step deep."""
    nodes = list(_nodes(tree))
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    articles = [node for node in nodes if is_article(node)]
    if not articles:
        articles = [node for node in _microdata(tree) if is_article(node)]
    return [{name: _resolved(value, by_id) for name, value in node.items()} for node in articles]


def is_article(node: Node) -> bool:
    return any(_ARTICLE_TYPE.search(name) for name in strings(node.get("@type")))


def is_paid(node: Node) -> bool:
    """Say whether a node, or a part of it, is told not to be free for everybody."""
    told = [part.get("isAccessibleForFree") for part in (node, *as_list(node.get("hasPart"))) if isinstance(part, dict)]
    return any(_is_no(value) for values in told for value in as_list(values))


def _is_no(value: Any) -> bool:
    """JSON's false, or the word as publishers write it: "False", "https://schema.org/False"."""
    return value is False or (isinstance(value, str) and value.strip().lower().rpartition("/")[2] in ("false", "no"))


def strings(value: Any) -> list[str]:
    """Flatten what may be a string, a list of strings, or nodes that have a name or a text of their own.

    JSON can write NUL and half a surrogate pair as escapes, which no text may hold and no database takes.
    """
    found: list[str] = []
    for item in as_list(value):
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, dict):
            found += [text for name in ("name", "@value", "url", "@id") if isinstance(text := item.get(name), str)][:1]
    return [text for told in found if (text := without_forbidden(told).strip())]


def first_string(value: Any) -> str:
    return next(iter(strings(value)), "")


def as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _nodes(tree: HtmlElement) -> Iterator[Node]:
    """Yield every object of every JSON-LD script, outer ones first."""
    stack: list[tuple[Any, int]] = []
    for script in tree.xpath("//script[contains(@type, 'ld+json')]")[:MAX_SCRIPTS]:
        stack.append((_parsed(script.text or ""), 0))
    stack.reverse()
    count = 0
    while stack and count < MAX_NODES:
        value, depth = stack.pop()
        count += 1
        if depth > MAX_DEPTH:
            continue
        if isinstance(value, dict):
            yield value
            stack += [(inner, depth + 1) for inner in reversed(value.values()) if isinstance(inner, dict | list)]
        elif isinstance(value, list):
            stack += [(inner, depth + 1) for inner in reversed(value)]


def _parsed(text: str) -> Any:
    """Read JSON as publishers write it: with line breaks in strings, in a comment, with a comma too many."""
    text = text[:MAX_SCRIPT_LENGTH].strip().removeprefix("<!--").removesuffix("-->").rstrip("; \n\t")
    text = text.replace("//<![CDATA[", "").replace("//]]>", "").replace("<![CDATA[", "").replace("]]>", "")
    for attempt in (text, _TRAILING_COMMA.sub("", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _resolved(value: Any, by_id: dict[str, Node]) -> Any:
    if isinstance(value, list):
        return [_resolved(item, by_id) for item in value[:50]]
    if isinstance(value, dict) and set(value) <= {"@id", "@type"}:
        return by_id.get(value.get("@id", ""), value)
    return value


def _microdata(tree: HtmlElement) -> Iterator[Node]:
    """Yield the items of a page marked up with itemscope and itemprop, nested items one level deep."""
    for scope in tree.xpath("//*[@itemscope and @itemtype]")[:MAX_SCRIPTS]:
        yield _item(scope, depth=0)


def _item(scope: HtmlElement, depth: int) -> Node:
    node: Node = {"@type": [kind for kind in scope.get("itemtype", "").split() if not _NO_ARTICLE.search(kind)]}
    for element in scope.xpath(".//*[@itemprop]")[:200]:
        owner = next(element.iterancestors(), None)
        while owner is not None and owner.get("itemscope") is None:
            owner = owner.getparent()
        if owner is not scope:
            continue
        value: Any = (
            _item(element, depth + 1) if element.get("itemscope") is not None and depth < 2 else _value(element)
        )
        for name in element.get("itemprop", "").split():
            if name != "articleBody":  # the body as marked up comes from the extractor, not from here
                node.setdefault(name, []).append(value)
    return node


def _value(element: HtmlElement) -> str:
    for name in ("content", "datetime", "href", "src"):
        if value := element.get(name):
            return value
    return " ".join(element.text_content().split())[:1_000]
