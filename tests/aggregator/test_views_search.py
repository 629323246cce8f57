"""The search page: what stands on it, what it costs, and that nothing typed breaks it."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.preferences import Preferences
from aggregator.models import Article, DocumentFrequency
from aggregator.search import Filters, documents, finding, parse, search, searching
from tests.factories import make_article, make_reader, make_source, make_story

pytestmark = pytest.mark.django_db
MOST_QUERIES = 25


def made(**fields) -> Article:
    article = make_article(**fields)
    documents.renew([article])
    return article


def page(client, query: str = "") -> str:
    response = client.get(f"/search/?{query}")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_what_is_found_is_shown_with_its_words_marked(client):
    article = made(title="Flood in Oxford", text="Word " * 100 + "the Thames rises.")

    found = page(client, "q=flood+thames")

    assert f'<a href="{article.get_absolute_url()}"><mark>Flood</mark> in Oxford</a>' in found
    assert "the <mark>Thames</mark> rises." in found
    assert f'data-article="{article.pk}"' in found and "1 article<" in found


def test_search_engines_are_asked_to_stay_out(client):
    made(title="Flood")
    made(title="Flood", country="FR")

    found = page(client, "q=flood")

    assert '<meta name="robots" content="noindex, follow">' in found
    assert all('rel="nofollow"' in tag for tag in re.findall(r"<a[^>]*\?q=flood&amp;country=[^>]*>", found))


def test_a_facet_is_a_link_that_narrows_and_a_filter_one_that_widens(client):
    made(title="Flood", country="FR")
    made(title="Flood", country="DE")

    found = page(client, "q=flood&sort=date")
    narrowed = page(client, "q=flood&country=fr")

    assert 'href="?q=flood&amp;sort=date&amp;country=fr">France <b>1</b>' in found
    assert re.search(r'<a class="chip" rel="nofollow" href="\?q=flood">.{0,200}France', narrowed)
    assert narrowed.count("data-article") == 1 and '<option value="fr" selected>France' in narrowed


def test_the_others_of_a_story_are_one_link(client):
    told = tuple(made(title="Flood") for _ in range(3))
    story = make_story(told_by=told)

    assert f'href="{story.get_absolute_url()}">2 more articles of this story</a>' in page(client, "q=flood")


def test_more_results_are_one_plain_link_away(client):
    for number in range(25):
        made(title=f"Flood {number:02}", minutes_ago=number + 1)

    for order in ("", "&sort=date"):
        first = page(client, f"q=flood{order}")
        link = re.search(r'rel="next" href="\?([^"]+)"', first)
        second = page(client, link[1].replace("&amp;", "&"))

        assert first.count("data-article") == 20 and second.count("data-article") == 5
        assert "More results<" not in second and "First results" in second


def test_where_more_is_found_than_was_counted_that_is_said(client, monkeypatch):
    monkeypatch.setattr(searching, "COUNTED", 2)
    for country in ("FR", "DE", "FR"):
        made(title="Flood", country=country)

    found = page(client, "q=flood")

    assert "More than 2 articles" in found and "Counted among the newest 2." in found


def test_hidden_articles_are_counted_in_the_quiet_line(client, monkeypatch):
    source = make_source()
    made(title="Flood", source=source)
    made(title="Flood too")
    hide(monkeypatch, source.pk)

    found = page(client, "q=flood")

    assert 'data-hidden="1"' in found and found.count("data-article") == 1
    assert page(client, "q=flood&hidden=show").count("data-article") == 2


def hide(monkeypatch, source: int) -> None:
    hiding = Preferences(hidden_sources=frozenset({source}))
    monkeypatch.setattr("aggregator.lists.preferences_of", lambda request: hiding)


def test_the_pages_that_a_query_names_stand_first(client):
    make_source(name="Al Jazeera", slug="al-jazeera", country="QA")
    make_source(name="Al Jazeera English", slug="aje", country="QA")
    make_source(country="JP")

    assert 'href="/source/al-jazeera/"' in page(client, "q=al+jazeera")
    assert 'href="/source/aje/"' in page(client, "q=al+jazeera")
    assert 'href="/country/jp/"' in page(client, "q=JAPAN") and 'class="hints"' not in page(client, "q=japan+news")
    assert re.search(r'class="hints"><li><a class="chip" href="/category/sports/"', page(client, "q=sports"))


def test_where_nothing_is_found_another_spelling_is_offered(client):
    made(title="Parliament votes")
    DocumentFrequency.objects.create(term="parliament", document_count=10)

    assert 'href="?q=parliament"><bdi>parliament</bdi>' in page(client, "q=parlaiment")
    assert 'href="?q=parliament+votes"' in page(client, "q=parlament+votes")
    assert "Did you mean" not in page(client, "q=zzzzzz")


def test_where_nothing_is_found_less_is_offered_only_where_it_finds_something(client):
    made(title="Flood in Oxford", country="GB")
    make_source(country="FR")
    DocumentFrequency.objects.create(term="flood", document_count=10)

    assert "Search without “turbot”" in page(client, "q=flood+turbot")
    assert "Search without “halibut”" in page(client, "q=oxford+halibut")
    assert "Search without" not in page(client, "q=turbot+halibut")
    without_filters = page(client, "q=flood&country=fr")
    assert 'href="/search/?q=flood">Search without filters' in without_filters
    assert "without filters" not in page(client, "q=turbot&country=fr")


def test_a_long_row_of_characters_is_offered_in_pairs(client):
    made(title="日本今年的经济将会增长率")

    assert "<bdi>日本 经济 增长率</bdi>" in page(client, "q=日本经济增长率")
    assert "words apart" not in page(client, "q=日本战争冲突")


def test_before_a_search_the_syntax_is_shown_and_what_is_told_most(client):
    told = tuple(made(title="A flood", country=iso) for iso in ("FR", "DE", "IT"))
    make_story(told_by=told)

    found = page(client)

    assert "How to ask" in found and "A flood" in found and "<mark>" not in found


ODD = [
    "q=", "q=-flood", "q=%22", "q=%22%22", "q=***", "q=a*", "q=%F0%9F%98%80", "q=flood&from=x&to=9999-99-99",
    "q=flood&country=%27%3B--&category=nope&language=%27%3A%26&source=%C3%BC", "q=flood&sort=nonsense",
    "q=flood&hidden=show", "q=%ff%fe", "q=" + "a" * 10_000, "q=" + "flood+" * 1_500, "q=" + "%22" * 999,
    "q=!%26|%3A*<->()", "q=" + "%E6%88%98" * 300, "q=-" + "%22war+" * 200, "q=%EC%84%9C*", "q=fl*", "x=1",
    "q=flood&from=0001-01-01", "q=flood&to=9999-12-31", "q=flood&from=2026-02-02&to=2026-01-01", "q='\"\\",
]  # fmt: skip


@pytest.mark.parametrize("query", ODD)
def test_nothing_typed_breaks_the_page(client, query):
    made(title="Flood in Oxford", text="war 战争")

    page(client, query)


@pytest.mark.parametrize("query", ["q=flood%00", "q=flood&after=x", "q=flood&after=~~&sort=date"])
def test_what_no_page_of_ours_links_to_is_refused_kindly(client, query):
    assert client.get(f"/search/?{query}").status_code == 400


def test_a_search_that_takes_too_long_says_how_far_it_came(client, monkeypatch):
    made(title="Flood")
    found = search(parse("flood"), Filters(), Preferences(), now=timezone.now())
    reached = replace(found, reached=datetime(2026, 1, 14, 12, 0, tzinfo=UTC))
    monkeypatch.setattr("aggregator.views.search.find", lambda *args, **more: reached)
    assert "only articles since" in page(client, "q=flood") and "Jan 14" in page(client, "q=flood")

    monkeypatch.undo()
    monkeypatch.setattr(finding, "TIME_LIMIT_MS", 30)
    monkeypatch.setattr(finding, "COLUMNS", f"pg_sleep(0.2)::text::int, {finding.COLUMNS}")
    assert "This search takes too long" in page(client, "q=flood")


def test_what_was_ignored_is_said(client):
    made(title="Flood")

    assert "“a*”: At least two letters must stand before a star." in page(client, "q=flood+a*").replace("&quot;", '"')
    assert "exclusions alone" in page(client, "q=-flood")


def test_nothing_typed_or_told_becomes_markup(client):
    made(title="<img src=x onerror=alert(1)> flood", description="<b>flood</b>")

    found = page(client, "q=flood+%3Cimg%3E%22%3E%3Cscript%3E") + page(client, "q=flood")

    assert "<script>" not in found and "<img src=x" not in found and "&lt;b&gt;<mark>flood</mark>" in found


def test_a_result_shows_no_more_than_its_source_allows(client):
    made(title="One", description="Short.", text="Secret flood.", page_display="headline")
    made(title="Two", description="Short.", text="Secret flood.", page_display="excerpt")

    found = page(client, "q=flood")

    assert found.count("data-article") == 2 and "Secret" not in found and found.count("Short.") == 1


@pytest.mark.parametrize(
    "query", ["q=flood", "q=flood&sort=date", "q=flood+oxford+thames", "q=fl*", "q=nothinghere&country=fr", ""]
)
def test_a_search_asks_few_queries_however_much_it_finds(client, query):
    for number in range(60):
        article = made(title=f"Flood {number}", country=["FR", "DE", "GB"][number % 3], minutes_ago=number * 200 + 1)
        if number % 4 == 0:
            make_story(told_by=(article, made(title="Flood told", minutes_ago=number * 300 + 1)))

    assert queries_of(client, query) <= MOST_QUERIES


def test_a_second_page_asks_few_queries(client):
    for number in range(60):
        made(title=f"Flood {number}", minutes_ago=number * 200 + 1)
    link = re.search(r'rel="next" href="\?([^"]+)"', page(client, "q=flood&sort=date"))

    assert queries_of(client, link[1].replace("&amp;", "&")) <= MOST_QUERIES


def queries_of(client, query: str) -> int:
    """How many queries a page asks; savepoints stand around them only within the transaction of a test."""
    with CaptureQueriesContext(connection) as asked:
        page(client, query)
    return sum("SAVEPOINT" not in query["sql"] for query in asked)


def test_the_address_of_the_search_is_named(client):
    assert reverse("search") == "/search/"


def test_a_kept_result_bears_the_marks_of_who_reads_it_now(client):
    article = made(title="Dams hold")
    reader, other = make_reader(), make_reader()
    shown = []
    for user, is_marked in ((reader, False), (reader, True), (other, False)):
        client.force_login(user)
        if is_marked:
            client.post(reverse("save_article", args=[article.pk]), {"saved": "yes"})
        shown.append(page(client, "q=dams"))

    saved = [re.search(r'data-action="save" aria-pressed="(\w+)"', one)[1] for one in shown]
    assert saved == ["false", "true", "false"]
    assert all("<mark>Dams</mark>" in one for one in shown)
