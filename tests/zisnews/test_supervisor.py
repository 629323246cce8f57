"""`./zis up` as a newcomer meets it: real processes on a free port and a data folder of their own."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from zisnews.children import BackOff, Children
from zisnews.front_door import listen, status_of_page
from zisnews.places import place_of
from zisnews.processes import is_alive, wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 240  # on a machine busy with the rest of the suite
pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="These tests look for left-over processes in /proc.")

Environment = Callable[..., dict[str, str]]


class Site:
    """A running `manage.py up` and what it has said so far."""

    def __init__(self, data: Path, environment: dict[str, str], *options: str) -> None:
        self.data = data
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, ROOT / "manage.py", "up", "--data", data, "--port", "0", *options],
            cwd=data.parent,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        self.lines.extend(line.rstrip("\n") for line in self.process.stdout)

    @property
    def said(self) -> str:
        return "\n".join(self.lines)

    def wait_for(self, pattern: str) -> re.Match[str]:
        wait_until(lambda: bool(re.search(pattern, self.said)) or self.process.poll() is not None, START_SECONDS)
        found = re.search(pattern, self.said)
        assert found, self.said
        return found

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", int(self.wait_for(r"ZisNews is at http://127\.0\.0\.1:(\d+)/")[1])

    def end(self, how: int) -> int:
        self.process.send_signal(how)
        return self.wait()

    def wait(self) -> int:
        """Wait until it has ended and all it said is read; the exit code."""
        code = self.process.wait(START_SECONDS)
        self.reader.join()
        assert self.process.stdout
        self.process.stdout.close()
        return code


def page_of(address: tuple[str, int]) -> bytes:
    """Ask for the front page as a browser would; the whole answer."""
    with socket.create_connection(address, timeout=60) as visitor:
        visitor.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        return b"".join(iter(lambda: visitor.recv(65536), b""))


def status_of(address: tuple[str, int]) -> int:
    return int(page_of(address).split(maxsplit=2)[1])


def left_over(data: Path) -> dict[int, str]:
    """All processes, by pid, that work in a data folder or name it in their arguments or environment."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (process / "cmdline").read_bytes()
            where = os.fsencode((process / "cwd").readlink())
            if os.fsencode(data) in b" ".join([arguments, where, (process / "environ").read_bytes()]):
                found[int(process.name)] = arguments.replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
    return found


def descendants_of(pid: int) -> set[int]:
    found = set()
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, children.read_text().split()):
            found |= {child} | descendants_of(child)
    return found


def memory_of(pid: int) -> int:
    """Bytes of memory a process takes; what several share, as web processes do what is loaded, is parted among them."""
    try:
        said = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return int(re.findall(r"^Pss: +(\d+) kB", said, re.MULTILINE)[0]) * 1024


def is_working(data: Path) -> bool:
    """Say whether every kind of process runs, the pool of the prefork worker included."""
    running = list(left_over(data).values())
    kinds = ["jobs fetch", "jobs beat", "gunicorn", "valkey-server", "bin/postgres"]
    return all(any(re.search(kind, it) for it in running) for kind in kinds) and (
        sum("jobs work" in it for it in running) > 1
    )


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder for data folders; whatever still runs on one at the end is killed, so that one failure stays one."""
    with tempfile.TemporaryDirectory(prefix="zis-test-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)
        for pid in left_over(Path(name)):
            os.kill(pid, signal.SIGKILL)
        for data in Path(name).iterdir():
            shutil.rmtree(place_of(data).run, ignore_errors=True)  # a killed site leaves its empty socket folder


@pytest.fixture(scope="module")
def start(folder: Path, clean_environment: Environment) -> Iterator[Callable[..., Site]]:
    """A function that runs `up` on the folder of this name."""
    sites: list[Site] = []

    def start(name: str, *options: str) -> Site:
        sites.append(Site(folder / name, clean_environment(ZIS_FETCH_HOST_MAP=str(nowhere)), *options))
        return sites[-1]

    nowhere = folder / "hosts.map"
    nowhere.write_text("* 127.0.0.1:1\n")  # no test asks a real publisher for anything

    yield start
    for site in sites:
        if site.process.poll() is None:
            site.end(signal.SIGKILL)


@pytest.fixture(scope="module")
def site(start: Callable[..., Site]) -> Site:
    """A whole site that runs as long as the tests of this module."""
    site = start("the data")
    assert site.wait_for("ZisNews is at")
    assert wait_until(lambda: is_working(site.data), START_SECONDS), site.said
    return site


def test_it_serves_pages_and_keeps_its_secret_to_itself(site: Site) -> None:
    assert status_of(site.address) == 200
    assert (site.data / "secret").stat().st_mode & 0o777 == 0o600
    assert len((site.data / "secret").read_text()) >= 50


def test_it_stays_small_at_rest(site: Site) -> None:
    for _ in range(20):
        status_of(site.address)
    running = {pid: it for pid, it in left_over(site.data).items() if pid != os.getpid()}
    sizes = {pid: memory_of(pid) for pid in running}
    assert max(sizes[pid] for pid, it in running.items() if "gunicorn" in it) < 80 * 2**20
    assert sum(sizes.values()) < 600 * 2**20, {running[pid]: size for pid, size in sizes.items()}


def test_a_second_up_on_the_same_folder_says_where_the_first_one_is(start: Callable[..., Site], site: Site) -> None:
    second = start(site.data.name)
    assert second.wait() == 1
    assert f"already runs on {site.data}, at http://127.0.0.1:{site.address[1]}/" in second.said
    assert "Traceback" not in second.said


def test_two_folders_run_side_by_side_and_one_continues_where_it_ended(
    start: Callable[..., Site], site: Site, clean_environment: Environment
) -> None:
    def run(code: str) -> str:
        manage: list[str | Path] = [
            sys.executable,
            ROOT / "manage.py",
            "manage",
            "--data",
            other.data,
            "shell",
            "-v0",
            "-c",
        ]
        prelude = "from django.contrib.auth import get_user_model; users = get_user_model().objects\n"
        done = subprocess.run(
            [*manage, prelude + code], env=clean_environment(), check=True, capture_output=True, text=True
        )
        assert done.stderr == ""
        return done.stdout

    other = start("other data", "--no-fetch")
    assert other.address != site.address
    assert status_of(other.address) == status_of(site.address) == 200
    run("users.create(email='reader@paper.example')")  # on the servers of `up`
    assert other.end(signal.SIGINT) == 0
    assert not left_over(other.data)
    assert run("print(users.count())") == "1\n"  # on servers of its own
    assert not left_over(other.data)

    other = start("other data", "--no-fetch")
    assert status_of(other.address) == 200
    assert "Bringing the database up to date" not in other.said
    assert run("print(users.count())") == "1\n"
    assert other.end(signal.SIGTERM) == 0
    assert status_of(site.address) == 200


def test_the_demonstration_fills_its_front_page_and_when_killed_takes_everything_along(
    start: Callable[..., Site],
) -> None:
    site = start("demo data", "--demo")
    assert wait_until(lambda: b"data-article=" in page_of(site.address), START_SECONDS, every=1), site.said
    running = left_over(site.data).keys() | descendants_of(site.process.pid)

    site.end(signal.SIGKILL)

    assert len(running) > 10
    assert wait_until(lambda: not any(map(is_alive, running)), 60), left_over(site.data)
    assert not left_over(site.data)


def test_what_crashes_is_started_again_and_said(site: Site) -> None:
    for kind, name in (("gunicorn", "web"), ("bin/postgres", "postgres"), ("valkey-server", "valkey")):
        os.kill(min(pid for pid, it in left_over(site.data).items() if kind in it), signal.SIGKILL)
        site.wait_for(rf"{name} was ended by signal SIGKILL; it starts again")
        assert wait_until(lambda: status_of(site.address) == 200, 120, every=0.5)


def test_a_hang_up_of_the_terminal_ends_it_in_good_order(site: Site) -> None:
    assert site.end(signal.SIGHUP) == 0
    assert not left_over(site.data)


def test_a_taken_port_and_an_unusable_folder_are_said_in_a_line(folder: Path, clean_environment: Environment) -> None:
    up: list[str | Path] = [sys.executable, ROOT / "manage.py", "up", "--no-fetch"]

    def words_of(*options: str | Path) -> str:
        done = subprocess.run([*up, *options], env=clean_environment(), capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        return done.stderr

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"Port {port} is taken" in words_of("--port", port, "--data", folder / "x")
    (folder / "file").write_text("in the way")
    assert "can not be used" in words_of("--data", folder / "file", "--port", "0")


def test_a_log_line_that_says_error_is_told_once_and_all_of_them_are_kept(tmp_path: Path) -> None:
    told: list[str] = []
    error = json.dumps({"level": "error", "event": "The disk is full"})
    children = Children(tmp_path, dict(os.environ), ROOT, told.append)
    children.add("loud", sys.executable, "-c", f"print('calm'); print('''{error}'''); print('''{error}''')")
    children.until(children.running["loud"].has_ended, 60)
    children.watch(0.1)
    children.remove("loud")
    assert told == [f"loud: 'The disk is full' (more in {tmp_path}/loud.log)"]
    assert (tmp_path / "loud.log").read_text().count("\n") == 3


def test_a_log_line_that_is_meant_for_the_terminal_is_told_as_it_is(tmp_path: Path) -> None:
    told: list[str] = []
    line = json.dumps({"level": "warning", "event": "changed", "for_terminal": "No publisher\x1b[2J answers."})
    children = Children(tmp_path, dict(os.environ), ROOT, told.append)
    children.add("fetch", sys.executable, "-c", f"print({line!r}); print({line!r})")
    children.until(children.running["fetch"].has_ended, 60)
    children.watch(0.1)
    children.remove("fetch")
    assert told == ["No publisher answers."] * 2


def test_what_keeps_ending_is_started_less_and_less_often() -> None:
    back_off = BackOff()
    pauses = []
    for _ in range(9):
        pauses.append(back_off.ended())
        back_off.started()
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_the_door_is_open_before_anybody_serves_behind_it() -> None:
    with listen(0) as door:
        assert status_of_page(door, lambda is_answered: is_answered()) is None
