"""The real processes that bring news in, on the servers of a benchmark: workers and beat, to be killed and replaced."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Self

from zisnews.environment import ROOT
from zisnews.processes import spawn, stop

WORKERS = ("fetch", "work")


class Crew:
    """Workers and beat, for as long as the ``with`` block lasts. Use from the main thread."""

    def __init__(self, folder: Path, host_map: str) -> None:
        self.folder = folder
        self.environment = os.environ | {"ZIS_FETCH_HOST_MAP": host_map, "LOG_LEVEL": "WARNING"}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        for name in (*WORKERS, "beat"):
            self.start(name)
        return self

    def __exit__(self, *exception: object) -> None:
        for process in self.processes.values():
            stop(process, signal.SIGTERM, patience=5)

    def start(self, name: str) -> None:
        options = ["--schedule", str(self.folder / "schedule")] if name == "beat" else []
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = spawn(
                [sys.executable, "-m", "zisnews.jobs", name, *options], output=log, env=self.environment, cwd=ROOT
            )

    def kill(self, name: str) -> None:
        """Kill one process in the middle of whatever it does, and let another take its place."""
        self.processes[name].kill()
        self.processes[name].wait()
        self.start(name)

    def replace_ended(self) -> None:
        """Start again whatever ended by itself, as the supervisor does."""
        for name, process in list(self.processes.items()):
            if process.poll() is not None:
                self.start(name)
