"""The newest articles of a country, found source by source: no index holds the articles of a country in their order."""

from datetime import datetime

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from accounts.preferences import Preferences
from aggregator.card_rows import Rows, cards
from aggregator.models import Article
from zisnews.pagination import PAGE_SIZE, Page, parse_position, position_of

_OF_COUNTRY = f"""SELECT newest.id FROM (SELECT id FROM feeds_source WHERE country_id = %s) of_country
    CROSS JOIN LATERAL ({{newest}}) newest (published_at, id)
    ORDER BY newest.published_at DESC, newest.id DESC LIMIT {PAGE_SIZE + 1}"""  # noqa: S608  ours
# The same of who excludes nothing, planned once; `<=` is the half that the index can use.
_NEWEST = f"""SELECT published_at, id FROM aggregator_article WHERE source_id = of_country.id {{behind}}
    ORDER BY published_at DESC, id DESC LIMIT {PAGE_SIZE + 1}"""  # noqa: S608  ours
_BEHIND = "AND published_at <= %s AND (published_at < %s OR id < %s)"


def country_page(iso: str, preferences: Preferences, after: str = "", *, rows_of: Rows = cards) -> Page[Article]:
    """Return a page of what a country's sources tell, newest first; costs the same however much the country tells.

    Each source gives its newest from the index of its own list, and of these the newest are taken.
    Raises BadRequest when `after` is not one of our own `Page.next`.
    """
    position = parse_position(after) if after else ()
    if preferences.excludes:
        found = seen_behind(iso, preferences, position)
    else:
        sql = _OF_COUNTRY.format(newest=_NEWEST.format(behind=_BEHIND if after else ""))
        rows = connection.rows(sql, [iso, *position[:1], *position])  # type: ignore[attr-defined]  # zisnews.postgres
        found = [pk for (pk,) in rows]
    page = rows_of(found[:PAGE_SIZE])
    return Page(page, position_of(page[-1]) if page and len(found) > PAGE_SIZE else "")


def seen_behind(iso: str, preferences: Preferences, position: tuple[datetime, int] | tuple[()]) -> list[int]:
    """The ids of a page, and one more, as a reader sees it who excludes something."""
    of_source = Article.objects.visible_to(preferences).filter(source=RawSQL("of_country.id", [])).newest_first()
    if position:
        at, pk = position
        of_source = of_source.filter(Q(published_at__lte=at), Q(published_at__lt=at) | Q(pk__lt=pk))
    newest, values = of_source.values_list("published_at", "pk")[: PAGE_SIZE + 1].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_OF_COUNTRY.format(newest=newest), [iso, *values])
        return [pk for (pk,) in cursor.fetchall()]
