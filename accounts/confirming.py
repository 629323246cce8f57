"""An address that is confirmed by a code, and may have been mistyped: what allauth leaves open.

Who registers with an address that has an account gets the same page as everybody, and no account. allauth lets them
change nothing there, by which one could tell. We keep what they asked for beside the code, in their session, and make
the account as soon as they name an address that has none.
"""

from typing import Any

from allauth.account import app_settings as account
from allauth.account import signals
from allauth.account.internal.flows.email_verification_by_code import (
    EMAIL_VERIFICATION_CODE_SESSION_KEY,
    EmailVerificationProcess,
)
from allauth.account.internal.stagekit import stash_login, unstash_login
from allauth.account.internal.userkit import user_id_to_str
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from accounts.models import User

KEPT = "asked_for"  # in the state of the process, which goes with it


def keep_what_was_asked(request: HttpRequest, form: Any, onwards: str | None) -> None:
    """Keep the account somebody wanted, but for the address. Takes as long as to make one: passwords are hashed."""
    password = make_password(form.cleaned_data.get("password1"))
    if state := request.session.get(EMAIL_VERIFICATION_CODE_SESSION_KEY):
        state[KEPT] = {"password": password, "by_passkey": form.by_passkey, "onwards": onwards}
        request.session.modified = True


def can_change(process: EmailVerificationProcess) -> bool:
    """Whether another address may be named: twice, and only by who has never been logged in."""
    if KEPT not in process.state:
        return process.can_change
    return not process.is_change_quota_reached(account.EMAIL_VERIFICATION_MAX_CHANGE_COUNT)


def change_address(request: HttpRequest, process: EmailVerificationProcess, email: str, has_account: bool) -> None:
    """Send a code to another address, or, where that has an account, the mail that says so."""
    try:
        with transaction.atomic():
            if not has_account and KEPT in process.state:
                make_account(request, process, email)
            if not has_account and process.user:
                User.objects.filter(pk=process.user.pk).update(email=email)  # fails here, where somebody was faster
    except IntegrityError:
        has_account = True
    process.change_to(email, has_account)


def make_account(request: HttpRequest, process: EmailVerificationProcess, email: str) -> None:
    """Make the account that was asked for, and let who waits for a code wait for its address."""
    asked = process.state[KEPT]
    user = User.objects.create(email=email, password=asked["password"])
    process.state = {name: value for name, value in process.state.items() if name != KEPT}
    process.state["user_id"] = user_id_to_str(user)
    signals.user_signed_up.send(sender=User, request=request, user=user)
    if login := unstash_login(request, peek=True):
        login.user, login.email, login.redirect_url = user, None, asked["onwards"]
        if asked["by_passkey"]:
            login.state["passkey_signup"] = True
        stash_login(request, login)
