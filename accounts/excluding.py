"""Blocks words, hides sources and languages, and takes it back. Each change holds for the very next page.

A reader's changes come one after the other, under the lock of their Exclusions row, so that neither a double click nor
a second tab can pass a limit or leave the row behind.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from django.db import connection, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.keywords import KeywordError, Where, blocked_query, parse_keyword
from accounts.models import BlockedKeyword, Exclusions, HiddenSource, User
from feeds.formats.characters import without_forbidden
from feeds.models import GENERAL, Source

MOST_KEYWORDS = 1_000
# Characters of all of a reader's keywords as one tsquery. Each list asks it, and Postgres reads it in quadratic time:
# 80 kB in 0.07 s, 225 kB in 0.9 s, 750 kB in 10 s. A keyword of two words has about 35.
LONGEST_QUESTION = 60_000
ORDER_COUNTS_FROM = 100  # keywords; fewer are asked so fast that their order does not matter


class AlreadyBlocked(KeywordError):
    """A keyword that asks the same is there; `existing` is it."""

    def __init__(self, existing: BlockedKeyword) -> None:
        super().__init__(_("You block “%(keyword)s” already.") % {"keyword": existing.text})
        self.existing = existing


@dataclass(frozen=True, slots=True)
class Wanted:
    """A keyword somebody wants to block, as they say it. until: aware, or None for ever."""

    text: str
    where: Where = Where.TITLE_AND_DESCRIPTION
    capitals_matter: bool = True
    until: datetime | None = None
    is_paused: bool = False


@dataclass(slots=True)
class Blocked:
    """What became of a list: the keywords that were added, and those that were not, each with the reason."""

    added: list[BlockedKeyword] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Kept:
    """A reader's keywords by normal form while some are added, and the characters all of them ask."""

    keywords: dict[str, BlockedKeyword]
    length: int


@contextmanager
def changing(user: User, now: datetime) -> Iterator[Exclusions]:
    """Hold the reader's exclusions, and put them together anew when the change is done."""
    with transaction.atomic():
        Exclusions.objects.get_or_create(user=user)
        exclusions = Exclusions.objects.select_for_update().get(user=user)
        yield exclusions
        put_together(exclusions, now)


def put_together(exclusions: Exclusions, now: datetime) -> None:
    """Write what the reader's keywords and hidden sources say at this moment; the caller holds the row."""
    keywords = list(BlockedKeyword.objects.filter(user=exclusions.user_id).in_force(now))
    blocked = blocked_query((one.keyword, one.hides_count) for one in keywords)
    if parts_of(blocked) != parts_of(exclusions.blocked):
        forget_left(exclusions)
    exclusions.blocked = blocked
    exclusions.good_until = min((one.until for one in keywords if one.until), default=None)
    exclusions.sources = list(
        HiddenSource.objects.filter(user=exclusions.user_id).order_by("source").values_list("source", flat=True)
    )
    exclusions.save()


def parts_of(blocked: str) -> list[str]:
    """What a question asks, in whatever order it asks it: the order only makes it faster."""
    return sorted(blocked.replace("(", "").replace(")", "").split(" | "))


def forget_left(exclusions: Exclusions) -> None:
    """Know no longer which articles the keywords leave; each is asked for again."""
    exclusions.left, exclusions.left_from, exclusions.left_until = "", 0, 0
    exclusions.changed, exclusions.left_at = [], None


@contextmanager
def held(user_id: int) -> Iterator[Exclusions | None]:
    """Hold a reader's exclusions, without changing what they say, and store them at the end; None: there are none."""
    with transaction.atomic():
        exclusions = Exclusions.objects.select_for_update().filter(user=user_id).first()
        yield exclusions
        if exclusions:
            exclusions.save()


def note_reworded(articles: Collection[int]) -> None:
    """Ask again of these articles, whose words are other ones now; called in the transaction that changes them."""
    if articles:
        held_rows = Exclusions.objects.filter(left_until__gt=0).order_by("pk").select_for_update()
        for exclusions in held_rows:
            exclusions.changed = sorted({*exclusions.changed, *articles})
            exclusions.save(update_fields=["changed"])


@cache
def one_by_user() -> tuple[list[str], str]:
    """The names of the fields of Exclusions, and the query for a user's."""
    fields = Exclusions._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    return [field.attname for field in fields], f"SELECT {columns} FROM accounts_exclusions WHERE user_id = %s"  # noqa: S608


def exclusions_of(user: User, now: datetime) -> Exclusions:
    """Return what the reader has excluded at this moment. One query, but for the moment when a keyword ends."""
    names, sql = one_by_user()
    # On every page: Django takes longer to write it than Postgres to answer.
    rows = connection.rows(sql, [user.pk])  # type: ignore[attr-defined]  # zisnews.postgres
    if not rows:
        return Exclusions(user=user)
    found = Exclusions.from_db(connection.alias, names, rows[0])
    if not found.is_good(now):
        with changing(user, now) as found:
            pass
    return found


@dataclass(frozen=True, slots=True)
class Beside:
    """What every page of a user's shows besides what they exclude. sections: of the navigation, "slug position" each"""

    unread: int
    sections: tuple[str, ...]


@cache
def one_with_more() -> str:
    _names, sql = one_by_user()
    return f"""SELECT unread, sections, found.* FROM
        (SELECT count(*) AS unread FROM accounts_notification WHERE user_id = %(user)s AND read_at IS NULL) notices,
        (SELECT array_agg(slug || ' ' || position ORDER BY position) AS sections
         FROM feeds_category WHERE slug <> '{GENERAL}') shelves
        LEFT JOIN ({sql.replace("%s", "%(user)s")}) found ON true"""  # noqa: S608  names of ours


def exclusions_with_more(user: User, now: datetime) -> tuple[Exclusions, Beside]:
    """The same as exclusions_of, with what a page asks besides: three questions took three times as long as one."""
    [[unread, sections, *row]] = connection.rows(one_with_more(), {"user": user.pk})  # type: ignore[attr-defined]
    beside = Beside(unread, tuple(sections or ()))
    names, _sql = one_by_user()
    if row[names.index("user_id")] is None:
        return Exclusions(user=user), beside
    found = Exclusions.from_db(connection.alias, names, row)
    return (found if found.is_good(now) else exclusions_of(user, now)), beside


def block(user: User, wanted: Wanted, now: datetime) -> BlockedKeyword:
    """Block a keyword from now on. Raises KeywordError, a sentence for the reader; AlreadyBlocked for a second one."""
    with changing(user, now):
        return _add(user, wanted, now, _kept_by(user))


def _kept_by(user: User) -> Kept:
    found = {one.normal_form: one for one in BlockedKeyword.objects.filter(user=user)}
    return Kept(found, sum(len(one.keyword.query) for one in found.values()))


def _add(user: User, wanted: Wanted, now: datetime, kept: Kept) -> BlockedKeyword:
    """Add a keyword to the table and to those that are kept; the caller holds the exclusions."""
    keyword = parse_keyword(wanted.text, where=wanted.where, capitals_matter=wanted.capitals_matter)
    if wanted.until is not None and wanted.until <= now:
        raise KeywordError(_("Choose a time that is still to come."))
    if existing := kept.keywords.get(keyword.normal_form):
        raise AlreadyBlocked(existing)
    number, length = len(kept.keywords), kept.length + len(keyword.query)
    if number >= MOST_KEYWORDS or length > LONGEST_QUESTION:
        raise KeywordError(_("You have %(limit)d keywords, and there is no room for more.") % {"limit": number})
    added = BlockedKeyword.objects.create(
        user=user,
        text=keyword.text,
        normal_form=keyword.normal_form,
        where=wanted.where.value,
        capitals_matter=wanted.capitals_matter,
        until=wanted.until,
        is_paused=wanted.is_paused,
        added_at=now,
    )
    kept.keywords[keyword.normal_form], kept.length = added, length
    return added


def change(keyword: BlockedKeyword, now: datetime, **choices: object) -> BlockedKeyword:
    """Change where, until, is_paused or capitals_matter of a keyword.

    Raises KeywordError as block does, BlockedKeyword.DoesNotExist where it was taken away meanwhile.
    """
    with changing(keyword.user, now):
        keyword.refresh_from_db()
        for name, value in choices.items():
            setattr(keyword, name, value)
        asked = keyword.keyword
        same = BlockedKeyword.objects.filter(user=keyword.user, normal_form=asked.normal_form).exclude(pk=keyword.pk)
        if existing := same.first():
            raise AlreadyBlocked(existing)
        keyword.normal_form = asked.normal_form
        keyword.save()
    return keyword


def unblock(user: User, pks: Iterable[int], now: datetime) -> list[BlockedKeyword]:
    """Take keywords away; their articles are back. Returns them as they were, so that it can be undone."""
    with changing(user, now):
        gone = list(BlockedKeyword.objects.filter(user=user, pk__in=list(pks)))
        BlockedKeyword.objects.filter(pk__in=[one.pk for one in gone]).delete()
    return gone


def block_all(user: User, wanted: Iterable[Wanted], now: datetime) -> Blocked:
    """Block all of these, each as if it were typed; one that is refused costs none of the others."""
    report = Blocked()
    with changing(user, now):
        kept = _kept_by(user)
        for one in wanted:
            try:
                report.added.append(_add(user, one, now, kept))
            except KeywordError as error:
                report.refused.append((without_forbidden(one.text), str(error)))
    return report


def note_counts(counts: Mapping[int, int], now: datetime) -> None:
    """Keep how many articles keywords hide, by the keyword's id; of many, those that hide most are asked first."""
    rows = [BlockedKeyword(pk=pk, hides_count=count, counted_at=now) for pk, count in counts.items()]
    BlockedKeyword.objects.bulk_update(rows, ["hides_count", "counted_at"])
    owners = BlockedKeyword.objects.filter(pk__in=list(counts)).order_by().values("user")
    of_each = (
        BlockedKeyword.objects.filter(user__in=owners).order_by("user").values("user").annotate(number=Count("pk"))
    )
    for one in of_each.filter(number__gte=ORDER_COUNTS_FROM):
        with changing(User(pk=one["user"]), now):
            pass


def hide_source(user: User, source: Source, now: datetime) -> None:
    """Show the reader no article of a source any more; said twice, it counts once."""
    with changing(user, now):
        HiddenSource.objects.get_or_create(user=user, source=source)


def show_source(user: User, source: Source, now: datetime) -> None:
    with changing(user, now):
        HiddenSource.objects.filter(user=user, source=source).delete()


def hide_languages(user: User, languages: Iterable[str], now: datetime) -> None:
    """Show the reader no article in these languages (primary tags) any more, and those in all others."""
    with changing(user, now) as exclusions:
        exclusions.languages = sorted(set(languages))
