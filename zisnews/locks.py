"""Who uses a data folder: one process runs its servers, any number of commands may share them meanwhile."""

import fcntl
import json
import os
from pathlib import Path
from typing import IO, Any, Self

from zisnews.trouble import Trouble


class Lock:
    """A lock on a file, given up when the process ends however it ends. Exclusive unless said otherwise."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[str] | None = None

    def take(self, *, shared: bool = False, wait: bool = False) -> bool:
        """Return True when the lock is ours; without `wait`, False at once when somebody else has it."""
        if self._file is None:
            try:
                self._file = self.path.open("a+", encoding="utf-8")
            except OSError as error:
                raise Trouble(f"{self.path} can not be opened: {error.strerror}.") from error
        how = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(self._file, how if wait else how | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        if not shared:
            self._file.truncate(0)  # what an earlier holder noted is no longer so
        return True

    def release(self) -> None:
        if self._file:
            self._file.close()
            self._file = None

    def note(self, **facts: Any) -> None:
        """Leave word for others who we are; only the holder writes."""
        assert self._file is not None
        self._file.seek(0)
        self._file.truncate()
        json.dump({"pid": os.getpid(), **facts}, self._file)
        self._file.flush()

    def facts(self) -> dict[str, Any]:
        """Return what the holder noted; {} where nothing readable is there."""
        try:
            noted = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return noted if isinstance(noted, dict) else {}

    def __enter__(self) -> Self:
        self.take(wait=True)
        return self

    def __exit__(self, *exception: object) -> None:
        self.release()
