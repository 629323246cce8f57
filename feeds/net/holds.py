"""What servers ask of us when they ask to be left alone, until it is written down (feeds/manners/hosts.py)."""

from queue import SimpleQueue
from typing import NamedTuple

LONGEST_RETRY_SECONDS = 86_400


class Hold(NamedTuple):
    """What a server asked of us; ``is_asked``: for how long, too."""

    host: str
    seconds: int
    reason: str
    is_asked: bool


holds_heard: SimpleQueue[Hold] = SimpleQueue()  # by all loops of this process
