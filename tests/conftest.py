"""What every test may lean on: throw-away Postgres and Valkey, the corpus, a real Celery worker, a real browser."""

import gc
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import hypothesis
import pytest
import redis
from django.conf import settings
from django.core.cache import cache
from django.test import TransactionTestCase
from django.utils import translation

from feeds.net import ledger
from feeds.net.holds import holds_heard
from tests.browsers import browser, page  # noqa: F401  fixtures
from tests.databases import django_db_setup  # noqa: F401  fixture
from tests.dialling import dialled  # noqa: F401  fixture
from tests.emptying import empty_tables
from tests.hub import hub, site  # noqa: F401  fixtures
from tests.keeping import keeping  # noqa: F401  fixture
from tests.machines import machines  # noqa: F401  fixture
from tests.mailbox import mailbox  # noqa: F401  fixture
from tests.readers import anna, reader, site_with_mail  # noqa: F401  fixtures
from tests.workers import worker, worker_environment  # noqa: F401  fixtures
from zisnews.embedded import Servers

if find_spec("tests.web"):
    from tests.web import web  # noqa: F401  fixture

ROOT = Path(__file__).resolve().parent.parent
# How long an example takes says how busy the machine is.
hypothesis.settings.register_profile(
    "patient", hypothesis.settings(), deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("patient")
servers_key = pytest.StashKey[Servers]()
LONGEST = {
    *("test_supervisor.py", "test_whole_way.py", "test_whole_way_of_a_reader.py", "test_crowd.py"),
    *("test_two_machines.py", "test_security_full_database.py", "test_security_hostile_articles.py"),
    *("test_pages.py", "test_extraction.py", "test_account.py", "test_stories.py", "test_ads.py", "test_cli.py"),
}


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers, once: workers of pytest-xdist use those of the process that started them."""
    if config.option.collectonly or config.option.help:
        return
    TransactionTestCase._fixture_teardown = empty_tables  # type: ignore[attr-defined]  # the stubs leave it out
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns where it is absent
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    servers = Servers(Path(os.environ["ZIS_TEST_SERVERS"]), throw_away=True)
    servers.start()
    config.stash[servers_key] = servers


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest begin first: no process is left alone with one of them at the end."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


def pytest_collection_finish() -> None:
    """Leave thousands of tests out of the search for garbage: trafilatura begins one at every page it reads."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure(config: pytest.Config) -> None:
    if servers := config.stash.get(servers_key, None):
        servers.stop()
        shutil.rmtree(servers.place.home, ignore_errors=True)
        shutil.rmtree(servers.place.data, ignore_errors=True)


@lru_cache
def redis_of_tests() -> redis.Redis:
    """One connection for all tests: a new one takes 4 ms to make."""
    return redis.Redis.from_url(settings.REDIS_URL)


@pytest.fixture(autouse=True)
def empty_redis() -> Iterator[None]:
    """No cached value, limit, queued task, turn or hold of an earlier test reaches this one."""
    redis_of_tests().flushdb()
    cache.set("ads:in-force", (None, ()))  # no test is the first to ask for ads: queries are counted to the last
    ledger.here = ledger.LocalLedger()
    ledger.SharedLedger.away_until = 0.0
    while not holds_heard.empty():
        holds_heard.get_nowait()
    yield


@pytest.fixture(autouse=True)
def no_language_of_before() -> None:
    """A page asked for by an earlier test leaves its language in the thread: words of this one are English."""
    translation.deactivate()


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real feeds and pages; tests that need it are skipped where it is absent."""
    folder = Path(os.environ.get("ZIS_CORPUS") or ROOT.parent / "shared" / "corpus")
    if not folder.is_dir():
        pytest.skip(f"There is no corpus at {folder}; set ZIS_CORPUS to where it is.")
    return folder


@pytest.fixture(scope="session")
def clean_environment() -> Callable[..., dict[str, str]]:
    """A function that gives the environment of a newcomer's shell, with what is passed added: for `./zis` itself."""
    ours = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEBUG", "SITE_URL", "ALLOWED_HOSTS", "DJANGO_SETTINGS_MODULE"}

    def environment(**more: str) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in ours and not name.startswith(("ZIS_", "PYTEST_"))
        }
        return kept | {"ZIS_PYTHON": sys.executable} | more

    return environment
