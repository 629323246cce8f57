import asyncio
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.comparing.tellings import Telling
from aggregator.comparing.whole import compare
from feeds.extraction import extract
from feeds.fetching import PAGE_ACCEPT, Fetcher
from feeds.net.settings import FetchSettings
from feeds.parsing import parse_feed
from zisnews.bench import BENCHMARKS, TRIALS, Line, telling
from zisnews.bench.__main__ import main
from zisnews.bench.publishers import Publishers
from zisnews.bench.surroundings import cpu_seconds, memory_mb, processes_below
from zisnews.bench.texts import LAYOUTS, Paper, Texts
from zisnews.environment import ROOT

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def texts() -> Texts:
    return Texts(1, publishers=20)


def test_the_same_seed_gives_the_same_words_and_another_seed_others(texts):
    item, page = texts.item(3, 7, NOW), Paper(texts, 3).page(texts.item(3, 7, NOW))

    again, other = Texts(1, publishers=20), Texts(2, publishers=20)

    assert again.item(3, 7, NOW) == item
    assert Paper(again, 3).page(item) == page
    assert other.item(3, 7, NOW).title != item.title


@pytest.mark.parametrize("publisher", range(len(LAYOUTS)))
def test_an_article_of_every_layout_is_about_60_kb_and_can_be_read(texts, publisher):
    item = texts.item(publisher, 1, NOW)

    body = Paper(texts, publisher).page(item)
    page = extract(body, url="https://paper.example/", now=NOW)

    assert 45_000 < len(body) < 75_000
    assert page.title == item.title
    written = texts.paragraphs(item)
    assert sum(paragraph in page.text for paragraph in written) > 0.9 * len(written)


def test_the_publishers_answer_as_real_ones_do(tmp_path):
    with Publishers(tmp_path, count=8, items=5) as publishers:
        asyncio.run(visit(publishers))
        assert publishers.answers()["200"] == 8 + 1 + 1  # the feeds, a page, the feed that changed
        assert publishers.answers()["404"] == 1


async def visit(publishers: Publishers) -> None:
    settings = FetchSettings.from_values(host_map=publishers.host_map)
    urls = [f"https://paper-{number}.example/feed.xml" for number in range(8)]
    async with Fetcher(settings) as fetcher:
        documents = await asyncio.gather(*map(fetcher.fetch, urls))
        feeds = [parse_feed(document.body, url=document.final_url, now=NOW) for document in documents]
        assert {feed.format for feed in feeds} == {"rss2.0", "atom1.0"}
        assert [len(feed.items) for feed in feeds] == [5] * 8
        assert len({item.identity for feed in feeds for item in feed.items}) == 40

        again = await asyncio.gather(*(fetcher.fetch(document.url, etag=document.etag) for document in documents))
        assert all(document.is_unchanged for document in again)

        page = await fetcher.fetch(feeds[0].items[0].url, accept=PAGE_ACCEPT)
        assert feeds[0].items[0].title.encode() in page.body

        assert publishers.publish(0.125, 3) == 3
        gone = await asyncio.gather(fetcher.fetch("https://paper-1.example/x"), return_exceptions=True)
        assert gone[0].status == 404
        await changed_feed(fetcher, documents)


async def changed_feed(fetcher: Fetcher, before: list) -> None:
    """Exactly one of the eight has news: its window still holds five items, three of them new."""
    known = {document.url: document for document in before}
    for url, document in known.items():
        now = await fetcher.fetch(url, etag=document.etag)
        if not now.is_unchanged:
            old = {item.identity for item in parse_feed(document.body, url=url, now=NOW).items}
            new = {item.identity for item in parse_feed(now.body, url=url, now=NOW).items}
            assert (len(new), len(new - old)) == (5, 3)
            return
    raise AssertionError("nobody published")


def test_the_publishers_can_be_slow(tmp_path):
    with Publishers(tmp_path, count=1, items=1) as publishers:
        publishers.wait(200, 0)

        async def once() -> float:
            async with Fetcher(FetchSettings.from_values(host_map=publishers.host_map)) as fetcher:
                return (await fetcher.fetch("https://paper-0.example/feed.xml")).seconds

        assert asyncio.run(once()) >= 0.2


def test_a_line_is_json_for_programs_and_text_for_people():
    line = Line("ingest.cold", 2.5, "s", {"feeds": 500})

    assert json.loads(line.as_json()) == {"name": "ingest.cold", "value": 2.5, "unit": "s", "detail": {"feeds": 500}}
    assert "ingest.cold" in line.as_text()
    assert "feeds 500" in line.as_text()


def test_an_unknown_benchmark_is_wrong_usage(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["no-such-thing"])

    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert all(name in told for name in BENCHMARKS | TRIALS)


def test_the_help_explains_what_each_name_measures(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])

    told = capsys.readouterr().out.partition("what each NAME measures:")[2]
    explained = {line.split()[0]: len(line.split()) for line in told.splitlines() if line.strip()}
    assert explained.keys() >= (BENCHMARKS | TRIALS).keys()
    assert min(explained.values()) > 5


def test_another_tree_is_measured_in_turns_with_this_one(tmp_path, monkeypatch, capsys):
    measured = []

    def answered(command: list[str], tree: Path) -> list[str]:
        measured.append((tree, command[command.index("--articles") + 1]))
        return [Line("traffic.latest", 100 if tree == tmp_path else 200, "requests/s").as_json()]

    monkeypatch.setattr("zisnews.bench.__main__.output_of", answered)

    main(["traffic", "--beside", str(tmp_path), "--articles", "10000,20000", "--runs", "3"])

    each_size = [(tree, size) for size in ("10000", "20000") for tree in (tmp_path, ROOT)]
    assert measured == each_size * 3
    assert "better" in capsys.readouterr().out


def test_what_processes_use_is_told():
    assert os.getpid() in processes_below(os.getppid())
    assert cpu_seconds(os.getpid()) > 0
    assert memory_mb(os.getpid(), "VmHWM") >= memory_mb(os.getpid()) > 10


def test_the_invented_story_fills_every_section_of_its_page():
    world = telling.Texts()
    articles = [world.article(number % 5) for number in range(60)]
    tellings = [
        Telling(number, f"source {number % 15}", f"A{'ABCDE'[number % 5]}", "en", NOW, title, text)
        for number, (title, text) in enumerate(articles)
    ]

    found = compare(tellings, now=NOW)

    assert found is not None
    assert all([found.wording, found.quotes, found.speakers, found.only_here, found.differing])
