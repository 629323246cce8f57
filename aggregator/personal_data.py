"""What a reader did with articles (zisnews.personal_data)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.personal_data import rows
from aggregator.models import FollowedStory, ReadUpTo, Saved, Visit

ABOUT = {
    "saved": _("Articles you saved."),
    "history": _("Articles you opened."),
    "read_marks": _("Lists you marked as read, and up to when."),
    "followed_stories": _("Stories you follow."),
}
ARTICLE = ("article__title", "article__url")


def export(user: User) -> dict[str, Any]:
    """What a reader kept, opened and follows of what we publish, by name of the list."""
    return {
        "saved": rows(Saved.objects.filter(user=user).order_by("at"), *ARTICLE, "at"),
        "history": rows(Visit.objects.filter(user=user).order_by("at"), *ARTICLE, "first_at", "at"),
        "read_marks": rows(ReadUpTo.objects.filter(user=user).order_by("scope"), "scope", "moment"),
        "followed_stories": rows(
            FollowedStory.objects.filter(user=user).order_by("followed_at"), "story__title", "followed_at", "seen_at"
        ),
    }


def erase(user: User) -> None:
    """Delete all that export() tells of."""
    for model in (Saved, Visit, ReadUpTo, FollowedStory):
        model.objects.filter(user=user).delete()
