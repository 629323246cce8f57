"""Keeps the files we made of others' pictures: all of one, or nothing."""

from contextlib import suppress

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from feeds.errors import FileNotKept


def keep_file(name: str, body: bytes) -> None:
    """Store a file under this very name; what a worker that was killed here has left is replaced.

    Raises FileNotKept where the disk is full, or is not ours to write to.
    """
    try:
        if default_storage.exists(name):
            if default_storage.size(name) == len(body):  # a name tells its content
                return
            default_storage.delete(name)
        default_storage.save(name, ContentFile(body))
    except OSError as error:
        with suppress(OSError):
            default_storage.delete(name)
        raise FileNotKept(f"{name} could not be kept: {error.strerror or error}.") from error
