"""Makes a backup while the site runs, or after it.

The database is dumped as of one moment. A file is stored before a row points to it and goes after the row does, so
files are taken before that moment, and those that came meanwhile after it: none that a row points to is missing.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from zisnews.backups.archive import FILE, Writer
from zisnews.backups.postgres import dumped
from zisnews.trouble import Trouble

FORMAT = 1
FOLDERS = ("pictures", "marks", "ads")  # what workers and curators store

Tell = Callable[[str, int], object]  # the stage, and how many bytes more are done


@dataclass(slots=True)
class Made:
    """What a backup holds, in numbers."""

    files: int = 0
    bytes: int = 0


def make_backup(path: Path, *, tell: Tell = lambda stage, count: None) -> Made:
    """Write a backup under a name that is free. It stands there whole or not at all. Raises Trouble."""
    with new_file(path) as file:
        return write(file, tell)


def write(file: IO[bytes], tell: Tell) -> Made:
    archive, made = Writer(file, facts()), Made()
    taken: set[int] = set()  # by hash: the names of millions of pictures would fill the memory

    def add_files() -> None:
        for name in stored_files():
            if hash(name) in taken or (body := content_of(name)) is None:
                continue
            archive.add_file(name, body)
            taken.add(hash(name))
            made.files += 1
            made.bytes += len(body)
            tell("pictures", len(body))

    add_files()
    for piece in dumped():
        archive.add_database(piece)
        made.bytes += len(piece)
        tell("database", len(piece))
    add_files()
    archive.seal()
    return made


def facts() -> dict:
    """What a restore has to know before it begins, and a person who finds the file."""
    applied = MigrationRecorder(connection).applied_migrations()
    return {
        "format": FORMAT,
        "what": "a backup of ZisNews: restore it by ./zis manage restore FILE",
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "postgres": version_of_postgres(),
        "migrations": sorted(map(list, applied)),
    }


def version_of_postgres() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])


def stored_files() -> Iterator[str]:
    """Yield the names of all files that are ours, folder by folder."""
    waiting = list(FOLDERS)
    while waiting:
        folder = waiting.pop()
        try:
            folders, names = default_storage.listdir(folder)
        except FileNotFoundError:
            continue
        waiting += [f"{folder}/{name}" for name in folders]
        yield from (name for name in (f"{folder}/{name}" for name in sorted(names)) if FILE.fullmatch(f"files/{name}"))


def content_of(name: str) -> bytes | None:
    """What a file holds; None where it has gone since its name was read."""
    try:
        with default_storage.open(name) as file:
            return bytes(file.read())
    except FileNotFoundError:
        return None


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to write into that gets its name at the end, if the block ends well; readable by its owner only."""
    half = path.with_name(f".{path.name}.half")
    refuse_taken(path)
    try:
        # Where everybody may write somebody may have laid a link there, or a file that they can read.
        with open(os.open(half, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600), "r+b") as file:  # noqa: PTH123  a descriptor
            if os.fstat(file.fileno()).st_uid != os.geteuid():
                raise Trouble(f"{half} is somebody else's file. Write the backup to a folder of your own.")
            os.fchmod(file.fileno(), 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Trouble(f"Another backup is being written to {path} at this moment.") from None
            file.truncate()  # what one that was killed has left
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
                refuse_taken(path)
                half.rename(path)
            except BaseException:
                with suppress(OSError):
                    half.unlink()
                raise
    except OSError as error:
        raise Trouble(f"{path} can not be written: {error.strerror or error}.") from error


def refuse_taken(path: Path) -> None:
    if path.exists():
        raise Trouble(f"{path} is there already. Name another file, or remove it first.")
