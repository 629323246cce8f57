"""Other machines, as Linux network namespaces on a bridge: they share nothing with us but what they reach by TCP.

Needs root and the `ip` command; a test that asks for `machines` is skipped where they can not be made.
"""

import asyncio
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Self

import pytest

NETWORK = f"10.203.{os.getpid() % 256}"  # another for each test run of a machine
OURS = f"{NETWORK}.1"  # our own address on the bridge


@dataclass(frozen=True)
class Machine:
    """A network namespace with an address of its own."""

    name: str
    ip: str

    def command(self, *command: str) -> list[str]:
        """What runs a command there."""
        return ["ip", "netns", "exec", self.name, *command]


@pytest.fixture
def machines() -> Iterator[list[Machine]]:
    """Two machines that see us as OURS, and each other."""
    if os.geteuid() or not shutil.which("ip"):
        pytest.skip("Other machines are network namespaces: that needs root and the `ip` command.")
    bridge = f"zis{os.getpid() % 10**8}"
    made = [Machine(f"{bridge}-{number}", f"{NETWORK}.{number + 10}") for number in (1, 2)]
    with ExitStack() as undo:
        try:
            _ip(f"link add {bridge} type bridge")
            undo.callback(_ip, f"link del {bridge}")
            _ip(f"addr add {OURS}/24 dev {bridge}")
            _ip(f"link set {bridge} up")
            for number, machine in enumerate(made):
                _ip(f"netns add {machine.name}")
                undo.callback(_ip, f"netns del {machine.name}")
                _ip(f"link add {bridge}v{number} type veth peer name eth0 netns {machine.name}")
                _ip(f"link set {bridge}v{number} master {bridge} up")
                _ip(f"-n {machine.name} addr add {machine.ip}/24 dev eth0")
                _ip(f"-n {machine.name} link set eth0 up")
                _ip(f"-n {machine.name} link set lo up")
        except subprocess.CalledProcessError as error:
            pytest.skip(f"Network namespaces can not be made here: {error.stderr.strip()}")
        yield made


def _ip(arguments: str) -> None:
    subprocess.run(["ip", *arguments.split()], check=True, capture_output=True, text=True)


class Gateway:
    """Ports of ours on the bridge that lead to Unix sockets, for as long as the ``with`` lasts."""

    def __init__(self, ip: str = OURS) -> None:
        self._ip = ip
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="gateway", daemon=True)
        self._servers: list[asyncio.Server] = []
        self._pipes: set[asyncio.Task] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def port_to(self, socket_path: str) -> int:
        """A new port that leads there."""

        async def open_port() -> int:
            async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                await self._join(reader, writer, socket_path)

            server = await asyncio.start_server(meet, self._ip, 0)
            self._servers.append(server)
            return server.sockets[0].getsockname()[1]

        return asyncio.run_coroutine_threadsafe(open_port(), self._loop).result(10)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, socket_path: str) -> None:
        task = asyncio.current_task()
        assert task
        self._pipes.add(task)
        there, back = await asyncio.open_unix_connection(socket_path)
        try:
            with suppress(ConnectionError, asyncio.CancelledError):
                await asyncio.gather(_pour(reader, back), _pour(there, writer))
        finally:
            self._pipes.discard(task)
            for end in (writer, back):
                end.transport.abort()

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        for pipe in list(self._pipes):
            pipe.cancel()
        await asyncio.gather(*self._pipes, return_exceptions=True)
        await asyncio.sleep(0.05)  # the ends of the pipes are closed a little later


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()
