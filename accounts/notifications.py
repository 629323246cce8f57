"""Tells readers what happened: `notify`, the one door. On the site always; every other way is a line in CHANNELS.

A thing that is told twice (a task delivered twice, a double click) is told once. What belongs together stands together
while it is unread: "Anna and 3 others answered you". The sentences are made when they are read (accounts.notice_words).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.excluding import exclusions_of
from accounts.models import Exclusions, Notification, User
from feeds.tsvector import tsvector_literal

# Kinds one can switch off, as the settings name them.
KINDS = {
    "answer": _("Answers to my comments"),
    "mention": _("Mentions of my name"),
    "story": _("More sources on a story I follow"),
    "search": _("New articles for a search I follow"),
}
# What was done about one's own comments and account: everybody is told of that, those who are suspended too.
ALWAYS = {"moderation"}

MOST_KEPT = 500
KEPT = timedelta(days=90)
EVENTS_KEPT = 50
DELETED_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that happened, for one reader.

    user:  whom to tell, as a key of User
    kind:  of KINDS or ALWAYS
    key:   what stands together while it is unread, as "answer:17"
    url:   a path of ours
    data:  what the sentence needs: plain text and numbers; of a group the newest stands
    event: tells this from others of its group; the url does, where each has its own
    by:    who did it, as a key of User
    title, description: the words it is about; whoever blocks one of them is not told
    """

    user: int
    kind: str
    key: str
    url: str
    data: Mapping[str, object] = field(default_factory=dict)
    event: str = ""
    by: int | None = None
    title: str = ""
    description: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS and self.kind not in ALWAYS:
            raise ValueError(f"There are no notices of the kind {self.kind!r}.")
        if not self.url.startswith("/") or self.url.startswith(("//", "/\\")):
            raise ValueError(f"A notice leads to a page of ours, not to {self.url!r}.")

    @property
    def told_apart_by(self) -> str:
        return (self.event or self.url)[:200]


# Ways to tell a reader beside the page of notices. Each is given what is new, and sends it from a task of its own.
Channel = Callable[[Sequence[Notice], datetime], None]
CHANNELS: tuple[Channel, ...] = ()


def notify(
    user: User,
    kind: str,
    *,
    key: str,
    url: str,
    data: Mapping[str, object],
    now: datetime,
    event: str = "",
    by: User | None = None,
    title: str = "",
    description: str = "",
) -> bool:
    """Tell one reader of one thing (see Notice); says whether it was told: not muted, not blocked, not told before.

    Whom the reader has blocked is the caller's to ask. Several readers in one transaction: notify_all, which takes them
    in one order.
    """
    by_key = by.pk if by else None
    return bool(notify_all([Notice(user.pk, kind, key, url, data, event, by_key, title, description)], now))


def notify_all(notices: Iterable[Notice], now: datetime) -> list[Notice]:
    """Tell each reader what is for them; returns what was told. A few queries, however many there are."""
    asked = list(notices)
    with transaction.atomic():
        told = keep(wanted(asked, now), now)
    for channel in CHANNELS:
        channel(told, now)
    return told


def wanted(notices: Sequence[Notice], now: datetime) -> list[Notice]:
    """Those that their readers want; the readers' rows are held, so that each is told one thing after the other."""
    held = User.objects.select_for_update(no_key=True).filter(pk__in={one.user for one in notices}, is_active=True)
    readers = {reader.pk: reader for reader in held.only("muted_notices", "suspended_at").order_by("pk")}
    found = [one for one in notices if one.user in readers and one.by != one.user and is_for(readers[one.user], one)]
    about: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for one in found:
        about[one.title, one.description].add(one.user)
    blocking = {words: who_block(users, *words, now) for words, users in about.items() if any(words)}
    return [one for one in found if one.user not in blocking.get((one.title, one.description), ())]


def is_for(reader: User, notice: Notice) -> bool:
    if notice.kind in ALWAYS:
        return True
    return reader.suspended_at is None and notice.kind not in reader.muted_notices


def who_block(users: Iterable[int], title: str, description: str, now: datetime) -> set[int]:
    """Which of these readers have a keyword in force that hides an article with these words."""
    pks = list(users)
    for stale in Exclusions.objects.filter(user__in=pks, good_until__lte=now).select_related("user"):
        exclusions_of(stale.user, now)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT user_id FROM accounts_exclusions"
            " WHERE user_id = ANY(%s) AND blocked <> '' AND %s::tsvector @@ blocked::tsquery",
            [pks, tsvector_literal(title=title, description=description)],
        )
        return {user for (user,) in cursor.fetchall()}


def keep(notices: Sequence[Notice], now: datetime) -> list[Notice]:
    """Write what is new into rows, and return it. The caller holds the readers."""
    if not notices:
        return []
    rows: defaultdict[tuple[int, str], list[Notification]] = defaultdict(list)
    users = {one.user for one in notices}
    for row in Notification.objects.filter(user__in=users, key__in={one.key[:200] for one in notices}):
        rows[row.user_id, row.key].append(row)
    told, touched = [], {}
    for one in notices:
        group = rows[one.user, one.key[:200]]
        if any(one.told_apart_by in row.events for row in group):
            continue
        unread = next((row for row in group if row.read_at is None), None)
        if unread is None:
            unread = Notification(user_id=one.user, kind=one.kind, key=one.key[:200], count=0, first_at=now)
            group.append(unread)
        add(one, unread, now)
        touched[one.user, unread.key] = unread
        told.append(one)
    fresh, grown = [row for row in touched.values() if not row.pk], [row for row in touched.values() if row.pk]
    Notification.objects.bulk_create(fresh)
    # As an INSERT that meets its own row: bulk_update takes ten times as long for hundreds.
    changed = ["count", "people", "events", "data", "url", "at"]
    Notification.objects.bulk_create(grown, update_conflicts=True, unique_fields=["id"], update_fields=changed)
    forget_beyond(MOST_KEPT, {row.user_id for row in fresh})
    return told


def add(notice: Notice, row: Notification, now: datetime) -> None:
    """Let a row tell of one thing more."""
    row.count += 1
    row.events = [notice.told_apart_by, *row.events][:EVENTS_KEPT]
    if notice.by is not None:
        row.people = [notice.by, *(person for person in row.people if person != notice.by)][:EVENTS_KEPT]
    row.data, row.url, row.at = dict(notice.data), notice.url[:500], now


def forget_beyond(most: int, users: Iterable[int]) -> None:
    """Delete what is older than a reader's newest `most`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM accounts_notification WHERE id IN ("
            " SELECT old.id FROM unnest(%s::bigint[]) AS reader(id), LATERAL ("
            "  SELECT id FROM accounts_notification WHERE user_id = reader.id ORDER BY at DESC, id DESC OFFSET %s"
            " ) AS old)",
            [list(users), most],
        )


def forget_old(now: datetime) -> int:
    """Delete notices of long ago, some at a time; returns how many went."""
    old = Notification.objects.older_than(now - KEPT).order_by("at").values("pk")[:DELETED_AT_ONCE]
    return Notification.objects.filter(pk__in=old).delete()[0]


def unread_count(user: User) -> int:
    with connection.cursor() as cursor:  # on every page: Django takes longer to write it than Postgres to answer
        cursor.execute("SELECT count(*) FROM accounts_notification WHERE user_id = %s AND read_at IS NULL", [user.pk])
        return int(cursor.fetchone()[0])


def mark_read(user: User, now: datetime, *, pk: int | None = None, until: datetime | None = None) -> int:
    """Mark one notice read, or all that came until a moment; returns how many were not."""
    with holding(user):
        found = Notification.objects.filter(user=user).unread()
        if pk is not None:
            found = found.filter(pk=pk)
        if until is not None:
            found = found.filter(at__lte=until)
        return found.update(read_at=now)


def mark_unread(user: User, *, pk: int | None = None, read_at: datetime | None = None) -> int:
    """Mark one notice unread, or all that were read at one moment; returns how many were.

    Where the same thing goes on in a newer notice that is unread, the older stays read: that one tells of it.
    """
    with holding(user):
        own = Notification.objects.filter(user=user)
        chosen = own.filter(pk=pk) if pk is not None else own.filter(read_at=read_at)
        alone = chosen.exclude(read_at=None).exclude(key__in=own.unread().values("key"))
        newest = dict(alone.order_by("at", "pk").values_list("key", "pk"))
        return own.filter(pk__in=newest.values()).update(read_at=None)


def choose_kinds(user: User, wanted: Mapping[str, bool]) -> dict[str, bool]:
    """Say which kinds of KINDS a reader wants and does not want; returns those that were not so before."""
    with holding(user):
        user.refresh_from_db(fields=["muted_notices"])
        changed = {kind: is_on for kind, is_on in wanted.items() if is_on == (kind in user.muted_notices)}
        muted = {kind for kind in user.muted_notices if not changed.get(kind)}
        user.muted_notices = sorted(muted | {kind for kind, is_on in changed.items() if not is_on})
        user.save(update_fields=["muted_notices"])
    return changed


@contextmanager
def holding(user: User) -> Iterator[None]:
    """What is read and what is told at the same moment happen one after the other."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
        yield
