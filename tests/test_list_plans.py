"""Every list that goes on by pages: its first page and the one behind it read along indexes, and sort only themselves.

tests/aggregator/test_query_plans.py looks more closely at the pages most read.
"""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin

import pytest
from django.contrib import admin
from django.test import Client, TransactionTestCase
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests import crowded
from tests.emptying import empty_tables, renew_tables
from tests.factories import make_curator
from tests.plans import SORTS, nodes_of, queries_of, rows_into, rows_out_of
from zisnews import pagination

# Those that grow with the site.
LARGE = {
    "aggregator_article", "aggregator_story", "aggregator_about", "aggregator_saved", "aggregator_visit",
    "aggregator_followedstory", "aggregator_storychange", "aggregator_storypass", "comments_comment",
    "comments_reaction", "comments_moderationaction", "accounts_notification", "accounts_blockedkeyword",
    "accounts_savedsearch", "feeds_entry", "feeds_fetchrecord",
}  # fmt: skip
A_PAGE, A_FEW_HUNDRED, A_DAY = 101, 700, 2_000
MORE = {
    "/?feed=mine": 62 * 65,  # of the sources told by last so many, each to the depth of a page
    "/admin/aggregator/article/?category__slug__exact=politics": A_DAY,  # counted, by an index or sorted
    "/admin/aggregator/article/?source__country__iso__exact=GB": A_DAY,  # no index holds a country's articles
    # What the feeds of a page announced within two weeks.
    "/admin/feeds/feed/": 6_000,
    "/admin/feeds/source/": 6_000,
}
AFTER = re.compile(r'href="([^"]*\bafter=[^"]+)"')

EVERYBODYS = [
    "/latest/", "/category/politics/", "/category/politics/?tab=latest", "/country/gb/", "/source/paper-000/",
    "/source/", "/source/?country=gb", "/source/?language=en&q=paper",
    "/stories/", "/stories/?category=politics", "/stories/?country=gb", "/stories/?side=growing",
    "/stories/?side=growing&category=politics", "/stories/?side=one", "/stories/?side=one&country=gb",
    "/stories/?side=silent", "/stories/?side=silent&country=gb",
    "/stories/matrix/", "/stories/matrix/?country=gb", "/stories/matrix/?category=politics",
    "/stories/matrix/gb/fr/", "/stories/matrix/gb/gb/", "/stories/matrix/gb/fr/?category=politics",
    "/story/1/story-0/", "/story/1/story-0/?tab=all", "/story/1/story-0/?a=GB&b=AM",
    "/article/1/article-1/", "/article/1/article-1/?sort=newest", "/article/1/article-1/?sort=oldest",
    "/article/1/article-1/?comment=95", "/comment/90/thread/",
    "/feed/", "/feed/latest/", "/feed/category/politics/", "/feed/country/gb/", "/feed/source/paper-000/",
    "/feed/story/1/", "/feed/stories/", "/feed/stories/?side=one",
    "/sitemap.xml", "/sitemap/pages.xml", f"/sitemap/stories-{timezone.now():%Y-%m-%d}.xml", "/news-sitemap.xml",
]  # fmt: skip
OWN = [
    "/", "/latest/", "/latest/?hidden=show", "/category/politics/?tab=latest", "/country/gb/", "/source/paper-000/",
    "/?feed=mine", "/stories/", "/stories/matrix/gb/fr/", "/article/1/article-1/",
    "/saved/", "/saved/?q=river", "/history/", "/likes/", "/notices/", "/notices/?tab=unread", "/comments/mine/",
    "/settings/following/", "/settings/following/?show=sources", "/settings/following/?show=stories",
    "/settings/following/?show=searches", "/settings/following/?show=hidden", "/settings/following/?q=paper",
    "/settings/keywords/", "/settings/keywords/?sort=name", "/settings/keywords/?sort=hides", "/settings/readers/",
]  # fmt: skip
CURATORS = [
    "/admin/comments/comment/queue/", "/admin/comments/comment/queue/?show=waiting",
    "/admin/comments/comment/queue/?show=flagged", "/admin/comments/comment/queue/suspended/",
    "/admin/aggregator/article/?category__slug__exact=politics",
    "/admin/aggregator/article/?source__country__iso__exact=GB", "/admin/aggregator/story/1/change/", "/admin/health/",
]  # fmt: skip


@pytest.fixture(scope="module")
def anna(django_db_setup, django_db_blocker) -> Iterator[User]:
    """A reader who has much of everything, on a site that has more; committed, for all tests of this module."""
    with django_db_blocker.unblock():
        renew_tables()
        try:
            yield crowded.fill(timezone.now())
        finally:
            empty_tables(TransactionTestCase())


@pytest.mark.parametrize("address", EVERYBODYS)
def test_a_list_of_everybodys_reads_along_indexes(address: str, anna, db, client: Client):
    look_at(client, address)


@pytest.mark.parametrize("address", OWN)
def test_a_readers_own_list_reads_along_indexes(address: str, anna, db, client: Client):
    client.force_login(anna)
    look_at(client, address)


@pytest.mark.parametrize("address", CURATORS)
def test_what_curators_look_through_reads_along_indexes(address: str, anna, db, client: Client, monkeypatch):
    monkeypatch.setattr(pagination, "MOST_COUNTED", A_DAY)
    client.force_login(make_curator())
    look_at(client, address, A_PAGE)


@pytest.mark.parametrize("model", sorted(admin.site._registry, key=str), ids=str)
def test_a_list_of_the_admin_reads_along_indexes(model, anna, db, client: Client, monkeypatch):
    monkeypatch.setattr(pagination, "MOST_COUNTED", A_DAY)
    client.force_login(make_curator())
    look_at(client, reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"), A_PAGE)


def look_at(client: Client, address: str, most_sorted: int = A_FEW_HUNDRED) -> None:
    """Look at how a page is found, and at the one behind it."""
    queries, page = queries_of(client, address, LARGE)
    behind = [urljoin(address, unescape(found)) for found in AFTER.findall(page)]
    for sql in [*queries, *(queries_of(client, behind[-1], LARGE)[0] if behind else [])]:
        for node in nodes_of(sql):
            is_large = node.get("Relation Name") in LARGE
            assert not is_large or node["Node Type"] != "Seq Scan", sql
            assert not is_large or rows_out_of(node) <= MORE.get(address, A_DAY), (rows_out_of(node), sql)
            if node["Node Type"] in SORTS:
                assert rows_into(node) <= MORE.get(address, most_sorted), (rows_into(node), sql)
