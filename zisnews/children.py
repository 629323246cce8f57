"""The programs a supervisor runs: their output into logs, their crashes into restarts. One thread, one loop."""

import json
import os
import re
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from zisnews.processes import spawn, stop

LOG_BYTES, LOG_KEPT = 5 * 1024 * 1024, 2
LONGEST_PAUSE = 60.0  # seconds between two starts of a program that keeps ending
STEADY = 60.0  # seconds after which a program counts as healthy again, and an error is worth telling again
OBJECT_ADDRESS = re.compile(r"0x[0-9a-f]{6,}")  # the same error is not another one because of it
CONTROL = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|[\x00-\x1f\x7f-\x9f]")
LINE_BYTES = 1 << 20  # a longer line is cut


class BackOff:
    """When to start again what ended: at once after a steady life, else after 1, 2, 4 … LONGEST_PAUSE seconds."""

    def __init__(self) -> None:
        self.pause = 0.0
        self.started_at = time.monotonic()
        self.due_at: float | None = None

    def started(self) -> None:
        self.started_at, self.due_at = time.monotonic(), None

    def ended(self) -> float:
        """Settle when the next start is due; return in how many seconds."""
        lived = time.monotonic() - self.started_at
        self.pause = 0.0 if lived > STEADY else min(max(1.0, self.pause * 2), LONGEST_PAUSE)
        self.due_at = time.monotonic() + self.pause
        return self.pause

    @property
    def is_due(self) -> bool:
        return self.due_at is not None and time.monotonic() >= self.due_at


class Log:
    """A log file that is turned over before it grows past LOG_BYTES; NAME.log.1 is the one before."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("ab")

    def write(self, data: bytes) -> None:
        """A full disk costs lines, not the site."""
        with suppress(OSError):
            if self._file.tell() + len(data) > LOG_BYTES:
                self._turn_over()
            self._file.write(data)
            self._file.flush()

    def close(self) -> None:
        with suppress(OSError):
            self._file.close()

    def _turn_over(self) -> None:
        self._file.close()
        for number in range(LOG_KEPT, 0, -1):
            older = self.path.with_name(f"{self.path.name}.{number}")
            newer = self.path.with_name(f"{self.path.name}.{number - 1}") if number > 1 else self.path
            if newer.exists():
                newer.replace(older)
        self._file = self.path.open("ab")


class Child:
    """A program that should run as long as we do."""

    def __init__(
        self,
        name: str,
        arguments: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str],
        cwd: Path,
        pass_fds: Sequence[int] = (),
    ) -> None:
        self.name, self.arguments = name, arguments
        self.env, self.cwd, self.pass_fds = env, cwd, pass_fds
        self.log = Log(log)
        self.back_off = BackOff()
        self.process: subprocess.Popen[bytes] | None = None
        self.pipe: int | None = None
        self.unfinished = b""

    def start(self) -> None:
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        try:
            self.process = spawn(self.arguments, output=writing, env=self.env, cwd=self.cwd, pass_fds=self.pass_fds)
        finally:
            os.close(writing)
        self.pipe = reading
        self.back_off.started()

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None


class Children:
    """All programs of a supervisor. `tell` gets the lines a person should see."""

    def __init__(self, logs: Path, env: Mapping[str, str], cwd: Path, tell: Callable[[str], None]) -> None:
        self.logs, self.env, self.cwd, self.tell = logs, dict(env), cwd, tell
        self.running: dict[str, Child] = {}
        self.selector = selectors.DefaultSelector()
        self.told: dict[tuple[str, str], float] = {}

    def add(self, name: str, *arguments: str | Path, pass_fds: Sequence[int] = ()) -> Child:
        """Start a program and keep it running until it is removed."""
        child = Child(name, arguments, log=self.logs / f"{name}.log", env=self.env, cwd=self.cwd, pass_fds=pass_fds)
        self.running[name] = child
        self._start(child)
        return child

    def remove(self, name: str) -> int | None:
        """Forget a program that has ended; return how."""
        child = self.running.pop(name)
        self._drain(child)
        self._close(child)
        child.log.close()
        return child.process.returncode if child.process else None

    def watch(self, seconds: float) -> None:
        """Pass on what the programs write, for so long or until something came."""
        for key, _ in self.selector.select(seconds):
            self._drain(key.data)

    def until(self, condition: Callable[[], Any], seconds: float, *, every: float = 0.05) -> bool:
        """Watch until the condition holds: True; or until the time is up: False."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                return False
            self.watch(every)
        return True

    def restart_the_ended(self) -> None:
        for child in self.running.values():
            if child.back_off.is_due:
                self._start(child)
            elif child.back_off.due_at is None and child.has_ended():
                assert child.process is not None
                stop(child.process)  # what it forked goes with it
                self._drain(child)
                self._close(child)
                pause = child.back_off.ended()
                self.tell(
                    f"{child.name} {how_it_ended(child.process.returncode)}; {again_in(pause)} ({child.log.path})"
                )

    def stop(self, *names: str, patience: Callable[[], float]) -> None:
        """Ask programs to end, all at once; kill what is left when `patience()` seconds are over."""
        chosen = [self.running[name] for name in names if name in self.running]
        for child in chosen:
            if child.process and not child.has_ended():
                child.process.send_signal(signal.SIGTERM)
        begun = time.monotonic()
        self.until(lambda: all(child.has_ended() for child in chosen) or time.monotonic() - begun > patience(), 3600)
        for child in chosen:
            if child.process:
                stop(child.process, signal.SIGKILL)
            self.remove(child.name)

    def _start(self, child: Child) -> None:
        child.start()
        assert child.pipe is not None
        self.selector.register(child.pipe, selectors.EVENT_READ, child)

    def _drain(self, child: Child) -> None:
        while child.pipe is not None:
            try:
                data = os.read(child.pipe, 65536)
            except BlockingIOError:
                return
            if not data:
                self._close(child)
                return
            child.log.write(data)
            *lines, child.unfinished = (child.unfinished + data).split(b"\n")
            child.unfinished = child.unfinished[-LINE_BYTES:]
            for line in lines:
                self._show(child, line)

    def _close(self, child: Child) -> None:
        if child.pipe is not None:
            self.selector.unregister(child.pipe)
            os.close(child.pipe)
            child.pipe, child.unfinished = None, b""

    def _show(self, child: Child, line: bytes) -> None:
        """Tell the person what a program says to the terminal; of errors shortly, the same one once a minute."""
        if not line.startswith(b"{"):
            return
        try:
            record = json.loads(line)
        except ValueError:
            return
        if sentence := record.get("for_terminal"):
            self.tell(CONTROL.sub("", str(sentence))[:200])
        if record.get("level") not in {"error", "critical"}:
            return
        event = OBJECT_ADDRESS.sub("0x…", " ".join(str(record.get("event", "")).split()))[:200]
        if time.monotonic() - self.told.get((child.name, event), -STEADY) >= STEADY:
            self.told[child.name, event] = time.monotonic()
            self.tell(f"{child.name}: {event!r} (more in {child.log.path})")


def again_in(pause: float) -> str:
    return f"it starts again in {pause:.0f} s" if pause else "it starts again"


def how_it_ended(code: int) -> str:
    if code < 0:
        return f"was ended by signal {signal.Signals(-code).name}"
    return f"ended with code {code}"
