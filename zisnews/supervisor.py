"""`./zis up`: starts everything, says where the site is, keeps it running, and leaves nothing behind."""

import argparse
import os
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from zisnews.children import BackOff, Children, again_in, how_it_ended
from zisnews.embedded import Servers
from zisnews.environment import data_folder, embedded_servers, main_lock, set_up
from zisnews.front_door import free_port, listen, status_of_page
from zisnews.places import ROOT, make, place_of
from zisnews.processes import stop
from zisnews.terminal import say
from zisnews.trouble import Trouble

CATALOGUE = ROOT / "zisnews" / "catalogue" / "sources.csv"
PREPARE_SECONDS = 3600  # a migration of a large table may take its time
PAGE_SECONDS = 60
PATIENCE_SECONDS = 15  # for work in progress, when asked to end
JOBS = (sys.executable, "-m", "zisnews.jobs")


class Stop(BaseException):
    """A signal asked us to end."""


def up(arguments: list[str]) -> int:
    """Run the whole site until a signal ends it; return the exit code."""
    chosen = options(arguments)
    data = data_folder(chosen.data or (str(data_folder() / "demo") if chosen.demo else None))
    make(place_of(data))
    lock = main_lock(data)
    if not lock.take():
        raise Trouble(who_runs(data, lock.facts()))
    with lock, listen(chosen.port) as door:
        supervisor = Supervisor(data, door, is_demo=chosen.demo, is_fetching=not chosen.no_fetch)
        try:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, supervisor.asked_to_end)
            supervisor.start()
            lock.note(address=supervisor.address, environment=supervisor.shared_environment())
            supervisor.say_hello()
            supervisor.keep_running()
        except Stop:
            pass
        finally:
            supervisor.stop()
    return 0


def options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./zis up", description="Start the whole site on embedded servers.")
    parser.add_argument("--port", type=port_number, default=8000, help="where the site answers; 0: any free one")
    parser.add_argument("--data", help="the folder for databases, pictures and logs (default: var)")
    parser.add_argument("--demo", action="store_true", help="invented publishers on this machine, no internet")
    parser.add_argument("--no-fetch", action="store_true", help="ask no publisher for anything")
    return parser.parse_args(arguments)


def port_number(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: 1 to 65535, or 0 for any free one")
    return int(text)


def who_runs(data: Path, facts: dict[str, object]) -> str:
    """Say who holds a data folder, and what to do about it."""
    if address := facts.get("address"):
        return f"ZisNews already runs on {data}, at {address}\nCtrl-C there ends it, or: kill {facts['pid']}"
    return (
        f"Another ./zis (process {facts.get('pid', 'unknown')}) uses {data}. Wait for it to end, or use --data FOLDER."
    )


class Supervisor:
    """Everything that runs for one data folder, as children of this process."""

    def __init__(self, data: Path, door: socket.socket, *, is_demo: bool, is_fetching: bool) -> None:
        self.data, self.door, self.is_demo, self.is_fetching = data, door, is_demo, is_fetching
        self.address = "http://{}:{}/".format(*door.getsockname())
        self.asked, self.is_stopping = 0, False
        self.servers: Servers | None = None
        self.children: Children | None = None
        self.back_off: dict[str, BackOff] = {}

    def asked_to_end(self, number: int, frame: FrameType | None) -> None:
        """Handle a signal: the first one ends us in good order, a second one at once."""
        self.asked += 1
        if not self.is_stopping:
            self.is_stopping = True
            raise Stop

    def start(self) -> None:
        """Start everything in order; return when the first page has been served."""
        set_up(self.data)
        if not os.environ.get("SITE_URL"):
            os.environ["SITE_URL"] = self.address.rstrip("/")
            os.environ.setdefault("ZIS_WEBSUB", "false")  # no hub in the world could push to this address
        logs = self.data / "logs"
        logs.mkdir(exist_ok=True)
        self.servers = embedded_servers(self.data)
        os.environ.update(self.servers.environment)
        self.children = Children(logs, child_environment(), ROOT, say)
        # Everything that can start side by side does: the second start of a site takes three seconds.
        sources = self._start_demo(self.children) if self.is_demo else CATALOGUE
        with self._preparing(self.children, sources) as is_prepared:
            self._start_servers(self.servers)
            is_prepared()
        self._start_web(self.children)
        if self.is_fetching:
            self._start_workers(self.children)

    def shared_environment(self) -> dict[str, str]:
        """What other commands on this data folder need to meet the same servers and the same web."""
        names = ("DATABASE_URL", "REDIS_URL", "SITE_URL", "ZIS_FETCH_HOST_MAP")
        return {name: os.environ[name] for name in names if os.environ.get(name)}

    def say_hello(self) -> None:
        option = "" if self.data == ROOT / "var" else f"--data {shlex.quote(str(self.data))} "
        say(f"ZisNews is at {self.address}")
        say(f"  Ctrl-C ends it. To make a curator, in another terminal: ./zis manage {option}createsuperuser")
        say(f"  Logs: {self.data / 'logs'}")

    def keep_running(self) -> NoReturn:
        """Watch for ever; start again what ends."""
        assert self.servers and self.children
        while True:
            self.children.watch(0.5)
            self.children.restart_the_ended()
            self._restart_servers(self.servers)

    def stop(self) -> None:
        """End everything: what serves and works first, then what it works on."""
        self.is_stopping = True
        if self.children:
            say("Stopping (Ctrl-C again: at once)")
            for names in (("web", "beat", "fetch", "work"), ("demo",)):
                self.children.stop(*names, patience=lambda: PATIENCE_SECONDS if self.asked < 2 else 0)
        if self.servers:
            self.servers.stop()

    def _start_servers(self, servers: Servers) -> None:
        titles = {"postgres": "Postgres", "valkey": "Valkey"}
        if servers.names:
            elsewhere = (
                "" if servers.place.home == servers.place.data else f", with their files in {servers.place.home}"
            )
            say(f"Starting {' and '.join(titles[name] for name in servers.names)}{elsewhere}")
        servers.begin()
        servers.wait()
        self.back_off = {name: BackOff() for name in servers.names}

    def _restart_servers(self, servers: Servers) -> None:
        for name, back_off in self.back_off.items():
            process = servers.processes[name]
            if back_off.is_due:
                servers.launch(name)
                back_off.started()
            elif back_off.due_at is None and process.poll() is not None:
                how = how_it_ended(process.returncode)
                say(f"{name} {how}; {again_in(back_off.ended())} ({self.data / 'logs' / name}.log)")

    def _start_demo(self, children: Children) -> Path:
        """Start the recorded web; return where it writes its sources. It keeps its port if it has to start again."""
        say("Starting the recorded web of invented publishers")
        folder = self.data / "web"
        os.environ["ZIS_FETCH_HOST_MAP"] = children.env["ZIS_FETCH_HOST_MAP"] = str(folder / "hosts.map")
        for name in ("hosts.map", "sources.csv"):
            (folder / name).unlink(missing_ok=True)  # of an earlier start, with an earlier port
        children.add("demo", sys.executable, "-m", "zisnews.demo", "--port", str(free_port()), "--dir", folder)
        return folder / "sources.csv"

    @contextmanager
    def _preparing(self, children: Children, sources: Path) -> Iterator[Callable[[], None]]:
        """Run zisnews.prepare; what the block gets waits for its end. Its words go to the terminal, errors to a log."""
        log = self.data / "logs" / "prepare.log"
        with log.open("wb") as errors:
            process = subprocess.Popen(  # noqa: S603  a list, no shell
                [sys.executable, "-m", "zisnews.prepare", "--sources", str(sources), *["--demo"] * self.is_demo],
                stdin=subprocess.DEVNULL,
                stderr=errors,
                env=children.env,
                cwd=ROOT,
            )

        def wait() -> None:
            children.until(lambda: process.poll() is not None, PREPARE_SECONDS)
            if process.returncode:
                last = (log.read_text(errors="replace").strip() or "no reason given").splitlines()[-1]
                raise Trouble(f"The site could not be prepared: {last}\nMore in {log}")

        try:
            yield wait
        finally:
            stop(process, signal.SIGKILL)

    def _start_web(self, children: Children) -> None:
        say("Starting the site")
        number = self.door.fileno()
        gunicorn = ["-m", "gunicorn", "-c", "python:zisnews.gunicorn", "-b", f"fd://{number}"]
        web = children.add("web", sys.executable, *gunicorn, "zisnews.wsgi:application", pass_fds=[number])
        status = status_of_page(
            self.door, lambda is_answered: children.until(lambda: is_answered() or web.has_ended(), PAGE_SECONDS)
        )
        if status != 200:
            what = f"answers {status}" if status else "does not answer"
            raise Trouble(f"The site {what}. Its log: {web.log.path}")

    def _start_workers(self, children: Children) -> None:
        for name in ("fetch", "work"):
            children.add(name, *JOBS, name)
        children.add("beat", *JOBS, "beat", "--schedule", self.data / "beat-schedule")


def child_environment() -> dict[str, str]:
    """Ours, and what keeps Python processes small and their output timely."""
    return os.environ | {
        "MALLOC_ARENA_MAX": "2",  # glibc's arenas for each thread would double what gunicorn and fetch hold
        "PYTHONUNBUFFERED": "1",
        "CELERY_SKIP_CHECKS": "1",  # the web process has made them
    }
