"""The disk of the pictures is full: said clearly, nothing half kept, and all of it made good once there is room."""

import io
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from aggregator.models import Article
from aggregator.pictures import fetch_due_pictures
from feeds.clock import database_now
from feeds.marks import find_due_marks
from feeds.models import Source
from tests.factories import make_article, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def small_disk(settings, tmp_path) -> Iterator[Path]:
    """A disk of 128 KiB, of which a few are free."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = [shutil.which("mount") or "mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("Nothing may be mounted here.")
    settings.MEDIA_ROOT = disk / "media"
    (disk / "filler").write_bytes(b"x" * 116 * 1024)
    yield disk
    subprocess.run([shutil.which("umount") or "umount", str(disk)], check=True)


def noise(kind: str, side: int) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((side, side), 90).convert("RGB").save(out, kind)
    return out.getvalue()


def files(disk: Path) -> list[Path]:
    return [path for path in (disk / "media").rglob("*") if path.is_file()]


def test_pictures_wait_for_room_and_come_when_there_is_some(web, small_disk, caplog):
    articles = [
        make_article(picture_url=f"https://paper.example/{n}.jpg", picture_after=database_now()) for n in range(3)
    ]
    for article in articles:
        web[article.picture_url] = noise("JPEG", 640)

    for _ in range(5):
        Article.objects.update(picture_after=database_now())
        fetch_due_pictures()

    assert [str(article) for article in Article.objects.exclude(picture="")] == []
    assert files(small_disk) == [], "no part of a picture is left"
    assert {article.picture_url for article in Article.objects.all()} == {article.picture_url for article in articles}
    assert "No space left" in caplog.text

    subprocess.run([shutil.which("mount") or "mount", "-o", "remount,size=8m", str(small_disk)], check=True)
    Article.objects.update(picture_after=database_now())
    fetch_due_pictures()

    assert Article.objects.exclude(picture="").count() == 3


def test_a_mark_waits_for_room_and_no_half_of_one_is_kept(web, small_disk):
    source = make_source(site_url="https://paper.example/")
    web["https://paper.example/"] = '<html><head><link rel="icon" href="/icon.png"></head></html>'
    web["https://paper.example/icon.png"] = noise("PNG", 180)
    (small_disk / "more").write_bytes(b"x" * 8 * 1024)

    find_due_marks()

    assert Source.objects.get().mark == ""
    assert files(small_disk) == []

    for name in ("more", "filler"):
        (small_disk / name).unlink()
    Source.objects.filter(pk=source.pk).update(mark_after=database_now())
    find_due_marks()

    with default_storage.open(Source.objects.get().mark) as file:
        Image.open(file).load()


def test_a_half_mark_that_a_killed_worker_left_is_replaced(web, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    make_source(site_url="https://paper.example/")
    web["https://paper.example/"] = '<html><head><link rel="icon" href="/icon.png"></head></html>'
    web["https://paper.example/icon.png"] = noise("PNG", 180)
    find_due_marks()
    mark = tmp_path / "media" / Source.objects.get().mark
    mark.write_bytes(mark.read_bytes()[:100])

    Source.objects.update(mark_after=database_now())
    find_due_marks()

    Image.open(tmp_path / "media" / Source.objects.get().mark).load()
