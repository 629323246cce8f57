"""What an operator may set about fetching, as one plain value."""

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from feeds.net.networks import Network, parse_networks


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """What an operator may set.

    contact:  a URL or e-mail address in our User-Agent, for publishers who want to talk to us
    host_map: host, or "*" → (IP address, port) spoken to in its place, in plain HTTP; for tests and the demo
    allow:    networks that are fetched from although they are not public; for tests
    gap_seconds: how long a host is left alone between two of its pages; between two feeds a tenth of it
    """

    contact: str = ""
    host_map: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    allow: tuple[Network, ...] = ()
    gap_seconds: float = 0.0

    @classmethod
    def from_values(
        cls, *, contact: str = "", host_map: str = "", allow_networks: Iterable[str] = (), gap_seconds: float = 0.0
    ) -> Self:
        """From settings as written: ``host_map`` the path of a file, ``allow_networks`` CIDRs. ValueError if wrong."""
        mapped = read_host_map(Path(host_map)) if host_map else {}
        return cls(contact, mapped, parse_networks(allow_networks), gap_seconds)


def fetch_settings() -> FetchSettings:
    """The settings of this site; the host map is read anew each time."""
    from django.conf import settings  # noqa: PLC0415  everything else here works without Django

    return FetchSettings.from_values(
        contact=settings.ZIS_FETCH_CONTACT,
        host_map=settings.ZIS_FETCH_HOST_MAP,
        allow_networks=settings.ZIS_FETCH_ALLOW_NETWORKS,
        gap_seconds=settings.ZIS_FETCH_GAP_SECONDS,
    )


def read_host_map(path: Path) -> dict[str, tuple[str, int]]:
    """Lines of ``host address:port``; the host may be ``*``. ValueError names a line that is none."""
    mapped = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        match words, words[-1].rpartition(":"):
            case [host, _], (ip, ":", port) if port.isdigit() and _is_ip(ip.strip("[]")):
                mapped[host.lower()] = (ip.strip("[]"), int(port))
            case _:
                raise ValueError(f"{path}, line {number}: “{line}” is not “host address:port”.")
    return mapped


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
