from datetime import UTC, datetime

import aiohttp
import pytest

from feeds.errors import FetchError
from feeds.net.failures import failure_of_error, failure_of_status, retry_seconds
from feeds.net.settings import fetch_settings

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        (" 120 ", 120),
        ("86401", 86_400),
        ("9" * 5_000, 86_400),
        ("Sat, 21 Nov 2026 08:01:30 GMT", 90),
        ("Sat, 21 Nov 2026 08:01:30 -0000", 90),
        ("Saturday, 21-Nov-26 08:01:30 GMT", 90),
        ("Sat, 21 Nov 2026 07:00:00 GMT", 0),
        ("Mon, 21 Nov 2033 08:00:00 GMT", 86_400),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("1.5", None),
        ("١٢", None),
        ("Sat, 99 Nov 2026 08:01:30 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_at_most_a_day(value, seconds):
    assert retry_seconds(value, now=NOW) == seconds


@pytest.mark.parametrize("status", [204, 300, 400, 404, 418, 429, 451, 500, 503, 522, 599, 999])
def test_each_status_has_a_sentence_that_names_it(status):
    error = failure_of_status("https://paper.example/", status, retry_after=7)

    assert str(status) in error.reason
    assert error.reason.endswith(".")
    assert error.retry_after == 7


def test_only_what_cannot_come_back_is_permanent():
    permanent = [status for status in range(200, 600) if failure_of_status("x", status).permanent]

    assert permanent == [404, 410, 451]


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError(),
        OSError(5, "Input/output error"),
        aiohttp.ServerDisconnectedError(),
        aiohttp.ClientPayloadError("x"),
        aiohttp.SocketTimeoutError(),
        aiohttp.ConnectionTimeoutError(),
        aiohttp.InvalidURL("x"),
        ValueError("bad\r\nline"),
    ],
)
def test_each_broken_exchange_has_one_sentence_in_one_line(error):
    reason = failure_of_error("https://paper.example/", error).reason

    assert reason.endswith("; we ask again later.")
    assert reason.isprintable()


def test_the_sites_settings_are_those_of_django(settings, tmp_path):
    path = tmp_path / "host-map"
    path.write_text("* 127.0.0.1:8003\n")
    settings.ZIS_FETCH_CONTACT = "https://zisnews.example/about"
    settings.ZIS_FETCH_HOST_MAP = str(path)
    settings.ZIS_FETCH_ALLOW_NETWORKS = ["127.0.0.0/8"]

    found = fetch_settings()

    assert found.contact == "https://zisnews.example/about"
    assert found.host_map == {"*": ("127.0.0.1", 8003)}
    assert [str(network) for network in found.allow] == ["127.0.0.0/8"]


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("The name was not found (mistyped); we ask again later.", "The name was not found (mistyped)."),
        ("It sent only a part (206); its fault, and we ask again later.", "It sent only a part (206); its fault."),
        ("There is nothing at this address (404).", "There is nothing at this address (404)."),
    ],
)
def test_who_asks_but_once_is_not_told_that_we_ask_again(reason, said):
    assert FetchError("https://a.example/", reason).reason_of_one_try == said
