"""The demonstration world: who publishes in it, what they tell, and that it never stops."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from feeds.extraction import extract
from feeds.parsing import parse_feed
from zisnews.demo import pages, pictures, syndication
from zisnews.demo.briefs import load_templates, tell, voices
from zisnews.demo.prose import body_html
from zisnews.demo.publishers import Publisher, load_publishers
from zisnews.demo.scenes import SCENES
from zisnews.demo.server import Request, is_unchanged, parse_request, response_bytes
from zisnews.demo.server import Response as Answer
from zisnews.demo.stories import CATEGORIES, StoryError, load_stories, read_story
from zisnews.demo.world import Motif, World

ROOT = Path(__file__).parents[2]
BEGAN_AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PUBLISHERS = load_publishers()
STORIES = load_stories()
TEMPLATES = load_templates()
WORLD = World(BEGAN_AT, PUBLISHERS, STORIES, TEMPLATES)
AGAIN = "accelerator-export-rule"
EVERYONE = pytest.mark.parametrize("publisher", PUBLISHERS.values(), ids=PUBLISHERS)


def published(now: datetime) -> set[str]:
    """Every address that any feed has ever listed by a moment."""
    return {item.url for one in PUBLISHERS.values() for item in WORLD.newest(one, now, count=10_000)}


def test_there_are_publishers_of_many_countries_languages_and_formats():
    assert len(PUBLISHERS) >= 24
    assert len({one.country for one in PUBLISHERS.values()}) >= 12
    assert {"ar", "de", "en", "es", "fr", "hy", "ja", "ru", "zh"} <= {one.language for one in PUBLISHERS.values()}
    assert {one.format for one in PUBLISHERS.values()} == set(syndication.WRITERS)
    assert {one.encoding for one in PUBLISHERS.values()} == {"utf-8", "windows-1251", "iso-8859-1"}
    assert all(one.host.endswith(".example") for one in PUBLISHERS.values())


def test_every_telling_names_a_known_publisher():
    unknown = {telling.publisher for story in STORIES for telling in story.tellings} - set(PUBLISHERS)
    assert unknown == set()


def test_at_least_thirty_stories_are_told_from_several_countries():
    countries = [{PUBLISHERS[telling.publisher].country for telling in story.tellings} for story in STORIES]
    assert sum(len(of_story) >= 2 for of_story in countries) >= 30
    assert {story.category for story in STORIES} == set(CATEGORIES)


def test_a_story_with_an_unknown_category_is_refused(tmp_path):
    path = tmp_path / "odd.toml"
    path.write_text('category = "gossip"\ntelling = []\n')
    with pytest.raises(StoryError, match=r"odd\.toml"):
        read_story(path)


def test_most_tellings_are_past_when_the_world_begins_and_some_are_fresh():
    items = WORLD.all_written()
    past = [item for item in items if item.published_at <= BEGAN_AT]
    assert 0.55 <= len(past) / len(items) <= 0.85
    assert min(item.published_at for item in items) >= BEGAN_AT - timedelta(hours=36)
    assert any(item.published_at > BEGAN_AT - timedelta(hours=1) for item in past)


@pytest.mark.parametrize("age", [timedelta(0), timedelta(minutes=50), timedelta(days=9)])
def test_something_new_comes_every_forty_to_ninety_seconds(age):
    now = BEGAN_AT + age
    before = published(now)
    for _ in range(15):
        following = WORLD.next_at(now)
        after = published(following)
        assert len(after - before) == 1
        assert age == timedelta(0) or 40 <= (following - now).total_seconds() <= 90 or now == BEGAN_AT + age
        now, before = following, after


def test_nothing_that_was_published_changes_its_address_or_time():
    early, late = BEGAN_AT + timedelta(minutes=3), BEGAN_AT + timedelta(hours=5)
    again = World(BEGAN_AT, PUBLISHERS, STORIES, TEMPLATES)
    for one in PUBLISHERS.values():
        for item in WORLD.newest(one, early):
            assert again.find(one, item.path, late) == item


def test_nothing_can_be_read_before_it_is_published():
    item = max(WORLD.all_written(), key=lambda item: item.published_at)
    assert WORLD.find(item.publisher, item.path, item.published_at - timedelta(seconds=1)) is None
    assert WORLD.find(item.publisher, item.path, item.published_at) == item


def test_a_telling_of_before_is_retitled_within_the_first_hour_and_a_live_one_after_five_minutes():
    retitled = [item for item in WORLD.all_written() if item.telling.later_headline]
    live = max(retitled, key=lambda item: item.published_at)
    past = [item for item in retitled if item.published_at <= BEGAN_AT]
    assert {item.headline(BEGAN_AT) for item in past} == {item.telling.headline for item in past}
    changed = {item.headline(BEGAN_AT + timedelta(hours=1)) for item in past}
    assert len(past) >= 10 and changed == {item.telling.later_headline for item in past}
    for minutes, headline in ((4.9, live.telling.headline), (5, live.telling.later_headline)):
        assert live.headline(live.published_at + timedelta(minutes=minutes)) == headline


def test_a_publisher_may_come_back_to_a_story_at_an_address_of_its_own():
    [first, later] = [item for item in WORLD.written["potomac-chronicle"] if item.motif.story == AGAIN]
    assert first.number != later.number and first.path != later.path


def test_whoever_watches_for_ten_minutes_sees_headlines_change_that_were_there_at_the_beginning():
    later = BEGAN_AT + timedelta(minutes=10)
    listed = [item for one in PUBLISHERS.values() for item in WORLD.newest(one, BEGAN_AT)]
    changed = [item for item in listed if item.headline(later) != item.headline(BEGAN_AT)]

    assert len(changed) >= 2
    for item in changed:
        feeds = [syndication.feed_bytes(item.publisher, [item], now) for now in (BEGAN_AT, later)]
        before, after = (parse_feed(feed, url=item.publisher.feed_url, now=later).items[0] for feed in feeds)
        assert (before.title, after.title) == (item.telling.headline, item.telling.later_headline)
        assert before.identity == after.identity
        assert item.updated_at(later) > BEGAN_AT


def test_briefs_have_many_kinds_and_no_brief_is_told_twice_in_the_same_words():
    assert len({template.slug for template in TEMPLATES}) == len(TEMPLATES) >= 40
    for position in range(len(TEMPLATES) * 12):
        brief, which = WORLD.newsroom.teller(position)
        assert 2 <= len(set(brief.tellers)) == len(brief.tellers) <= 4
        assert which < len(brief.tellers)
        assert len(set(brief.template.headlines)) >= 4
        assert len(set(brief.template.leads)) >= 4


def test_a_brief_quotes_the_same_person_in_every_telling():
    told = [WORLD.newsroom.teller(position)[0] for position in range(12)]
    for brief in told:
        items = [
            tell(brief, which, PUBLISHERS[slug], published_at=BEGAN_AT) for which, slug in enumerate(brief.tellers)
        ]
        assert all(brief.voice.name in item.body for item in items)
        assert len({item.headline for item in items}) == len({item.summary for item in items}) == len(items)


def test_somebody_can_be_quoted_in_every_country_and_category():
    assert {one.country for one in PUBLISHERS.values()} == set(voices()["names"])
    assert set(voices()["remarks"]) == set(CATEGORIES)


def test_every_wording_of_every_brief_can_be_filled_in():
    for template in TEMPLATES:
        words = dict.fromkeys([*template.numbers, "weekday", "month"], "7")
        for tables in template.picks:
            assert len({tuple(sorted(table)) for table in tables}) == 1, template.slug  # every table says the same
            words |= tables[0]
        for text in [*template.headlines, *template.leads, *template.details, *template.tags]:
            assert "{" not in text.format(**words)


@EVERYONE
def test_a_feed_lists_what_was_published(publisher: Publisher):
    now = BEGAN_AT + timedelta(hours=1)
    items = WORLD.newest(publisher, now)
    body = syndication.feed_bytes(publisher, items, now)

    feed = parse_feed(body, url=publisher.feed_url, content_type=syndication.content_type_of(publisher), now=now)

    assert 1 <= len(items) <= 30
    assert [(item.url, item.title, item.published_at) for item in feed.items] == [
        (item.url, item.headline(now), item.published_at) for item in items
    ]
    assert feed.problems == []
    for item, parsed in zip(items, feed.items, strict=True):
        assert (body_html(item.telling.body) in parsed.content_html) == publisher.has_full_text


@EVERYONE
def test_an_article_can_be_read_from_its_page(publisher: Publisher):
    now = BEGAN_AT + timedelta(hours=2)
    items = [item for item in WORLD.newest(publisher, now) if item.number < 80_000_000]
    others = WORLD.newest(publisher, now)[:9]
    for item in items[:2]:
        body = pages.article_page(item, [other for other in others if other != item], now)
        page = extract(body, url=item.url, content_type=f"text/html; charset={publisher.encoding}", now=now)
        assert page.title == item.headline(now)
        assert page.published_at is not None
        assert abs(page.published_at - item.published_at) < timedelta(days=1.5)
        for paragraph in item.telling.body.split("\n\n")[:3]:
            assert paragraph.removeprefix("## ").removeprefix("> ").split()[-1].strip('”".»“」') in page.text


def test_what_a_feed_has_sent_before_is_not_sent_again():
    answer = Answer(b"<rss/>", modified_at=BEGAN_AT)
    first = response_bytes(Request("GET", "paper.example", "/", {}), answer, BEGAN_AT).decode()
    etag = first.split("ETag: ")[1].split("\r\n")[0]
    modified = first.split("Last-Modified: ")[1].split("\r\n")[0]

    again = Request("GET", "paper.example", "/", {"if-none-match": etag})
    since = Request("GET", "paper.example", "/", {"if-modified-since": modified})

    assert response_bytes(again, answer, BEGAN_AT).startswith(b"HTTP/1.1 304 ")
    assert is_unchanged(since, answer)
    assert not is_unchanged(Request("GET", "paper.example", "/", {"if-none-match": '"other"'}), answer)


def test_a_request_is_read_from_its_head():
    request = parse_request(b"GET /a?b=1 HTTP/1.1\r\nHost: Paper.Example:80\r\nX: y\r\n\r\n")
    assert (request.method, request.host, request.path) == ("GET", "paper.example", "/a")


@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_gives_a_picture_of_the_right_size(scene):
    drawn = pictures.illustration(Motif("a-story", "world", scene), "a-story/paper")
    assert Image.open(BytesIO(drawn)).size == (1280, 800)
    assert len(drawn) <= pictures.MAX_BYTES


def test_a_picture_follows_from_its_name_and_each_telling_has_its_own():
    motif = Motif("a-story", "sports")
    first = pictures.illustration(motif, "a-story/paper")
    assert pictures.illustration(motif, "a-story/paper") == first
    assert pictures.illustration(motif, "a-story/other") != first


@contextmanager
def running(folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A demonstration world in a process of its own, and its port."""
    command = [sys.executable, "-m", "zisnews.demo", "--port", "0", "--dir", str(folder)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process, int((folder / "hosts.map").read_text().split()[1].rsplit(":", 1)[1])
    finally:
        process.kill()
        process.communicate()


async def get(port: int, host: str, path: str) -> tuple[int, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), body


def test_the_world_answers_for_every_host_and_ends_when_asked(tmp_path):
    with running(tmp_path) as (process, port):
        statuses: Counter[int] = Counter()
        for one in PUBLISHERS.values():
            for path in (one.feed_path, "/", "/robots.txt"):
                statuses[asyncio.run(get(port, one.host, path))[0]] += 1
        assert statuses == {200: len(PUBLISHERS) * 3}

        albion = PUBLISHERS["albion-courier"]
        feed = parse_feed(asyncio.run(get(port, albion.host, albion.feed_path))[1], url=albion.feed_url, now=BEGAN_AT)
        article = feed.items[0].url.removeprefix(albion.site_url)
        status, page = asyncio.run(get(port, albion.host, article))
        assert status == 200
        assert b'<script type="application/ld+json">' in page
        assert asyncio.run(get(port, albion.host, "/icon.png"))[1].startswith(b"\x89PNG")
        picture = f"/media/{STORIES[0].slug}/albion-courier.jpg"
        assert asyncio.run(get(port, albion.host, picture))[1].startswith(b"\xff\xd8")
        assert asyncio.run(get(port, albion.host, "/nothing"))[0] == 404
        assert asyncio.run(get(port, "stranger.example", "/"))[0] == 404

        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert (tmp_path / "sources.csv").read_text().count(".example") == 2 * len(PUBLISHERS)


def test_a_world_continues_after_a_restart(tmp_path):
    began_at = (datetime.now(UTC) - timedelta(days=2)).replace(microsecond=0)
    (tmp_path / "world.json").write_text(json.dumps({"began_at": began_at.isoformat()}))
    world = World(began_at, PUBLISHERS, STORIES, TEMPLATES)
    item = world.all_written()[0]
    with running(tmp_path) as (_, port):
        assert asyncio.run(get(port, item.publisher.host, item.path))[0] == 200
    assert json.loads((tmp_path / "world.json").read_text())["began_at"] == began_at.isoformat()


def test_the_world_ends_with_its_parent(tmp_path):
    command = [sys.executable, "-m", "zisnews.demo", "--port", "0", "--dir", str(tmp_path)]
    starter = (
        "import subprocess, sys\n"
        f"world = subprocess.Popen({command!r}, stdout=subprocess.PIPE)\n"
        "world.stdout.readline()\n"
        "print(world.pid)\n"
    )
    started = subprocess.run([sys.executable, "-W", "ignore", "-c", starter], cwd=ROOT, capture_output=True, check=True)
    world = int(started.stdout)
    for _ in range(100):
        if not is_running(world):
            return
        asyncio.run(asyncio.sleep(0.1))
    os.kill(world, signal.SIGKILL)
    pytest.fail("The world went on without its parent.")


def is_running(process: int) -> bool:
    status = Path(f"/proc/{process}/stat")
    return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] != "Z"
