"""Makes the database and the static files ready for this version: `python -m zisnews.prepare`, run by the supervisor.

One process does it all, because loading Django takes longer than the work. What it prints is for the person.
"""

import argparse
import hashlib
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import django
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor

from zisnews.processes import wait_until
from zisnews.terminal import say

WAIT_SECONDS = 60
LOCK_ID = 0x7A69736E657773  # "zisnews": one at a time prepares a database that several machines share


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m zisnews.prepare")
    parser.add_argument("--sources", type=Path, help="a catalogue to load where there is no source yet")
    parser.add_argument("--demo", action="store_true", help="the sources are invented: so are a few ads beside them")
    chosen = parser.parse_args(arguments)
    django.setup()
    with ThreadPoolExecutor(1) as aside:
        static = aside.submit(collect_static)
        wait_for_database()
        migrate()
        if chosen.sources:
            load_first_sources(chosen.sources, is_demo=chosen.demo)
        static.result()


def collect_static() -> None:
    """Put the static files, with hashed names and compressed, where the web process serves them from."""
    stamp = settings.STATIC_ROOT / ".made-from"
    wanted = static_digest()
    if (settings.STATIC_ROOT / "staticfiles.json").exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    say("Preparing the static files")
    backend = "zisnews.staticfiles.HashedStaticFilesStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": backend}}
    settings.WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # half the files, half the time: pages name no others
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(wanted)


def static_digest() -> str:
    """Return a number that changes when a static file of ours or a package does."""
    digest = hashlib.sha256(django.get_version().encode())
    requirements = settings.BASE_DIR / "requirements.txt"
    folders = [Path(folder) for folder in settings.STATICFILES_DIRS]
    for path in [requirements, *sorted(path for folder in folders for path in folder.rglob("*"))]:
        if path.is_file():
            found = path.stat()
            digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode(errors="surrogateescape"))
    return digest.hexdigest()


def wait_for_database() -> None:
    """Return when the database answers: it may have been started at the same time as we."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            connection.ensure_connection()
        except OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def migrate() -> None:
    with connection.cursor() as cursor:
        # Asked again and again: an index that is made while the site goes on waits for all statements begun before,
        # and so would never be done were one of them waiting for this lock.
        while not is_first(cursor):
            time.sleep(0.2)
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            say("Bringing the database up to date")
            call_command("migrate", interactive=False, verbosity=0)
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK_ID])


def is_first(cursor: CursorWrapper) -> bool:
    """Whether this process is the one that prepares the database now."""
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK_ID])
    return bool(cursor.fetchone()[0])


def load_first_sources(catalogue: Path, *, is_demo: bool) -> None:
    from feeds.models import Source  # noqa: PLC0415  after django.setup()

    if Source.objects.exists():
        return
    if not wait_until(catalogue.exists, WAIT_SECONDS):
        raise CommandError(f"The list of sources {catalogue} is missing.")
    say("Loading the sources, since there are none yet")
    with Path(os.devnull).open("w") as nowhere:
        call_command("load_sources", str(catalogue), stdout=nowhere)
    if is_demo:
        from zisnews.demo.ads import place_ads  # noqa: PLC0415

        place_ads()


if __name__ == "__main__":
    main(sys.argv[1:])
