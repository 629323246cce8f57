"""The child's side of feeds/sandbox.py: one job after the other from stdin to stdout, within limits.

Started as `python -m feeds.sandbox_child MEMORY_MB IDLE_SECONDS LIFELINE_FD`; imports only what a job names.
"""

import contextlib
import fcntl
import logging
import os
import pickle
import resource
import select
import sys
import traceback
from typing import Any, BinaryIO, NoReturn

from feeds.errors import FeedsError
from feeds.sandbox_process import BEGUN, BROKEN, DONE, FAILED, FRAME, IDLE_EXIT
from feeds.settling import settle

CPU_SECONDS_PER_JOB = 10  # of the processor's time; the parent's wall clock stops what takes longer for waiting


def main() -> NoReturn:
    memory_mb, idle_seconds, lifeline = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    _end_with(lifeline)
    _set_limits(memory_mb)
    logging.disable(logging.CRITICAL)  # documents choose what the libraries complain about
    jobs, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)  # a stray print must not end up in an answer
    while True:
        if not select.select([jobs], [], [], idle_seconds)[0]:
            os._exit(IDLE_EXIT)
        job = _read_frame(jobs)
        if job is None:
            os._exit(0)
        _allow_cpu(CPU_SECONDS_PER_JOB)
        kind, answer = _run(job, answers, memory_mb)
        _write_frame(answers, kind, answer)
        if kind == BROKEN:
            os._exit(0)  # after a lack of memory, or a bug, nobody knows what state the libraries are in
        del job, answer
        settle()


def _run(job: bytes, answers: BinaryIO, memory_mb: int) -> tuple[bytes, bytes]:
    try:
        function, args, kwargs = pickle.loads(job)  # noqa: S301 - it comes from our parent
        _write_frame(answers, BEGUN, b"")
        return DONE, _pickled(function(*args, **kwargs))
    except FeedsError as error:
        return FAILED, _pickled(error)
    except MemoryError:
        return BROKEN, _pickled((f"Reading it needs more than {memory_mb} MB of memory.", ""))
    except RecursionError:
        return BROKEN, _pickled(("It is nested too deeply to be read.", ""))
    except Exception as error:
        sentence = f"The program that reads it failed: {type(error).__name__}."
        return BROKEN, _pickled((sentence, traceback.format_exc()))


def _pickled(value: Any) -> bytes:
    return pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)


def _read_frame(pipe: BinaryIO) -> bytes | None:
    """Return the next job, or None when the parent is gone."""
    head = pipe.read(FRAME.size)
    if len(head) < FRAME.size:
        return None
    (length,) = FRAME.unpack(head)
    job = pipe.read(length)
    return job if len(job) == length else None


def _write_frame(pipe: BinaryIO, kind: bytes, data: bytes) -> None:
    pipe.write(FRAME.pack(len(data) + 1) + kind + data)
    pipe.flush()


def _end_with(lifeline: int) -> None:
    """Have the kernel end us when the parent's end of this pipe closes, even while C code runs.

    It then sends SIGIO, whose default is to end the process. Linux's own parent-death signal will not do: it
    fires when the *thread* that started us ends, and workers come and go.
    """
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(lifeline, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
    if select.select([lifeline], [], [], 0)[0]:  # gone before we asked to be told
        os._exit(0)


def _set_limits(memory_mb: int) -> None:
    _limit(resource.RLIMIT_AS, memory_mb * 1024 * 1024)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, 64)


def _limit(which: int, value: int) -> None:
    with contextlib.suppress(ValueError, OSError):  # macOS knows no limit on address space
        resource.setrlimit(which, (value, value))


def _allow_cpu(seconds: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    allowed = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    main()
