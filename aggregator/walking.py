"""A page of a list for a reader who excludes something: one walk along the list, newest first, that always ends.

Postgres stops at the article that fills the page. Where nearly all are hidden it stops after WALKED articles, and the
page says how far back it looked; the next one begins there.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from accounts.preferences import Preferences
from aggregator.card_rows import Rows, cards, light, light_on_the_way, whole_of, whole_seen
from aggregator.models import Article, ArticleQuerySet
from aggregator.models.articles import is_ruled_out_by
from zisnews.pagination import PAGE_SIZE, Page, beyond, position_of

# Articles; a thousand keywords take 5 to 10 µs to be looked for in one.
WALKED, GLANCED_AT = 10_000, 2_000
# How many is a part of the question: a plan that knew nothing of it would read all.
_NEWEST = "SELECT id FROM aggregator_article ORDER BY published_at DESC, id DESC LIMIT {most}"
_NEWEST_OF_EACH = """SELECT newest.id FROM unnest(%s::text[]) AS section (slug) CROSS JOIN LATERAL (
    SELECT id FROM aggregator_article WHERE category_id = section.slug
    ORDER BY published_at DESC, id DESC LIMIT {most}) newest"""


@dataclass(frozen=True, slots=True)
class Walk:
    """A page, and how many articles the reader's choices took out on the way. reached: where it was broken off."""

    page: Page[Article]
    hidden: int = 0
    reached: datetime | None = None


def walk(
    articles: ArticleQuerySet,
    preferences: Preferences,
    after: str = "",
    *,
    size: int = PAGE_SIZE,
    rows_of: Rows = cards,
) -> Walk:
    """The page of `articles` that begins behind `after`, as this reader may see it. One query for light rows of a list
    by its own columns, else two; two more where the page stays short.

    Raises BadRequest when `after` is not one of our own `Page.next`.
    """
    if after:
        articles = articles.filter(beyond(after))
    found, page = seen(articles, preferences, size=size, rows_of=rows_of)
    if len(found) > size:
        return Walk(Page(page, position_of(page[-1]) if page else ""), found[size - 1] - size)
    if not preferences.excludes:
        return Walk(Page(page))
    passed = articles.order_by()[:WALKED].count()
    if passed < WALKED:
        return Walk(Page(page), passed - len(found))
    furthest = articles.newest_first().only("published_at")[WALKED - 1]
    return Walk(Page(page, position_of(furthest)), WALKED - len(found), furthest.published_at)


def seen(
    articles: ArticleQuerySet, preferences: Preferences, *, size: int, rows_of: Rows
) -> tuple[list[int], list[Article]]:
    """The places, in the list, of the first articles that the reader has not ruled out, one more than fit on a page;
    and the page.
    """
    if rows_of is light and len(articles.query.alias_map) < 2:  # no other table
        furthest = WALKED if preferences.excludes else size + 1
        placed = light_on_the_way(
            articles,
            is_ruled_out_by(preferences),
            furthest=furthest,
            most=size + 1,
            by_id=preferences.knows_what_is_left,
        )
        return [place for _article, place in placed], [article for article, _place in placed[:size]]
    if not preferences.excludes:
        rows = rows_of(articles.newest_first()[: size + 1])
        return list(range(1, len(rows) + 1)), rows[:size]
    found = seen_on_the_way(articles.newest_first(), preferences, most=size + 1)
    return [place for _pk, place in found], rows_of([pk for pk, _place in found[:size]])


def seen_among(pks: Collection[int], preferences: Preferences, *, rows_of: Rows) -> dict[int, Article]:
    """Those of some articles that the reader has not ruled out, by id. One query; none for none."""
    if not pks:
        return {}
    if not preferences.excludes:
        return {article.pk: article for article in rows_of(list(pks))}
    if rows_of is light:
        articles = Article.objects.filter(pk__in=pks)
        placed = light_on_the_way(articles, is_ruled_out_by(preferences), furthest=len(pks), most=len(pks))
        return {article.pk: article for article, _place in placed}
    return whole_seen(pks, preferences)


def newest_seen(preferences: Preferences, *, most: int) -> list[Article]:
    """Cards of the newest articles, at most so many, as this reader may see them. One query; two for who excludes
    something. For a part of a page, which may stay short: a walk ends earlier here.
    """
    if not preferences.excludes:
        return list(whole_of(_NEWEST.format(most=most), []).values())
    return _on_ways([Article.objects.all()], preferences, most=most)


def newest_of_each(categories: Sequence[str], preferences: Preferences, *, most: int) -> list[Article]:
    """The same of each of some categories, for all as many queries as for one; none for none."""
    if not categories:
        return []
    if not preferences.excludes:
        return list(whole_of(_NEWEST_OF_EACH.format(most=most), [list(categories)]).values())
    return _on_ways([Article.objects.filter(category=slug) for slug in categories], preferences, most=most)


def _on_ways(lists: Sequence[ArticleQuerySet], preferences: Preferences, *, most: int) -> list[Article]:
    ways = [on_the_way(articles.newest_first(), preferences, furthest=GLANCED_AT) for articles in lists]
    one_way = "(SELECT id FROM ({}) on_the_way (id, is_hidden) WHERE NOT is_hidden LIMIT %s)"
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(one_way.format(sql) for sql, _ in ways),
            [value for _, values in ways for value in (*values, most)],
        )
        found = [pk for (pk,) in cursor.fetchall()]
    return cards(found)


def seen_on_the_way(articles: ArticleQuerySet, preferences: Preferences, *, most: int) -> list[tuple[int, int]]:
    """(id, its place in the list) of the first articles, among WALKED, that the reader has not ruled out."""
    sql, values = on_the_way(articles, preferences, furthest=WALKED)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT id, place FROM (
                    SELECT id, is_hidden, row_number() OVER () AS place FROM ({sql}) on_the_way (id, is_hidden)
                ) numbered WHERE NOT is_hidden LIMIT %s""",  # noqa: S608  what Django made of a query
            [*values, most],
        )
        return cursor.fetchall()


def on_the_way(articles: ArticleQuerySet, preferences: Preferences, *, furthest: int) -> tuple[str, tuple]:
    """The first articles of a list as SQL with its values: (id, whether the reader has ruled it out)."""
    asked = articles.annotate(is_hidden=is_ruled_out_by(preferences)).values_list("pk", "is_hidden")[:furthest]
    return asked.query.sql_with_params()
