"""Errors told to a server of the operator's choice (SENTRY_DSN): where in the program, and nothing of who read what."""

from importlib.util import find_spec
from typing import Any


def report_errors(dsn: str) -> None:
    """Begin to report. ValueError with a sentence where that is not possible."""
    if not find_spec("sentry_sdk"):
        raise ValueError("SENTRY_DSN is set; for that install: pip install sentry-sdk")
    import sentry_sdk  # noqa: PLC0415  not in requirements: only who sets a DSN has it
    from sentry_sdk.integrations.celery import CeleryIntegration  # noqa: PLC0415
    from sentry_sdk.integrations.django import DjangoIntegration  # noqa: PLC0415

    try:
        sentry_sdk.init(
            dsn,
            send_default_pii=False,
            include_local_variables=False,
            max_request_body_size="never",
            max_breadcrumbs=0,  # they are queries, and what was logged
            auto_enabling_integrations=False,
            integrations=[DjangoIntegration(), CeleryIntegration()],
            trace_propagation_targets=[],  # else its headers would go out with every request to a publisher
            before_send=without_readers,
        )
    except sentry_sdk.utils.BadDsn as error:
        raise ValueError(f"SENTRY_DSN can not be read: {error}.") from error


def without_readers(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any]:
    """Leave of a report what is about the program: of the request its method and path, of nobody anything."""
    from zisnews.logs import without_path  # noqa: PLC0415  as above

    request = event.get("request") or {}
    address = without_path(str(request.get("url", "")).partition("?")[0])
    kept = {"method": request.get("method"), "url": address} if request else {}
    said = getattr(hint.get("log_record"), "msg", None)
    if isinstance(said, dict):  # as structlog hands it on: the same words each time, and what they are about
        event["logentry"] = {"message": str(said.get("event", ""))}
    for name in ("user", "extra", "breadcrumbs", "server_name"):
        event.pop(name, None)
    event["request"] = kept
    for raised in (event.get("exception") or {}).get("values") or ():
        raised["value"] = str(raised.get("value", "")).partition("\nDETAIL:")[0]  # there Postgres quotes the row
    return event
