"""What a benchmark runs in: a site of its own on servers of its own, gone afterwards; and what its processes used.

The servers keep the durability of a real site: what a benchmark says must hold for one.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import django

from zisnews.embedded import Servers
from zisnews.environment import set_up

FOREIGN = ("ZIS_FETCH_HOST_MAP", "ZIS_FETCH_ALLOW_NETWORKS", "ZIS_DISPLAY", "DATABASE_REPLICA_URL", "SENTRY_DSN")


@contextmanager
def throw_away_site() -> Iterator[Servers]:
    """A migrated, empty site; Django is set up for it. Once a process: Django's settings are read once."""
    folder = Path(tempfile.mkdtemp(prefix="zis-bench-"))
    folder.chmod(0o711)  # Postgres may run as another user, who has to walk through
    servers = Servers(folder / "data")
    try:
        with servers:
            for name in FOREIGN:
                os.environ.pop(name, None)
            os.environ |= servers.environment | {"DJANGO_SETTINGS_MODULE": "zisnews.settings", "DEBUG": "false"}
            set_up(folder / "data")
            django.setup()
            prepare_database()
            try:
                yield servers
            finally:
                close_database()
    finally:
        shutil.rmtree(servers.place.home, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def prepare_database() -> None:
    from django.core.management import call_command  # noqa: PLC0415  after django.setup()

    call_command("migrate", interactive=False, verbosity=0)


def close_database() -> None:
    from django.db import connections  # noqa: PLC0415  after django.setup()

    connections.close_all()


def processes_below(*roots: int) -> set[int]:
    """The process ids of these processes and of all their descendants; empty where there is no /proc."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        if fields := _stat_fields(stat):
            children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, waiting = set(), list(roots)
    while waiting:
        process = waiting.pop()
        found.add(process)
        waiting += children.get(process, [])
    return found


def cpu_seconds(*roots: int, without: Set[int] = frozenset()) -> float:
    """The CPU time these processes and their descendants have used so far, ended ones included."""
    ticks = 0
    for process in processes_below(*roots) - without:
        if fields := _stat_fields(Path(f"/proc/{process}/stat")):
            ticks += sum(map(int, fields[11:15]))  # own and of ended children, in user and in kernel mode
    return ticks / os.sysconf("SC_CLK_TCK")


def memory_mb(process: int, field: str = "VmRSS") -> float:
    """Resident memory of one process, now or at its highest ("VmHWM"), in MB; 0 where there is no /proc."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(field)), 0)


def shared_out_memory_mb(process: int) -> float:
    """Memory of one process where what it shares with others is divided among them (PSS), in MB; 0 without /proc."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0)


def _stat_fields(stat: Path) -> list[str]:
    """The fields of /proc/PID/stat after the name, which may contain blanks and brackets."""
    try:
        return stat.read_text().rpartition(")")[2].split()
    except OSError:
        return []


def answer_of(work: Any, *arguments: Any) -> Any:
    """What a function returns in a process of its own, whose memory is that of a worker."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_answer, args=(theirs, work, arguments))
    process.start()
    theirs.close()
    try:
        return ours.recv()
    finally:
        process.join()


def _answer(pipe: Any, work: Any, arguments: Sequence[Any]) -> None:
    set_up_django()
    pipe.send(work(*arguments))


def set_up_django() -> None:
    """In a process of its own, for the site of the process that started it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zisnews.settings")
    django.setup()
