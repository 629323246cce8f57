"""Gives a command its surroundings: addresses of the servers, a secret, the data folder. Written into os.environ."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from zisnews.embedded import Servers
from zisnews.locks import Lock
from zisnews.places import ROOT, make, place_of
from zisnews.processes import wait_until
from zisnews.trouble import Trouble


def data_folder(given: str | None = None) -> Path:
    """Return the data folder: as given (relative to where the person is), as ZIS_DATA says, or `var` in the tree."""
    return Path(given or os.environ.get("ZIS_DATA") or ROOT / "var").absolute().resolve()


def main_lock(data: Path) -> Lock:
    """The lock of the one process that runs a data folder's servers."""
    return Lock(data / "zis.lock")


def users_lock(data: Path) -> Lock:
    """Shared by the commands that use servers somebody else started; who started them waits for it before stopping."""
    return Lock(data / "users.lock")


def embedded_servers(data: Path, *, throw_away: bool = False) -> Servers:
    """Return the servers that the environment does not replace by DATABASE_URL and REDIS_URL."""
    return Servers(
        data,
        postgres=not os.environ.get("DATABASE_URL"),
        valkey=not os.environ.get("REDIS_URL"),
        throw_away=throw_away,
    )


def set_up(data: Path) -> None:
    """Point the settings at the data folder, and make the site's secret there if none is given."""
    make(place_of(data))
    os.environ["ZIS_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zisnews.settings")
    if not os.environ.get("SECRET_KEY") and not os.environ.get("SECRET_KEY_FILE"):
        os.environ["SECRET_KEY_FILE"] = str(secret_file(data))


def secret_file(data: Path) -> Path:
    """Return the file that holds the site's secret, made on first use: 384 random bits, readable by its owner only."""
    path = data / "secret"
    if not path.exists():
        half = path.with_name(f".secret-{os.getpid()}")
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(half, path)  # unlike a rename, this never replaces the secret of somebody faster
        half.unlink()
    return path


@contextmanager
def servers_of(data: Path) -> Iterator[None]:
    """Run the block with servers: those of the environment, those already running for the folder, or our own."""
    set_up(data)
    servers = embedded_servers(data)
    if not servers.names:
        yield
        return
    users, lock = users_lock(data), main_lock(data)
    users.take(shared=True, wait=True)
    try:
        if not lock.take():
            os.environ |= _running(lock)
            yield
            return
        servers.start()
        try:
            lock.note(environment=servers.environment)
            os.environ |= servers.environment
            yield
        finally:
            users.take(wait=True)  # whoever found our servers running may go on with them to the end
            servers.stop()
    finally:
        lock.release()
        users.release()


def _running(lock: Lock) -> dict[str, str]:
    """Return the addresses that the holder of a folder's lock noted; it may still be starting them."""
    if not wait_until(lambda: "environment" in lock.facts(), 60, every=0.1):
        raise Trouble(
            f"Process {lock.facts().get('pid', '?')} uses {lock.path.parent} and does not say how to join it."
        )
    return {str(name): str(value) for name, value in lock.facts()["environment"].items()}
