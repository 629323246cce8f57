"""./zis bench pages: every kind of page is found on a filled site, answers, and is measured."""

import pytest
from django.core.management import call_command

from aggregator.models import Article
from zisnews.bench import visits
from zisnews.bench.pages import BAR_MS, Meter, measure
from zisnews.bench.visits import far_behind

pytestmark = pytest.mark.django_db


def test_each_kind_of_page_answers_and_gives_a_line(monkeypatch):
    monkeypatch.setattr(visits, "URLS", 2)
    monkeypatch.setattr(visits, "COMMON_WORDS", ["climate", "police"])
    call_command("fill", articles=400, sources=60, days=2, processes=1)

    lines = {line.name: line for line in measure()}

    assert {"pages.front", "pages.latest", "pages.latest.deep", "pages.article", "pages.search.one"} <= lines.keys()
    assert {"pages.country", "pages.source", "pages.stories", "pages.story", "pages.category"} <= lines.keys()
    latest = lines["pages.latest"]
    assert latest.value > 0
    assert latest.detail["articles"] == 400
    assert latest.detail["bar"] == BAR_MS
    assert 0 < latest.detail["queries"] <= 25
    assert 0 < latest.detail["cpu"] < 10_000
    assert 2_000 < latest.detail["bytes"] < 60_000
    assert lines["pages.latest.deep.ratio"].value > 0


def test_a_query_is_counted_and_the_slowest_named():
    visit = Meter().visit("/latest/")

    assert visit.queries >= 1
    assert 0 < visit.slowest_query[0] <= visit.database_ms < visit.ms
    assert "SELECT" in visit.slowest_query[1]


def test_what_is_no_page_ends_the_benchmark():
    with pytest.raises(SystemExit, match="/no-such-page/ answers 404"):
        Meter().visit("/no-such-page/")


def test_far_behind_is_the_last_page_of_a_short_list():
    call_command("fill", articles=100, sources=20, days=2, processes=1)

    after = far_behind(Article.objects.all())

    position = Article.objects.newest_first()[69]
    assert after == f"{position.published_at.isoformat()}~{position.pk}"
