"""Keeps, for readers whose keywords hide nearly everything, which articles are left: then a list need not ask each one.

The one definition of a match stays: what is kept is the answer of Article.objects.visible_to. Articles newer than it,
older ones, and those reworded since are asked for as ever, so a page is right at any moment.
"""

import math
import time
from datetime import datetime, timedelta

from django.db.models import Q

from accounts.excluding import forget_left, held
from accounts.models import Exclusions
from accounts.preferences import Preferences
from aggregator.models import Article, ArticleQuerySet

NEARLY_ALL = 0.9  # of the newest JUDGED_BY articles are hidden
JUDGED_BY, STRETCH = 1_000, 5_000
MOST_LEFT = 11_000  # ids; each query carries them, 2 ms for so many
SPARE = 2_000  # ids beyond that, so that not each look cuts some off
SETTLED = timedelta(minutes=10)  # by then whoever was writing an article has written it
AGAIN_AFTER, JUDGED_AFTER = timedelta(minutes=5), timedelta(days=1)
READERS_PER_RUN, SECONDS_PER_RUN = 20, 60


def renew_stale(now: datetime) -> int:
    """Look at readers whose keywords changed, at those of whom much is kept already, and daily at all others."""
    stale = Q(left_at=None) | Q(left_until__gt=0, left_at__lt=now - AGAIN_AFTER) | Q(left_at__lt=now - JUDGED_AFTER)
    readers = list(Exclusions.objects.exclude(blocked="").filter(stale).order_by("left_at")[:READERS_PER_RUN])
    stop_at = time.monotonic() + SECONDS_PER_RUN
    for one in readers:
        renew(one.pk, now, stop_at=stop_at)
    return len(readers)


def renew(user_id: int, now: datetime, *, stop_at: float = math.inf) -> None:
    """Find out what is left for a reader, if it is little; what is known already is only continued.

    One stretch at a time: whoever changes the keywords meanwhile, or an article, waits for no more than that.
    stop_at: of time.monotonic(); what is not done by then the next look goes on with
    """
    while look(user_id, now) and time.monotonic() < stop_at:
        pass


def look(user_id: int, now: datetime) -> bool:
    """Take in what came, or one stretch more of what is older; returns whether there may be more to do."""
    with held(user_id) as exclusions:
        newest = Article.objects.filter(added_at__lt=now - SETTLED).order_by("-pk").values_list("pk", flat=True).first()
        if exclusions is None:
            return False
        exclusions.left_at = now
        if not exclusions.blocked or newest is None:
            forget_left(exclusions)
            return False
        if not exclusions.left_until:
            return begin(exclusions, newest)
        if newest > exclusions.left_until:
            proceed(exclusions, newest)
            return bool(exclusions.left_until)
        return extend(exclusions)


def begin(exclusions: Exclusions, newest: int) -> bool:
    """Say whether a reader hides nearly everything, and if so begin with nothing known.

    From then on whoever rewords an article notes it, so none is missed while the first stretch is looked at.
    """
    judged = left_between(Preferences(blocked=exclusions.blocked), since_of(newest, JUDGED_BY), newest)
    hides_nearly_all = len(judged) <= (1 - NEARLY_ALL) * JUDGED_BY
    if hides_nearly_all:
        keep(exclusions, [], since=newest, until=newest)
    return hides_nearly_all


def extend(exclusions: Exclusions) -> bool:
    """Look at a stretch of older articles, unless enough is left or all was looked at: then it returns False."""
    known, until = ids_of(exclusions), exclusions.left_from
    if len(known) >= MOST_LEFT or not until:
        return False
    since, changed = since_of(until, STRETCH), exclusions.changed
    found = left_between(Preferences(blocked=exclusions.blocked), since, until)
    keep(exclusions, [*known, *found], since=since, until=exclusions.left_until)
    exclusions.changed = changed
    return True


def proceed(exclusions: Exclusions, newest: int) -> None:
    """Take in what came since, and what was reworded; the oldest leave where there are too many.

    Who rewords an article notes it in the same transaction: with the row in our hand, all that is noted is written.
    """
    blocked, since = Preferences(blocked=exclusions.blocked), exclusions.left_from
    found = left_between(blocked, exclusions.left_until, newest)
    reworded = {pk for pk in exclusions.changed if since < pk <= exclusions.left_until}
    again = left_of(blocked, Article.objects.filter(pk__in=reworded)) if reworded else []
    known = sorted({*found, *again, *(pk for pk in ids_of(exclusions) if pk not in reworded)}, reverse=True)
    if len(known) > MOST_LEFT + SPARE:
        known, since = known[:MOST_LEFT], known[MOST_LEFT]
    if len(found) > 2 * (1 - NEARLY_ALL) * max(JUDGED_BY, newest - exclusions.left_until):
        forget_left(exclusions)  # no longer nearly everything: judged anew the next time
        return
    keep(exclusions, known, since=since, until=newest)


def keep(exclusions: Exclusions, found: list[int], *, since: int, until: int) -> None:
    exclusions.left = "{" + ",".join(map(str, found)) + "}"
    exclusions.left_from, exclusions.left_until, exclusions.changed = since, until, []


def ids_of(exclusions: Exclusions) -> list[int]:
    return [int(pk) for pk in exclusions.left.strip("{}").split(",") if pk]


def left_between(blocked: Preferences, since: int, until: int) -> list[int]:
    """The ids the keywords leave, above one and up to another, the newest first."""
    return left_of(blocked, Article.objects.filter(pk__gt=since, pk__lte=until))


def left_of(blocked: Preferences, articles: ArticleQuerySet) -> list[int]:
    """The ids of those of these articles that the keywords leave, the newest first."""
    return list(articles.visible_to(blocked).order_by("-pk").values_list("pk", flat=True))


def since_of(until: int, number: int) -> int:
    """The id below so many articles; 0 where there are no more."""
    older = Article.objects.filter(pk__lte=until).order_by("-pk").values_list("pk", flat=True)
    return older[number : number + 1].first() or 0
