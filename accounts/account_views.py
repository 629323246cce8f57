"""The pages of an account: its first page, where one is logged in, and what allauth's own would promise in vain."""

from typing import Any, NamedTuple

from allauth.account.models import EmailAddress
from allauth.account.views import EmailView, LoginView, PasswordResetView, RequestLoginCodeView
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.generic.base import ContextMixin
from django.views.generic.edit import ProcessFormView

from accounts.account_forms import DisplayNameForm
from accounts.models import User, display_name_of
from accounts.sessions import end_one, end_others, places_of
from zisnews.answers import done, refused
from zisnews.limits import count, somebody

NAMES_PER_HOUR = 20


class SaysWhetherMailIsSent(ContextMixin):
    """Lets a template promise a mail only where one can be sent."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"can_send_mail": settings.EMAIL_IS_CONFIGURED}


class NeedsMail(SaysWhetherMailIsSent, ProcessFormView):
    """A form that is answered by a mail; where none can be sent, the page says so instead."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.EMAIL_IS_CONFIGURED:
            return self.get(request, *args, **kwargs)
        return super().post(request, *args, **kwargs)


class LogIn(SaysWhetherMailIsSent, LoginView):
    """allauth's; a code by mail is offered where mail can be sent."""


class RequestLoginCode(NeedsMail, RequestLoginCodeView):
    """allauth's, where mail can be sent."""


class PasswordReset(NeedsMail, PasswordResetView):
    """allauth's, where mail can be sent."""


class EMailAddresses(EmailView):
    """allauth's; a new address needs a mail to be confirmed by."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        can_send_mail = settings.EMAIL_IS_CONFIGURED
        return context | {"can_add_email": context["can_add_email"] and can_send_mail, "can_send_mail": can_send_mail}


class Way(NamedTuple):
    """One matter of an account. state: how it stands, in words. action: what its page lets one do"""

    label: str
    state: str
    action: str
    address: str


@never_cache
@login_required
def account_settings(request: HttpRequest) -> HttpResponse:
    """The display name, to be changed here, and everything else of the account with its state."""
    user: User = request.user  # type: ignore[assignment]
    form = DisplayNameForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST":
        count(somebody(request), "display-names", limit=NAMES_PER_HOUR, seconds=3600)
        if form.is_valid():
            return set_name(request, user, form.cleaned_data["display_name"])
        if not request.accepts("text/html"):
            return refused(request, str(form.errors["display_name"][0]), otherwise=request.path)
    neutral = display_name_of(User(pk=user.pk))
    shown = {"form": form, "ways": ways_of(user), "neutral_name": neutral}
    return render(request, "settings/account.html", shown, status=422 if form.errors else 200)


def set_name(request: HttpRequest, user: User, name: str) -> HttpResponse:
    """Store a name that the form let pass; whoever was faster by a moment keeps it."""
    before, page = user.display_name, reverse("account_settings")
    if name == before:
        return done(request, _("It stays as it is."), otherwise=page)
    user.display_name = name
    try:
        with transaction.atomic():
            user.save(update_fields=["display_name"])
    except IntegrityError:
        words = _("Somebody has this name, or one that looks like it. Please choose another.")
        return refused(request, words, otherwise=page)
    words = _("You are “%(name)s” now.") % {"name": display_name_of(user)}
    return done(request, words, otherwise=page, undo=page, fields={"display_name": before})


def ways_of(user: User) -> list[Way]:
    """What an account consists of, in the order of how often it is looked for."""
    addresses = list(EmailAddress.objects.filter(user=user).order_by("-primary", "pk"))
    kinds = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    keys, devices = kinds.count(Authenticator.Type.WEBAUTHN), UserSession.objects.filter(user=user).count()
    has_app, has_codes = Authenticator.Type.TOTP in kinds, Authenticator.Type.RECOVERY_CODES in kinds
    ways = [
        Way(_("E-mail addresses"), address_state(user, addresses), _("Change"), reverse("account_email")),
        Way(_("Password"), pgettext("password", "Set"), _("Change"), reverse("account_change_password"))
        if user.has_usable_password()
        else Way(_("Password"), pgettext("password", "None"), _("Set up"), reverse("account_set_password")),
        Way(
            _("Passkeys"),
            passkeys_in_words(keys),
            _("Manage") if keys else _("Set up"),
            reverse("mfa_list_webauthn" if keys else "mfa_add_webauthn"),
        ),
        Way(
            _("Two-factor"),
            second_factor_state(bool(keys), has_app, has_codes),
            _("Manage") if has_app or keys else _("Set up"),
            reverse("mfa_index"),
        ),
        Way(
            _("Where you are logged in"),
            ngettext("%(n)d device", "%(n)d devices", devices or 1) % {"n": devices or 1},
            _("Manage"),
            reverse("usersessions_list"),
        ),
    ]
    if apps.is_installed("allauth.socialaccount"):
        ways.append(Way(_("Other sites"), _("To log in by"), _("Manage"), reverse("socialaccount_connections")))
    return ways


def address_state(user: User, addresses: list[EmailAddress]) -> str:
    """The main address, whether it is confirmed, and how many more there are."""
    main = addresses[0].email if addresses else user.email
    if addresses and not addresses[0].verified:
        return _("%(address)s, not confirmed yet") % {"address": main}
    more = len(addresses) - 1
    if more > 0:
        return ngettext("%(address)s and %(n)d more", "%(address)s and %(n)d more", more) % {"address": main, "n": more}
    return main


def passkeys_in_words(count: int) -> str:
    if not count:
        return pgettext("passkeys", "None")
    return ngettext("%(n)d passkey or key", "%(n)d passkeys or keys", count) % {"n": count}


def second_factor_state(has_keys: bool, has_app: bool, has_codes: bool) -> str:
    if not has_app and not has_keys:
        return pgettext("two-factor", "Off")
    return pgettext("two-factor", "On") if has_codes else _("On, but without recovery codes")


@never_cache
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is logged in. POST ends the `session` that is named, or all others."""
    user: User = request.user  # type: ignore[assignment]
    if request.method == "POST":
        named = request.POST.get("session", "")
        if named.isdecimal() and len(named) < 19:
            end_one(request, user, int(named))
            words = _("That device is logged out.")
        else:
            end_others(request, user)
            words = _("All other devices are logged out.")
        return done(request, words, otherwise=reverse("usersessions_list"))
    places = places_of(user, request.session.session_key, timezone.now())
    return render(request, "usersessions/usersession_list.html", {"places": places})
