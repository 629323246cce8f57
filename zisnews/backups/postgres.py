"""A database as a stream of bytes and back, by the programs of Postgres that come with ZisNews.

They speak to the embedded server and to any other from Postgres 14 on, but none newer than they are.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import islice
from typing import IO

from django.db import connection
from psycopg2.extensions import make_dsn, quote_ident

from zisnews.backups.archive import PIECE_BYTES
from zisnews.places import postgres_program
from zisnews.trouble import Trouble

KNOWN_TO_PROGRAMS = {"host", "port", "dbname", "user", "options", "service", "connect_timeout", "client_encoding"}
PREAMBLE_LINES = 60
NEWER_SETTING = b"SET transaction_timeout"  # of Postgres 17; older ones refuse it, and it says nothing here


def dumped() -> Iterator[bytes]:
    """Yield the whole database as of one moment, in pg_dump's custom format, piece by piece. Raises Trouble."""
    command = [*program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", dsn()]
    with tempfile.TemporaryFile() as errors:
        dump = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, env=environment())  # noqa: S603
        assert dump.stdout
        try:
            while piece := dump.stdout.read(PIECE_BYTES):
                yield piece
        finally:
            dump.stdout.close()  # so that it ends where nobody reads on
            status = dump.wait()
        if status:
            raise Trouble(f"The database could not be dumped. {last_words(errors)}")


def load(pieces: Iterator[bytes]) -> None:
    """Put a dump in the place of all tables there are, in one transaction: all of it or nothing. Raises Trouble."""
    to_script = [*program("pg_restore"), "--file=-", "--no-owner", "--no-privileges"]
    to_server = [*program("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--dbname={dsn()}"]
    with (
        tempfile.TemporaryFile() as errors,
        ThreadPoolExecutor(1) as aside,
        running(to_server, errors, output=subprocess.DEVNULL) as psql,
        running(to_script, errors, output=subprocess.PIPE) as restore,
    ):
        assert restore.stdin and restore.stdout and psql.stdin
        feeding = aside.submit(feed, restore.stdin, pieces)
        try:
            psql.stdin.write(f"BEGIN;\n{dropping()}\n".encode())
            pour(restore.stdout, psql.stdin)
            if restore.wait() == 0:
                feeding.result()
                psql.stdin.write(b"\nCOMMIT;\nANALYZE;\n")  # where this does not come, psql ends and all is undone
            psql.stdin.close()
        except BrokenPipeError:  # it has ended before, and said why
            restore.kill()
        if psql.wait() or restore.wait():
            raise Trouble(f"The database could not be put back, and stays as it was. {last_words(errors)}")


@contextmanager
def running(command: list[str], errors: IO[bytes], *, output: int) -> Iterator[subprocess.Popen[bytes]]:
    """A program that reads what is written to it; ended with the block, however that ends."""
    process = subprocess.Popen(  # noqa: S603  a list, no shell
        command, stdin=subprocess.PIPE, stdout=output, stderr=errors, env=environment()
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for wire in (process.stdin, process.stdout):
            if wire:
                with suppress(OSError):
                    wire.close()


def feed(wire: IO[bytes], pieces: Iterator[bytes]) -> None:
    """Write it all; who reads may have ended before, and says why itself."""
    with suppress(BrokenPipeError), wire:
        for piece in pieces:
            wire.write(piece)


def pour(source: IO[bytes], target: IO[bytes]) -> None:
    """Hand on a script, but for what its first lines set that an older server does not know."""
    for line in islice(source, PREAMBLE_LINES):
        if not line.startswith(NEWER_SETTING):
            target.write(line)
    while block := source.read(1024 * 1024):
        target.write(block)


def dropping() -> str:
    """SQL that drops every table that is no extension's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')"
            " AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')"
        )
        tables = [quote_ident(name, cursor.cursor) for (name,) in cursor.fetchall()]
    return f"DROP TABLE {', '.join(tables)} CASCADE;" if tables else ""


def others_connected() -> int:
    """How many others are connected to the database at the moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0])


def program(name: str) -> list[str]:
    return [str(postgres_program(name))]


def dsn() -> str:
    """Where the database is, for a program; the password goes by the environment, which others can not read."""
    settings = connection.get_connection_params()
    known = KNOWN_TO_PROGRAMS | {name for name in settings if name.startswith(("ssl", "keepalives", "target_"))}
    return str(make_dsn(**{name: value for name, value in settings.items() if name in known and value}))


def environment() -> Mapping[str, str]:
    """No PG… variable of the person's reaches the programs, and their words are English."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C", "PGPASSWORD": str(connection.settings_dict["PASSWORD"] or "")}


def last_words(errors: IO[bytes]) -> str:
    """What a program said was wrong, on one line."""
    errors.seek(0)
    said = errors.read().decode(errors="replace").splitlines()
    lines = [line.strip() for line in said if line.strip()] or ["It gave no reason."]
    return next((line for line in lines if "error" in line.lower()), lines[-1])[:400]
