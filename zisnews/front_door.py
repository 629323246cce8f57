"""The one TCP port of `./zis up`: taken before anything starts, handed to gunicorn, and tried once from outside."""

import select
import socket
from collections.abc import Callable
from contextlib import suppress

from zisnews.trouble import Trouble

HOST = "127.0.0.1"


def listen(port: int) -> socket.socket:
    """Return a listening socket; whoever connects before gunicorn runs is served when it does. Raises Trouble."""
    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((HOST, port))
    except OSError as error:
        door.close()
        reason = "may not be opened by you" if isinstance(error, PermissionError) else "is taken by another program"
        raise Trouble(
            f"Port {port} {reason}. Choose another one: ./zis up --port {port + 1 if port < 65535 else 8000}"
        ) from error
    door.listen(512)
    return door


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def status_of_page(door: socket.socket, wait: Callable[[Callable[[], bool]], bool]) -> int | None:
    """Ask for the front page; return the HTTP status, None without an answer.

    wait: calls what it is given until that says yes, or until waiting has no more sense
    """
    host, port = door.getsockname()
    with socket.create_connection((host, port), timeout=5) as visitor, suppress(OSError):
        visitor.sendall(f"GET / HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode())
        wait(lambda: bool(select.select([visitor], [], [], 0)[0]))
        visitor.settimeout(1)
        version, _, rest = visitor.recv(64).partition(b" ")
        if version.startswith(b"HTTP/") and rest[:3].isdigit():
            return int(rest[:3])
    return None
