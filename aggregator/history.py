"""Which articles a reader opened, for who keeps a history: written when a person opens the page of one."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from django.db import IntegrityError, transaction
from django.http import HttpRequest

from accounts.models import User
from aggregator.models import Visit
from zisnews.visitors import is_by_person


def note(article_id: int, request: HttpRequest, now: datetime) -> None:
    """Remember that this reader opened an article, in one statement; of who keeps no history, nothing."""
    user = request.user
    if isinstance(user, User) and user.keeps_history and is_by_person(request):
        remember(user, article_id, first_at=now, at=now)


def remember(user: User, article_id: int, *, first_at: datetime, at: datetime) -> None:
    visit = Visit(user=user, article_id=article_id, first_at=first_at, at=at)
    with suppress(IntegrityError), transaction.atomic():  # the article left the site at this very moment
        Visit.objects.bulk_create(
            [visit], update_conflicts=True, unique_fields=["user", "article"], update_fields=["at"]
        )


def forget(user: User, article_id: int) -> Visit | None:
    """Take one article out of a history; returns what was known of it, None where nothing was."""
    with transaction.atomic():
        found = Visit.objects.select_for_update().filter(user=user, article=article_id).first()
        if found is not None:
            Visit.objects.filter(pk=found.pk).delete()
    return found


# What later apps know of what a user looked at, and forget with it.
ALSO_FORGOTTEN: list[Callable[[User], None]] = []


def clear(user: User) -> int:
    """Forget all of it; returns how many articles that were."""
    for forget_there in ALSO_FORGOTTEN:
        forget_there(user)
    return Visit.objects.filter(user=user).delete()[0]
