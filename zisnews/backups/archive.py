"""The file a backup is: a tar, so that any system can look into it.

    backup.json         first: what it is a backup of
    files/pictures/…    each stored file, under its name
    database/000001 …   what pg_dump wrote (its custom format), cut in pieces, as its length is not known beforehand
    seal.json           last: a digest of all before it; where it is missing the file was cut off

Knows nothing of Django.
"""

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

from zisnews.trouble import Trouble

FACTS, SEAL = "backup.json", "seal.json"
FILE = re.compile(r"files/((?:[\w-]+/)+[\w-]+\.webp)", re.ASCII)  # what zisnews/media.py serves, and no way out
PIECE = re.compile(r"database/\d{6,}")
PIECE_BYTES = 16 * 1024 * 1024
LARGEST_BYTES = 2 * PIECE_BYTES  # of one member: each is held in memory


class Member(NamedTuple):
    name: str
    body: bytes

    @property
    def file_name(self) -> str:
        """The name of a stored file; "" where it is none."""
        found = FILE.fullmatch(self.name)
        return found[1] if found else ""

    @property
    def is_database(self) -> bool:
        return PIECE.fullmatch(self.name) is not None


class Writer:
    """Writes a backup into an open file, from its facts to its seal."""

    def __init__(self, file: IO[bytes], facts: dict[str, Any]) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115  seal() closes it
        self._digest = hashlib.sha256()
        self._pieces = 0
        self._put(FACTS, as_json(facts))

    def add_file(self, name: str, body: bytes) -> None:
        self._put(f"files/{name}", body)

    def add_database(self, piece: bytes) -> None:
        """Add what follows of the database's dump."""
        self._pieces += 1
        self._put(f"database/{self._pieces:06d}", piece)

    def seal(self) -> None:
        self._put(SEAL, as_json({"sha256": self._digest.hexdigest()}))
        self._tar.close()

    def _put(self, name: str, body: bytes) -> None:
        header = tarfile.TarInfo(name)
        header.size, header.mode = len(body), 0o600
        self._tar.addfile(header, io.BytesIO(body))
        take_in(self._digest, name, body)


def members(path: Path) -> Iterator[Member]:
    """Yield what a backup holds, in its order, and nothing that does not belong there.

    Raises Trouble at the first thing that is wrong; the seal is compared when all has come, so what must not begin
    with half a backup goes through all of it first (`facts_of`).
    """
    digest, sealed = hashlib.sha256(), ""
    with opened(path) as tar:
        for header in tar:
            if sealed or not header.isreg() or not is_known(header.name) or header.size > LARGEST_BYTES:
                raise Trouble(f"{path} holds {header.name!r}, which is in no backup of ours.")
            part = tar.extractfile(header)
            assert part
            member = Member(header.name, part.read())
            if header.name == SEAL:
                sealed = str(from_json(path, member.body).get("sha256"))
                continue
            take_in(digest, *member)
            yield member
    if sealed != digest.hexdigest():
        what = "was changed since it was written" if sealed else "is cut off: its end is missing"
        raise Trouble(f"{path} {what}. Nothing was restored.")


def facts_of(path: Path) -> dict[str, Any]:
    """What a backup says of itself, after all of it was found to be whole. Raises Trouble."""
    facts: dict[str, Any] = {}
    for number, member in enumerate(members(path)):
        if (number == 0) is not (member.name == FACTS):
            raise Trouble(f"{path} is no backup of ZisNews.")
        facts = facts or from_json(path, member.body)
    return facts


@contextmanager
def opened(path: Path) -> Iterator[tarfile.TarFile]:
    """Open a backup to be read; what goes wrong with it in the block is told as Trouble."""
    try:
        with tarfile.open(path, mode="r:") as tar:
            yield tar
    except tarfile.ReadError as error:
        raise Trouble(f"{path} is no backup of ZisNews, or is cut off: {error}.") from error
    except OSError as error:
        raise Trouble(f"{path} can not be read: {error.strerror or error}.") from error


def is_known(name: str) -> bool:
    return name in {FACTS, SEAL} or bool(FILE.fullmatch(name) or PIECE.fullmatch(name))


def take_in(digest: Any, name: str, body: bytes) -> None:
    """Count a member into the digest: its name and length too, so that nothing can move from one to the next."""
    digest.update(f"{name}\0{len(body)}\0".encode())
    digest.update(body)


def as_json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def from_json(path: Path, body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise Trouble(f"{path} is no backup of ZisNews.")
    return value
