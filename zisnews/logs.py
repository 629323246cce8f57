"""Structured logs: JSON for machines, one readable line for a terminal, each with its request or task id.

Control characters of hostile feed titles are escaped by JSON, and by repr in the terminal form.
"""

import re
from typing import Any

import structlog

SECRETS = {"authorization", "cookie", "set-cookie", "passwd", "password", "token", "t", "secret"}
# Our address for a hub, by which one speaks as the hub; a reader's private feeds, by which one reads as they do.
SECRET_PATH = re.compile(r"(?<=/websub/)[\w-]{43}|(?<=/feed/u/)[\w-]+")


def hide_secrets(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Blank the values of fields that hold credentials, whatever their case, and the secret part of an address."""
    return {key: "[hidden]" if key.lower() in SECRETS else without_path(value) for key, value in event.items()}


def without_path(value: Any) -> Any:
    return SECRET_PATH.sub("[hidden]", value) if isinstance(value, str) else value


def shared_processors() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        hide_secrets,
    ]


def logging_config(*, as_json: bool, level: str) -> dict[str, Any]:
    """Set structlog up and return the dictConfig that sends the standard library's logs the same way."""
    shared = shared_processors()
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"])
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "trafilatura": {"level": "CRITICAL"},
            "htmldate": {"level": "CRITICAL"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
        },
    }
