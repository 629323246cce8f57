"""The files of articles' pictures: where they lie, and how they go. Row first, files after: a page never misses one."""

import hashlib
import re
from collections.abc import Iterable
from datetime import timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from aggregator.models import Article
from feeds.pictures import WIDTHS

FOLDER = "pictures"
FOLDERS = 1000
# A file this young may belong to an article whose row is being written at this moment.
YOUNGEST = timedelta(hours=1)
FILE_NAME = re.compile(r"(\d{1,18})(?:-[0-9a-f]{8})?-\d{1,5}\.webp")


def name_for(article_id: int, body: bytes) -> str:
    """The name to store an article's picture under: with another picture it is another, as browsers keep files long."""
    digest = hashlib.blake2b(body, digest_size=4).hexdigest()
    return f"{FOLDER}/{article_id % FOLDERS:03d}/{article_id}-{digest}"


def path_of(name: str, width: int) -> str:
    """Where the picture stored under this name (Article.picture) lies in one width."""
    return f"{name}-{width}.webp"


def paths_of(name: str, original_width: int) -> list[str]:
    """Where all widths of a picture lie: those of feeds.pictures that the original has, or its own."""
    widths = [width for width in WIDTHS if width <= original_width] or [original_width]
    return [path_of(name, width) for width in widths]


def discard(paths: Iterable[str]) -> None:
    """Delete files; one that is gone already is no fault."""
    for path in paths:
        default_storage.delete(path)


def sweep(folder_number: int) -> int:
    """Delete the files of one folder whose article is gone; returns how many.

    They are left by a worker killed between a row and its files, or by whoever deletes a whole source.
    """
    folder = f"{FOLDER}/{folder_number % FOLDERS:03d}"
    try:
        names = default_storage.listdir(folder)[1]
    except FileNotFoundError:
        return 0
    owners = {name: int(found[1]) for name in names if (found := FILE_NAME.fullmatch(name))}
    living = set(Article.objects.filter(pk__in=set(owners.values())).values_list("pk", flat=True))
    youngest = timezone.now() - YOUNGEST
    orphans = [f"{folder}/{name}" for name, owner in owners.items() if owner not in living]
    old = [path for path in orphans if default_storage.get_modified_time(path) < youngest]
    discard(old)
    return len(old)
