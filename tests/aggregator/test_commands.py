"""The commands of curators and operators, as they are typed."""

import json

import pytest
from django.core.management import CommandError, call_command

from aggregator.models import Article
from feeds.models import Feed
from tests.documents import item, page, rss
from tests.factories import make_feed, make_source
from tests.web import Answer

pytestmark = pytest.mark.django_db


def paper(web, host: str = "paper.example", **source) -> Feed:
    """A paper with one article, and its feed."""
    web[f"https://{host}/rss"] = rss(item(f"News of {host}", link=f"https://{host}/1"))
    web[f"https://{host}/1"] = page(f"News of {host}")
    return make_feed(url=f"https://{host}/rss", source=make_source(**source))


def run(capsys, *arguments: str) -> dict:
    call_command(*arguments, "--json")
    return json.loads(capsys.readouterr().out)


def test_refresh_goes_the_whole_way_and_reports_it(web, capsys):
    paper(web)

    report = run(capsys, "refresh", "--all")

    counted = {
        name: report[name] for name in ("feeds", "unchanged", "failed", "entries_new", "articles_new", "stories_new")
    }
    assert counted == {
        "feeds": 1, "unchanged": 0, "failed": 0, "entries_new": 1, "articles_new": 1, "stories_new": 1,
    }  # fmt: skip
    assert set(report["seconds"]) == {"feeds", "pages", "publishing", "pictures"}
    assert Article.objects.get().title == "News of paper.example"


def test_refreshing_all_again_asks_feeds_that_are_not_due_and_finds_nothing_new(web, capsys):
    paper(web)
    run(capsys, "refresh", "--all")
    again = run(capsys, "refresh", "--all")
    assert (again["feeds"], again["unchanged"], again["articles_new"]) == (1, 1, 0)


def test_refresh_asks_only_what_is_due_unless_told_otherwise(web, capsys):
    paper(web)
    run(capsys, "refresh", "--due")
    assert run(capsys, "refresh")["feeds"] == 0


def test_refreshing_one_source_leaves_the_others_alone(web, capsys):
    paper(web, "one.example", slug="one")
    paper(web, "two.example", slug="two")
    assert run(capsys, "refresh", "--source", "two")["feeds"] == 1
    assert {request.host for request in web.requests} == {"two.example"}


def test_refresh_names_a_source_that_is_not_there_and_those_that_are_alike():
    make_source(slug="the-courier")
    with pytest.raises(CommandError, match=r"no source 'the-couriers'.*the-courier"):
        call_command("refresh", "--source", "the-couriers")


def test_refresh_speaks_to_people_in_a_sentence(web, capsys):
    paper(web)
    call_command("refresh", "--all")
    assert "1 feeds: 0 unchanged, 0 failed. 1 new entries, 1 new articles, 1 new stories." in capsys.readouterr().out


def test_refresh_says_why_feeds_failed(web, capsys):
    web["https://gone.example/rss"] = Answer(410)
    make_feed(url="https://gone.example/rss")
    make_feed(url="https://before.example/rss", failure_count=3, last_error="Long ago.", is_paused=True)

    call_command("refresh", "--all")

    said = capsys.readouterr().err
    assert "https://gone.example/rss (1): The publisher has taken this down for good (410)." in said
    assert "Long ago" not in said


def test_status_counts_what_there_is_and_what_ails(web, capsys):
    paper(web)
    web["https://gone.example/rss"] = Answer(410)
    make_feed(url="https://gone.example/rss")
    make_feed(is_paused=True)
    call_command("refresh", "--all")
    capsys.readouterr()

    status = run(capsys, "status")

    assert status["counts"]["feeds"] == 3
    assert status["counts"]["feeds_paused"] == 1
    assert status["counts"]["articles"] == 1
    assert (status["due"], status["failing"]) == (0, 1)
    assert status["queues"] == {"fetch": 0, "work": 0}
    assert status["versions"]["PostgreSQL"]


def test_status_for_people_is_a_table(capsys):
    call_command("status")
    out = capsys.readouterr().out
    assert "feeds failing" in out
    assert "queue fetch" in out
