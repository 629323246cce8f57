"""Child processes that never outlive us: how they are started and how they are ended. Knows nothing of Django."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1  # prctl(2)


@dataclass(frozen=True, slots=True)
class Account:
    """The user and group that servers run as where that is not ourselves."""

    uid: int
    gid: int


def _tie_to_parent() -> Callable[[int, int], None]:
    """Return a function(signal, parent's pid) that makes the calling process get the signal when its parent ends.

    The C library is loaded here, before any fork: a child between fork and exec should do as little as it can.
    Only Linux has this; elsewhere servers left over by a killed parent are ended by the next start.
    """
    if not sys.platform.startswith("linux"):
        return lambda death_signal, parent: None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def tie(death_signal: int, parent: int) -> None:
        prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
        if os.getppid() != parent:  # it ended before we could ask to be told
            os.kill(os.getpid(), death_signal)

    return tie


tie_to_parent = _tie_to_parent()


def end_with_parent() -> None:
    """Have this process killed when its parent ends: by the kernel on Linux, elsewhere by asking each second."""
    parent = os.getppid()
    if sys.platform.startswith("linux"):
        tie_to_parent(signal.SIGKILL, parent)
    else:
        threading.Thread(target=_watch, args=[parent], daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGKILL)


def spawn(
    arguments: Sequence[str | Path],
    *,
    output: IO[bytes] | int,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    account: Account | None = None,
    death_signal: int = signal.SIGKILL,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a program in a process group of its own, so that Ctrl-C reaches only us and we decide the order.

    death_signal: what the kernel sends it when the thread that called us ends; call from the main thread.
    account:      whom it runs as. The signal is set after the change, which would have cleared it.
    """
    parent = os.getpid()
    return subprocess.Popen(  # noqa: S603  a list, no shell
        [str(argument) for argument in arguments],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=None if env is None else dict(env),
        cwd=cwd,
        process_group=0,
        pass_fds=pass_fds,
        umask=0o077 if account else -1,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        preexec_fn=lambda: tie_to_parent(death_signal, parent),  # noqa: PLW1509  see _tie_to_parent
    )


def stop(process: subprocess.Popen[bytes], how: int = signal.SIGTERM, *, patience: float = 15) -> None:
    """Ask a process to end, wait up to `patience` seconds, then kill whatever is left of its group."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            _kill_group(process.pid)
            process.wait()
    _kill_group(process.pid)


def _kill_group(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # macOS says EPERM for a group of zombies
        return


def is_alive(pid: int) -> bool:
    """Say whether a process of this number runs and is no zombie, whoever owns it."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        return b") Z" not in Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return True


def end_stranger(pid: int, how: int, *, patience: float = 15) -> bool:
    """End a process that is no child of ours; True once it is gone."""
    for ask in (how, signal.SIGKILL):
        try:
            os.kill(pid, ask)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
        if wait_until(lambda: not is_alive(pid), patience):
            return True
    return False


def wait_until(condition: Callable[[], bool], seconds: float, *, every: float = 0.02) -> bool:
    """Return True as soon as the condition holds, False when the time is up."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True
