"""Where a reader is logged in: seen, listed, and ended; sessions end by themselves with the password or the account."""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY, logout, update_session_auth_hash, user_logged_in
from django.contrib.sessions.models import Session
from django.db.models import F
from django.db.models.signals import post_save
from django.http import HttpRequest

from accounts.devices import device_of
from accounts.models import User
from zisnews.sessions import SessionStore

SEEN_AT = "seen_at"  # in the session: when its row was last brought up to date
SEEN_EVERY = 15 * 60
MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class Place:
    """One session, as its owner is shown it. ip: where it was last used from"""

    pk: int
    device: str
    ip: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


def places_of(user: User, this_key: str | None, now: datetime) -> list[Place]:
    """Where a reader is logged in: this session first, then those used last. Rows of ended sessions are let go."""
    rows = list(UserSession.objects.filter(user=user).order_by("-last_seen_at", "-pk")[:MOST_LISTED])
    alive = set(
        Session.objects.filter(session_key__in=[row.session_key for row in rows], expire_date__gt=now).values_list(
            "session_key", flat=True
        )
    )
    if ended := [row.pk for row in rows if row.session_key not in alive]:
        UserSession.objects.filter(pk__in=ended).delete()
    places = [
        Place(row.pk, device_of(row.user_agent), row.ip, row.created_at, row.last_seen_at, row.session_key == this_key)
        for row in rows
        if row.session_key in alive
    ]
    return sorted(places, key=lambda place: not place.is_this)


def end_one(request: HttpRequest, user: User, pk: int) -> None:
    """End one session of a reader's own; one that is over already stays so. If it is this one, they are logged out."""
    row = UserSession.objects.filter(user=user, pk=pk).first()
    if row is None:
        return
    if row.session_key == request.session.session_key:
        logout(request)
    row.end()


def end_others(request: HttpRequest, user: User) -> None:
    """End every session of a reader but this one, also those we have no row of; this one gets a new key."""
    end_all(user)
    update_session_auth_hash(request, user)
    UserSession.objects.create_from_request(request)


def end_all(user: User) -> None:
    """End every session of a reader.

    A new round makes them worthless, whatever becomes of their copies in the cache; then what is left of them goes.
    """
    User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)
    user.refresh_from_db(fields=["session_round"])
    forget_all(user)


def forget_all(user: User, *, but: str | None = None) -> None:
    """Delete a reader's sessions and the rows that tell of them. but: the key of one that stays"""
    for row in UserSession.objects.filter(user=user).exclude(session_key=but or ""):
        SessionStore().delete(row.session_key)
        row.delete()


def note_seen(request: HttpRequest) -> None:
    """Note when and from where a session is used, a few times an hour; who is not logged in costs nothing."""
    session = request.session
    if not session.accessed or SESSION_KEY not in session:
        return
    now = int(time.time())
    if now - session.get(SEEN_AT, 0) >= SEEN_EVERY and request.user.is_authenticated:
        session[SEEN_AT] = now
        UserSession.objects.create_from_request(request)


def forget_rows_of_ended_sessions() -> None:
    """Delete rows whose session is no more: they hold an address and a device for nothing."""
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


def connect() -> None:
    """Follow what happens to accounts; called once, when all apps are loaded."""
    user_logged_in.connect(_note_login, dispatch_uid="note_login")
    post_save.connect(_end_where_deactivated, sender=User, dispatch_uid="end_where_deactivated")
    for changed in (password_changed, password_set, password_reset):
        changed.connect(_end_after_new_password, dispatch_uid="end_after_new_password")


def _note_login(request: HttpRequest, **said: Any) -> None:
    if request is not None:
        request.session[SEEN_AT] = int(time.time())  # allauth makes the row


def _end_where_deactivated(instance: User, created: bool, update_fields: Any, **said: Any) -> None:
    if not instance.is_active and not created and (update_fields is None or "is_active" in update_fields):
        end_all(instance)


def _end_after_new_password(request: HttpRequest, user: User, **said: Any) -> None:
    """Django ends the others by the password's change; here goes what is left of them."""
    forget_all(user, but=request.session.session_key if request.user.pk == user.pk else None)
