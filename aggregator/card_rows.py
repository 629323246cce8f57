"""Articles of a list in two ways: whole cards, or only what places a card that a process has kept already.

What a card says is most of its row, and making objects of it was the largest part of a list's time. A light article
knows what marks it as read, when it came and which version of its card is the present one; anything else is read from
the database when it is asked for, as of any deferred field. `fill` reads it for many at once.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connections, router
from django.db.models import Model
from django.db.models.base import ModelState
from django.db.models.expressions import Expression, Value

from accounts.preferences import Preferences
from aggregator.models import Article, ArticleQuerySet, Story
from feeds.models import Source

Asked = ArticleQuerySet | Sequence[int]  # a list, cut to what a page shows; or ids
Rows = Callable[[Asked], list[Article]]  # the newest first
Placed = tuple[Article, int]  # an article and its place in a list

_LIGHT = """
    SELECT article.id, source_id, story_id, article.category_id, article.language, published_at, updated_at, picture,
           CASE WHEN updated_at IS NOT NULL THEN article.added_at END,
           source.name, source.slug, source.country_id,
           story.slug, story.article_count, story.source_count, story.country_count,
           %s::text || article.xmin || article.ctid::text || source.xmin || source.ctid::text
               || coalesce(story.xmin || story.ctid::text, ''), {place}
    FROM {articles} article JOIN feeds_source source ON source.id = source_id
    LEFT JOIN aggregator_story story ON story.id = story_id
    {where} ORDER BY published_at DESC, article.id DESC"""
# The first articles of a list that its reader has not ruled out, each with its place in it. A walk along an index,
# which reads no more rows than it must; the row's version comes along, for `_LIGHT` to join it to others.
_ON_THE_WAY = """(
    SELECT * FROM (SELECT *, row_number() OVER () AS place FROM (
        SELECT id, source_id, story_id, category_id, language, published_at, updated_at, picture, added_at, xmin, ctid,
               ({is_hidden})::boolean AS is_hidden
        FROM aggregator_article WHERE {where} ORDER BY published_at DESC, id DESC LIMIT {furthest}) walked) numbered
    WHERE NOT is_hidden LIMIT {most})"""
# The same where most of what is walked over is told by its id alone: an index has that, and 3,000 rows are not read.
_BY_ID = """(
    SELECT article.id, source_id, story_id, category_id, language, published_at, updated_at, picture, added_at,
           article.xmin, article.ctid, place
    FROM (SELECT * FROM (SELECT *, row_number() OVER () AS place FROM (
        SELECT id, ({is_hidden})::boolean AS is_hidden
        FROM aggregator_article WHERE {where} ORDER BY published_at DESC, id DESC LIMIT {furthest}) walked) numbered
    WHERE NOT is_hidden LIMIT {most}) found JOIN aggregator_article article ON article.id = found.id)"""
# Whole rows by plain SQL, planned once: Django's way took four times as long.
_WHOLE_ARTICLE = (
    "title", "slug", "description", "url", "language", "published_at", "updated_at", "added_at", "category_id",
    "page_display", "max_snippet", "like_count", "comment_count", "source_id", "story_id",
    "picture", "picture_width", "picture_height", "picture_colour", "picture_caption", "picture_after",
)  # fmt: skip
_WHOLE_SOURCE = ("name", "slug", "country_id", "display_policy", "mark")
_WHOLE_STORY = ("title", "slug", "article_count", "source_count", "country_count")
_COLUMNS = ", ".join(
    f"{table}.{name}"
    for table, names in (("article", _WHOLE_ARTICLE), ("source", _WHOLE_SOURCE), ("story", _WHOLE_STORY))
    for name in names
)
# The version as ArticleQuerySet.cards tells it: another one whenever one of these rows is.
_WHOLE = f"""
    SELECT article.id, %s::text || article.xmin || article.ctid::text || source.xmin || source.ctid::text
                       || coalesce(story.xmin || story.ctid::text, ''), {_COLUMNS}
    FROM aggregator_article article JOIN feeds_source source ON source.id = source_id
    LEFT JOIN aggregator_story story ON story.id = story_id
    WHERE article.id = ANY({{which}})
    ORDER BY published_at DESC, article.id DESC"""  # noqa: S608  names of ours
_ARTICLE = ("source_id", "story_id", "category_id", "language", "published_at", "updated_at", "picture", "added_at")
_SOURCE = ("name", "slug", "country_id")
_STORY = ("slug", "article_count", "source_count", "country_count")


def cards(asked: Asked) -> list[Article]:
    """Articles with all that their cards show. One query."""
    if isinstance(asked, ArticleQuerySet):
        return list(asked.cards())
    return list(whole(asked).values())


def whole(pks: Collection[int]) -> dict[int, Article]:
    """Articles by id, the newest first, with all that their cards show; without those that are gone. One query.

    They are what a reader may see already: whoever asks has judged them.
    """
    return _made_whole(*_whole_rows("%s::bigint[]", [list(pks)])) if pks else {}


def whole_shared(pks: Collection[int]) -> Mapping[int, Article]:
    """The same as other pages show them too, which nobody may change: made once of the same rows."""
    if not pks:
        return {}
    database, rows = _whole_rows("%s::bigint[]", [list(pks)])
    return _made_once(database, *rows)


def whole_of(sql: str, values: Sequence[Any]) -> dict[int, Article]:
    """The same of those whose ids a question finds, which is planned once. One query."""
    return _made_whole(*_whole_rows(f"ARRAY({sql})", values))


def _whole_rows(which: str, values: Sequence[Any]) -> tuple[str, list[tuple]]:
    """The alias of the database, and what it found."""
    database = router.db_for_read(Article)
    return database, connections[database].rows(_WHOLE.format(which=which), [database, *values])  # type: ignore[attr-defined]  # zisnews.postgres


def _made_whole(database: str, rows: Iterable[tuple]) -> dict[int, Article]:
    sources: dict[int, Source] = {}
    found: dict[int, Article] = {}
    in_source, in_story = len(_WHOLE_ARTICLE), len(_WHOLE_ARTICLE) + len(_WHOLE_SOURCE)
    for pk, version, *row in rows:
        article = found[pk] = made(Article, database, pk, dict(zip(_WHOLE_ARTICLE, row, strict=False)))
        source_id, story_id = article.source_id, article.story_id
        if source_id not in sources:
            told_by = dict(zip(_WHOLE_SOURCE, row[in_source:in_story], strict=True))
            sources[source_id] = made(Source, database, source_id, told_by)
        told = dict(zip(_WHOLE_STORY, row[in_story:], strict=True))
        story = made(Story, database, story_id, told) if story_id else None
        article._state.fields_cache |= {"source": sources[source_id], "story": story}
        article.version = version
    return found


@lru_cache(maxsize=128)  # of some 25 kB
def _made_once(database: str, *rows: tuple) -> Mapping[int, Article]:
    return _made_whole(database, rows)


def whole_seen(pks: Collection[int], preferences: Preferences) -> dict[int, Article]:
    """The same without those that the reader has ruled out. One query."""
    if not preferences.excludes:
        return whole(pks)
    return Article.objects.visible_to(preferences).cards().in_bulk(pks)


def light(asked: Asked) -> list[Article]:
    """The same with what places kept cards (templatetags.kept_cards). One query."""
    database = router.db_for_read(Article)
    if isinstance(asked, ArticleQuerySet):
        sql, values = asked.values("pk").query.sql_with_params()
        which = f"IN ({sql})"
    else:
        which, values = "= ANY(%s::bigint[])", (list(asked),)  # the type for an empty list
    sql = _LIGHT.format(place="NULL", articles="aggregator_article", where=f"WHERE article.id {which}")
    return [article for article, _place in _read(database, sql, values)]


def light_on_the_way(
    articles: ArticleQuerySet, is_hidden: Expression, *, furthest: int, most: int, by_id: bool = False
) -> Sequence[Placed]:
    """The first light rows of a list, newest first, that are not hidden, each with its place in the list. One query.

    articles: by columns of theirs alone, without an order. furthest: so many are looked at. by_id: of most of them
    `is_hidden` needs to know nothing else
    """
    database = router.db_for_read(Article)
    query = articles.query.chain()
    compiler = query.get_compiler(database)
    query.get_initial_alias()
    hides = not isinstance(is_hidden, Value)
    hidden, values = compiler.compile(is_hidden.resolve_expression(query)) if hides else ("FALSE", ())
    try:
        where, more = compiler.compile(query.where)
    except FullResultSet:
        where, more = "TRUE", ()
    except EmptyResultSet:
        return ()
    # The numbers are a part of the question: a plan that knew nothing of them would read all rows.
    way = (_BY_ID if by_id else _ON_THE_WAY).format(is_hidden=hidden, where=where, furthest=furthest, most=most)
    sql = _LIGHT.format(place="place", articles=way, where="")
    return _read(database, sql, (*values, *more), is_planned_anew=hides)


def _read(database: str, sql: str, values: Sequence[Any], *, is_planned_anew: bool = False) -> Sequence[Placed]:
    """is_planned_anew: for what a reader blocks, or what is left for them.

    A plan made beforehand reads that anew for each row, and looks through ten thousand ids one by one: 250 ms for 7.
    """
    if is_planned_anew:
        with connections[database].cursor() as cursor:
            cursor.execute(sql, [database, *values])
            return _placed(database, *cursor.fetchall())
    rows = connections[database].rows(sql, [database, *values])  # type: ignore[attr-defined]  # zisnews.postgres
    return _placed(database, *rows)


@lru_cache(maxsize=32)  # lists of some 100 kB
def _placed(database: str, *rows: tuple) -> tuple[Placed, ...]:
    """Light articles of the same rows, their versions among them, are the same for all who ask for this list: to make
    ninety objects took longer than to read their rows. Nobody changes them, but for `fill`.
    """
    sources: dict[int, Source] = {}
    found = []
    for pk, *row, place in rows:
        article = made(Article, database, pk, dict(zip(_ARTICLE, row, strict=False)))
        if row[7] is None:
            del article.added_at  # not asked for, and so read when it is wanted
        source_id, story_id = article.source_id, article.story_id
        if source_id not in sources:
            sources[source_id] = made(Source, database, source_id, dict(zip(_SOURCE, row[8:11], strict=True)))
        story = made(Story, database, story_id, dict(zip(_STORY, row[11:15], strict=True))) if story_id else None
        article._state.fields_cache |= {"source": sources[source_id], "story": story}
        article.version, article.is_light = row[15], True
        found.append((article, place))
    return tuple(found)


def made(model: type[Model], database: str, pk: int, values: dict[str, Any]) -> Any:
    """A row as Model.from_db makes it, all other fields deferred, without the signals that nobody here listens to."""
    row = model.__new__(model)
    row._state = ModelState()
    row._state.adding, row._state.db, row._state.fields_cache = False, database, {}
    row.__dict__ |= {"id": pk, **values}
    return row


def fill(articles: Iterable[Article]) -> None:
    """Give light articles all that their cards show. One query; one that has left since stays as it is."""
    wanted = {article.pk: article for article in articles}
    for pk, found in whole(wanted).items():
        article = wanted[pk]
        state, values = found._state, {name: value for name, value in found.__dict__.items() if name != "_state"}
        article.__dict__ |= values
        article._state.fields_cache |= state.fields_cache
        article.is_light = False  # type: ignore[attr-defined]
