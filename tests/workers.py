"""A real Celery worker on the databases of the test that asks for it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from zisnews.processes import spawn, stop, wait_until

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def worker(transactional_db: None, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker for both queues in a process of its own: for tests that go the whole way.

    Ask for `web` before it, if the test has one: it takes over the address map as it then is.
    What the test stores is committed (`transactional_db`), so the worker sees it.
    """
    from zisnews.celery import app  # noqa: PLC0415  only where a worker is wanted

    log = tmp_path / "worker.log"
    arguments = "-A zisnews.celery:app worker -Q fetch,work -P threads -c 2 --without-gossip --without-mingle"
    with log.open("wb") as output:
        process = spawn(
            [sys.executable, "-m", "celery", *arguments.split(), "-n", f"test-{os.getpid()}@localhost"],
            output=output,
            env=_environment(),
            cwd=ROOT,
        )
    if not wait_until(lambda: process.poll() is not None or bool(app.control.ping(timeout=0.2)), 120):
        stop(process, signal.SIGKILL)
    if process.poll() is not None:
        pytest.fail(f"The Celery worker did not start:\n{log.read_text(errors='replace')[-2000:]}")
    yield process
    stop(process, signal.SIGTERM)


@pytest.fixture
def worker_environment(transactional_db: None) -> dict[str, str]:
    """The environment of a worker that the test starts, and kills, by itself. Ask for `web` before it."""
    return _environment()


def _environment() -> dict[str, str]:
    """The settings of this process as it has them now, test database and address map included."""
    url = urlsplit(os.environ["DATABASE_URL"])
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "zisnews.settings",
        "CELERY_SKIP_CHECKS": "1",
        "DATABASE_URL": url._replace(path=f"/{connection.settings_dict['NAME']}").geturl(),
        "ZIS_FETCH_HOST_MAP": str(settings.ZIS_FETCH_HOST_MAP),
        "ZIS_FETCH_ALLOW_NETWORKS": ",".join(settings.ZIS_FETCH_ALLOW_NETWORKS),
    }
