"""News that must stay apart, made of recordings of different years."""

import gzip
import io
import json
import tarfile

import pytest
from django.core.management import CommandError, call_command

from aggregator.finding.labelled import rows_of, stream_of
from aggregator.finding.training import is_background

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Paper</title><link>https://paper.example/</link>
<item><title>Old news</title><link>https://paper.example/0</link><pubDate>Mon, 01 Mar 2021 10:00:00 GMT</pubDate></item>
<item><title>Bridge falls</title><link>https://paper.example/1</link>
<description>&lt;p&gt;It &lt;b&gt;fell.&lt;/b&gt;</description>
<pubDate>Fri, 17 Sep 2021 10:00:00 GMT</pubDate></item>
<item><title>Rain</title><link>https://paper.example/2</link><pubDate>Sun, 19 Sep 2021 12:00:00 GMT</pubDate></item>
</channel></rss>"""


@pytest.fixture
def recordings(tmp_path):
    """A paper polled twice and then answering with an error page, and the items of another four years later."""
    polled, items = tmp_path / "series-2021-09.tar.gz", tmp_path / "items-2025-05.jsonl.gz"
    manifest = json.dumps({"slug": "paper", "language": "de-DE"})
    with tarfile.open(polled, "w:gz") as recording:
        for name, text in {
            "paper/1.xml": FEED,
            "paper/2.xml": FEED,
            "paper/3.xml": "<html>",
            "manifest.jsonl": manifest,
        }.items():
            member = tarfile.TarInfo(f"series/{name}")
            member.size = len(text)
            recording.addfile(member, io.BytesIO(text.encode()))
    rows = [
        {"source": "Post", "language": "en", "title": "Vote", "published": "2025-05-26T10:00:00Z"},
        {
            "source": "Post",
            "language": "en",
            "title": "Snow",
            "published": "",
            "fetched_at": "2025-05-27T09:00:00+00:00",
        },
        {"source": "Post", "language": "en", "title": "Of no date"},
    ]
    items.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))
    return polled, items


def test_recordings_of_different_years_are_laid_on_the_same_days_each_article_by_itself(recordings, tmp_path):
    to = tmp_path / "background.jsonl"
    call_command("lay_background", *recordings, to=to, share=1.0)

    rows = rows_of(to)

    told = [(row["saga"], row["publisher"], row["language"], row["title"], row["description"]) for row in rows]
    assert told == [
        ("series-2021-09", "paper", "de", "Bridge falls", "It fell."),
        ("series-2021-09", "paper", "de", "Rain", ""),
        ("items-2025-05", "post", "en", "Vote", ""),
        ("items-2025-05", "post", "en", "Snow", ""),
    ]
    assert all(row["published"].startswith("2020-01-0") for row in rows)
    assert len({row["story"] for row in rows}) == len(rows) and is_background(stream_of(rows))


def test_what_is_no_recording_is_refused_in_a_sentence(tmp_path):
    empty = tmp_path / "nothing.jsonl"
    empty.write_text("")

    for path in (empty, tmp_path / "absent.jsonl"):
        with pytest.raises(CommandError, match=r"lay_background: .*(nothing|absent)\.jsonl"):
            call_command("lay_background", path, to=tmp_path / "to.jsonl")
