"""The database of a run of tests, or of each process of it: migrated once, then copied, which takes a moment."""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from pytest_django import DjangoDbBlocker

MIGRATED = "migrated"


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Take the place of pytest-django's fixture, which has every process of a run migrate a database of its own."""
    before = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        copy_the_migrated()
    yield
    with django_db_blocker.unblock():
        connection.creation.destroy_test_db(before, verbosity=0)


def copy_the_migrated() -> None:
    """Give the connection a database that all migrations have made. Other processes may ask for theirs meanwhile."""
    creation, options = connection.creation, connection.settings_dict["TEST"]
    ours = options["NAME"]
    with (Path(os.environ["ZIS_TEST_SERVERS"]) / "migrating").open("a+") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        turn.seek(0)
        if not turn.read():
            before, options["NAME"] = connection.settings_dict["NAME"], MIGRATED
            creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
            connection.close()  # nobody may be connected to what is copied
            settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = before
            turn.write("done")
            turn.flush()
        options |= {"NAME": ours, "TEMPLATE": MIGRATED}
        # create_test_db() would migrate it again
        name = creation._create_test_db(verbosity=0, autoclobber=True)  # type: ignore[attr-defined]
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
