"""Postgres and Valkey of a data folder: made, started, watched and stopped by us, reached over sockets only.

The programs come with two packages; nothing of the system is used or changed. Knows nothing of Django.
"""

import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self
from urllib.parse import quote

import psycopg2

from zisnews.places import Place, make, place_of, postgres_program, valkey_program
from zisnews.processes import end_stranger, is_alive, spawn, stop
from zisnews.trouble import Trouble

DATABASE = "zisnews"
START_SECONDS = 60  # after a crash Postgres first replays its log
LEAST_FREE_BYTES = 200 * 1024 * 1024
NO_PROCESS = 2**31 - 2  # a pid above any kernel's highest
LOG_BYTES = 5 * 1024 * 1024

# Of the machine's memory, what Postgres may keep of its tables: the system forgets them within minutes where others
# need it. What is not used is not taken.
BUFFERS_PART, LEAST_BUFFERS_MB, MOST_BUFFERS_MB = 16, 64, 256
# Small at rest, and no process that one machine does not need.
POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "maintenance_work_mem": "64MB",
    "work_mem": "8MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "max_connections": "80",
    "io_method": "sync",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "max_wal_size": "512MB",
    "checkpoint_timeout": "15min",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_min_error_statement": "panic",  # a failed INSERT would write whole articles into the log
}
# Few buffers: emptying a table looks through all of them, and tests do little else.
THROW_AWAY_SETTINGS = {
    "shared_buffers": f"{LEAST_BUFFERS_MB}MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


def buffers_mb() -> int:
    """How many megabytes of tables Postgres keeps on this machine."""
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024**2
    return max(LEAST_BUFFERS_MB, min(memory_mb // BUFFERS_PART, MOST_BUFFERS_MB))


class Servers:
    """The embedded servers of one data folder, running from `start()` to `stop()` or for the length of a `with`.

    One process at a time may do this for a folder: hold a Lock around it. Use from the main thread.
    throw_away: nothing needs to survive a crash (tests, benchmarks), so nothing waits for the disk
    """

    def __init__(self, data: Path, *, postgres: bool = True, valkey: bool = True, throw_away: bool = False) -> None:
        self.place = place_of(data)
        self.with_postgres, self.with_valkey, self.throw_away = postgres, valkey, throw_away
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def environment(self) -> dict[str, str]:
        """DATABASE_URL and REDIS_URL of the servers we run."""
        return {
            name: value
            for name, value in environment_of(self.place).items()
            if (name == "DATABASE_URL" and self.with_postgres) or (name == "REDIS_URL" and self.with_valkey)
        }

    def start(self) -> None:
        """Start them and return once both answer. Raises Trouble, with nothing left running."""
        with ExitStack() as undo:
            undo.callback(self.stop)
            self.begin()
            self.wait()
            undo.pop_all()

    def begin(self) -> None:
        """Start them without waiting until they answer; the caller stops them if anything is raised."""
        make(self.place)
        _check_space(self.place.home)
        self.logs = self.place.data / "logs"
        self.logs.mkdir(exist_ok=True)
        for name in self.names:
            self.launch(name)

    def wait(self) -> None:
        for name in self.names:
            self.wait_for(name)

    @property
    def names(self) -> list[str]:
        return ["postgres"] * self.with_postgres + ["valkey"] * self.with_valkey

    def launch(self, name: str) -> None:
        """Start one server without waiting for it; what a dead parent left of it is ended first."""
        {"postgres": self._launch_postgres, "valkey": self._launch_valkey}[name]()

    def wait_for(self, name: str) -> None:
        """Return when the server answers; Trouble when it ends or takes too long."""
        answers = {"postgres": self._postgres_answers, "valkey": self._valkey_answers}[name]
        deadline = time.monotonic() + START_SECONDS
        while not answers():
            if self.processes[name].poll() is not None and not self._mended(name):
                raise self._failed(name, "ended as soon as it started")
            if time.monotonic() > deadline:
                raise self._failed(name, f"did not answer within {START_SECONDS} s")
            time.sleep(0.02)

    def stop(self) -> None:
        """End Valkey, then Postgres. SIGINT: roll back open work, write everything down; SIGQUIT: just go."""
        for name, how in (
            ("valkey", signal.SIGTERM),
            ("postgres", signal.SIGQUIT if self.throw_away else signal.SIGINT),
        ):
            if process := self.processes.pop(name, None):
                stop(process, how)
        if self.place.run.parent != self.place.home:
            shutil.rmtree(self.place.run, ignore_errors=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def _launch_postgres(self) -> None:
        place = self.place
        _end_orphan(place.postgres_socket, signal.SIGINT)
        if not place.postgres.exists():
            self._make_cluster()
        _check_version(place.postgres)
        _disown_pid_file(place.postgres)
        settings = POSTGRES_SETTINGS | {"shared_buffers": f"{buffers_mb()}MB"}
        settings |= THROW_AWAY_SETTINGS if self.throw_away else {}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self._spawn(
            "postgres",
            [postgres_program("postgres"), "-D", place.postgres, "-k", place.run, *options],
            signal.SIGINT,
        )

    def _make_cluster(self) -> None:
        """Make an empty database cluster under another name first: half a one is never taken for a whole one."""
        place = self.place
        for left_over in place.home.glob(".postgres-*"):
            shutil.rmtree(left_over, ignore_errors=True)
        new = Path(tempfile.mkdtemp(prefix=".postgres-", dir=place.home))
        if place.account:
            os.chown(new, place.account.uid, place.account.gid)
        options = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "-E", "UTF8"]
        durability = ["--no-sync"] if self.throw_away else []
        with tempfile.TemporaryFile() as output:
            initdb = spawn(
                [postgres_program("initdb"), "-D", new, *options, "--auth=trust", "-U", "postgres", *durability],
                output=output,
                env=_plain_environment(),
                cwd=place.home,
                account=place.account,
            )
            if initdb.wait():
                output.seek(0)
                text = output.read().decode(errors="replace").strip()
                shutil.rmtree(new, ignore_errors=True)
                raise Trouble(f"Postgres could not make its files in {place.home}.\n{_advice(text)}")
        new.rename(place.postgres)

    def _launch_valkey(self) -> None:
        place = self.place
        _end_orphan(place.valkey_socket, signal.SIGTERM)
        place.valkey.mkdir(mode=0o700, exist_ok=True)
        if place.account:
            os.chown(place.valkey, place.account.uid, place.account.gid)
        settings = {
            "port": "0",
            "unixsocket": str(place.valkey_socket),
            "unixsocketperm": "700",
            "databases": "64",
            "save": "",
            "appendonly": "no" if self.throw_away else "yes",
            "maxmemory": "256mb",
            "maxmemory-policy": "volatile-lru",  # queues have no expiry and are never thrown out
            "loglevel": "warning",
        }
        options = [part for name, value in settings.items() for part in (f"--{name}", value)]
        self._spawn("valkey", [valkey_program(), *options], signal.SIGTERM)

    def _spawn(self, name: str, arguments: list[str | Path], death_signal: int) -> None:
        log = self.logs / f"{name}.log"
        if log.exists() and log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))
        with log.open("ab") as output:
            self.processes[name] = spawn(
                arguments,
                output=output,
                env=_plain_environment(),
                cwd=getattr(self.place, name),
                account=self.place.account,
                death_signal=death_signal,
            )

    def _postgres_answers(self) -> bool:
        try:
            connection = psycopg2.connect(host=str(self.place.run), user="postgres", dbname="postgres")
        except psycopg2.OperationalError:
            return False
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if not cursor.fetchone():
                cursor.execute(f"CREATE DATABASE {DATABASE}")
        connection.close()
        return True

    def _valkey_answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe, suppress(OSError):  # redis-py takes longer to load than this
            probe.settimeout(1)
            probe.connect(str(self.place.valkey_socket))
            probe.sendall(b"PING\r\n")
            return probe.recv(64).startswith(b"+PONG")  # not while it still reads its files: -LOADING
        return False

    def _mended(self, name: str) -> bool:
        """Start a server again if what kept it from starting passes or can be moved out of the way."""
        words = _tail(self.logs / f"{name}.log").lower()
        if name == "postgres" and "shared memory block" in words and "still in use" in words:
            time.sleep(0.5)  # a query of the killed server has not ended yet
            self._launch_postgres()
            return True
        kept = self.place.valkey / "appendonlydir"
        if name == "valkey" and "bad file format" in words and kept.exists():  # queue and cache may be lost
            kept.rename(kept.with_name(f"unreadable-{time.time_ns()}"))
            self._launch_valkey()
            return True
        return False

    def _failed(self, name: str, how: str) -> Trouble:
        log = self.logs / f"{name}.log"
        return Trouble(f"The embedded {name} {how}; its log is {log}.\n{_advice(_tail(log))}")


def environment_of(place: Place) -> dict[str, str]:
    """Return the values of DATABASE_URL and REDIS_URL that lead to a place's sockets."""
    return {
        "DATABASE_URL": f"postgres://postgres@{quote(str(place.run), safe='')}:5432/{DATABASE}",
        "REDIS_URL": f"unix://{place.valkey_socket}?db=0",
    }


def _plain_environment() -> Mapping[str, str]:
    """No PG… variable and no locale of the person's reaches the servers."""
    return {"LC_ALL": "C", "PATH": os.environ.get("PATH", os.defpath)}


def _check_space(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        raise Trouble(
            f"The disk of {folder} is full: {free // 2**20} MB are free, {LEAST_FREE_BYTES // 2**20} MB are needed.\n"
            "Make room, or choose a folder on another disk with --data FOLDER."
        )


def _check_version(cluster: Path) -> None:
    try:
        found = (cluster / "PG_VERSION").read_text().strip()
    except OSError:
        return  # postgres itself says best what is wrong with it
    if found != "18":
        raise Trouble(f"{cluster} was made by Postgres {found}; this is 18. Dump it with {found} and restore it here.")


def _disown_pid_file(cluster: Path) -> None:
    """Correct a left-over postmaster.pid whose number now belongs to a process that is no Postgres of this cluster.

    Postgres would take that one for itself and refuse to start. The file stays: it also leads to the shared memory
    by which Postgres notices backends that outlived a killed server.
    """
    path = cluster / "postmaster.pid"
    try:
        first, *rest = path.read_text().splitlines(keepends=True)
        pid = int(first)
    except (OSError, ValueError):
        return
    with suppress(OSError):
        if is_alive(pid) and Path(f"/proc/{pid}/cwd").readlink() == cluster:
            end_stranger(pid, signal.SIGINT)
    if is_alive(pid):
        path.write_text("".join([f"{NO_PROCESS}\n", *rest]))


def _end_orphan(path: Path, how: int) -> None:
    """End the server that still listens on a socket of ours, left by a parent that was killed."""
    if pid := _listener(path):
        end_stranger(pid, how)
    with suppress(OSError):
        path.unlink()


def _listener(path: Path) -> int | None:
    """Return the pid of the process that listens on a unix socket, None when nobody does."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return None
        if sys.platform == "darwin":
            return int(probe.getsockopt(0, 2))  # SOL_LOCAL, LOCAL_PEERPID
        size = struct.calcsize("3i")
        return int(struct.unpack("3i", probe.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))[0])


def _tail(log: Path, lines: int = 4) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


def _advice(text: str) -> str:
    """Add what to do to a server's own words, where we know."""
    if "No space left on device" in text:
        return "The disk is full. Make room, or choose a folder on another disk with --data FOLDER."
    if "could not create shared memory" in text or "shared memory segment" in text:
        return text + "\nThe machine allows too little shared memory (in Docker: --shm-size=128m)."
    return text
