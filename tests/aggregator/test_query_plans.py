"""What the database does for each page: it reads along indexes, and sorts no more than a page needs.

The plans are those of a table of some thousand articles, at which Postgres' planner chooses as it does at millions:
rows are wide, so that a page's worth of them by an index is always cheaper than all of them.
"""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.following import Followed
from accounts.preferences import Preferences
from aggregator.models import Article, Story
from aggregator.my_feed import Wanted, page_of
from aggregator.output import told_widest
from aggregator.search import finding
from feeds.clock import database_now
from feeds.models import Source
from tests.emptying import renew_tables
from tests.plans import SORTS, nodes_of, queries_of, rows_into
from zisnews.bench.filling.filling import Plan, fill
from zisnews.pagination import PAGE_SIZE

ARTICLES = 8_000
LARGE = {"aggregator_article", "aggregator_story", "aggregator_searchdocument"}
MOST_QUERIES = 25
# What a page may put in order: one page of a list, and whatever a page beside lists looks at of the newest.
A_PAGE, A_FEW_HUNDRED, A_DAY = PAGE_SIZE + 1, 700, 2_000


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker) -> Iterator[None]:
    """A site of some thousand articles, committed, for all tests of this module."""
    with django_db_blocker.unblock():
        renew_tables()
        plan = Plan(articles=ARTICLES, sources=200, days=40, seed=1, now=database_now())
        fill(plan, processes=1, progress=lambda count: None)
        yield
        with connection.cursor() as cursor:
            cursor.execute(
                "TRUNCATE aggregator_article, aggregator_story, aggregator_documentfrequency, feeds_source CASCADE"
            )


@pytest.fixture
def urls(filled, db) -> dict[str, str]:
    """An address of each kind of page; `deep`: far behind the first page."""
    newest = Article.objects.newest_first()
    largest = Story.objects.order_by("-article_count", "pk")[0]
    one = newest.filter(story=largest)[0]
    source = Source.objects.get(slug="fill-0")
    far = newest[ARTICLES // 2]
    after = f"after={far.published_at.isoformat().replace('+', '%2B')}~{far.pk}"
    latest, category = reverse("latest"), reverse("category", args=["politics"])
    country = reverse("country", args=[source.country_id.lower()])
    return {
        "front": reverse("front"),
        "latest": latest,
        "latest, deep": f"{latest}?{after}",
        "category": category,
        "category, latest": f"{category}?tab=latest",
        "category, deep": f"{category}?{after}",
        "source": reverse("source", args=[source.slug]),
        "source, deep": f"{reverse('source', args=[source.slug])}?{after}",
        "country": country,
        "country, deep": f"{country}?{after}",
        "countries": reverse("countries"),
        "sources": reverse("sources"),
        "stories": reverse("stories"),
        "story": largest.get_absolute_url(),
        "story, all": f"{largest.get_absolute_url()}?tab=all",
        "article": one.get_absolute_url(),
        "feed": reverse("feed_latest"),
    }


PAGES = {
    "front": (A_DAY, 20),
    "latest": (A_PAGE, 6),
    "latest, deep": (A_PAGE, 6),
    "category": (A_DAY, 14),
    "category, latest": (A_PAGE, 6),
    "category, deep": (A_PAGE, 6),
    "source": (A_FEW_HUNDRED, 12),
    "source, deep": (A_PAGE, 6),
    "country": (A_FEW_HUNDRED, 8),
    "country, deep": (A_FEW_HUNDRED, 8),
    "countries": (A_DAY, 8),
    "sources": (A_DAY, 10),
    "stories": (A_FEW_HUNDRED, 10),
    "story": (A_FEW_HUNDRED, 12),
    "story, all": (A_FEW_HUNDRED, 14),
    "article": (A_FEW_HUNDRED, 20),
    "feed": (A_PAGE, 6),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_reads_along_indexes_and_sorts_only_what_it_shows(page: str, urls: dict[str, str], client: Client):
    most_sorted, _ = PAGES[page]

    for sql in queries_of(client, urls[page], LARGE)[0]:
        for node in nodes_of(sql):
            scanned = node.get("Relation Name") if node["Node Type"] == "Seq Scan" else None
            assert scanned not in LARGE, sql
            if node["Node Type"] in SORTS:
                assert rows_into(node) <= most_sorted, (rows_into(node), sql)
            assert node.get("Rows Removed by Filter", 0) <= A_DAY, sql


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_no_more_queries_than_it_needs(page: str, urls: dict[str, str], client: Client):
    _, most_queries = PAGES[page]

    with CaptureQueriesContext(connection) as queries:
        assert client.get(urls[page]).status_code == 200

    assert len(queries) <= most_queries <= MOST_QUERIES, [query["sql"][:200] for query in queries]


def test_a_readers_own_list_looks_at_the_first_of_each_source_and_into_few(filled, db):
    source_ids = tuple(Source.objects.order_by("pk").values_list("pk", flat=True)[:150])
    wanted = Wanted(Followed(sources=source_ids, categories=("politics", "science"), countries=("GB",)))
    with CaptureQueriesContext(connection) as queries:
        found = page_of(wanted, Preferences(), now=database_now())
    (merged,) = [query["sql"] for query in queries if "WITH first" in query["sql"]]

    read = 0.0
    for node in nodes_of(merged):
        if node.get("Relation Name") in LARGE:
            assert node["Node Type"] in {"Index Scan", "Index Only Scan"}, merged
            read += node["Actual Rows"] * node["Actual Loops"]
    assert len(found.page.rows) == PAGE_SIZE
    assert read <= Source.objects.count() + (PAGE_SIZE + 1) * (PAGE_SIZE + 3), "each source once, thirty to their depth"


@pytest.mark.parametrize(
    "asked",
    [
        "search/?q=the",
        "search/?q=government&country=gb",
        "search/?q=%22of+the%22",
        "search/?q=climate&sort=date",
        "feed/search/?q=the",
    ],
)
def test_a_search_reads_not_much_more_than_it_counts(asked: str, filled, db, client: Client, monkeypatch):
    monkeypatch.setattr(finding, "FIRST_LOOK", 300)

    asked_of_all, _page = queries_of(client, f"/{asked}", LARGE)
    questions = [sql for sql in asked_of_all if "words @@" in sql]

    assert questions
    for sql in questions:
        for node in nodes_of(sql):
            assert node["Node Type"] != "Seq Scan", sql
            if node.get("Relation Name") == "aggregator_searchdocument":
                assert node["Actual Rows"] * node["Actual Loops"] <= A_FEW_HUNDRED, sql


def test_what_a_source_tells_widest_is_read_from_indexes_alone(filled, db):
    source = Source.objects.get(slug="fill-0")
    connection.cursor().execute("SET LOCAL enable_bitmapscan = off")  # which is near in price while tables are small
    with CaptureQueriesContext(connection) as queries:
        assert told_widest(source, database_now())
    asked = queries[-1]["sql"]

    read = {node["Index Name"] for node in nodes_of(asked) if "Index Name" in node}
    assert read == {"article_from_source", "story_told_widely"}
    assert not [node for node in nodes_of(asked) if node["Node Type"] in {"Index Scan", "Bitmap Heap Scan", "Seq Scan"}]


def test_a_walk_over_everything_would_be_noticed(filled, db):
    by_title = str(Article.objects.order_by("title").values("pk")[:30].query)

    steps = {node["Node Type"]: node for node in nodes_of(by_title)}

    assert steps["Seq Scan"]["Relation Name"] in LARGE
    assert rows_into(steps["Sort"]) == ARTICLES
