"""Tries a curator's CSS selector before it is believed: in a limited process, on a large page, for a short time."""

from functools import cache

from feeds.errors import BadSelector, SandboxError
from feeds.sandbox import Sandbox

WALL_SECONDS = 3.0


@cache
def _sandbox() -> Sandbox:
    """One child of its own with a short patience: the web process asks, and somebody waits."""
    return Sandbox(1, memory_mb=256, wall_seconds=WALL_SECONDS, idle_seconds=30)


def refuse_bad_selector(selector: str) -> None:
    """Raise BadSelector where this is no CSS selector, or one that takes too long; the sentence is for its author.

    Raises SandboxError where it could not be tried.
    """
    from feeds.pages.rules import check_selector  # noqa: PLC0415  with lxml, which the web process else does without

    try:
        _sandbox().call(check_selector, selector)
    except SandboxError as error:
        if "longer than" not in str(error):
            raise
        raise BadSelector("This selector takes far too long on a large page.") from error
