"""What changed in a user's keywords, kept in their session until they take it back: keywords are private, URLs are not.

Each change has a name of its own, so that Undo takes back what its notice tells of, whatever was done in another tab.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.http import HttpRequest

from accounts import excluding
from accounts.excluding import Wanted
from accounts.keyword_lists import parse_moment
from accounts.keywords import KeywordError, Where
from accounts.models import BlockedKeyword, User
from aggregator import blocked

CHANGES = "keyword_changes"
MOST_KEPT = 10


def remember(
    request: HttpRequest,
    *,
    added: Iterable[BlockedKeyword] = (),
    removed: Iterable[BlockedKeyword] = (),
    changed: dict[str, Any] | None = None,
) -> str:
    """Keep what takes a change back, and return its name. changed: a keyword's pk with its choices_of before."""
    name = uuid4().hex[:12]
    kept = {
        "added": [one.pk for one in added],
        "removed": [choices_of(one) for one in removed],
        "changed": changed,
    }
    kept_before = list(request.session.get(CHANGES, {}).items())[-(MOST_KEPT - 1) :]
    request.session[CHANGES] = dict(kept_before) | {name: kept}
    return name


def take_back(request: HttpRequest, user: User, now: datetime) -> bool:
    """Take back the change that the request names, else the last one; once. Whether there was anything to take back."""
    changes = dict(request.session.get(CHANGES, {}))
    change = changes.pop(request.POST.get("change") or next(reversed(changes), ""), None)
    request.session[CHANGES] = changes
    if change is None:
        return False
    excluding.unblock(user, change["added"], now)
    report = excluding.block_all(user, [wanted_of(one) for one in change["removed"]], now)
    blocked.count_keywords(report.added[: blocked.COUNTED_AT_ONCE], now)
    if before := change["changed"]:
        restore(user, before, now)
    return True


def restore(user: User, before: dict[str, Any], now: datetime) -> None:
    """Give a keyword the choices it had; one that was removed meanwhile, or would ask what another asks, stays so."""
    keyword = BlockedKeyword.objects.filter(user=user, pk=before["pk"]).first()
    if keyword is None:
        return
    wanted = wanted_of(before)
    try:
        excluding.change(
            keyword,
            now,
            where=wanted.where.value,
            until=wanted.until,
            capitals_matter=wanted.capitals_matter,
            is_paused=wanted.is_paused,
        )
    except (KeywordError, BlockedKeyword.DoesNotExist):
        return
    blocked.count_keywords([keyword], now)


def choices_of(keyword: BlockedKeyword) -> dict[str, Any]:
    """A keyword as a session can hold it."""
    return {
        "text": keyword.text,
        "where": keyword.where,
        "capitals_matter": keyword.capitals_matter,
        "until": keyword.until.isoformat() if keyword.until else "",
        "is_paused": keyword.is_paused,
    }


def wanted_of(kept: dict[str, Any]) -> Wanted:
    until = parse_moment(kept["until"])
    return Wanted(kept["text"], Where(kept["where"]), kept["capitals_matter"], until, kept["is_paused"])
