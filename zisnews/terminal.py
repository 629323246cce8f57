"""What we tell the person at the terminal: one line each, calm, and never a reason to fail."""

import sys
from contextlib import suppress


def say(text: str) -> None:
    """Write a line; it is lost where the terminal is gone."""
    with suppress(OSError):
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def complain(text: str) -> None:
    """Write a line to stderr, saying that it comes from `zis`."""
    with suppress(OSError):
        sys.stderr.write(f"zis: {text}\n")
