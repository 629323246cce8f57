"""Only one door leads to other people's sites, and it is the one that judges addresses and takes turns."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOOR = {"feeds/fetching.py"} | {path.relative_to(ROOT).as_posix() for path in (ROOT / "feeds" / "net").glob("*.py")}
# Who speaks to machines of ours, and why.
EXCEPTIONS = {
    "zisnews/bucket.py": "asks the bucket that the operator names (STORAGE_URL), nobody else",
    "zisnews/error_reports.py": "tells errors to the server that the operator names (SENTRY_DSN), nobody else",
    "zisnews/embedded.py": "looks whether our own Valkey listens on its Unix socket",
    "zisnews/front_door.py": "asks our own front page on loopback whether it answers",
    "zisnews/supervisor.py": "hands on the listening socket of our own site",
}
SERVERS = ("zisnews/demo/", "zisnews/bench/")  # invented publishers on loopback, and those who measure them
CLIENTS = {
    "_socket", "_ssl", "aiodns", "aiohttp", "aiohttp_socks", "aiosmtplib", "asyncssh", "boto3", "botocore", "dns",
    "ftplib", "grpc", "h11", "http.client", "httpcore", "httplib2", "httpx", "imaplib", "multiprocessing.connection",
    "niquests", "nntplib", "paramiko", "poplib", "pycares", "pycurl", "requests", "sentry_sdk", "smtplib", "socket",
    "socketserver", "socks", "ssl", "storages", "telnetlib", "tornado", "trafilatura.downloads", "treq", "twisted",
    "urllib.request", "urllib3", "websocket",
    "websockets", "xmlrpc.client",
}  # fmt: skip
OPENERS = {
    "create_connection", "create_datagram_endpoint", "fetch_response", "fetch_url", "open_connection",
    "open_unix_connection", "sock_connect", "sock_sendto", "urlopen", "urlretrieve",
}  # fmt: skip
PROGRAMS = {
    "aria2c",
    "curl",
    "lynx",
    "nc",
    "ncat",
    "netcat",
    "openssl",
    "rsync",
    "scp",
    "socat",
    "ssh",
    "telnet",
    "wget",
}
TREE_BUILDERS = {"etree", "html", "objectify"}  # of lxml, whose parse() fetches what is named by a URL


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
            found |= {alias.name for alias in node.names if alias.name in OPENERS}
        elif isinstance(node, ast.Attribute):
            found |= named_by_attribute(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            is_module = node.value in CLIENTS and is_imported_by_name(node, code)
            found |= {node.value} if is_module or node.value in OPENERS or is_program(node.value) else set()
    return found


def client_of(module: str) -> str:
    return next((client for client in CLIENTS if module == client or module.startswith(f"{client}.")), "")


def named_by_attribute(node: ast.Attribute) -> set[str]:
    """urllib.request of `import urllib`, opener of any loop, parse of lxml's modules."""
    dotted = ast.unparse(node)
    is_fetching_parser = node.attr == "parse" and dotted.split(".")[-2] in TREE_BUILDERS
    return {name for name in (client_of(dotted), node.attr if node.attr in OPENERS else "") if name} | (
        {dotted} if is_fetching_parser else set()
    )


def is_program(text: str) -> bool:
    """Whether a text is the name or the path of a program that fetches, perhaps with what it is told."""
    first, *rest = text.split(" ")
    is_command = not any(rest) or any(word.startswith(("-", "http", "$")) for word in rest)
    return first.rpartition("/")[2] in PROGRAMS and is_command


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
     "from http.client import HTTPSConnection", "def f():\n    import requests.sessions", "import _socket",
     "import asyncio\nasyncio.open_connection('a', 1)", "from importlib import import_module\nimport_module('httpx')",
     "from asyncio import open_connection", "import asyncio\nasyncio.get_event_loop().create_connection(f, 'a', 1)",
     "import urllib\nurllib.request.urlopen('http://a')", "import http\nhttp.client.HTTPConnection('a')",
     "import urllib3", "import httpx as x", "from ftplib import FTP", "import smtplib", "__import__('socket')",
     "import subprocess\nsubprocess.run(['curl', url])", "import os\nos.system('curl -s http://a')",
     "import subprocess\nsubprocess.run(['/usr/bin/wget', url])", "import os\nos.popen(f'wget {url}')",
     "import os\nos.execvp('nc', ['nc', 'a', '1'])", "from lxml import etree\netree.parse('http://a')",
     "import lxml.html\nlxml.html.parse(url)", "from trafilatura import fetch_url", "import trafilatura.downloads",
     "import trafilatura\ntrafilatura.fetch_url(url)", "from multiprocessing.connection import Client",
     "import dns.resolver", "import asyncio\ngetattr(asyncio, 'open_connection')",
     "from aiohttp import ClientSession as S",
     "if True:\n    try:\n        import requests\n    except ImportError:\n        pass"],
)  # fmt: skip
def test_each_way_round_the_door_is_seen(code):
    assert ways_out(code)


def test_what_only_names_addresses_is_no_way_out():
    assert not ways_out("from urllib.parse import urljoin\nfrom http import HTTPStatus\nimport redis")
    assert not ways_out("text = 'Curl is not a word of the news'\nname = 'curling'\nhint = 'nc of a kind'")
