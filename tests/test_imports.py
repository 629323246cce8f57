"""Which way imports go: the map of docs/architecture.md, held."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ORDER = ["feeds", "accounts", "aggregator", "comments"]


def imported_packages(path: Path) -> set[str]:
    """Return the top-level packages a file imports, anywhere in it."""
    packages = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            packages |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            packages.add(node.module.split(".")[0])
    return packages


@pytest.mark.parametrize("app", ORDER)
def test_an_app_imports_only_from_the_apps_before_it(app):
    later = set(ORDER[ORDER.index(app) + 1 :])
    files = list((ROOT / app).rglob("*.py"))
    assert files
    for path in files:
        assert later.isdisjoint(imported_packages(path)), path


@pytest.mark.parametrize("module", ["parsing", "extraction", "sanitising", "words", "scheduling", "canonical"])
def test_pure_modules_know_neither_django_nor_the_network(module):
    assert {"django", "aiohttp", "celery"}.isdisjoint(imported_packages(ROOT / "feeds" / f"{module}.py"))
