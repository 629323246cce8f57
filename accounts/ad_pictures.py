"""The pictures of ads: what a curator gives is made anew in a limited process, as articles' are, and stored by us."""

import hashlib
from functools import partial
from typing import TYPE_CHECKING

from django.core.files.storage import default_storage
from django.db import transaction

from accounts.models import Ad
from feeds.files import keep_file
from feeds.net.bounds import PICTURE_MAX_BYTES

if TYPE_CHECKING:
    from feeds.pictures import Shrunk

WIDTHS = (320, 640, 1280)  # as feeds.pictures.shrink makes them
MAX_BYTES = PICTURE_MAX_BYTES


def made_anew(body: bytes) -> "Shrunk":
    """Pictures of ours from anybody's. Raises NotAPicture, or SandboxError where it was too much to read."""
    from feeds.pictures import shrink  # noqa: PLC0415  Pillow is for whoever draws, not for every web process
    from feeds.sandbox import sandbox  # noqa: PLC0415

    return sandbox().call(shrink, body)


def keep_files(shrunk: "Shrunk") -> str:
    """Store every width of a picture; returns the beginning of their names, which tells their content.

    Raises FileNotKept.
    """
    digest = hashlib.blake2b(max(shrunk.by_width.values(), key=len), digest_size=8).hexdigest()
    for width, body in shrunk.by_width.items():
        keep_file(f"ads/{digest}-{width}.webp", body)
    return f"ads/{digest}"


def give(ad: Ad, name: str, shrunk: "Shrunk") -> None:
    """Make stored files an ad's picture; the caller saves the ad. What it had before goes."""
    discard_later(paths_of(ad))
    ad.picture, ad.picture_width, ad.picture_height = name, shrunk.width, shrunk.height


def drop(ad: Ad) -> None:
    """Take the picture off an ad; the caller saves the ad."""
    discard_later(paths_of(ad))
    ad.picture, ad.picture_width, ad.picture_height = "", 0, 0


def paths_of(ad: Ad) -> list[str]:
    """Where the files of an ad's picture lie."""
    if not ad.picture:
        return []
    widths = [width for width in WIDTHS if width <= ad.picture_width] or [ad.picture_width]
    return [f"{ad.picture}-{width}.webp" for width in widths]


def discard_later(paths: list[str]) -> None:
    """Delete files once what is being saved stands, unless another ad, or the same again, shows them."""
    transaction.on_commit(partial(discard, paths))


def discard(paths: list[str]) -> None:
    for path in paths:
        if not Ad.objects.filter(picture=path.rpartition("-")[0]).exists():
            default_storage.delete(path)
