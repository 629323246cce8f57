"""Articles a reader keeps for later. Said twice, it counts once, also from two tabs at the same moment."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.after_login import after_login
from accounts.following import one_by_one
from accounts.models import User
from aggregator.models import Article, Saved

MOST_SAVED = 10_000  # by one reader: what is saved stays on the site
SAVE = "save"


class TooMuchSaved(ValueError):
    """There is no room for more; the sentence says so to the reader."""


def save(user: User, article_id: int, at: datetime) -> None:
    """Keep an article. What is kept already stays where it stands in the list.

    Raises Article.DoesNotExist where it is not there (any more), TooMuchSaved.
    """
    if not Article.objects.filter(pk=article_id).exists():
        raise Article.DoesNotExist
    try:
        with one_by_one(user):  # else a few tabs at once pass the limit
            if is_saved(user, article_id):
                return
            if Saved.objects.filter(user=user).count() >= MOST_SAVED:
                raise TooMuchSaved(
                    _("You have saved %(limit)d articles, and there is no room for more.") % {"limit": MOST_SAVED}
                )
            Saved.objects.create(user=user, article_id=article_id, at=at)
    except IntegrityError as error:  # it left the site at this very moment
        raise Article.DoesNotExist from error


def unsave(user: User, article_id: int) -> datetime | None:
    """Keep it no longer; returns since when it was kept, so that it can be put back there; None where it was not."""
    with transaction.atomic():
        found = Saved.objects.select_for_update().filter(user=user, article=article_id).first()
        if found is None:
            return None
        found.delete()
    return found.at


def is_saved(user: User, article_id: int) -> bool:
    return Saved.objects.filter(user=user, article=article_id).exists()


@after_login(SAVE)
def save_what_was_asked_for(request: HttpRequest, user: User, kept: Mapping[str, Any]) -> None:
    with suppress(Article.DoesNotExist, TooMuchSaved):
        save(user, kept["article"], timezone.now())
