"""gunicorn's threads with less between a request and its thread, and connections shared out among processes.

gunicorn's own has one thread that waits for all connections and hands each request on to another one, and takes the
connection back from it: four changes of thread, each a wait for Python's lock. Here each thread waits for itself, all
at one epoll. And where two processes wait at one door, whichever wakes first takes a connection: all of them came to
one process often enough, while the other had nothing to do. Here who has more than others leaves it to them.
"""

import mmap
import os
import select
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

from gunicorn.http import wsgi
from gunicorn.workers import gthread
from gunicorn.workers.base import Worker as PlainWorker

ONCE = select.EPOLLIN | select.EPOLLONESHOT
LEFT_TO_OTHERS_SECONDS, LOOK_EVERY_SECONDS = 0.01, 0.001  # the longest that a connection waits for who has fewer
FULL_SECONDS = 0.05  # between two looks whether there is room for a connection
MOST_PROCESSES, NOBODY = 256, -1

# How many connections each process has, by its place: memory that all processes share, from before they part.
connections = memoryview(mmap.mmap(-1, MOST_PROCESSES * 4)).cast("i")
for number in range(MOST_PROCESSES):
    connections[number] = NOBODY


def take_place(worker: Any) -> None:
    """In the process that starts the others, before it does."""
    worker.place = next((place for place in range(MOST_PROCESSES) if connections[place] == NOBODY), 0)
    connections[worker.place] = 0


def leave_place(worker: Any) -> None:
    """The same, once it has ended in whatever way."""
    connections[worker.place] = NOBODY


# What most answers say alike: looked at once, whether it may be said.
ALIKE = frozenset(
    {"Content-Type", "Vary", "Cache-Control", "Content-Language", "Content-Encoding", "Content-Security-Policy"}
    | {"X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy"}
)
MOST_KNOWN = 1_000
_known: set[tuple[str, str]] = set()


class Settings:
    """gunicorn's, each looked up once: it reads some thirty for a request, by ways that take as long as its parser."""

    def __init__(self, found: Any) -> None:
        self.__dict__ |= {name: getattr(found, name) for name in (*found.settings, "is_ssl")}
        self._found = found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._found, name)


class Response(wsgi.Response):
    """Sends the head of an answer with the first of its body: two parts woke whoever waits twice."""

    head = b""
    headers_sent: bool

    def process_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        for name, value in headers:
            header = name, value  # a page that was kept gives lists
            if header in _known:
                self.headers.append(header)
                continue
            super().process_headers([header])
            if name in ALIKE and self.headers[-1:] == [header]:  # it is said as it was given
                if len(_known) >= MOST_KNOWN:
                    _known.clear()
                _known.add(header)

    def send_headers(self) -> None:
        if self.headers_sent:
            return
        lines = [*self.default_headers(), *(f"{name}: {value}\r\n" for name, value in self.headers), "\r\n"]
        self.head, self.headers_sent = "".join(lines).encode("latin-1"), True

    def send_head(self) -> None:
        if self.head:
            head, self.head = self.head, b""
            self.sock.sendall(head)

    def _emit_body(self, data: bytes) -> None:
        if self.chunked:
            self.send_head()
            super()._emit_body(data)
        else:
            head, self.head = self.head, b""
            self.sock.sendall(head + data)

    def write_file(self, found: Iterable[bytes]) -> None:
        self.send_headers()
        self.send_head()  # the file follows by itself
        super().write_file(found)

    def close(self) -> None:
        self.send_headers()
        self.send_head()
        super().close()


class Worker(gthread.ThreadWorker):
    """connections: open ones by their number; idle: those of them that epoll waits for. Whoever takes one out of
    `idle` has it to themselves.
    """

    place = 0
    cfg: Any

    def init_process(self) -> None:
        self.cfg = Settings(self.cfg)
        self.waiting = select.epoll()
        self.connections: dict[int, gthread.TConn] = {}
        self.idle: dict[int, gthread.TConn] = {}
        self.doors = {door.fileno(): door for door in self.sockets}
        PlainWorker.init_process(self)

    def handle_exit(self, sig: int, frame: Any) -> None:
        self.alive = False  # the signal has written to PIPE, which wakes run()

    def handle_quit(self, sig: int, frame: Any) -> None:
        PlainWorker.handle_quit(self, sig, frame)

    def run(self) -> None:
        for number, door in self.doors.items():
            door.setblocking(False)
            self.waiting.register(number, ONCE)
        for _ in range(self.cfg.threads):
            threading.Thread(target=self.serve, daemon=True).start()
        while self.alive and self.is_parent_alive():
            self.rest(1.0)
        self.finish()

    def rest(self, seconds: float) -> None:
        """Until a signal comes, or so long. Connections that were idle for too long are closed."""
        self.notify()
        if select.select([self.PIPE[0]], [], [], seconds)[0]:
            os.read(self.PIPE[0], 4096)
        now = time.monotonic()
        for number, conn in list(self.idle.items()):
            if conn.timeout <= now and self.idle.pop(number, None):
                self.forget(conn, is_graceful=False)

    def finish(self) -> None:
        """Answer what was asked already, for a while; take nothing new."""
        self.alive = False
        connections[self.place] = NOBODY
        for number in self.doors:
            with suppress(OSError):
                self.waiting.unregister(number)
        now = time.monotonic()
        for conn in list(self.idle.values()):
            conn.timeout = min(conn.timeout, now + gthread.STOP_KEEPALIVE_LINGER)
        while self.connections and time.monotonic() < now + self.cfg.graceful_timeout:
            self.rest(0.05)

    def serve(self) -> None:
        """One thread: whatever comes next, for as long as the process lasts."""
        while True:
            try:
                [[number, _event]] = self.waiting.poll(None, 1)
                if number in self.doors:
                    self.let_in(number)
                elif conn := self.idle.pop(number, None):
                    self.answer(number, conn)
            except Exception:
                self.log.exception("a thread goes on after an error")

    def let_in(self, number: int) -> None:
        """Take one connection, unless another process with fewer does."""
        end = time.monotonic() + LEFT_TO_OTHERS_SECONDS
        while self.has_more_than_others() and time.monotonic() < end:
            time.sleep(LOOK_EVERY_SECONDS)
        try:
            if len(self.connections) >= self.worker_connections:
                time.sleep(FULL_SECONDS)
            else:
                sock, client = self.doors[number].accept()
                self.take(sock, client, self.doors[number].getsockname())
        except BlockingIOError:  # another process was quicker
            pass
        except OSError as error:  # it was gone before it was taken, or there are too many open files
            self.log.warning("a connection was not taken: %s", error)
            time.sleep(FULL_SECONDS)
        finally:
            if self.alive:
                with suppress(OSError):
                    self.waiting.modify(number, ONCE)

    def has_more_than_others(self) -> bool:
        return any(NOBODY < count < len(self.connections) for count in connections)

    def take(self, sock: Any, client: Any, ours: Any) -> None:
        conn = gthread.TConn(self.cfg, sock, client, ours)
        number = sock.fileno()
        self.connections[number] = conn
        connections[self.place] = len(self.connections)
        self.wait_for(number, conn)

    def wait_for(self, number: int, conn: gthread.TConn) -> None:
        conn.set_timeout()
        if not self.alive:
            conn.timeout = min(conn.timeout, time.monotonic() + gthread.STOP_KEEPALIVE_LINGER)
        is_new = not conn.data_ready
        self.idle[number] = conn
        (self.waiting.register if is_new else self.waiting.modify)(number, ONCE)

    def answer(self, number: int, conn: gthread.TConn) -> None:
        """Answer what was asked over a connection, and wait for more there."""
        conn.data_ready = True
        try:
            stays = self.handle(conn)
            while stays and conn.parser.unreader.buf.getvalue():  # came with it: epoll does not tell of that again
                stays = self.handle(conn)
        except BaseException:
            self.forget(conn, number=number)
            raise
        if stays:
            self.wait_for(number, conn)
        else:
            self.forget(conn, number=number)

    def forget(self, conn: gthread.TConn, *, number: int = -1, is_graceful: bool = True) -> None:
        number = conn.sock.fileno() if number < 0 else number
        self.connections.pop(number, None)
        if self.alive:
            connections[self.place] = len(self.connections)
        conn.close(graceful=is_graceful)

    def handle_request(self, req: Any, conn: gthread.TConn) -> bool:
        """As gunicorn's own does it, with our Response. Returns whether the connection stays."""
        began = datetime.now()  # noqa: DTZ005  of two the difference is told
        response, environ = wsgi.create(req, conn.sock, conn.client, conn.server, self.cfg, response_class=Response)
        environ["wsgi.multithread"] = True
        self.nr += 1
        if self.nr >= self.max_requests and self.alive:
            self.alive = False
            os.write(self.PIPE[1], b"1")
        if not self.alive or len(self.connections) >= self.max_keepalived:
            response.force_close()
        try:
            parts = self.wsgi(environ, response.start_response)
            try:
                if isinstance(parts, wsgi.FileWrapper):
                    response.write_file(parts)
                else:
                    for part in parts:
                        response.write(part)
                response.close()
            finally:
                self.log.access(response, req, environ, datetime.now() - began)  # noqa: DTZ005
                if hasattr(parts, "close"):
                    parts.close()
        except OSError:
            raise
        except (Exception, SystemExit):
            if response.headers_sent and not response.head:  # an error page would come in the middle of it
                self.log.exception("Error handling request")
                raise StopIteration from None
            raise
        return not response.should_close()
