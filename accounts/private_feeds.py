"""Makes the addresses by which programs read a reader's own lists, knows whose one is, and ends them.

An address holds a secret of 256 bits. We keep a digest of it: whoever reads our database can read nobody's lists.
"""

import hmac
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from allauth.account.signals import password_changed, password_reset
from django.core.signing import BadSignature, TimestampSigner
from django.db.models import QuerySet
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import gettext as _

from accounts.following import one_by_one
from accounts.models import PrivateFeed, User
from feeds.formats.characters import without_forbidden

MOST_FEEDS = 20
LONGEST_NAME = 60
CAN_BE_TAKEN_BACK = timedelta(days=1)
FORM_HOLDS = timedelta(hours=12)
USED_EVERY = timedelta(hours=1)
_SIGNER = TimestampSigner(salt="private feeds")


class CannotMake(ValueError):
    """No address was made; the sentence tells the reader why."""


def ticket_for_form() -> str:
    """What a form holds, so that it makes one address however often it is sent."""
    return _SIGNER.sign(get_random_string(32))


def make(user: User, name: str, ticket: str, now: datetime) -> tuple[PrivateFeed, str]:
    """An address under a name, and the secret in it, which is known at this moment only. Raises CannotMake.

    The secret follows from the ticket: the form that is sent again, or loaded anew, shows the same one again.
    """
    try:
        drawn = _SIGNER.unsign(ticket, max_age=FORM_HOLDS)
    except BadSignature as error:
        raise CannotMake(_("This form is too old. Try again.")) from error
    made = salted_hmac("private feed", f"{user.pk}:{drawn}", algorithm="sha256").digest()
    token = urlsafe_b64encode(made).decode().rstrip("=")
    with one_by_one(user):
        own = PrivateFeed.objects.filter(user=user)
        own.filter(revoked_at__lte=now - CAN_BE_TAKEN_BACK).delete()
        if found := own.filter(digest=digest_of(token)).first():
            if found.revoked_at:
                raise CannotMake(_("This address is revoked. Make another one."))
            return found, token
        if own.filter(revoked_at=None).count() >= MOST_FEEDS:
            raise CannotMake(_("You have %(limit)d addresses, and there is no room for more.") % {"limit": MOST_FEEDS})
        name = tidy_name(name) or _("My feed reader")
        return PrivateFeed.objects.create(user=user, name=name, digest=digest_of(token), made_at=now), token


def tidy_name(typed: str) -> str:
    return " ".join(without_forbidden(typed[: 4 * LONGEST_NAME]).split())[:LONGEST_NAME]


def digest_of(token: str) -> bytes:
    """A plain digest is enough: nobody can try 256 bits."""
    return sha256(token.encode()).digest()


def feeds_of(user: User) -> QuerySet[PrivateFeed]:
    """The addresses of a reader that are good, newest first."""
    return PrivateFeed.objects.filter(user=user, revoked_at=None)


def owner_of(token: str, now: datetime) -> PrivateFeed | None:
    """The address with this secret, with its reader; None where there is none, or its reader may not log in."""
    digest = digest_of(token)
    found = PrivateFeed.objects.filter(digest=digest, revoked_at=None, user__is_active=True).select_related("user")
    feed = found.first()
    if feed is None or not hmac.compare_digest(bytes(feed.digest), digest):
        return None
    if feed.used_at is None or now - feed.used_at >= USED_EVERY:
        PrivateFeed.objects.filter(pk=feed.pk).update(used_at=now.replace(minute=0, second=0, microsecond=0))
    return feed


def rename(feed: PrivateFeed, name: str) -> str:
    """Give an address another name; returns the one it had. Nothing, for a name, leaves it."""
    before, name = feed.name, tidy_name(name)
    if name:
        feed.name = name
        feed.save(update_fields=["name"])
    return before


def set_revoked(user: User, pk: int, is_wanted: bool, now: datetime) -> PrivateFeed:
    """Let an address be worth nothing from now on, or take that back. Raises PrivateFeed.DoesNotExist, CannotMake."""
    with one_by_one(user):
        feed = PrivateFeed.objects.get(user=user, pk=pk)
        if is_wanted == (feed.revoked_at is not None):
            return feed
        if not is_wanted and feeds_of(user).count() >= MOST_FEEDS:
            raise CannotMake(_("You have %(limit)d addresses, and there is no room for more.") % {"limit": MOST_FEEDS})
        feed.revoked_at = now if is_wanted else None
        feed.save(update_fields=["revoked_at"])
    return feed


def connect() -> None:
    """End all addresses of whoever changes their password: they may do so because somebody else was in."""
    for changed in (password_changed, password_reset):
        changed.connect(_end_after_new_password, dispatch_uid="end_private_feeds")


def _end_after_new_password(user: User, **said: Any) -> None:
    PrivateFeed.objects.filter(user=user).delete()
