"""Two hundred people at one article, through HTTP: how long likes and comments take, and whether all are counted.

Two web processes serve them, as on a machine of two cores. In a second round these are killed again and again in the
middle of what they do, as by a lack of memory: what was answered must be there, and every count that of the rows.
"""

import asyncio
import os
import random
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median
from typing import Any, TypeAlias

from zisnews.bench import Line
from zisnews.bench.pages import p95
from zisnews.bench.surroundings import cpu_seconds, processes_below
from zisnews.embedded import Servers
from zisnews.front_door import listen
from zisnews.places import ROOT
from zisnews.processes import spawn, stop

PEOPLE, WEB_PROCESSES = 200, 2
SECONDS, DEEDS_EACH = 20, 5  # each does so many things, at moments of their own, in so many seconds
BAR_MS = 150
KILL_EVERY = 2.0
PATIENCE = 60
FAILED = 400  # and above

Deed: TypeAlias = tuple[str, str, Mapping[str, str]]  # what it is, where it is sent, and the fields; none for a page


@dataclass(slots=True)
class Person:
    """Somebody with an account, logged in. vote_on: comments that were there before"""

    number: int
    cookies: str
    token: str
    vote_on: list[int]


@dataclass(slots=True)
class Told:
    """What the site answered: milliseconds by kind of deed, comments it said were posted, and what failed."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    posted: set[int] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)


def measure(servers: Servers) -> Iterator[Line]:
    """p95 of each kind of deed, in milliseconds; then what is lost and miscounted, without and with kills."""
    from django.core.management import call_command  # noqa: PLC0415  Django is set up by now, not when this loads

    call_command("collectstatic", interactive=False, verbosity=0)
    for round_name, kills in (("crowd", False), ("crowd.killed", True)):
        article, people = make_people("killed" if kills else "crowd")
        before = deadlocks()
        with web(servers) as (process, port):
            used = cpu_seconds(process.pid)
            told = asyncio.run(act_at_once(people, article, port, process.pid if kills else 0))
            used = cpu_seconds(process.pid) - used
        deeds = [ms for times in told.times.values() for ms in times]
        detail: dict[str, Any] = {"people": PEOPLE, "web": WEB_PROCESSES, "seconds": SECONDS, "deeds": len(deeds)}
        if not kills:
            for kind, times in told.times.items():
                yield Line(f"crowd.{kind}", p95_of(times), "ms", {"p50": round(median(times), 1), "n": len(times)})
            detail |= {"p50": round(median(deeds), 1), "web_cpu_ms": round(1000 * used / len(deeds), 1)}
            yield Line("crowd.all", p95_of(deeds), "ms", detail | {"bar": BAR_MS})
        yield Line(
            f"{round_name}.refused", len(told.failed), "deeds", {"first": "; ".join(sorted(set(told.failed))[:3])}
        )
        yield Line(f"{round_name}.lost", lost(told), "comments", {"answered": len(told.posted), "bar": 0})
        yield Line(f"{round_name}.miscounted", miscounted(), "rows", {"bar": 0})
        yield Line(f"{round_name}.deadlocks", deadlocks() - before, "", {"bar": 0})


def p95_of(times: list[float]) -> float:
    return round(p95(times), 1)


@contextmanager
def web(servers: Servers) -> Iterator[tuple[Any, int]]:
    """The web processes of a site, on a port of their own."""
    door = listen(0)
    port, number = door.getsockname()[1], door.fileno()
    environment = os.environ | {
        "WEB_CONCURRENCY": str(WEB_PROCESSES),
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "python:zisnews.gunicorn", "-b", f"fd://{number}"]
    command.append("zisnews.wsgi:application")
    with (servers.place.data / "web.log").open("ab") as log:
        process = spawn(command, output=log, env=environment, cwd=ROOT, pass_fds=[number])
    try:
        yield process, port
    finally:
        stop(process, signal.SIGTERM, patience=15)
        door.close()


def make_people(name: str) -> tuple[Any, list[Person]]:
    """An article with comments, and people of some age who are logged in."""
    from django.conf import settings  # noqa: PLC0415  after django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415
    from django.middleware.csrf import _get_new_csrf_string  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from accounts.models import User  # noqa: PLC0415
    from aggregator.models import Article  # noqa: PLC0415
    from comments.discussion import post  # noqa: PLC0415
    from feeds.models import GENERAL, Source  # noqa: PLC0415
    from zisnews.sessions import SessionStore  # noqa: PLC0415

    now, long_ago = timezone.now(), timezone.now() - timedelta(days=300)
    source = Source.objects.create(name=name, slug=name, site_url=f"https://{name}.example/", country_id="GB")
    article = Article.objects.create(
        source=source,
        title="Council votes",
        slug="council-votes",
        url=f"https://{name}.example/1",
        category_id=GENERAL,
        published_at=now,
        seen_at=now,
    )
    users = User.objects.bulk_create(
        User(email=f"{name}-{n}@example.org", display_name=f"{name} {n}", name_key=f"{name}-{n}", date_joined=long_ago)
        for n in range(PEOPLE + 3)
    )
    there = [post(user, article, f"I begin, says {user.pk}.", parent=None, now=now).pk for user in users[PEOPLE:]]
    people = []
    for number, user in enumerate(users[:PEOPLE]):
        session, token = SessionStore(), _get_new_csrf_string()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        cookies = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={token}"
        people.append(Person(number, cookies, token, there))
    return article, people


async def warm(session: Any, article: Any) -> None:
    """Wait until the site answers, and let each process have loaded what a page needs."""
    import aiohttp  # noqa: PLC0415  only for what asks

    deadline = time.monotonic() + PATIENCE
    for _visit in range(10 * WEB_PROCESSES):
        while True:
            try:
                async with session.get(article.get_absolute_url()) as answer:
                    await answer.read()
                break
            except aiohttp.ClientError:
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(0.2)


async def act_at_once(people: list[Person], article: Any, port: int, victims_of: int) -> Told:
    """All of them for SECONDS, each deed at a moment of its own. victims_of: whose web processes are killed; 0: none"""
    import aiohttp  # noqa: PLC0415  only for what asks

    told, address = Told(), f"http://127.0.0.1:{port}"
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=3)  # gunicorn closes after 5
    async with aiohttp.ClientSession(address, connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
        await warm(session, article)
        killer = asyncio.create_task(kill_now_and_then(victims_of)) if victims_of else None
        await asyncio.gather(*(live(session, person, article, told) for person in people))
        if killer:
            await killer
    return told


async def live(session: Any, person: Person, article: Any, told: Told) -> None:
    """What one of them does: likes, comments, votes, answers, and likes no more."""
    chance = random.Random(person.number)  # noqa: S311  no secret, only the same each time
    moments = sorted(chance.uniform(0, SECONDS) for _ in range(DEEDS_EACH))
    reaction, comments = f"/article/{article.pk}/reaction/", f"/article/{article.pk}/comments/"
    first = chance.choice(person.vote_on)
    deeds: list[Deed] = [
        ("like", reaction, {"kind": "like"}),
        ("comment", comments, {"body": f"This is what I, {person.number}, think of it."}),
        ("vote", f"/comment/{first}/vote/", {"vote": chance.choice(["up", "down"])}),
        ("like", reaction, {"kind": chance.choice(["none", "dislike", "like"])}),
        ("page", article.get_absolute_url(), {}),
    ]
    began_at = time.monotonic()
    for moment, deed in zip(moments, deeds, strict=True):
        await asyncio.sleep(max(began_at + moment - time.monotonic(), 0))
        await do(session, person, deed, told)


async def do(session: Any, person: Person, deed: Deed, told: Told) -> None:
    """One deed, as a browser of theirs sends it, timed; a connection that breaks is a process that was killed."""
    import aiohttp  # noqa: PLC0415

    kind, path, fields = deed
    headers = {"Cookie": person.cookies, "X-CSRFToken": person.token, "Accept": "application/json"}
    began_at = time.perf_counter()
    try:
        if not fields:
            async with session.get(path, headers=headers | {"Accept": "text/html"}) as answer:
                await answer.read()
        else:
            async with session.post(path, data=fields, headers=headers) as answer:
                body = await answer.json(content_type=None) if answer.ok else {}
                if "id" in body:
                    told.posted.add(body["id"])
    except (aiohttp.ClientError, ConnectionError, TimeoutError) as error:
        told.failed.append(f"{kind}: {type(error).__name__}")
        return
    told.times[kind].append(1000 * (time.perf_counter() - began_at))
    if answer.status >= FAILED:
        told.failed.append(f"{kind}: {answer.status}")


async def kill_now_and_then(master: int) -> None:
    """Kill one of the web processes, which gunicorn replaces."""
    chance = random.Random(1)  # noqa: S311  as above
    for _blow in range(int(SECONDS / KILL_EVERY)):
        await asyncio.sleep(KILL_EVERY)
        if victims := sorted(processes_below(master) - {master}):
            os.kill(chance.choice(victims), signal.SIGKILL)


def lost(told: Told) -> int:
    """Comments that were answered as posted and are not there."""
    from comments.models import Comment  # noqa: PLC0415  after django.setup()

    return len(told.posted) - Comment.objects.filter(pk__in=told.posted).count()


def miscounted() -> int:
    """Rows whose counts are not those of the rows they count."""
    from comments import reactions, recounting  # noqa: PLC0415  after django.setup()

    return reactions.recount() + recounting.recount()


def deadlocks() -> int:
    from django.db import connection  # noqa: PLC0415  after django.setup()

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])
