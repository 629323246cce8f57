"""Settings of the test run: the project's own, on throw-away servers that tests/conftest.py starts.

pytest-django reads the settings before any hook of ours runs, so the addresses are settled here and the servers
are started there. Workers of pytest-xdist inherit the environment and meet the same servers: each has a database
and a Redis database of its own.
"""

import os
import tempfile
import uuid
from pathlib import Path

from zisnews.embedded import environment_of
from zisnews.places import place_of

SERVERS = Path(os.environ.setdefault("ZIS_TEST_SERVERS", f"{tempfile.gettempdir()}/zis-test-{uuid.uuid4().hex[:12]}"))
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw-1").removeprefix("gw")) + 1

_addresses = environment_of(place_of(SERVERS))
os.environ |= {
    "DATABASE_URL": _addresses["DATABASE_URL"],
    "REDIS_URL": _addresses["REDIS_URL"].replace("db=0", f"db={WORKER}"),
    "ZIS_DATA": str(SERVERS / f"worker-{WORKER}"),
    "SECRET_KEY": "for tests only",
    "DEBUG": "false",
    "SITE_URL": "",
    "ZIS_FETCH_GAP_SECONDS": "0",
    "ZIS_PAGE_SECONDS": "0",  # a test sees what it just changed; tests/test_kept_pages.py keeps pages
    "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
}

from zisnews.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
