"""One limited child process of feeds/sandbox.py: how it is started, given jobs, and what is believed of its answers."""

import io
import logging
import os
import pickle
import select
import signal
import struct
import subprocess
import sys
import time
from dataclasses import is_dataclass
from enum import Enum
from pathlib import Path
from typing import IO, Any

from feeds.errors import FeedsError, SandboxError

START_SECONDS = 60  # for the imports of a new child on a busy machine; not counted as time for the document
MAX_ANSWER_BYTES = 64 * 1024 * 1024

FRAME = struct.Struct("!Q")
BEGUN, DONE, FAILED, BROKEN = b"B", b"D", b"F", b"X"  # the first byte of a child's frame
IDLE_EXIT = 75

logger = logging.getLogger(__name__)


class Child:
    """One child process and the pipes to it. Used by one thread at a time."""

    def __init__(self, memory_mb: int, idle_seconds: float) -> None:
        lifeline, self._lifeline = os.pipe()  # closes when we are gone, however we went: see sandbox_child
        limits = [str(memory_mb), str(idle_seconds), str(lifeline)]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
                [sys.executable, "-P", "-s", "-m", "feeds.sandbox_child", *limits],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                pass_fds=[lifeline],
                env=_environment(),
                cwd="/",
                start_new_session=True,  # a Ctrl-C at the terminal is the parent's to handle
            )
        except OSError:
            os.close(self._lifeline)
            raise
        finally:
            os.close(lifeline)
        assert self._process.stdin and self._process.stdout
        self._stdin: IO[bytes] = self._process.stdin
        self._stdout: IO[bytes] = self._process.stdout
        os.set_blocking(self._stdin.fileno(), False)
        os.set_blocking(self._stdout.fileno(), False)
        self._received = bytearray()
        self.jobs = 0

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, job: bytes, wall_seconds: float) -> bytes | None:
        """Give a job, return the answering frame; None when the child, being idle, ended before it began."""
        self.jobs += 1
        limit: float = START_SECONDS
        try:
            self._send(FRAME.pack(len(job)) + job, time.monotonic() + limit)
            frame = self._receive(time.monotonic() + limit)
            if frame[:1] == BEGUN:
                limit = wall_seconds
                frame = self._receive(time.monotonic() + limit)
        except TimeoutError:
            self.end()
            raise SandboxError(f"Reading it took longer than {limit:g} seconds.") from None
        except (EOFError, BrokenPipeError):
            self.end()
            code = self._process.returncode
            if code == IDLE_EXIT:
                return None
            raise SandboxError(f"The program that reads it {_how_it_ended(code)}.") from None
        except BaseException:  # an interrupt: what the child says next would pass for another job's answer
            self.end()
            raise
        if frame[:1] == BROKEN:  # it is on its way out
            self.end()
        return frame

    def _send(self, data: bytes, deadline: float) -> None:
        rest = memoryview(data)
        while rest:
            self._wait(self._stdin, select.POLLOUT, deadline)
            rest = rest[os.write(self._stdin.fileno(), rest[: select.PIPE_BUF * 16]) :]

    def _receive(self, deadline: float) -> bytes:
        while (length := self._frame_length()) is None or len(self._received) < FRAME.size + length:
            self._wait(self._stdout, select.POLLIN, deadline)
            data = os.read(self._stdout.fileno(), 1024 * 1024)
            if not data:
                raise EOFError
            self._received += data
        frame = bytes(self._received[FRAME.size : FRAME.size + length])
        del self._received[: FRAME.size + length]
        return frame

    def _frame_length(self) -> int | None:
        if len(self._received) < FRAME.size:
            return None
        (length,) = FRAME.unpack_from(self._received)
        if length > MAX_ANSWER_BYTES:
            self._process.kill()
            raise EOFError
        return length

    @staticmethod
    def _wait(pipe: IO[bytes], event: int, deadline: float) -> None:
        poll = select.poll()
        poll.register(pipe, event)
        if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise TimeoutError

    def end(self) -> None:
        """Kill it, whatever it does: it holds nothing worth an orderly farewell. May be said twice."""
        self._process.kill()
        self._process.wait()
        self._close_pipes()

    def disown(self) -> None:
        """In a forked copy of its parent: let go of the pipes, or the child would not notice the parent's end."""
        self._process.returncode = 0  # not ours to wait for
        self._close_pipes()

    def _close_pipes(self) -> None:
        self._stdin.close()
        self._stdout.close()
        if self._lifeline >= 0:
            os.close(self._lifeline)
            self._lifeline = -1


class _PlainValues(pickle.Unpickler):
    """Unpickles an answer of built-in values, moments, and dataclasses, enums and errors we know already.

    A child that a document took over must not run code in its parent: nothing is imported, no function called.
    """

    def find_class(self, module: str, name: str) -> Any:
        if module == "datetime" and name in {"datetime", "date", "timedelta", "timezone"}:
            return super().find_class(module, name)
        found = getattr(sys.modules.get(module), name, None)
        if isinstance(found, type) and (is_dataclass(found) or issubclass(found, FeedsError | Enum)):
            return found
        raise pickle.UnpicklingError(f"{module}.{name} may not come out of the sandbox")


def value_of(frame: bytes) -> Any:
    """Return what the child's function returned, or raise what it raised."""
    kind, data = frame[:1], frame[1:]
    try:
        value = _PlainValues(io.BytesIO(data)).load()
    except Exception as error:
        raise SandboxError("The program that reads it gave an answer that makes no sense.") from error
    if kind == DONE:
        return value
    if kind == FAILED and isinstance(value, FeedsError):
        raise value
    sentence, traceback = value
    failure = SandboxError(sentence)
    if traceback:
        logger.error("%s\n%s", sentence, traceback)
        failure.add_note(traceback)
    raise failure


def _how_it_ended(code: int) -> str:
    if code == -signal.SIGXCPU:
        return "was stopped, as it took too much of the processor's time"
    if code < 0:
        return f"crashed (signal {-code}), as happens when a document needs more memory than it may have"
    return f"ended with code {code}"


def _environment() -> dict[str, str]:
    """No secret, no proxy, no display; one thread and one heap, since each more reserves address space."""
    return {
        "PATH": os.defpath,
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).resolve().parent.parent), *filter(None, sys.path)]),
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "1",
        "MALLOC_MMAP_THRESHOLD_": "262144",  # bytes; what is larger goes back to the system once it is not needed
    }
