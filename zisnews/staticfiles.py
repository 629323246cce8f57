"""Where static files are kept once they are collected: under hashed names, each style sheet whole."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

CSS_IMPORT = re.compile(r'^@import "(?P<name>[\w.-]+\.css)"(?P<media>[^;]*);\n', re.MULTILINE)
OUR_STYLES = "css/"
BLANK = r"(?:\s|/\*.*?\*/)"  # comments part no more than blanks do
# A text in quotation marks, what needs no blanks beside it, blanks.
CSS_PIECE = re.compile(rf"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|{BLANK}*+([{{}};,]){BLANK}*+|{BLANK}++""", re.DOTALL)
Paths = dict[str, tuple[Storage, str]]


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Names with a hash of the content, in templates, in CSS, and where one JavaScript module imports another.

    A style sheet that imports its neighbours (`@import "base.css";`) is stored with their text in it: a page then asks
    once, while the files in the tree stay short. What only people read in one, comments and blanks, is left out.
    """

    support_js_module_import_aggregation = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._addresses: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        """The address of a file under its hashed name. Each process looks it up once: names change with a new version
        only, and a page asks for dozens.
        """
        if settings.DEBUG or force:
            return super().url(name, force)
        if name not in self._addresses:
            self._addresses[name] = super().url(name)
        return self._addresses[name]

    def post_process(self, paths: Paths, dry_run: bool = False, **options: Any) -> Iterator[tuple[str, str, bool]]:
        if not dry_run:
            paths = paths | {name: (self, name) for name in paths if self._make_short(name, paths)}
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _make_short(self, name: str, paths: Paths) -> bool:
        """Give a style sheet of ours the text of what it imports, and leave out what only people read; say whether."""
        if not (name.startswith(OUR_STYLES) and name.endswith(".css")):
            return False
        whole = CSS_IMPORT.sub(lambda found: _imported(found, name, paths), _read(name, paths))
        self.delete(name)
        self._save(name, ContentFile(shortened(whole).encode()))
        return True


def shortened(style: str) -> str:
    """A style sheet without comments and without blanks that part nothing."""
    return CSS_PIECE.sub(lambda found: found[1] or found[2] or " ", style).replace(";}", "}").strip()


def _imported(found: re.Match[str], importer: str, paths: Paths) -> str:
    text = _read(str(PurePosixPath(importer).with_name(found["name"])), paths)
    return f"@media{found['media']} {{\n{text}}}\n" if found["media"] else text


def _read(name: str, paths: Paths) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        return file.read().decode()
