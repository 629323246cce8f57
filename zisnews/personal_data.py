"""Everything we hold on a person: handed to them as one file, and erased when they go.

Each app that keeps something of readers has a module `personal_data` with
    ABOUT   {name of a file: what is in it, for its reader}
    export  (user) -> {the same names: a value, or an iterable of rows, as JSON can hold them}
    erase   (user): takes away what the app keeps, leaves counts right, and finds nothing to do the second time.
tests/zisnews/test_personal_data.py fails for a table with a reader in it that none of them knows.
"""

import json
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from importlib import import_module
from types import ModuleType
from typing import IO, Any

import structlog
from django.core.serializers.json import DjangoJSONEncoder
from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from comments.personal_data import hold_for_erasing
from zisnews.kept_pages import EVERYTHING, outdate

APPS = ("accounts", "aggregator", "comments")  # erased from the last to the first: an app may lean on those before it
TRIES = 3
log = structlog.get_logger(__name__)


def modules() -> list[ModuleType]:
    return [import_module(f"{app}.personal_data") for app in APPS]


def about() -> dict[str, str]:
    """What there is, in words, by the names of the files."""
    return {name: str(words) for module in modules() for name, words in module.ABOUT.items()}


def export(user: User, file: IO[bytes], now: datetime) -> None:
    """Write a ZIP with all we hold on a reader: JSON by kind, and a README. Rows are written as they come."""
    moment = now.timetuple()[:6]
    with zipfile.ZipFile(file, "w") as archive:
        write(archive, "README.txt", moment, [readme(user, now)])
        for module in modules():
            for name, value in module.export(user).items():
                write(archive, f"{name}.json", moment, as_json(value))


def write(archive: zipfile.ZipFile, name: str, moment: tuple[int, ...], parts: Iterable[str]) -> None:
    entry = zipfile.ZipInfo(name, date_time=moment)  # type: ignore[arg-type]
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16  # else the unpacked file may be read by nobody
    with archive.open(entry, "w", force_zip64=True) as out:
        for part in parts:
            out.write(part.encode())


def as_json(value: Any) -> Iterator[str]:
    """JSON in pieces: one for each row of a list, however long, and one for anything else."""
    if isinstance(value, dict | str | int | float | None):
        yield one(value) + "\n"
        return
    before = "[\n"
    for row in value:
        yield before + one(row)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def one(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)


def readme(user: User, now: datetime) -> str:
    files = "\n".join(f"{name}.json\n    {words}" for name, words in about().items())
    head = _("What ZisNews holds on %(email)s, as of %(when)s (UTC).") % {
        "email": user.email,
        "when": f"{now:%Y-%m-%d %H:%M}",
    }
    how = _("The files are JSON, which any text editor opens. Times are in UTC. Passwords and keys are not among them.")
    return f"{head}\n\n{how}\n\n{files}\n"


def erase(user_id: int) -> bool:
    """Erase a person and all they kept; what they said to others stays, without their name. False if nobody is there.

    All or nothing. Raises OperationalError if others were in the way each time.
    """
    for attempt in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                # What others do to their comments points at this row while it holds an article: articles come first.
                user = User.objects.select_for_update(no_key=True).filter(pk=user_id).first()
                if user is None:
                    return False
                hold_for_erasing(user)
                User.objects.select_for_update().get(pk=user_id)  # nothing of theirs is added from here on
                for module in reversed(modules()):
                    module.erase(user)
                outdate(EVERYTHING)
        except OperationalError:  # somebody waits for us while we wait for them
            if attempt == TRIES:
                raise
        else:
            log.info("account erased", user=user_id)
            return True
    return False
