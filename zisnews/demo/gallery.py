"""The world's pictures: drawn when first asked for, then kept in a folder."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from zisnews.demo import pictures
from zisnews.demo.publishers import Publisher
from zisnews.demo.world import Motif


class Gallery:
    """Pictures and site icons, one drawn at a time, off the event loop."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.painter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="painter")

    async def picture(self, name: str, motif: Motif) -> bytes:
        """Return the JPEG of that name ("<story>/<publisher>")."""
        return await self._kept(f"{name}.jpg", lambda: pictures.illustration(motif, name))

    async def icon(self, publisher: Publisher) -> bytes:
        """Return a publisher's site icon, a PNG."""
        return await self._kept(f"icons/{publisher.slug}.png", lambda: pictures.icon(publisher))

    async def _kept(self, name: str, draw: Callable[[], bytes]) -> bytes:
        path = self.folder / name
        if path.exists():
            return path.read_bytes()
        return await asyncio.get_running_loop().run_in_executor(self.painter, self._drawn, path, draw)

    def _drawn(self, path: Path, draw: Callable[[], bytes]) -> bytes:
        if path.exists():
            return path.read_bytes()
        picture = draw()
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(picture)
        unfinished.replace(path)
        return picture
