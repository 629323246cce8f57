"""How often somebody may do something: counted in the cache, for all processes and machines together."""

import time
from ipaddress import ip_address, ip_network

from django.core.cache import cache
from django.http import HttpRequest
from redis import RedisError


class TooMany(Exception):
    """Somebody does something too often; the middleware makes an answer 429 of it."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"again in {retry_after} s")
        self.retry_after = retry_after


def count(who: str, what: str, *, limit: int, seconds: int) -> None:
    """Count one more of `what` for `who` within the present stretch of so many seconds.

    Raises TooMany beyond the limit. While the cache is away nothing is counted and all is allowed: what guards an
    account, logging in, is allauth's to count.
    """
    now = time.time()
    stretch = int(now // seconds)
    key = f"limit:{what}:{who}:{stretch}"
    try:
        cache.add(key, 0, timeout=seconds)
        counted = cache.incr(key)
    except ValueError:  # it ended between the two
        counted = 1
    except (RedisError, OSError):
        return
    if counted > limit:
        raise TooMany(max(1, int((stretch + 1) * seconds - now)))


def somebody(request: HttpRequest) -> str:
    """Whom to count: the user, else the address that asks."""
    if request.user.is_authenticated:
        return f"user-{request.user.pk}"
    from allauth.account.adapter import get_adapter  # noqa: PLC0415  apps are loaded only now

    return network_of(get_adapter().get_client_ip(request))


def network_of(address: str) -> str:
    """An address of IPv4 as it is; of IPv6 its /64, for whoever has one address of it has them all."""
    try:
        found = ip_address(address)
    except ValueError:  # a socket
        return address
    if found.version == 4:
        return address
    return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
