"""The processes that take requests: a real gunicorn with our worker, asked over plain connections."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter

import pytest

from zisnews.environment import ROOT

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="epoll is Linux'")

SITE = """
import os, time
from zisnews.gunicorn import child_exit, pre_fork, worker_class

workers, threads, preload_app, keepalive, graceful_timeout = 2, 2, True, 1, 30
control_socket_disable, loglevel = True, "critical"


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/breaks":
        raise ValueError(path)
    if path == "/slow":
        open(os.environ["BEGUN"], "w").close()
        time.sleep(1)
    if path == "/parts":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"one", b"two"]
    if path == "/file":
        start_response("200 OK", [("Content-Length", str(os.path.getsize(__file__)))])
        return environ["wsgi.file_wrapper"](open(__file__, "rb"))
    body = str(os.getpid()).encode()
    start_response("200 OK", [["Content-Type", "text/plain"], ("Content-Length", str(len(body)))])
    return [body]
"""


@pytest.fixture
def site(tmp_path):
    (tmp_path / "small_site.py").write_text(SITE)
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.set_inheritable(True)
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "python:small_site", "-b", f"fd://{door.fileno()}", "small_site"],
            env=os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)]), "BEGUN": f"{tmp_path}/begun"},
            pass_fds=[door.fileno()],
        )
        try:
            yield door.getsockname(), process
        finally:
            process.kill()
            process.wait()


def opened(address) -> socket.socket:
    return socket.create_connection(address, timeout=90)


def request(path: str = "/", more: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: site.example\r\n{more}\r\n".encode()


def answer(connection: socket.socket, sent: bytes) -> bytes:
    """What comes back, to the end that its length says, or the connection's."""
    connection.sendall(sent)
    found = b""
    while True:
        head, end, body = found.partition(b"\r\n\r\n")
        length = [int(line[16:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length: ")]
        if end and length and len(body) >= length[0]:
            return found
        if end and b"chunked" in head.lower() and body.endswith(b"0\r\n\r\n"):
            return found
        if not (more := connection.recv(65_536)):
            return found
        found += more


def body_of(found: bytes) -> bytes:
    return found.partition(b"\r\n\r\n")[2]


def test_connections_are_shared_out_among_processes(site):
    address, _process = site
    begun: set[bytes] = set()
    while len(begun) < 2:
        with opened(address) as connection:
            begun.add(body_of(answer(connection, request("/", "Connection: close\r\n"))))
    connections = [opened(address) for _ in range(24)]
    asked = Counter(body_of(answer(connection, request())) for connection in connections)

    assert len(asked) == 2
    assert min(asked.values()) > 2
    for connection in connections:
        connection.close()


def test_a_connection_is_answered_again_and_again_in_whatever_way(site):
    address, _process = site
    with opened(address) as connection:
        pid = body_of(answer(connection, request()))
        parts = answer(connection, request("/parts"))
        file = answer(connection, request("/file"))
        form = b"POST / HTTP/1.1\r\nHost: site.example\r\nContent-Length: 5\r\n\r\nwords"

        assert b"chunked" in parts.lower()
        assert body_of(parts) == b"3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"
        assert body_of(file).decode() == SITE
        assert body_of(answer(connection, form)) == pid
        last = answer(connection, request())
        assert b"\r\nContent-Type: text/plain\r\n" in last
        assert body_of(last) == pid


def test_two_requests_that_come_at_once_are_both_answered(site):
    address, _process = site
    with opened(address) as connection:
        connection.sendall(request() + request("/", "Connection: close\r\n"))
        found = b""
        while more := connection.recv(65_536):
            found += more

    assert found.count(b"HTTP/1.1 200 OK") == 2


def test_who_fails_says_so_and_the_process_goes_on(site):
    address, _process = site
    with opened(address) as connection:
        assert answer(connection, request("/breaks")).startswith(b"HTTP/1.1 500")
    with opened(address) as connection:
        assert answer(connection, b"nonsense\r\n\r\n").startswith(b"HTTP/1.1 400")
    with opened(address) as connection:
        assert answer(connection, request()).startswith(b"HTTP/1.1 200")


def test_a_connection_that_nobody_uses_is_closed(site):
    address, _process = site
    with opened(address) as connection, opened(address) as silent:
        answer(connection, request())

        assert connection.recv(1) == b""
        assert silent.recv(1) == b""


def test_what_was_asked_before_the_end_is_answered(site, tmp_path):
    address, process = site
    with opened(address) as connection:
        connection.sendall(request("/slow"))
        while not (tmp_path / "begun").exists():
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        found = answer(connection, b"")

    assert found.startswith(b"HTTP/1.1 200")
    assert process.wait(90) == 0
