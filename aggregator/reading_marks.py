"""Which articles of a page its reader has read, saved or answered, and of which they follow the source or story: one
query for all of them.

An article is read that its reader opened, or that was published before the moment up to which they are through with a
list it stands in.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from django.db import connection
from django.db.models.functions import Greatest

from accounts.models import User
from aggregator.models import Article, ReadUpTo
from feeds.models import CATEGORY_NAMES, Country, Source

ALL, MINE = "all", "mine"

# What marks an article: the name of a mark → the query of the ids, of %(articles)s, that bear it for %(user)s.
# A later app adds its own.
MARKS = {
    "read": "SELECT article_id FROM aggregator_visit WHERE user_id = %(user)s AND article_id = ANY(%(articles)s)",
    "saved": "SELECT article_id FROM aggregator_saved WHERE user_id = %(user)s AND article_id = ANY(%(articles)s)",
    "followed": (
        "SELECT article.id FROM aggregator_article article JOIN accounts_follow USING (source_id)"
        " WHERE user_id = %(user)s AND article.id = ANY(%(articles)s)"
    ),
    "story_followed": (
        "SELECT article.id FROM aggregator_article article JOIN aggregator_followedstory USING (story_id)"
        " WHERE user_id = %(user)s AND article.id = ANY(%(articles)s)"
    ),
}
_UP_TO = "SELECT '', NULL, scope, moment FROM aggregator_readupto WHERE user_id = %(user)s"  # a few lists at most

# A scope that names one thing: what it begins with → whether there is a thing of that name.
_KINDS: dict[str, Callable[[str], bool]] = {
    "category": lambda slug: slug in CATEGORY_NAMES,
    "country": lambda iso: Country.objects.filter(iso=iso).exists(),
    "source": lambda slug: Source.objects.filter(slug=slug).exists(),
}


@dataclass(frozen=True, slots=True)
class Marks:
    """asked: the articles that were looked for. marked: their ids by the name of the mark. up_to: by scope

    scope: of the list they are shown in, which counts for them too where it is the reader's own
    """

    asked: frozenset[int] = frozenset()
    marked: Mapping[str, set[int]] = field(default_factory=dict)
    up_to: Mapping[str, datetime] = field(default_factory=dict)
    scope: str = ""

    @property
    def says_anything(self) -> bool:
        return bool(self.up_to) or any(self.marked.values())

    def has(self, article: Article, mark: str) -> bool:
        return article.pk in self.marked.get(mark, ())

    def of(self, article: Article, names: Iterable[str]) -> tuple[bool, ...]:
        """Whether it is read, then which of these marks it has."""
        pk, marked = article.pk, self.marked
        return self.is_read(article), *(name in marked and pk in marked[name] for name in names)

    def is_read(self, article: Article) -> bool:
        if self.has(article, "read"):
            return True
        if not self.up_to:
            return False
        scopes = [*scopes_of(article), *([MINE] if self.scope == MINE else [])]
        return any(one in self.up_to and article.published_at <= self.up_to[one] for one in scopes)


def scopes_of(article: Article) -> tuple[str, ...]:
    """The lists of everybody's that an article stands in."""
    source = article.source
    return ALL, f"category:{article.category_id}", f"country:{source.country_id}", f"source:{source.slug}"


def is_scope(scope: str) -> bool:
    """Whether there is such a list."""
    kind, _colon, name = scope.partition(":")
    return scope in {ALL, MINE} or (kind in _KINDS and bool(name) and _KINDS[kind](name))


def marks_of(user: User, articles: Iterable[Article], scope: str = "") -> Marks:
    """What a reader did with these articles, which they see in the list of this scope."""
    asked = {article.id for article in articles}
    marked: dict[str, set[int]] = {name: set() for name in MARKS}
    up_to: dict[str, datetime] = {}
    values = {"user": user.pk, "articles": list(asked)}
    for name, pk, one, moment in connection.rows(_question(tuple(MARKS.items())), values):  # type: ignore[attr-defined]  # zisnews.postgres
        if name:
            marked[name].add(pk)
        else:
            up_to[one] = moment
    return Marks(frozenset(asked), marked, up_to, scope)


@cache
def _question(marks: tuple[tuple[str, str], ...]) -> str:
    parts = [
        f"SELECT '{name}', found.*, NULL, NULL::timestamptz FROM ({query}) found"  # noqa: S608  nothing of a reader's
        for name, query in marks
    ]
    return " UNION ALL ".join([*parts, _UP_TO])


def read_up_to(user: User, scope: str, moment: datetime) -> datetime | None:
    """Be through with all that a list has up to a moment; a later one that was said before stays.

    Returns the moment that was said before, None where there was none.
    """
    before = ReadUpTo.objects.filter(user=user, scope=scope).values_list("moment", flat=True).first()
    _row, is_new = ReadUpTo.objects.get_or_create(user=user, scope=scope, defaults={"moment": moment})
    if not is_new:
        ReadUpTo.objects.filter(user=user, scope=scope).update(moment=Greatest("moment", moment))
    return before


def go_back_to(user: User, scope: str, moment: datetime | None) -> None:
    """Take back what read_up_to did: the moment of before counts again, or none."""
    rows = ReadUpTo.objects.filter(user=user, scope=scope)
    if moment is None:
        rows.delete()
    else:
        rows.update(moment=moment)
