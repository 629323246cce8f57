"""A WebSub hub on loopback: a real HTTP server that verifies, distributes and signs, and misbehaves where it is told.

    def test_something(hub, web, live_server):
        hub.verifies = "never"
        …
        hub.distribute(TOPIC, b"<rss>…")          # to every callback it has verified for this topic

It answers as https://hub.example through the host map of the `web` fixture, like every other host of a test.
"""

import hmac
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection  # noqa: TID251  it speaks as the hub, not as we
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

HUB = "https://hub.example/"


@dataclass(frozen=True)
class Reply:
    """What a callback answered."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Subscriber:
    """A callback that the hub has verified for a topic."""

    callback: str
    topic: str
    secret: str
    lease_seconds: int


@dataclass
class Hub:
    """How the hub behaves; a test changes what it is about.

    verifies:   "later" (in a thread, after its answer), "at once" (before it), or "never"
    status:     its answer to a request
    reason:     what it denies every subscription with, instead of verifying
    lease:      what it promises, whatever was asked for; None: what was asked for
    delay:      seconds before it answers
    redirect:   (status, address) instead of an answer
    """

    verifies: Literal["later", "at once", "never"] = "later"
    status: int = 202
    reason: str = ""
    lease: int | None = None
    delay: float = 0
    redirect: tuple[int, str] | None = None
    published: list[str] = field(default_factory=list)
    requests: list[dict[str, str]] = field(default_factory=list)
    verifications: list[Reply] = field(default_factory=list)
    subscribers: dict[tuple[str, str], Subscriber] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="hub", daemon=True)
        self._thread.start()
        self._at_work: list[threading.Thread] = []
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self.finish()

    def finish(self) -> None:
        """Wait until everything it does in the background is done."""
        while self._at_work:
            self._at_work.pop().join(60)

    def distribute(self, topic: str, body: bytes, **how: Any) -> list[Reply]:
        """Send a document to everybody who has subscribed to its topic; `how` as for deliver()."""
        return [deliver(one, body, **how) for one in list(self.subscribers.values()) if one.topic == topic]

    def _answer(self, form: dict[str, str]) -> int:
        self.requests.append(form)
        time.sleep(self.delay)
        if self.status >= 300 or self.verifies == "never" or form["hub.mode"] == "publish":
            return self.status
        if self.verifies == "at once":
            self._verify(form)
        else:
            thread = threading.Thread(target=self._verify, args=(form,))
            self._at_work.append(thread)
            thread.start()
        return self.status

    def _verify(self, form: dict[str, str]) -> None:
        callback, topic = form["hub.callback"], form["hub.topic"]
        if self.reason:
            said = {"hub.mode": "denied", "hub.topic": topic, "hub.reason": self.reason}
            self.verifications.append(ask(callback, said))
            return
        lease = self.lease if self.lease is not None else int(form.get("hub.lease_seconds", "864000"))
        challenge = f"challenge-{len(self.verifications)}"
        said = {"hub.mode": form["hub.mode"], "hub.topic": topic, "hub.challenge": challenge}
        if form["hub.mode"] == "subscribe":
            said["hub.lease_seconds"] = str(lease)
        reply = ask(callback, said)
        self.verifications.append(reply)
        if reply.status != 200 or reply.body != challenge.encode():
            return
        if form["hub.mode"] == "subscribe":
            self.subscribers[callback, topic] = Subscriber(callback, topic, form.get("hub.secret", ""), lease)
        else:
            self.subscribers.pop((callback, topic), None)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if hub.redirect and self.path == "/":
                    self.send_response(hub.redirect[0])
                    self.send_header("Location", hub.redirect[1])
                else:
                    form = parse_qsl(body.decode())
                    hub.published += [value for name, value in form if name == "hub.url"]
                    self.send_response(hub._answer(dict(form)))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing: a test that wants to know looks at `requests`."""

        return Handler


def ask(callback: str, said: dict[str, str], **headers: str) -> Reply:
    """Send a GET of a hub's to a callback."""
    mark = "&" if urlsplit(callback).query else "?"
    return send("GET", f"{callback}{mark}{urlencode(said)}", headers=headers)


def deliver(
    subscriber: Subscriber,
    body: bytes,
    *,
    method: str = "sha256",
    secret: str | None = None,
    headers: dict[str, str] | None = None,
    is_signed: bool = True,
) -> Reply:
    """POST a document to a callback, signed with its secret, or with another one."""
    sent = {"Content-Type": "application/rss+xml", "Link": f'<{HUB}>; rel="hub", <{subscriber.topic}>; rel="self"'}
    key = subscriber.secret if secret is None else secret
    if is_signed and key:
        sent["X-Hub-Signature"] = f"{method}={hmac.new(key.encode(), body, method).hexdigest()}"
    return send("POST", subscriber.callback, body=body, headers=sent | (headers or {}))


def send(method: str, url: str, *, body: Any = None, headers: dict[str, str] | None = None) -> Reply:
    """One HTTP request; a body that is no bytes but an iterator is sent in chunks."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=60)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    try:
        connection.request(method, target, body=body, headers=headers or {})
        answer = connection.getresponse()
        return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    finally:
        connection.close()


@pytest.fixture
def hub(web, settings) -> Iterator[Hub]:
    """A hub at https://hub.example, and pushes switched on."""
    settings.ZIS_WEBSUB = True
    with Hub() as hub:
        with web.host_map.open("a") as lines:
            lines.write(f"hub.example 127.0.0.1:{hub.port}\n")
        yield hub


@pytest.fixture
def site(live_server, settings) -> str:
    """Our own site, where hubs reach it."""
    settings.SITE_URL = live_server.url
    return live_server.url
