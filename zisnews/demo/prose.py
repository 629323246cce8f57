"""A telling's body, as plain paragraphs, to HTML."""

from html import escape
from itertools import groupby


def body_html(body: str) -> str:
    """Make HTML of paragraphs parted by blank lines; "## ", "> " and "- " begin headings, quotations, list items."""
    return "\n".join(block_html(block) for block in body.strip().split("\n\n") if block.strip())


def block_html(block: str) -> str:
    kinds = groupby(block.strip().splitlines(), key=kind_of)
    return "\n".join(lines_html(kind, [line.removeprefix(kind).strip() for line in lines]) for kind, lines in kinds)


def kind_of(line: str) -> str:
    return next((kind for kind in ("## ", "> ", "- ") if line.startswith(kind)), "")


def lines_html(kind: str, lines: list[str]) -> str:
    texts = [escape(line, quote=False) for line in lines]
    if kind == "- ":
        return "<ul>\n" + "\n".join(f"<li>{text}</li>" for text in texts) + "\n</ul>"
    text = " ".join(texts)
    if kind == "## ":
        return f"<h2>{text}</h2>"
    return f"<blockquote><p>{text}</p></blockquote>" if kind == "> " else f"<p>{text}</p>"
