"""Date texts as they occur in feeds, and what they mean in UTC."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.formats.dates import parse_date
from feeds.formats.months import TABLE

AFTERNOON = "2024-10-02T15:04:05"


def utc(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Wed, 02 Oct 2024 15:04:05 GMT", AFTERNOON),
        ("Wed, 2 Oct 2024 15:04 EST", "2024-10-02T20:04"),
        ("Wed, 02 Oct 24 15:04:05 PDT", "2024-10-02T22:04:05"),
        ("Wed, 02 Oct 2024 15:04:05 +0530", "2024-10-02T09:34:05"),
        ("Wed, 02 Oct 2024 15:04:05 IST", "2024-10-02T09:34:05"),
        ("Wed, 02 Oct 2024 24:00:00 GMT", "2024-10-03T00:00"),
        ("Mon, 30 Sep 2024 22:15:00 GMT+3", "2024-09-30T19:15"),
        ("Wed, 02 Oct 2024 15:04:05 Europe/Berlin", "2024-10-02T13:04:05"),
        ("Wed Oct  2 15:04:05 PDT 2024", "2024-10-02T22:04:05"),
        ("Wednesday, October 2, 2024 - 15:04", "2024-10-02T15:04"),
        ("Oct 2, 2024 3:04 pm EDT", "2024-10-02T19:04"),
        ("02-Oct-2024 12:04:05 AM", "2024-10-02T00:04:05"),
        ("2024-10-02T15:04:05Z", AFTERNOON),
        ("2024-10-02T15:04:05.123456789+02:00", "2024-10-02T13:04:05"),
        ("2024-10-02T15:04:05+0530", "2024-10-02T09:34:05"),
        ("2024-10-02 15:04:05", AFTERNOON),
        ("2024-10-02T23:59:60Z", "2024-10-02T23:59:59"),
        ("2024-10-02", "2024-10-02"),
        ("2024-W40-3", "2024-10-02"),
        ("2024/10/01", "2024-10-01"),
        ("20241002T150405Z", AFTERNOON),
        ("20241002150405", AFTERNOON),
        ("1727881445", AFTERNOON),
        ("1727881445123", AFTERNOON),
        ("03.04.2024 15:04", "2024-04-03T15:04"),
        ("13/04/2024", "2024-04-13"),
        ("03.04.24 15:04", "2024-04-03T15:04"),
        ("Fri, 05/03/2019 - 15:21", "2019-05-03T15:21"),
        ("Tuesday 05/03/2019", "2019-03-05"),
        ("14 tháng 9, 2020 12:30", "2020-09-14T12:30"),
        ("2563-09-14", "2020-09-14"),
        ("04/13/2024 3:04 PM", "2024-04-13T15:04"),
        ("mer., 02 oct. 2024 15:04:05 +0200", "2024-10-02T13:04:05"),
        ("2. Oktober 2024, 15:04 Uhr", "2024-10-02T15:04"),
        ("Sa, 02 Mär 2024 15:04:05 +0100", "2024-03-02T14:04:05"),
        ("2 de octubre de 2024 15:04", "2024-10-02T15:04"),
        ("ср, 02 октября 2024 15:04:05 +0300", "2024-10-02T12:04:05"),
        ("10 мая 2024 г. в 12:00", "2024-05-10T12:00"),
        ("2 października 2024 15.04", "2024-10-02T15:04"),
        ("Δευ, 02 Σεπ 2024 15:04:05 +0300", "2024-09-02T12:04:05"),
        ("১৪ অক্টোবর ২০২৪, ১০:৩০", "2024-10-14T10:30"),
        ("2 अक्टूबर 2024", "2024-10-02"),
        ("١٤ أكتوبر ٢٠٢٤", "2024-10-14"),
        ("14 تشرين الأول 2024", "2024-10-14"),
        ("2024年10月2日 15:04", "2024-10-02T15:04"),
        ("2024년 10월 2일 오후 3:04", "2024-10-02T15:04"),
    ],
)
def test_a_date_is_read_in_utc(text: str, moment: str):
    assert parse_date(text) == utc(moment)


@pytest.mark.parametrize(
    "text",
    [
        "", "yesterday", "soon", "2024", "2024-10", "Oct 2024", "31 Feb 2024", "2024-13-01", "10:30", "03/04/2024",
        "0001-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT", "0", "12345", "Wed, 02 Oct 2024 15:04:05 +9900",
        "Wed, 02 Oct 2024 25:04:05 GMT", "2 listopada 2024", "x" * 5_000, "1" * 5_000,
    ],
)  # fmt: skip
def test_what_names_no_one_moment_gives_none(text: str):
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "language", "moment"),
    [
        ("2 listopada 2024", "pl", "2024-11-02"),
        ("2 listopada 2024", "hr-HR", "2024-10-02"),
        ("03/04/2024", "en-US", "2024-03-04"),
        ("03/04/2024", "en-GB", "2024-04-03"),
        ("03/04/2024", "fr", "2024-04-03"),
    ],
)
def test_the_language_settles_what_the_text_leaves_open(text: str, language: str, moment: str):
    assert parse_date(text, language=language) == utc(moment)


def test_the_moment_keeps_the_zone_it_was_told_in():
    assert parse_date("2026-07-10T00:50:17+02:00").isoformat() == "2026-07-10T00:50:17+02:00"


@given(st.text(max_size=60))
def test_no_text_makes_it_stumble(text: str):
    moment = parse_date(text)

    assert moment is None or moment.utcoffset() is not None


@given(st.datetimes(datetime(1971, 1, 1), datetime(2199, 1, 1)).map(lambda moment: moment.replace(microsecond=0)))
def test_what_is_written_is_read_back(moment: datetime):
    moment = moment.replace(tzinfo=UTC)

    assert parse_date(moment.isoformat()) == moment
    assert parse_date(f"{moment:%a, %d %b %Y %H:%M:%S} +0000") == moment


def test_the_table_of_months_has_what_the_locale_data_say():
    """In a process of its own: what Babel knows of a language depends on those it was asked for before."""
    write = "import sys; from tests.feeds.month_names import table; sys.stdout.buffer.write(table().encode())"
    told = subprocess.run([sys.executable, "-c", write], check=True, capture_output=True).stdout
    assert TABLE.read_text(encoding="utf-8") == told.decode()
