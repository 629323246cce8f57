"""Only one door leads to other people's sites, and it is the one that judges addresses and takes turns."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOOR = {"feeds/fetching.py"} | {path.relative_to(ROOT).as_posix() for path in (ROOT / "feeds" / "net").glob("*.py")}
# Who speaks to machines of ours, and why.
EXCEPTIONS = {
    "zisnews/embedded.py": "looks whether our own Valkey listens on its Unix socket",
    "zisnews/front_door.py": "asks our own front page on loopback whether it answers",
    "zisnews/supervisor.py": "hands on the listening socket of our own site",
}
SERVERS = ("zisnews/demo/", "zisnews/bench/")  # invented publishers on loopback, and those who measure them
CLIENTS = {
    "aiohttp", "aiosmtplib", "ftplib", "http.client", "httpcore", "httpx", "imaplib", "niquests", "poplib", "pycurl",
    "requests", "smtplib", "socket", "socketserver", "ssl", "telnetlib", "trafilatura.downloads", "urllib.request",
    "urllib3", "websockets", "xmlrpc.client",
}  # fmt: skip
OPENERS = {"create_connection", "open_connection", "open_unix_connection", "create_datagram_endpoint", "sock_connect"}


def product_files() -> list[Path]:
    """Every Python file of ours that runs on somebody's site."""
    folders = ["accounts", "aggregator", "comments", "feeds", "zisnews"]
    return [path for folder in folders for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts]


def ways_out(code: str) -> set[str]:
    """What of a program's imports and calls may open a connection."""
    found = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found |= {client for alias in node.names if (client := client_of(alias.name))}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            found |= {client for name in names if (client := client_of(name))}
        elif isinstance(node, ast.Attribute) and node.attr in OPENERS:
            found.add(node.attr)
        elif isinstance(node, ast.Constant) and node.value in CLIENTS and is_imported_by_name(node, code):
            found.add(str(node.value))
    return found


def client_of(module: str) -> str:
    return next((client for client in CLIENTS if module == client or module.startswith(f"{client}.")), "")


def is_imported_by_name(node: ast.Constant, code: str) -> bool:
    """Whether a string is what somebody gives to import_module."""
    line = code.splitlines()[node.lineno - 1]
    return "import_module(" in line or "__import__(" in line


@pytest.mark.parametrize("path", product_files(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nobody_opens_a_connection_to_other_peoples_sites_but_the_one_door(path):
    name = path.relative_to(ROOT).as_posix()
    if name in DOOR or name.startswith(SERVERS):
        return
    found = ways_out(path.read_text("utf-8"))
    assert not found or name in EXCEPTIONS, f"{name} uses {', '.join(found)}; feeds/fetching.py is the one door"


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_every_exception_is_still_one(name):
    assert ways_out((ROOT / name).read_text("utf-8"))


@pytest.mark.parametrize(
    "code",
    ["import aiohttp", "from urllib import request", "import urllib.request as r", "import socket",
     "from http.client import HTTPSConnection", "def f():\n    import requests.sessions",
     "import asyncio\nasyncio.open_connection('a', 1)", "from importlib import import_module\nimport_module('httpx')"],
)  # fmt: skip
def test_each_way_round_the_door_is_seen(code):
    assert ways_out(code)


def test_what_only_names_addresses_is_no_way_out():
    assert not ways_out("from urllib.parse import urljoin\nfrom http import HTTPStatus\nimport redis")
