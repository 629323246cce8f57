"""A page of a list for a reader who excludes something: one walk along the list, newest first, that always ends.

Postgres stops at the article that fills the page. Where nearly all are hidden it stops after WALKED articles, and the
page says how far back it looked; the next one begins there.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from accounts.preferences import Preferences
from aggregator.models import Article, ArticleQuerySet
from aggregator.models.articles import is_ruled_out_by
from zisnews.pagination import PAGE_SIZE, Page, behind, newest_page, position_of

WALKED = 10_000  # articles; a thousand keywords take 5 to 10 µs to be looked for in one


@dataclass(frozen=True, slots=True)
class Walk:
    """A page, and how many articles the reader's choices took out on the way. reached: where it was broken off."""

    page: Page[Article]
    hidden: int = 0
    reached: datetime | None = None


def walk(articles: ArticleQuerySet, preferences: Preferences, after: str = "", *, size: int = PAGE_SIZE) -> Walk:
    """The page of `articles` that begins behind `after`, as this reader may see it. Two queries, three for the last one.

    Raises BadRequest when `after` is not one of our own `Page.next`.
    """
    if not preferences.excludes:
        return Walk(newest_page(articles.cards(), after, size=size))
    articles = behind(articles, after).newest_first()
    found = seen_on_the_way(articles, preferences, most=size + 1)
    rows = Article.objects.filter(pk__in=[pk for pk, _ in found[:size]]).cards().newest_first()
    if len(found) > size:
        page = list(rows)
        return Walk(Page(page, position_of(page[-1])) if page else Page([]), found[size - 1][1] - size)
    passed = articles.order_by()[:WALKED].count()
    if passed < WALKED:
        return Walk(Page(list(rows)), passed - len(found))
    furthest = articles.only("published_at")[WALKED - 1]
    return Walk(Page(list(rows), position_of(furthest)), WALKED - len(found), furthest.published_at)


def seen_on_the_way(articles: ArticleQuerySet, preferences: Preferences, *, most: int) -> list[tuple[int, int]]:
    """(id, its place in the list) of the first articles, among WALKED, that the reader has not ruled out."""
    on_the_way = articles.annotate(is_hidden=is_ruled_out_by(preferences)).values_list("pk", "is_hidden")[:WALKED]
    sql, values = on_the_way.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT id, place FROM (
                    SELECT id, is_hidden, row_number() OVER () AS place FROM ({sql}) on_the_way (id, is_hidden)
                ) numbered WHERE NOT is_hidden LIMIT %s""",  # noqa: S608  what Django made of a query
            [*values, most],
        )
        return cursor.fetchall()
