"""Pushes the whole way: a hub, our site under gunicorn, a worker of ours; no beat, no poll."""

import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from feeds.models import Entry, Feed, Push, Subscription
from feeds.websub.views import PATIENCE_SECONDS
from tests.documents import item, rss
from tests.factories import make_feed
from tests.hub import HUB, Hub, Subscriber, deliver, send
from zisnews.celery import app
from zisnews.front_door import free_port, listen
from zisnews.processes import spawn, stop, wait_until

FEED = "https://paper.example/feed.xml"
ROOT = Path(__file__).resolve().parent.parent
WEB = "gunicorn -c python:zisnews.gunicorn -b fd://{door} zisnews.wsgi:application"
PATIENCE = 120


@dataclass
class Site:
    address: str
    log: Path

    def subscriber(self, hub: Hub) -> Subscriber:
        """Wait until the hub has confirmed our only subscription."""
        assert wait_until(lambda: bool(hub.subscribers), PATIENCE)
        return next(iter(hub.subscribers.values()))


@pytest.fixture
def running(hub, worker_environment, tmp_path) -> Iterator[Site]:
    """Our site under gunicorn and a worker, on the databases of the test."""
    worker = "celery -A zisnews.celery:app worker -Q fetch,work -P threads -c 3 --without-gossip --without-mingle"
    with start(tmp_path, worker_environment, WEB, worker) as site:
        assert wait_until(lambda: bool(app.control.ping(timeout=0.2)), PATIENCE), site.log.read_text()
        yield site


@contextmanager
def start(folder: Path, environment: dict[str, str], *commands: str) -> Iterator[Site]:
    """Run these commands, the site among them, until the block ends.

    Its port is open before anything runs: nobody else can take it, and who connects early waits and is not refused.
    """
    with listen(0) as door, (folder / "site.log").open("wb") as output:
        site = Site(f"http://127.0.0.1:{door.getsockname()[1]}", folder / "site.log")
        environment |= {"SITE_URL": site.address, "ZIS_WEBSUB": "true"}
        processes = [
            spawn(
                [sys.executable, "-m", *command.format(door=door.fileno()).split()],
                output=output, env=environment, cwd=ROOT, pass_fds=[door.fileno()] * (command == WEB),
            )
            for command in commands
        ]  # fmt: skip
    try:
        assert wait_until(lambda: answers(site) or any(one.poll() is not None for one in processes), PATIENCE)
        assert answers(site), site.log.read_text()
        yield site
    finally:
        for process in processes:
            stop(process)


def answers(site: Site) -> bool:
    """Whether it says anything; a site takes longer over its first request than over those that follow."""
    try:
        return bool(send("GET", f"{site.address}/healthz").status)
    except OSError:
        return False


@pytest.mark.parametrize("verifies", ["later", "at once"])
def test_a_push_is_stored_within_seconds_without_a_poll_or_a_tick(running, hub, web, verifies):
    hub.verifies = verifies
    make_feed(url=FEED, hub_url=HUB)
    app.send_task("feeds.tasks.keep_subscriptions")
    running.subscriber(hub)
    hub.finish()

    (reply,) = hub.distribute(FEED, rss(item("Pushed", guid="1")))
    assert reply.status == 202
    assert wait_until(Entry.objects.exists, PATIENCE)

    assert Entry.objects.get().title == "Pushed"
    assert not web.requests  # nobody polled
    assert wait_until(lambda: not Push.objects.exists(), PATIENCE)
    assert Feed.objects.get().push_trusted_until

    hub.distribute(FEED, rss(item("Pushed again", guid="2")))
    assert wait_until(lambda: Entry.objects.count() == 2, PATIENCE)

    assert Subscription.objects.get().token not in running.log.read_text()


def test_a_push_is_taken_in_at_once_though_redis_is_away(tmp_path, worker_environment):
    subscription = Subscription.objects.create(
        feed=make_feed(url=FEED, hub_url=HUB), hub_url=HUB, topic_url=FEED, state=Subscription.State.ACTIVE
    )
    with start(tmp_path, worker_environment | {"REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"}, WEB) as site:
        one = Subscriber(f"{site.address}/websub/{subscription.token}/", FEED, subscription.secret, 60)
        took = []
        for number in range(3):
            began = time.monotonic()
            assert deliver(one, rss(item(guid=str(number)))).status == 202
            took.append(time.monotonic() - began)
    assert Push.objects.count() == 3
    assert min(took) < 3  # six seconds are what Celery would try for, each time


def test_bodies_of_every_framing_are_read_as_far_as_we_read_them(running, hub):
    make_feed(url=FEED, hub_url=HUB)
    app.send_task("feeds.tasks.keep_subscriptions")
    one = running.subscriber(hub)
    in_chunks = send("POST", one.callback, body=iter([b"abc"] * 3), headers={"X-Hub-Signature": "sha256=" + "0" * 64})
    assert in_chunks.status == 202
    with suppress(ConnectionError):  # it may hang up before we have said everything
        assert send("POST", one.callback, body=(b"x" * 2**20 for _ in range(40))).status == 413

    for raw, status in (
        (b"Transfer-Encoding: chunked\r\n\r\nzz\r\nnonsense", b"HTTP/1.1 202"),
        (b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nno header\r\n\r\n", b"HTTP/1.1 "),
        (b"Content-Length: 6000000\r\n\r\nthe first of many words", b"HTTP/1.1 413"),
        (b"Content-Length: 100\r\n\r\nshort", b"HTTP/1.1 400"),
        (b"Content-Length: -1\r\n\r\n", b"HTTP/1.1 400"),
    ):
        assert answer_to(one.callback, raw).startswith(status), raw
    assert deliver(one, b"").status == 202  # and the site goes on


def answer_to(url: str, raw: bytes) -> bytes:
    """POST these bytes after the request line, end our side, and give what comes back first."""
    host, _, path = url.removeprefix("http://").partition("/")
    name, _, port = host.partition(":")
    with socket.create_connection((name, int(port)), timeout=30) as visitor:
        visitor.sendall(f"POST /{path} HTTP/1.1\r\nHost: {host}\r\n".encode() + raw)
        visitor.shutdown(socket.SHUT_WR)
        return visitor.recv(100)


def test_hubs_that_drip_leave_readers_their_threads(tmp_path, worker_environment):
    subscription = Subscription.objects.create(
        feed=make_feed(url=FEED, hub_url=HUB), hub_url=HUB, topic_url=FEED, state=Subscription.State.ACTIVE
    )
    with start(tmp_path, worker_environment, WEB) as site, ExitStack() as connections:
        host = site.address.removeprefix("http://")
        begun = f"POST /websub/{subscription.token}/ HTTP/1.1\r\nHost: {host}\r\nContent-Length: 9000\r\n\r\nslowly"
        for _ in range(12):
            hub = connections.enter_context(socket.create_connection(tuple(host.split(":"))))
            hub.sendall(begun.encode())
        began = time.monotonic()
        assert send("GET", f"{site.address}/healthz").status == 200
        assert time.monotonic() - began < 0.7 * PATIENCE_SECONDS  # those that find no slot give up after a second
