"""What accounts hold on a person (zisnews.personal_data)."""

from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.following import let_go_of_all
from accounts.models import (
    BlockedKeyword,
    Exclusions,
    Follow,
    HiddenSource,
    Notification,
    PrivateFeed,
    SavedSearch,
    User,
)
from accounts.sessions import end_all

ABOUT = {
    "profile": _("Your account: name, address, and how you read."),
    "email_addresses": _("The e-mail addresses of your account."),
    "second_factors": _("Authenticator app, passkeys and recovery codes: that you have them and when you used them."),
    "sessions": _("Where you are logged in: device, address and time."),
    "keywords": _("The words you block."),
    "hidden_sources": _("The sources you hide."),
    "hidden_languages": _("The languages you hide."),
    "follows": _("Sources, categories and countries you follow."),
    "saved_searches": _("The searches you saved."),
    "private_feeds": _("The addresses by which programs read your lists; not the secrets in them."),
    "notices": _("What you were told of."),
    "login_sites": _("Other sites you log in by."),
}
# What is no news to anybody but those who would break in, and what only serves the database.
SECRET = {"password", "session_round", "name_key"}


def export(user: User) -> dict[str, Any]:
    """What accounts hold on a person, by name of the list; nothing that would let somebody in."""
    own = {"user": user}
    exclusions = Exclusions.objects.filter(**own).first()
    return {
        "profile": {
            field.name: getattr(user, field.name) for field in user._meta.concrete_fields if field.name not in SECRET
        },
        "email_addresses": rows(EmailAddress.objects.filter(**own), "email", "verified", "primary"),
        "second_factors": second_factors(user),
        "sessions": rows(UserSession.objects.filter(**own), "created_at", "last_seen_at", "ip", "user_agent"),
        "keywords": rows(
            BlockedKeyword.objects.filter(**own),
            *("text", "where", "capitals_matter", "until", "is_paused", "added_at", "hides_count"),
        ),
        "hidden_sources": rows(HiddenSource.objects.filter(**own), "source__name", "source__site_url", "added_at"),
        "hidden_languages": exclusions.languages if exclusions else [],
        "follows": rows(
            Follow.objects.filter(**own).order_by("added_at"),
            *("source__name", "source__site_url", "category__slug", "country__iso", "added_at"),
        ),
        "saved_searches": rows(
            SavedSearch.objects.filter(**own).order_by("added_at"), "name", "query", "is_followed", "added_at"
        ),
        "private_feeds": rows(PrivateFeed.objects.filter(**own), "name", "made_at", "used_at", "revoked_at"),
        "notices": rows(
            Notification.objects.filter(**own).order_by("at"),
            "kind",
            "data",
            "url",
            "count",
            "first_at",
            "at",
            "read_at",
        ),
        "login_sites": login_sites(user),
    }


def rows(found: QuerySet[Any], *fields: str) -> Iterator[dict[str, Any]]:
    """Rows as plain values, a few hundred at a time; a field of another table is named source_name."""
    for row in found.values(*fields).iterator(chunk_size=500):
        yield {name.replace("__", "_"): value for name, value in row.items()}


def second_factors(user: User) -> Iterator[dict[str, Any]]:
    for factor in Authenticator.objects.filter(user=user).order_by("created_at"):
        name = factor.data.get("name", "") if factor.type == Authenticator.Type.WEBAUTHN else ""
        yield {"kind": factor.type, "name": name, "added_at": factor.created_at, "used_at": factor.last_used_at}


def login_sites(user: User) -> list[dict[str, Any]]:
    if not apps.is_installed("allauth.socialaccount"):
        return []
    from allauth.socialaccount.models import SocialAccount  # noqa: PLC0415  not installed where no site has keys

    return list(
        SocialAccount.objects.filter(user=user).values("provider", "uid", "last_login", "date_joined", "extra_data")
    )


def erase(user: User) -> None:
    """End their sessions and let the row go; what hangs on it goes with it. Asked last, after all other apps."""
    let_go_of_all(user)
    end_all(user)
    user.delete()
