import asyncio
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds.errors import FetchError, SandboxError
from feeds.sandbox import Sandbox
from tests.feeds import sandbox_jobs as jobs

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def sandbox():
    sandbox = Sandbox(wall_seconds=20)
    yield sandbox
    sandbox.close()


def is_running(pid: int) -> bool:
    """Whether the process still does anything: a zombie nobody has waited for does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def wait_until_gone(pid: int, seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while is_running(pid) and time.monotonic() < end:
        time.sleep(0.02)
    return not is_running(pid)


def test_a_call_runs_in_another_process_and_brings_its_value_back(sandbox):
    assert sandbox.call(jobs.process_id) != os.getpid()
    reading = sandbox.call(jobs.count_words, "two words", factor=10)
    assert reading == jobs.Reading(20, datetime(2026, 1, 14, tzinfo=UTC))


def test_the_same_child_serves_many_calls(sandbox):
    assert len({sandbox.call(jobs.process_id) for _ in range(20)}) == 1


def test_large_documents_go_in_and_come_out(sandbox):
    body = os.urandom(1024) * 10 * 1024
    assert sandbox.call(jobs.length, body) == len(body)
    assert sandbox.call(bytes.upper, b"a" * 5_000_000) == b"A" * 5_000_000


def test_an_error_raised_on_purpose_arrives_whole(sandbox):
    with pytest.raises(FetchError) as caught:
        sandbox.call(jobs.refuse, "https://paper.example/")
    assert (caught.value.permanent, caught.value.status) == (True, 410)
    assert str(caught.value) == "https://paper.example/: the server answered 410"


def test_a_bug_in_the_child_is_told_with_its_traceback_and_logged(sandbox, caplog):
    with pytest.raises(SandboxError, match="failed: ZeroDivisionError") as caught:
        sandbox.call(jobs.divide, 1, 0)
    assert "return a / b" in caught.value.__notes__[0]
    assert "return a / b" in caplog.text
    assert sandbox.call(jobs.divide, 4, 2) == 2


def test_a_document_that_takes_too_long_is_given_up_and_its_child_killed():
    sandbox = Sandbox(wall_seconds=3)
    first = sandbox.call(jobs.process_id)
    started = time.monotonic()
    with pytest.raises(SandboxError, match="longer than 3 seconds"):
        sandbox.call(jobs.sleep, 60)
    assert time.monotonic() - started < 30
    assert not is_running(first)
    assert sandbox.call(jobs.count_words, "it works again").words == 3
    sandbox.close()


def test_a_document_that_needs_too_much_memory_is_told_so():
    sandbox = Sandbox(memory_mb=128)
    with pytest.raises(SandboxError, match="more than 128 MB of memory"):
        sandbox.call(jobs.eat_memory, 300)
    assert sandbox.call(jobs.eat_memory, 10) == 10 * 1024 * 1024
    sandbox.close()


def test_a_document_has_ten_seconds_of_the_processor_and_each_the_same(sandbox):
    for _ in range(3):
        assert 8 < sandbox.call(jobs.seconds_left) <= 11


def test_a_document_that_takes_too_much_of_the_processor_is_told_so(sandbox):
    with pytest.raises(SandboxError, match="too much of the processor's time"):
        sandbox.call(jobs.reach_the_limit_of_time)
    assert sandbox.call(jobs.count_words, "it works again").words == 3


def test_endless_recursion_is_told_in_words(sandbox):
    with pytest.raises(SandboxError, match="nested too deeply"):
        sandbox.call(jobs.recurse, 0)


def test_a_crash_is_told_and_the_next_call_works(sandbox):
    with pytest.raises(SandboxError, match="crashed"):
        sandbox.call(jobs.crash)
    assert sandbox.call(jobs.count_words, "it works again").words == 3


def test_what_a_library_prints_does_not_mix_with_answers(sandbox):
    assert sandbox.call(jobs.chatter) == "answer"
    assert sandbox.call(jobs.chatter) == "answer"


def test_a_child_can_write_no_file_and_leaves_no_core(sandbox, tmp_path):
    assert sandbox.call(jobs.write_file, str(tmp_path / "file")) == "OSError"
    assert sandbox.call(jobs.limits) == {"RLIMIT_AS": 512 * 1024 * 1024, "RLIMIT_CORE": 0}


def test_a_child_sees_no_secret_of_the_environment(sandbox, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "whisper")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
    seen = sandbox.call(jobs.environment)
    assert "SECRET_KEY" not in seen and "HTTPS_PROXY" not in seen


def test_a_child_loads_neither_django_nor_what_no_job_names(sandbox):
    loaded = sandbox.call(jobs.loaded_modules)
    assert not {"django", "trafilatura", "feedparser", "aiohttp"} & {name.split(".")[0] for name in loaded}


def test_an_answer_can_run_nothing_in_the_parent(sandbox, tmp_path):
    with pytest.raises(SandboxError, match="makes no sense"):
        sandbox.call(jobs.trojan, str(tmp_path / "broken-in"))
    assert not (tmp_path / "broken-in").exists()


def test_an_idle_child_ends_and_the_next_call_starts_another():
    sandbox = Sandbox(idle_seconds=0.2)
    first = sandbox.call(jobs.process_id)
    assert wait_until_gone(first)
    assert sandbox.call(jobs.process_id) != first
    sandbox.close()


def test_a_call_at_the_moment_a_child_ends_for_idleness_is_not_lost():
    sandbox = Sandbox(idle_seconds=0.01)
    for pause in range(20):
        assert sandbox.call(jobs.length, b"abc") == 3
        time.sleep(0.005 + pause / 2000)
    sandbox.close()


def test_threads_share_the_children_and_no_more_run_than_allowed():
    sandbox = Sandbox(processes=2)
    with ThreadPoolExecutor(8) as threads:
        texts = ["word " * count for count in range(40)]
        readings = list(threads.map(lambda text: sandbox.call(jobs.count_words, text), texts))
        children = set(threads.map(lambda _: sandbox.call(jobs.process_id), range(20)))
    assert [reading.words for reading in readings] == list(range(40))
    assert len(children) <= 2
    sandbox.close()


def test_a_child_outlives_the_thread_that_started_it(sandbox):
    found = []
    thread = threading.Thread(target=lambda: found.append(sandbox.call(jobs.process_id)))
    thread.start()
    thread.join()
    time.sleep(0.1)
    assert sandbox.call(jobs.process_id) == found[0]


def test_asyncio_goes_on_while_a_child_works(sandbox):
    async def main() -> tuple[int, float]:
        ticks, call = 0, asyncio.ensure_future(sandbox.acall(jobs.sleep, 0.3))
        while not call.done():
            await asyncio.sleep(0.01)
            ticks += 1
        return ticks, call.result()

    ticks, slept = asyncio.run(main())
    assert ticks > 2 and slept == 0.3


def test_close_ends_the_children_at_once(sandbox):
    child = sandbox.call(jobs.process_id)
    sandbox.close()
    assert not is_running(child)


def test_a_forgotten_sandbox_takes_its_children_along():
    sandbox = Sandbox()
    child = sandbox.call(jobs.process_id)
    del sandbox
    assert wait_until_gone(child)


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_process_has_children_of_its_own(sandbox):
    before = sandbox.call(jobs.process_id)
    fork = multiprocessing.get_context("fork")
    answers = fork.Queue()
    forked = fork.Process(target=lambda: answers.put(sandbox.call(jobs.process_id)))
    forked.start()
    theirs = answers.get(timeout=30)
    forked.join(30)
    assert forked.exitcode == 0
    assert theirs != before
    assert wait_until_gone(theirs)
    assert sandbox.call(jobs.process_id) == before


PARENT = """
import sys, os, time
from feeds.sandbox import Sandbox
from tests.feeds import sandbox_jobs as jobs
sandbox = Sandbox(wall_seconds=60)
{before}
sandbox.call(jobs.announce_and_spin, sys.argv[1])
"""
FORKED_BEFORE = """
sandbox.call(jobs.length, b"")
if os.fork() == 0:
    time.sleep(60)
"""


@pytest.mark.parametrize("before", ["", FORKED_BEFORE], ids=["alone", "with a forked sibling"])
def test_a_busy_child_ends_when_its_parent_is_killed(tmp_path, before):
    with socket.socket(socket.AF_UNIX) as line:
        line.bind(str(tmp_path / "line"))
        line.listen()
        line.settimeout(30)
        parent = subprocess.Popen(
            [sys.executable, "-c", PARENT.format(before=before), str(tmp_path / "line")],
            cwd=ROOT,
            start_new_session=True,
        )
        try:
            connection, _ = line.accept()
            with connection:
                child = int(connection.recv(20))
            time.sleep(0.2)
            assert is_running(child)
            parent.kill()
            parent.wait()
            assert wait_until_gone(child)
        finally:
            os.killpg(parent.pid, signal.SIGKILL) if before else None
            parent.wait()
