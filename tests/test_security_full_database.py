"""The disk of the database is full: said clearly, nothing lost or stored by half, and all of it made good with room."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, connections

from aggregator.models import Article
from aggregator.publishing import publish_ready
from feeds.clock import database_now
from feeds.ingestion import refresh_due
from feeds.models import Entry, Feed
from tests.documents import item, rss
from tests.factories import make_feed
from zisnews.embedded import DATABASE, Servers
from zisnews.trouble import Trouble

FEED = "https://paper.example/feed.xml"
ITEMS = 20


class SmallDisk:
    """A disk of 420 MB under our feet, and the servers that live on it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.filler = folder, folder / "filler"
        self.servers = Servers(folder / "data", valkey=False)

    def fill(self) -> None:
        with self.filler.open("ab", buffering=0) as file, suppress(OSError):
            for size in (1024 * 1024, 4096):
                with suppress(OSError):
                    while file.write(b"\0" * size) == size:
                        pass

    def make_room(self) -> None:
        self.filler.unlink(missing_ok=True)


@pytest.fixture
def disk(django_db_blocker) -> Iterator[SmallDisk]:
    folder = Path(tempfile.mkdtemp(prefix="zis-full-"))
    mount = [shutil.which("mount") or "mount", "-t", "tmpfs", "-o", "size=420m,mode=755", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        folder.rmdir()
        pytest.skip("Nothing may be mounted here.")
    disk, usual = SmallDisk(folder), connections["default"]
    try:
        disk.servers.start()
        host = {"NAME": DATABASE, "USER": "postgres", "HOST": str(disk.servers.place.run), "PORT": "5432"}
        connections["default"] = type(usual)(usual.settings_dict | host, "default")
        with django_db_blocker.unblock():
            call_command("migrate", verbosity=0)
            yield disk
    finally:
        connection.close()
        connections["default"] = usual
        disk.servers.stop()
        subprocess.run([shutil.which("umount") or "umount", str(folder)], check=True)
        folder.rmdir()


def poll() -> int:
    Feed.objects.update(leased_until=None, next_check_at=database_now())
    return refresh_due().entries_new


def news(web) -> None:
    """A feed of more text than any file of the database has room left for."""
    texts = (os.urandom(60_000).hex() for _ in range(ITEMS))
    web[FEED] = rss(*(item(f"News {n}", link=None, guid=str(n), description=text) for n, text in enumerate(texts)))


def test_a_full_database_says_so_stores_nothing_by_half_and_takes_all_in_when_there_is_room(web, disk):
    make_feed(url=FEED)
    news(web)
    disk.fill()

    for _ in range(2):
        with pytest.raises(OperationalError, match="No space left on device"):
            poll()
        assert (Entry.objects.count(), Feed.objects.get().failure_count) == (0, 0), "no publisher is blamed for it"

    disk.make_room()
    assert poll() == ITEMS

    disk.fill()
    with suppress(OperationalError):
        while publish_ready().entries:
            pass
    assert Article.objects.count() + Entry.objects.ready().count() == ITEMS
    assert not Entry.objects.filter(state=Entry.State.REFUSED).exists(), "no entry is blamed for it"

    disk.make_room()
    while publish_ready().entries:
        pass
    assert Article.objects.count() == ITEMS


def test_postgres_that_went_down_for_want_of_room_says_why_and_has_everything_once_there_is_some(web, disk):
    make_feed(url=FEED)
    web[FEED] = rss(item("Bridge reopens", link=None, guid="bridge"))
    assert poll() == 1
    disk.fill()
    with pytest.raises(OperationalError), connection.cursor() as cursor:
        for _ in range(200):  # its log can not grow, and without its log it stops
            cursor.execute("SELECT pg_logical_emit_message(false, 'full', repeat('x', 1000000))")
    connection.close()
    disk.servers.stop()

    with pytest.raises(Trouble, match=r"disk .* is full"):
        disk.servers.start()

    disk.make_room()
    disk.servers.start()
    assert Entry.objects.get().title == "Bridge reopens"
    assert poll() == 0
