"""The processes that take requests: a real gunicorn with our worker, asked over plain connections."""

import os
import socket
import subprocess
import sys
from collections import Counter

import pytest

from zisnews.environment import ROOT
from zisnews.processes import wait_until

SITE = """
import os
from zisnews.gunicorn import child_exit, pre_fork, worker_class

workers, threads, preload_app, keepalive, control_socket_disable, loglevel = 2, 2, True, 60, True, "critical"


def application(environ, start_response):
    body = str(os.getpid()).encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
"""


@pytest.fixture
def address(tmp_path):
    (tmp_path / "small_site.py").write_text(SITE)
    with socket.create_server(("127.0.0.1", 0)) as door:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "python:small_site", "-b", f"fd://{door.fileno()}", "small_site"],
            env=os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])},
            pass_fds=[door.fileno()],
        )
        try:
            yield door.getsockname()
        finally:
            process.terminate()
            process.wait(90)


def answered_by(connection: socket.socket) -> str:
    """The process that answers over a connection, which stays open."""
    connection.sendall(b"GET / HTTP/1.1\r\nHost: site.example\r\n\r\n")
    found = b""
    while b"\r\n\r\n" not in found or not found.partition(b"\r\n\r\n")[2]:
        found += connection.recv(4096)
    return found.partition(b"\r\n\r\n")[2].decode()


def test_connections_are_shared_out_among_processes(address):
    def both_answer() -> bool:
        with socket.create_connection(address, 90) as one, socket.create_connection(address, 90) as other:
            return answered_by(one) != answered_by(other)

    assert wait_until(both_answer, 90)  # the second comes up a little later
    held = [socket.create_connection(address, 90) for _ in range(24)]
    try:
        counts = Counter(map(answered_by, held))
    finally:
        for connection in held:
            connection.close()

    assert len(counts) == 2
    assert min(counts.values()) >= 6
