"""The whole site as one file and back, on a real Postgres: all of it or nothing, whatever happens meanwhile."""

import io
import stat
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import psycopg2
import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import close_old_connections, connection

from accounts.models import User
from aggregator.models import Article
from feeds.models import Source
from tests.factories import make_article, make_feed, make_reader
from zisnews.backups import archive, making
from zisnews.backups.making import make_backup
from zisnews.backups.postgres import dumped
from zisnews.trouble import Trouble

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def pictures(settings, tmp_path) -> Iterator[Path]:
    settings.MEDIA_ROOT = tmp_path / "media"
    yield settings.MEDIA_ROOT


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "site.tar"


def with_picture(title: str = "Flood") -> Article:
    """An article whose picture is stored, as workers do it: file first, row after."""
    article = make_article(title=title)
    name = f"pictures/001/{article.pk}-0a1b2c3d"
    default_storage.save(f"{name}-320.webp", ContentFile(title.encode()))
    Article.objects.filter(pk=article.pk).update(picture=name, picture_width=320)
    return article


def restore(file: Path, **options) -> str:
    out = io.StringIO()
    connection.close()
    call_command("restore", file, stdout=out, **options)
    return out.getvalue()


def state() -> tuple:
    return (
        set(Article.objects.values_list("pk", "title")),
        set(User.objects.values_list("email", flat=True)),
        {name: making.content_of(name) for name in making.stored_files()},
    )


def test_a_site_comes_back_as_it_was_and_goes_on(file):
    with_picture()
    make_reader(email="anna@example.org")
    call_command("backup", file, stdout=io.StringIO())
    before = state()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    Article.objects.all().delete()
    with_picture("Drought")
    make_reader(email="boris@example.org")
    default_storage.delete(next(iter(before[2])))
    cache.set("page", "as it was before")
    said = restore(file, replace=True)

    assert state() == before
    assert "1 articles, 1 picture files" in said
    assert cache.get("page") is None, "no page of the site that was is shown"
    assert make_article(title="Thaw").pk > max(pk for pk, _ in before[0]), "numbers go on where they were"


def test_a_site_that_is_not_empty_is_refused_unless_told_otherwise(file):
    make_article(title="Flood")
    make_backup(file)
    Article.objects.update(title="Drought")

    with pytest.raises(CommandError, match=r"not empty: it holds 1 sources, 1 articles\. Add --replace"):
        restore(file)

    assert Article.objects.get().title == "Drought"


def test_an_empty_site_is_filled_without_being_told_to(file):
    make_article(title="Flood")
    make_backup(file)
    Article.objects.all().delete()
    Source.objects.all().delete()

    restore(file)

    assert Article.objects.get().title == "Flood"


def test_a_file_that_is_cut_off_changes_nothing(file):
    with_picture()
    make_backup(file)
    whole = file.read_bytes().rstrip(b"\0")
    Article.objects.update(title="Drought")
    before = state()

    for share in (0.0, 0.1, 0.5, 0.9, 0.999):
        file.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(CommandError):
            restore(file, replace=True)

    assert state() == before


def test_a_file_with_a_changed_byte_changes_nothing(file):
    with_picture()
    make_backup(file)
    body = bytearray(file.read_bytes())
    place = body.index(b"Flood")  # in the picture: the database is compressed
    body[place] ^= 1
    file.write_bytes(body)
    Article.objects.all().delete()
    before = state()

    with pytest.raises(CommandError, match="was changed since it was written"):
        restore(file, replace=True)

    assert state() == before


def sealed(
    file: Path, facts: dict, *, files: dict[str, bytes] | None = None, pieces: list[bytes] | None = None
) -> None:
    """A backup that is whole, with what we put into it."""
    with file.open("wb") as raw:
        written = archive.Writer(raw, facts)
        for name, body in (files or {}).items():
            written.add_file(name, body)
        for piece in pieces:
            written.add_database(piece)
        written.seal()


def test_a_database_that_can_not_be_put_back_leaves_the_old_one(file):
    with_picture()
    [piece] = dumped()
    sealed(file, making.facts(), pieces=[piece[: len(piece) * 2 // 3]])
    before = state()

    with pytest.raises(CommandError, match="stays as it was"):
        restore(file, replace=True)

    assert state() == before


def test_what_was_made_by_a_newer_version_is_refused(file):
    facts = making.facts()
    sealed(file, facts | {"migrations": [*facts["migrations"], ["feeds", "9999_from_the_future"]]}, pieces=[])

    with pytest.raises(CommandError, match="made by a newer ZisNews"):
        restore(file, replace=True)


def test_no_file_leads_out_of_the_folder_of_pictures(file, tmp_path):
    before = state()

    for name in ("../../secret.webp", "/etc/cron.d/x.webp", "pictures/../../x.webp", "x.py"):
        sealed(file, making.facts(), files={name: b"x"}, pieces=[])
        with pytest.raises(CommandError, match="in no backup of ours"):
            restore(file, replace=True)

    assert state() == before
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == {file.name}


def test_a_tar_of_something_else_is_no_backup(file, tmp_path):
    (tmp_path / "notes.txt").write_text("hello")
    with tarfile.open(file, "w") as tar:
        tar.add(tmp_path / "notes.txt", "notes.txt")

    with pytest.raises(CommandError, match=r"holds 'notes\.txt', which is in no backup of ours"):
        restore(file, replace=True)


def test_a_site_in_use_is_not_replaced(file):
    make_article(title="Flood")
    make_backup(file)
    where = {name: value for name, value in connection.get_connection_params().items() if name in {"host", "user"}}
    other = psycopg2.connect(dbname=connection.settings_dict["NAME"], **where)

    try:
        with pytest.raises(CommandError, match="in use: 1 other connection to its database"):
            restore(file, replace=True)
    finally:
        other.close()


def test_a_name_that_is_taken_is_never_written_over(file):
    file.write_text("last week's")

    with pytest.raises(CommandError, match="is there already"):
        call_command("backup", file, stdout=io.StringIO())

    assert file.read_text() == "last week's"


def test_what_was_not_finished_stands_nowhere(file, monkeypatch):
    make_article()

    def full() -> Iterator[bytes]:
        yield b"half"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making, "dumped", full)

    with pytest.raises(CommandError, match="can not be written: No space left on device"):
        call_command("backup", file, stdout=io.StringIO())

    assert list(file.parent.glob("*site.tar*")) == []


def test_every_row_of_a_backup_made_meanwhile_has_its_picture(file):
    """A worker goes on storing pictures and letting articles go while the backup is written."""
    for number in range(20):
        with_picture(f"Flood {number}")
    feed = make_feed()
    is_over = threading.Event()

    def work() -> None:
        number = 0
        while not is_over.is_set():
            article = make_article(title=f"News {number}", source=feed.source)
            name = f"pictures/{number % 7:03d}/{article.pk}-0a1b2c3d"
            default_storage.save(f"{name}-320.webp", ContentFile(b"x"))
            Article.objects.filter(pk=article.pk).update(picture=name, picture_width=320)
            if number % 3 == 0 and (oldest := Article.objects.order_by("pk").first()):
                Article.objects.filter(pk=oldest.pk).delete()
                default_storage.delete(f"{oldest.picture}-320.webp")
            number += 1
        close_old_connections()
        connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    make_backup(file)
    is_over.set()
    worker.join()
    restore(file, replace=True)

    stored = set(making.stored_files())
    rows = [name for name in Article.objects.values_list("picture", flat=True) if name]
    assert len(rows) >= 20
    assert [name for name in rows if f"{name}-320.webp" not in stored] == []


def test_a_password_of_the_database_stands_in_no_list_of_processes():
    code = (
        "import django; django.setup();"
        "from zisnews.backups import postgres; print(postgres.dsn()); print(postgres.environment()['PGPASSWORD'])"
    )
    address = "postgres://zis:hush@db.example:5433/news?sslmode=require"
    kept = {"DATABASE_URL": address, "SECRET_KEY": "x", "DJANGO_SETTINGS_MODULE": "zisnews.settings"}
    run = subprocess.run(
        [sys.executable, "-c", code],
        env=kept,
        cwd=django_settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    dsn, password = run.stdout.splitlines()

    assert password == "hush"
    assert "hush" not in dsn
    assert set(dsn.split()) >= {"user=zis", "dbname=news", "host=db.example", "port=5433", "sslmode=require"}


def test_no_link_and_no_file_of_somebody_else_is_written_into(tmp_path, monkeypatch):
    victim, target = tmp_path / "victim", tmp_path / "site.tar"
    victim.write_text("mine")
    half = tmp_path / ".site.tar.half"
    half.symlink_to(victim)
    with pytest.raises(Trouble), making.new_file(target) as file:
        file.write(b"everything")
    assert victim.read_text() == "mine"

    half.unlink()
    half.touch(0o666)
    with making.new_file(target) as file:
        assert stat.S_IMODE(half.stat().st_mode) == 0o600
    target.unlink()
    half.touch()
    monkeypatch.setattr(making.os, "geteuid", lambda: 4242)
    with pytest.raises(Trouble, match="somebody else"), making.new_file(target):
        pass


@pytest.mark.parametrize("facts", [{}, {"migrations": None}, {"migrations": [1]}, {"migrations": [["a"]]}])
def test_a_whole_file_that_does_not_say_what_tables_it_has_is_refused_in_words(facts, file):
    with file.open("wb") as written:
        archive.Writer(written, {"format": making.FORMAT, **facts}).seal()

    with pytest.raises(CommandError, match="is no backup of ZisNews"):
        restore(file)


def test_whatever_bytes_of_a_backup_are_damaged_it_is_told_in_words(file, tmp_path):
    with file.open("wb") as written:
        whole = archive.Writer(written, {"format": making.FORMAT, "migrations": []})
        whole.add_file("pictures/001/1-320.webp", b"x" * 700)
        whole.add_database(b"y" * 900)
        whole.seal()
    good, damaged, random = file.read_bytes(), tmp_path / "damaged.tar", Random(7)
    for _ in range(300):
        body = bytearray(good)
        for _ in range(random.choice((1, 2, 40))):
            body[random.randrange(3500)] = random.choice((*b"\0\xffLxSg2", random.randrange(256)))
        damaged.write_bytes(body)
        with suppress(Trouble):
            archive.facts_of(damaged)
