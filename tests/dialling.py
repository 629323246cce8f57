"""What this process really connects to, as the interpreter itself reports it: no test double can hide a connection.

def test_something(dialled):
    …
    assert not dialled.inside()
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.web import Web


@dataclass
class Dialled:
    """The network addresses a test connected to or sent packets to; sockets of the file system are left out."""

    addresses: list[tuple[str, int]] = field(default_factory=list)

    def of(self, web: Web) -> list[tuple[str, int]]:
        return [address for address in self.addresses if address == (web.ip, web.port)]


_listening: list[Dialled] = []


def _hear(event: str, arguments: tuple) -> None:
    if _listening and event in {"socket.connect", "socket.sendto"} and isinstance(arguments[1], tuple):
        for dialled in _listening:
            dialled.addresses.append(arguments[1][:2])


sys.addaudithook(_hear)  # for good: a hook can not be taken away


@pytest.fixture
def dialled() -> Iterator[Dialled]:
    listener = Dialled()
    _listening.append(listener)
    yield listener
    _listening.remove(listener)
