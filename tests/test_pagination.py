"""Keyset pages, over real rows."""

from datetime import timedelta

import pytest
from django.core.exceptions import BadRequest

from aggregator.models import Article
from feeds.models import Source
from tests.factories import A_WEDNESDAY, make_article, make_source
from zisnews.pagination import alphabetical_page, newest_page

pytestmark = pytest.mark.django_db


def make_articles(count: int, *, same_moment: bool = False) -> list[Article]:
    source = make_source()
    step = timedelta(0) if same_moment else timedelta(minutes=1)
    return [make_article(source=source, published_at=A_WEDNESDAY + step * number) for number in range(count)]


def all_pages(size: int) -> list[list[int]]:
    pages, after = [], ""
    while True:
        page = newest_page(Article.objects.all(), after, size=size)
        pages.append([article.pk for article in page.rows])
        if not page.next:
            return pages
        after = page.next


def test_pages_together_hold_every_row_once_newest_first():
    made = make_articles(7)

    pages = all_pages(size=3)

    assert [len(page) for page in pages] == [3, 3, 1]
    assert [pk for page in pages for pk in page] == [article.pk for article in reversed(made)]


def test_rows_of_the_same_moment_are_neither_lost_nor_repeated():
    made = make_articles(7, same_moment=True)

    assert [pk for page in all_pages(size=2) for pk in page] == [article.pk for article in reversed(made)]


def test_a_last_page_that_is_just_full_has_no_next():
    make_articles(3)

    assert newest_page(Article.objects.all(), size=3).next == ""


def test_a_row_that_arrives_between_two_pages_does_not_move_the_second():
    make_articles(4)
    first = newest_page(Article.objects.all(), size=2)
    before = newest_page(Article.objects.all(), first.next, size=2)

    make_article(published_at=A_WEDNESDAY + timedelta(hours=1))

    assert newest_page(Article.objects.all(), first.next, size=2).rows == before.rows


@pytest.mark.parametrize(
    "after",
    [
        "x",
        "2026-01-14",
        "~5",
        "2026-01-14T10:00:00~5",
        "2026-01-14T10:00:00+00:00~",
        "2026-01-14T10:00:00+00:00~-1",
        "2026-01-14T10:00:00+00:00~٣",
        "2026-01-14T10:00:00+00:00~99999999999999999999",
        "\0~1",
    ],
)
def test_what_is_no_position_of_ours_is_a_bad_request(after):
    with pytest.raises(BadRequest):
        newest_page(Article.objects.all(), after)


def test_a_deep_page_walks_the_index_no_further_than_it_must(django_assert_num_queries):
    make_articles(5)
    position = newest_page(Article.objects.all(), size=2).next

    with django_assert_num_queries(1) as asked:
        newest_page(Article.objects.all(), position, size=2)

    sql = asked[0]["sql"]
    assert "OFFSET" not in sql
    assert sql.count("published_at") > 2 and "<=" in sql  # the half that the index can use


def test_alphabetical_pages_hold_every_row_once():
    for slug in ("c", "a", "e", "b", "d"):
        make_source(slug=slug)

    first = alphabetical_page(Source.objects.all(), size=3)
    second = alphabetical_page(Source.objects.all(), first.next, size=3)

    assert [source.slug for source in first.rows] == ["a", "b", "c"]
    assert [source.slug for source in second.rows] == ["d", "e"]
    assert second.next == ""
