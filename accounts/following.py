"""Follows sources, categories and countries, keeps searches, and takes it back. Said twice, each counts once.

A reader's changes come one after the other, under the lock of their own row, so that neither a double click nor a
second tab can pass a limit.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from django.db import connection, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.models import Follow, SavedSearch, User
from feeds.followers import note_followers, set_followers
from feeds.models import Category, Country, Source

MOST_FOLLOWED, MOST_SEARCHES = 500, 100
LONGEST_QUERY = 2_000  # characters of a search's address; the longest question has about 1,500
# By the index of what is kept once.
KEPT_SEARCH = """
    SELECT is_followed FROM accounts_savedsearch
    WHERE user_id = %s AND md5(query) = md5(%s::text) AND query = %s::text"""
Followable: TypeAlias = Source | Category | Country


class TooMuchFollowed(ValueError):
    """There is no room for more; the sentence says so to the reader."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What a reader follows, by the keys of the things; queries: of the searches they follow."""

    sources: tuple[int, ...] = ()
    categories: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()


def field_of(thing: Followable) -> str:
    """The name of Follow's field for a thing."""
    return type(thing)._meta.model_name or ""


@contextmanager
def one_by_one(user: User) -> Iterator[None]:
    """Let no other change of the same reader's choices happen meanwhile."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).values_list("pk").get(pk=user.pk)
        yield


def follow(user: User, thing: Followable, now: datetime) -> None:
    """Follow a thing from now on. Raises TooMuchFollowed."""
    follow_all(user, [thing], now)


def follow_all(user: User, things: Iterable[Followable], now: datetime) -> list[Followable]:
    """Follow each of these; returns those that are new. Raises TooMuchFollowed, and then follows none of them."""
    with one_by_one(user):
        there = {(row.source_id, row.category_id, row.country_id) for row in Follow.objects.filter(user=user)}
        rows, new = [], []
        for thing in things:
            row = Follow(user=user, added_at=now, **{field_of(thing): thing})
            key = (row.source_id, row.category_id, row.country_id)
            if key not in there:
                there.add(key)
                rows.append(row)
                new.append(thing)
        if rows and len(there) > MOST_FOLLOWED:
            raise TooMuchFollowed(
                _("You follow as much as one can: %(limit)d sources, categories and countries.")
                % {"limit": MOST_FOLLOWED}
            )
        Follow.objects.bulk_create(rows)
        note_followers([thing.pk for thing in new if isinstance(thing, Source)], +1)
    return new


def unfollow(user: User, thing: Followable) -> None:
    with one_by_one(user):
        gone, _rows = Follow.objects.filter(user=user, **{field_of(thing): thing}).delete()
        if gone and isinstance(thing, Source):
            note_followers([thing.pk], -1)


def unfollow_sources(user: User, source_ids: Collection[int]) -> int:
    """Let go of several sources at once; returns how many of them were followed."""
    with one_by_one(user):
        rows = Follow.objects.filter(user=user, source__in=source_ids)
        followed = list(rows.values_list("source", flat=True))
        rows.delete()
        note_followers(followed, -1)
    return len(followed)


def let_go_of_all(user: User) -> None:
    """Follow nothing any more and count nowhere, as when an account is erased."""
    with one_by_one(user):
        followed = list(Follow.objects.filter(user=user, source__isnull=False).values_list("source", flat=True))
        Follow.objects.filter(user=user).delete()
        note_followers(followed, -1)


def is_followed(user: User, thing: Followable) -> bool:
    # On many pages: Django takes longer to write it than Postgres to answer.
    sql = f"SELECT EXISTS (SELECT FROM accounts_follow WHERE user_id = %s AND {field_of(thing)}_id = %s)"  # noqa: S608
    return bool(connection.rows(sql, [user.pk, thing.pk])[0][0])  # type: ignore[attr-defined]  # zisnews.postgres


def follow_exactly(user: User, kind: str, keys: Collection[str], now: datetime) -> None:
    """Follow the categories or countries (kind: Follow's field) with these keys, and no others of the kind.

    Raises TooMuchFollowed. Keys that are none of ours are left out.
    """
    things: Iterable[Followable] = (Category if kind == "category" else Country).objects.filter(pk__in=keys)
    with one_by_one(user):
        Follow.objects.filter(user=user, **{f"{kind}__isnull": False}).exclude(**{f"{kind}__in": keys}).delete()
        follow_all(user, things, now)


def followed_by(user: User) -> Followed:
    """All that a reader follows here. Two queries."""
    rows = list(Follow.objects.filter(user=user).order_by("pk").values_list("source", "category", "country"))
    searches = SavedSearch.objects.filter(user=user, is_followed=True).order_by("pk")
    return Followed(
        sources=tuple(source for source, _category, _country in rows if source),
        categories=tuple(category for _source, category, _country in rows if category),
        countries=tuple(country for _source, _category, country in rows if country),
        queries=tuple(searches.values_list("query", flat=True)),
    )


def categories_followed_by(user: User) -> list[str]:
    """The slugs of the categories a reader follows, in the order of the navigation."""
    found = Follow.objects.filter(user=user, category__isnull=False).order_by("category__position")
    return list(found.values_list("category", flat=True))


def save_search(
    user: User, query: str, now: datetime, *, name: str = "", is_followed: bool | None = None
) -> SavedSearch:
    """Keep a search under a name; kept already, it gets what is said: a new name, followed or not.

    query: as the address of the search page has it, spelled one way. Raises TooMuchFollowed.
    """
    if not query or len(query) > LONGEST_QUERY:
        raise TooMuchFollowed(_("This search is too long to be kept."))
    with one_by_one(user):
        found = SavedSearch.objects.filter(user=user, query=query).first()
        if found is None:
            if SavedSearch.objects.filter(user=user).count() >= MOST_SEARCHES:
                raise TooMuchFollowed(
                    _("You keep %(limit)d searches, and there is no room for more.") % {"limit": MOST_SEARCHES}
                )
            found = SavedSearch(user=user, query=query, added_at=now, seen_at=now)
        found.name = name[:100] or found.name
        if is_followed is not None:
            found.is_followed = is_followed
        found.save()
    return found


def unfollow_search(user: User, query: str) -> None:
    """Follow a search no longer; it stays among those that are kept."""
    SavedSearch.objects.filter(user=user, query=query).update(is_followed=False)


def forget_search(user: User, query: str) -> SavedSearch | None:
    """Keep a search no longer; returns it as it was, or None where it was not kept."""
    with one_by_one(user):
        found = SavedSearch.objects.filter(user=user, query=query).first()
        SavedSearch.objects.filter(user=user, query=query).delete()
    return found


def kept_search(user: User, query: str) -> bool | None:
    """Whether a reader follows a search they keep; None where they do not keep it. One query."""
    rows = connection.rows(KEPT_SEARCH, [user.pk, query, query])  # type: ignore[attr-defined]  # zisnews.postgres
    return rows[0][0] if rows else None


def note_search_seen(user: User, query: str, now: datetime) -> None:
    """Remember when a reader looked at a search they keep."""
    SavedSearch.objects.filter(user=user, query=query).update(seen_at=now)


def recount_followers() -> int:
    """Set right how many follow each source, as after a reader's account was erased; returns how many were wrong."""
    counted = Follow.objects.filter(source__isnull=False).order_by().values("source").annotate(n=Count("pk"))
    return set_followers(lambda: dict(counted.values_list("source", "n")))
