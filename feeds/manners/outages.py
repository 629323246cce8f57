"""Tells an outage of our own line from publishers that fail, and punishes no feed for it."""

from datetime import datetime, timedelta

import structlog
from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet, Value

from feeds.clock import database_now
from feeds.errors import FeedsError, FetchError, HostOnHold
from feeds.models import Feed, FetchRecord

log = structlog.get_logger(__name__)

# When so many hosts (or all of a small site, if they are a few), asked since the last answer from anywhere, are all
# silent, and that answer is no longer fresh, our own line is down.
SILENT_HOSTS = 10
SILENT_HOSTS_OF_FEW = 3
FRESH = timedelta(minutes=3)
RETRY = timedelta(minutes=1)
DOWN = "No publisher answers: this machine seems to have no internet. What is here can be read; we try each minute."
UP = "Publishers answer again: news comes in."


class Line:
    """Our own line, as this process last told whoever watches its output (zisnews/children.py)."""

    def __init__(self) -> None:
        self.is_down = False

    def tell(self, *, is_down: bool) -> None:
        """Say that it went down, or is up again; said again it is not repeated."""
        if self.is_down != is_down:
            self.is_down = is_down
            log.warning("our own connection changed", for_terminal=DOWN if is_down else UP)


line = Line()


def is_silence(error: FeedsError | None) -> bool:
    """Say whether a failure is that no answer came at all, from anywhere."""
    if not isinstance(error, FetchError) or isinstance(error, HostOnHold):
        return False
    return error.status is None and not error.permanent


def forgive_outage() -> int:
    """Take back the failures of feeds that were silent since our line went down, if it did; returns how many.

    Dead feeds may come due together by chance: without a look at other answers they would be asked every minute for
    ever.
    """
    now = database_now()
    silent = silent_in_outage(now)
    if not silent:
        return 0
    log.warning("nobody answers: our own connection seems to be down", feeds=len(silent))
    line.tell(is_down=True)
    return Feed.objects.filter(pk__in=silent).forgive_outage(now + RETRY)


def silent_in_outage(now: datetime) -> dict[int, str]:
    """Feeds that were silent since our line went down, with their hosts; none where it is up."""
    silent = silent_since_last_answer()
    is_down = silent and not has_answer_since(now - FRESH) and are_too_many(silent)
    return silent if is_down else {}


def is_line_down(now: datetime) -> bool:
    """Whether nobody at all answers us at the moment. Cheap while anybody does."""
    return not has_answer_since(now - FRESH) and bool(silent_in_outage(now))


def has_answer_since(moment: datetime) -> bool:
    """Whether anybody at all has spoken to us since, well or not."""
    return answers().filter(at__gt=moment).exists()


def silent_since_last_answer() -> dict[int, str]:
    """Feeds that were asked since the last answer and gave none, with their hosts.

    A silent server takes longer to be given up than others take to answer: what counts is when it was asked.
    """
    last = answers().order_by("-at").values_list("at", flat=True).first()
    records = FetchRecord.objects.filter(status=None, is_push=False)
    if last:
        took = ExpressionWrapper(F("milliseconds") * Value(timedelta(milliseconds=1)), output_field=DurationField())
        records = records.filter(at__gt=last).annotate(took=took).filter(at__gt=last + F("took"))
    return dict(records.order_by().values_list("feed", "feed__host").distinct())


def are_too_many(silent: dict[int, str]) -> bool:
    """Whether so many silent feeds can no longer be the publishers' fault."""
    hosts = len(set(silent.values()))
    if hosts >= SILENT_HOSTS:
        return True
    return hosts >= SILENT_HOSTS_OF_FEW and Feed.objects.active().count() <= len(silent)


def answers() -> QuerySet[FetchRecord]:
    """Looks at feeds that came to an answer, or that a hub brought."""
    return FetchRecord.objects.filter(Q(status__isnull=False) | Q(is_push=True))
