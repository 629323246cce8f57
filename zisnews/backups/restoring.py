"""Puts a backup in the place of what the site holds.

In this order, so that whoever pulls the plug leaves the old site or the new one: the whole file is checked; pictures
are stored beside those there are (a name tells its content, so none is overwritten with another); the database is
replaced in one transaction; what nobody shows any more goes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from redis import Redis
from redis.exceptions import RedisError

from feeds.errors import FileNotKept
from feeds.files import keep_file
from zisnews.backups import archive, postgres
from zisnews.backups.making import FORMAT, Tell, stored_files
from zisnews.environment import main_lock
from zisnews.trouble import Trouble

log = structlog.get_logger(__name__)

OURS = ("feeds", "accounts", "aggregator", "comments")
# A site that holds one of these is somebody's. Countries and categories are filled in by migrating.
HELD = ("accounts.User", "feeds.Source", "aggregator.Article")
NAMES_AT_ONCE = 1_000


@dataclass(slots=True)
class Restored:
    """What a restore did. counts: rows that are there now; made_at: ISO, when the backup was made."""

    made_at: str
    files: int
    files_dropped: int
    counts: dict[str, int]


def restore_backup(path: Path, *, replace: bool = False, tell: Tell = lambda stage, count: None) -> Restored:
    """Make the site what the backup holds. Raises Trouble, with the site as it was.

    replace: let go of what the site holds; else only an empty one is filled
    """
    facts = archive.facts_of(path)
    refuse_foreign(path, facts)
    refuse_running()
    if not replace and (held := what_is_held()):
        raise Trouble(f"This site is not empty: it holds {held}. Add --replace to put the backup in its place.")
    kept = keep_files(path, tell)
    connections.close_all()
    postgres.load(database_of(path, tell))
    ContentType.objects.clear_cache()
    migrate()
    forget_caches()
    dropped = drop_files(kept)
    return Restored(str(facts.get("made_at", "")), len(kept), dropped, counts())


def refuse_foreign(path: Path, facts: dict[str, Any]) -> None:
    """Refuse a backup of a form or of tables that this version does not know."""
    if facts.get("format") != FORMAT:
        raise Trouble(f"{path} was made by another version of ZisNews, in a form that this one does not know.")
    known = MigrationExecutor(connection).loader.disk_migrations
    try:
        applied = [(str(app), str(name)) for app, name in facts["migrations"]]
    except (KeyError, TypeError, ValueError) as error:
        raise Trouble(f"{path} is no backup of ZisNews: it does not say what tables it has.") from error
    unknown = [key for key in applied if key[0] in OURS and key not in known]
    if unknown:
        raise Trouble(
            f"{path} was made by a newer ZisNews (its tables have {unknown[0][0]} {unknown[0][1]}).\n"
            "Update this one first, then restore."
        )


def refuse_running() -> None:
    """Refuse while anybody works on the database: they would go on with rows that are others by then."""
    lock = main_lock(settings.DATA_DIR)
    address = lock.facts().get("address")
    if address and not lock.take():
        raise Trouble(f"The site runs at {address}. End it first (Ctrl-C there), then restore.")
    lock.release()
    if others := postgres.others_connected():
        raise Trouble(
            f"The site is in use: {others} other connection{'' if others == 1 else 's'} to its database.\n"
            "End web, workers and beat first, then restore."
        )


def what_is_held() -> str:
    """What of this site would be lost, in words; "" where it is empty."""
    return ", ".join(f"{count} {name}" for name, count in counts().items() if count)


def counts() -> dict[str, int]:
    tables = set(connection.introspection.table_names())
    models = [apps.get_model(name) for name in HELD]
    return {
        str(model._meta.verbose_name_plural): model._default_manager.count() if model._meta.db_table in tables else 0
        for model in models
    }


def keep_files(path: Path, tell: Tell) -> set[int]:
    """Store the files of a backup; returns the hashes of their names. Raises Trouble."""
    kept = set()
    for member in archive.members(path):
        if name := member.file_name:
            try:
                keep_file(name, member.body)
            except FileNotKept as error:
                raise Trouble(f"{error} Nothing was restored.") from error
            kept.add(hash(name))
            tell("pictures", len(member.body))
    return kept


def database_of(path: Path, tell: Tell) -> Iterator[bytes]:
    for member in archive.members(path):
        if member.is_database:
            yield member.body
            tell("database", len(member.body))


def migrate() -> None:
    """Bring what an older version has dumped up to date."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


def forget_caches() -> None:
    """Let Redis forget what it keeps of the site as it was; of others that share it nothing."""
    client = Redis.from_url(settings.REDIS_URL)
    try:
        names: list[bytes] = []
        for name in client.scan_iter(match=f"{settings.CACHES['default']['KEY_PREFIX']}:*", count=NAMES_AT_ONCE):
            names.append(name)
            if len(names) >= NAMES_AT_ONCE:
                client.unlink(*names)
                names.clear()
        if names:
            client.unlink(*names)
    except RedisError as error:
        log.warning("Redis is away: empty it before the site starts, or pages show what was before", error=str(error))
    finally:
        client.close()


def drop_files(kept: set[int]) -> int:
    """Delete stored files that the backup does not have; returns how many."""
    others = [name for name in stored_files() if hash(name) not in kept]
    for name in others:
        default_storage.delete(name)
    return len(others)
