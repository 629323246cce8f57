"""Which version of the ads pages may still show from the cache: a number that every change of an ad puts up."""

import time
from contextlib import suppress

from django.core.cache import cache
from django.db import transaction
from redis import RedisError

VERSION = "ads:version"


def ads_changed() -> None:
    """Have every page read the ads anew, once what changed them is committed."""
    transaction.on_commit(new_version)


def new_version() -> None:
    with suppress(RedisError, OSError):  # pages find out within a minute
        cache.set(VERSION, time.time_ns(), timeout=None)
