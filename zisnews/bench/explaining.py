"""What each benchmark measures, in the words its module begins with. Imports none of them: most need a site."""

import ast
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path


def explained(modules: Mapping[str, str]) -> str:
    """A line for each name on the command line. modules: name → its module"""
    width = max(map(len, modules)) + 2
    return "\n".join(f"  {name:<{width}}{first_line(module)}" for name, module in modules.items())


def first_line(module: str) -> str:
    """What the docstring of a module begins with."""
    spec = find_spec(module)
    assert spec and spec.origin
    docstring = ast.get_docstring(ast.parse(Path(spec.origin).read_text("utf-8"))) or ""
    return docstring.partition("\n")[0]
