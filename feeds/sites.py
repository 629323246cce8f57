"""Whose site an address is of. Asks nobody."""

import re
from urllib.parse import urlsplit

from tld import get_fld

_OTHER_DOOR = re.compile(r"^(?:www\d?|m|mobile|amp|print|edition)\.")


def same_publisher(one: str, other: str) -> bool:
    """Say whether two addresses are one publisher's: their hosts are registered under the same name.

    By the public suffix list: amp.paper.co.uk and www.paper.co.uk are, two blogs of one platform are not. Where the
    list knows no suffix, a host within the other, "www." and such aside.
    """
    hosts = [urlsplit(address).hostname or "" for address in (one, other)]
    if hosts[0] == hosts[1]:
        return True
    names = [get_fld(f"https://{host}/", fail_silently=True) for host in hosts]
    if names[0] and names[1]:
        return names[0] == names[1]
    first, second = (_OTHER_DOOR.sub("", host) for host in hosts)
    return first == second or first.endswith("." + second) or second.endswith("." + first)
