"""Settings that must be right at start-up, and logs that keep secrets."""

import io
import json
import logging
import logging.config
import os
import subprocess
import sys
from importlib.util import find_spec

import pytest
import structlog

from zisnews.brokers import celery_broker
from zisnews.error_reports import without_readers
from zisnews.logs import hide_secrets, logging_config


def start_with(**environment: str) -> str:
    """Load the settings in a process of their own; returns what it complained of."""
    kept = {name: value for name, value in os.environ.items() if name not in {"SECRET_KEY", "SECRET_KEY_FILE"}}
    code = "import django; django.setup()"
    run = subprocess.run(
        [sys.executable, "-c", code],
        env=kept | {"DJANGO_SETTINGS_MODULE": "zisnews.settings"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.stderr


def test_without_a_secret_key_the_site_does_not_start_and_says_what_to_do():
    assert "Set the environment variable SECRET_KEY or SECRET_KEY_FILE" in start_with()


def test_the_secret_may_come_from_a_file(tmp_path):
    file = tmp_path / "key"
    file.write_text("from a file\n")
    assert start_with(SECRET_KEY_FILE=str(file)) == ""


def test_an_unknown_display_policy_is_named_at_start_up():
    assert "ZIS_DISPLAY is full_text, excerpt or headline, not 'all'" in start_with(SECRET_KEY="x", ZIS_DISPLAY="all")


def test_what_is_reported_of_an_error_names_no_reader():
    """The address without its query, no user, no cookie, and not the row that Postgres quotes."""
    event = {
        "request": {"method": "GET", "url": "https://news.example/feed/u/s3cret?q=illness", "cookies": "session=1"},
        "user": {"email": "anna@example.org"},
        "exception": {"values": [{"type": "IntegrityError", "value": "duplicate\nDETAIL:  Key (email)=(anna@a.b)"}]},
    }
    assert without_readers(event, {}) == {
        "request": {"method": "GET", "url": "https://news.example/feed/u/[hidden]"},
        "exception": {"values": [{"type": "IntegrityError", "value": "duplicate"}]},
    }


@pytest.mark.skipif(find_spec("sentry_sdk") is not None, reason="its package is here")
def test_where_errors_can_not_be_reported_the_site_says_what_to_install():
    assert "pip install sentry-sdk" in start_with(SECRET_KEY="x", SENTRY_DSN="https://key@errors.example/1")


@pytest.mark.parametrize(
    ("redis", "broker"),
    [
        ("redis://host:6379/2", "redis://host:6379/2"),
        ("unix:///run/valkey.sock?db=3", "redis+socket:///run/valkey.sock?virtual_host=3"),
        ("unix:///run/valkey.sock", "redis+socket:///run/valkey.sock?virtual_host=0"),
    ],
)
def test_one_address_of_redis_serves_cache_and_queue(redis, broker):
    assert celery_broker(redis) == broker


def test_credentials_do_not_reach_the_logs():
    event = {"event": "sign in", "Authorization": "Bearer 1", "Passwd": "hunter2", "email": "a@example.org"}
    assert hide_secrets(None, "info", event) == {
        "event": "sign in", "Authorization": "[hidden]", "Passwd": "[hidden]", "email": "a@example.org",
    }  # fmt: skip


def test_a_log_line_is_one_json_object_whatever_a_feed_put_into_it():
    stream = io.StringIO()
    config = logging_config(as_json=True, level="INFO")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(config["formatters"]["structured"]["()"](**{
        key: value for key, value in config["formatters"]["structured"].items() if key != "()"
    }))  # fmt: skip
    logger = logging.getLogger("zisnews.test")
    logger.addHandler(handler)
    try:
        with structlog.contextvars.bound_contextvars(request_id="abc"):
            logger.warning("title: %s", 'line one\nline two "quoted" \x1b[31m')
    finally:
        logger.removeHandler(handler)
    [line] = stream.getvalue().splitlines()
    logged = json.loads(line)
    assert logged["request_id"] == "abc"
    assert "\n" in logged["event"]
