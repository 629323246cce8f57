"""How full the disk is that holds the pictures."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Disk:
    """Bytes of the file system the pictures are on, whoever uses them."""

    total: int
    free: int

    @property
    def used_share(self) -> float:
        return 1 - self.free / self.total if self.total else 0.0


def picture_disk() -> Disk | None:
    """The disk of the pictures, or None where none is there yet (or they are kept elsewhere)."""
    if not settings.MEDIA_ROOT:
        return None
    folder = Path(settings.MEDIA_ROOT)
    existing = next((path for path in (folder, *folder.parents) if path.exists()), None)
    if existing is None:
        return None
    usage = shutil.disk_usage(existing)
    return Disk(usage.total, usage.free)
