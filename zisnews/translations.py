"""The interface's languages: .po files are kept, .mo files made of them where they are older. No gettext is needed."""

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from zisnews.places import ROOT

if TYPE_CHECKING:
    from babel.messages import Message

LOCALES = ROOT / "zisnews" / "locale"
OF_PACKAGES = ROOT / "zisnews" / "vendor_locale"


def compile_catalogues(*folders: Path) -> None:
    """Write the .mo file that Django reads beside each .po file that is newer; safe where several do it at once.

    Where the folder can not be written, as in an image, they were made when it was built.
    """
    for source in (path for folder in folders or (LOCALES, OF_PACKAGES) for path in folder.glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if is_older(compiled, source) and os.access(source.parent, os.W_OK):
            compile_catalogue(source, compiled)


def is_older(compiled: Path, source: Path) -> bool:
    return not compiled.exists() or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns


def compile_catalogue(source: Path, compiled: Path) -> None:
    from babel.messages.mofile import write_mo  # noqa: PLC0415  wanted once after a change, and slow to load
    from babel.messages.pofile import read_po  # noqa: PLC0415

    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parent.parent.name)
    for message in [message for message in catalogue if message.id and not is_whole(message)]:
        catalogue.delete(message.id, message.context)  # it is shown in English, not as nothing
    handle, name = tempfile.mkstemp(dir=source.parent, suffix=".mo.part")
    with os.fdopen(handle, "wb") as file:
        write_mo(file, catalogue)
    Path(name).chmod(0o644)  # mkstemp's is for its owner alone, and the web process may be another user
    Path(name).replace(compiled)


def is_whole(message: "Message") -> bool:
    """Whether a message is translated, in each of its plural forms."""
    return bool(message.string) and all(message.string if isinstance(message.string, tuple) else [message.string])


if __name__ == "__main__":
    compile_catalogues()
