"""The `zis` script and the commands behind it, as a shell calls them."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from zisnews import cli

ROOT = Path(__file__).resolve().parent.parent.parent

Environment = Callable[..., dict[str, str]]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(clean_environment: Environment) -> Iterator[Run]:
    """A function that runs manage.py on a new data folder, from another folder, and returns what it said."""
    with tempfile.TemporaryDirectory(prefix="zis-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)

        def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [sys.executable, ROOT / "manage.py", *arguments],
                cwd=folder,
                env=clean_environment(ZIS_DATA=f"{folder}/data", **environment),
                capture_output=True,
                text=True,
                check=False,
            )

        yield run


@pytest.fixture
def without_python(tmp_path: Path) -> Path:
    """A folder of programs for PATH: what the script calls, and a Python that is too old."""
    for name in ("sh", "cat", "cksum", "tr", "dirname", "rm"):
        program = shutil.which(name)
        assert program
        (tmp_path / name).symlink_to(program)
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    return tmp_path


def test_help_lists_the_commands_and_is_what_no_command_means(clean_environment: Environment, tmp_path: Path) -> None:
    environment = clean_environment()
    environment.pop("HOME", None)
    for arguments in ([], ["help"], ["--help"]):
        done = subprocess.run(
            [ROOT / "zis", *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
        for command in ("up", "manage", "test", "check", "bench"):
            assert f"./zis {command}" in done.stdout


def test_without_a_new_enough_python_it_says_how_to_get_one(without_python: Path, tmp_path: Path) -> None:
    tree = tmp_path / "a clone with spaces"
    tree.mkdir()
    shutil.copy(ROOT / "zis", tree)
    done = subprocess.run(
        [tree / "zis", "up"], env={"PATH": str(without_python)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed" in done.stderr
    assert "apt install python3" in done.stderr


def test_an_unknown_command_is_wrong_usage(run: Run) -> None:
    done = run("upp")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "zis: there is no command 'upp'. `./zis help` lists them.\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["up", "--port", "many"], 2),
        (["up", "--porr"], 2),
        (["manage", "--data"], 2),
        (["manage", "no_such_command"], 1),
    ],
)
def test_wrong_options_are_answered_in_words(run: Run, arguments: list[str], code: int) -> None:
    done = run(*arguments)
    assert done.returncode == code
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_a_django_command_starts_servers_of_its_own_and_ends_them(run: Run) -> None:
    code = (
        "from django.db import connection as c; u = c.cursor(); u.execute('SHOW data_directory'); print(*u.fetchone())"
    )
    done = run("manage", "shell", "-v0", "-c", code)
    assert (done.returncode, done.stderr) == (0, "")
    assert not (Path(done.stdout.strip()) / "postmaster.pid").exists()

    early = run("manage", "createsuperuser", "--noinput", "--email", "ada@example.org")
    assert early.returncode == 1 and "no tables yet" in early.stderr and "--data var/demo" in early.stderr


def test_two_commands_at_once_share_the_servers(clean_environment: Environment) -> None:
    code = (
        "import time; from django.db import connection as c; c.cursor().execute('SELECT 1'); time.sleep(1); print('ok')"
    )
    with tempfile.TemporaryDirectory(prefix="zis-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        both = [
            subprocess.Popen(
                [sys.executable, ROOT / "manage.py", "manage", "--data", folder, "shell", "-v0", "-c", code],
                env=clean_environment(),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            for _ in range(2)
        ]
        assert [process.communicate(timeout=60)[0] for process in both] == ["ok\n", "ok\n"]


def test_given_servers_are_used_and_said_when_they_do_not_answer(run: Run, tmp_path: Path) -> None:
    absent = f"postgres://postgres@{str(tmp_path).replace('/', '%2F')}:5432/zisnews"
    done = run("manage", "migrate", DATABASE_URL=absent, REDIS_URL="redis://127.0.0.1:1/0")
    assert done.returncode == 1
    assert done.stderr.startswith("zis: ")
    assert "Traceback" not in done.stderr


def test_a_file_dotenv_is_overruled_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("ZIS_ONE=file\nZIS_TWO=file\n")
    monkeypatch.setattr(cli, "ROOT", tmp_path)
    monkeypatch.setenv("ZIS_ONE", "environment")
    monkeypatch.setenv("ZIS_TWO", "")  # so that it is gone again afterwards
    monkeypatch.delenv("ZIS_TWO")
    cli.read_dotenv()
    assert (os.environ["ZIS_ONE"], os.environ["ZIS_TWO"]) == ("environment", "file")


def test_the_example_of_settings_lists_every_name_that_is_read() -> None:
    source = (ROOT / "zisnews" / "settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source))
    listed = set(re.findall(r"^# ([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert read
    assert read <= listed
