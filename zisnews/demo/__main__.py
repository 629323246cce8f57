"""`python -m zisnews.demo --port 0 --dir DIR`: serve the demonstration world until the parent or a signal ends it.

Writes to DIR, before it prints "ready":
    world.json   when the world began; read again after a restart, so that items keep their identity
    hosts.map    `host 127.0.0.1:PORT` for every invented host (ZIS_FETCH_HOST_MAP)
    sources.csv  the publishers as a catalogue (`manage.py load_sources`)
    pictures/    what has been drawn so far
"""

import argparse
import asyncio
import json
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from zisnews.demo import server
from zisnews.demo.briefs import load_templates
from zisnews.demo.gallery import Gallery
from zisnews.demo.publishers import load_publishers, write_catalogue
from zisnews.demo.stories import load_stories
from zisnews.demo.world import World

PARENT_CHECK_SECONDS = 1


def clock() -> datetime:
    return datetime.now(UTC)


def beginning(folder: Path, now: datetime) -> datetime:
    """When the world of this folder began: as saved there, or now, which is then saved."""
    saved = folder / "world.json"
    if saved.exists():
        return datetime.fromisoformat(json.loads(saved.read_text(encoding="utf-8"))["began_at"])
    began_at = now.replace(microsecond=0)
    write_whole(saved, json.dumps({"began_at": began_at.isoformat()}))
    return began_at


def write_whole(path: Path, text: str) -> None:
    """Write a file that is there whole or not at all, whenever we are stopped."""
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


async def parent_gone(parent: int) -> None:
    """Wait until the process that started us has ended."""
    while os.getppid() == parent:
        await asyncio.sleep(PARENT_CHECK_SECONDS)


async def run(folder: Path, port: int, parent: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    publishers = load_publishers()
    world = World(beginning(folder, clock()), publishers, load_stories(), load_templates())
    web = await server.start(server.Origin(world, Gallery(folder / "pictures"), clock), port=port)
    address = f"127.0.0.1:{web.sockets[0].getsockname()[1]}"
    write_whole(folder / "hosts.map", "".join(f"{one.host} {address}\n" for one in publishers.values()))
    write_catalogue(publishers.values(), folder / "sources.csv")
    sys.stdout.write("ready\n")
    sys.stdout.flush()

    asked_to_end = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, asked_to_end.set)
    ends = [asyncio.ensure_future(asked_to_end.wait()), asyncio.ensure_future(parent_gone(parent))]
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)


def main() -> None:
    parent = os.getppid()
    options = argparse.ArgumentParser(prog="zisnews.demo", description="Serve the demonstration world on loopback.")
    options.add_argument("--port", type=int, default=0, help="0 takes a free one")
    options.add_argument("--dir", type=Path, required=True, help="where the world is kept")
    chosen = options.parse_args()
    asyncio.run(run(chosen.dir, chosen.port, parent))


if __name__ == "__main__":
    main()
