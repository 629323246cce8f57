"""Registering: by a password or a passkey, with an address that is confirmed by a code where mail can be sent."""

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from allauth.account import app_settings as account
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification import consume_email_verification_rate_limit
from allauth.account.internal.flows.email_verification_by_code import EMAIL_VERIFICATION_CODE_SESSION_KEY
from allauth.account.stages import EmailVerificationStage, LoginStageController
from allauth.account.views import (
    ConfirmEmailVerificationCodeView,
    EmailVerificationSentView,
    SignupByPasskeyView,
    SignupView,
)
from allauth.core.internal import ratelimit
from allauth.mfa import app_settings as mfa
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.webauthn.internal.flows import signup_authenticator
from allauth.mfa.webauthn.views import SignupWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.confirming import can_change, change_address, keep_what_was_asked

LIMITS = {"signup_made": settings.ACCOUNT_RATE_LIMITS["signup_made"]}


class SignUp(SignupView):
    """allauth's, which counts forms; here accounts are counted as well."""

    def form_valid(self, form: Any) -> HttpResponse:
        too_many = ratelimit.consume_or_429(self.request, app="accounts", action="signup_made", config=LIMITS)
        if too_many:
            return too_many
        response = super().form_valid(form)
        if form.account_already_exists:
            keep_what_was_asked(self.request, form, self.get_success_url())
        return response


class SignUpByPasskey(SignUp, SignupByPasskeyView):
    """The address alone; where no mail can be sent nobody could confirm it, and one registers by a password."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not mfa.PASSKEY_SIGNUP_ENABLED:
            return HttpResponseRedirect(reverse("account_signup"))
        return super().dispatch(request, *args, **kwargs)


class ConfirmAddress(ConfirmEmailVerificationCodeView):
    """allauth's; a mistyped address can be changed whether it has an account or not, as else one could tell."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer nobody who waits for no code; allauth would still answer who has an account."""
        if request.user.is_anonymous and not LoginStageController.enter(request, EmailVerificationStage.key):
            request.session.pop(EMAIL_VERIFICATION_CODE_SESSION_KEY, None)
            return self.leave()
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        action = request.POST.get("action")
        if action == "cancel":
            self._process.abort()
            return self.leave()
        may = {"resend": self._process.can_resend, "change": can_change(self._process)}
        if not may.get(action or "", True):
            return self.again()  # pressed twice, or in another tab: no wrong code
        return super().post(request, *args, **kwargs)

    @cached_property
    def _action(self) -> str:
        action = self.request.POST.get("action")
        return action if action in {"change", "resend"} else "verify"

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if self._action == "change":
            kwargs |= {"user": self._process.user, "email": self._process.email}
        return kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"can_change": can_change(self._process)}

    def _change_form_valid(self, form: Any) -> HttpResponse:
        change_address(self.request, self._process, form.cleaned_data["email"], form.account_already_exists)
        return self.again()

    def _resend_form_valid(self, form: Any) -> HttpResponse:
        if consume_email_verification_rate_limit(self.request, self._process.email, dry_run=True):
            return super()._resend_form_valid(form)
        messages.error(self.request, get_adapter().error_messages["rate_limited"])
        return self.again()

    def again(self) -> HttpResponse:
        return HttpResponseRedirect(self.passthrough_next_url(reverse("account_email_verification_sent")))

    def leave(self) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_email" if self.request.user.is_authenticated else "account_login"))

    def _verify_form_invalid(self, form: Any) -> HttpResponse:
        if self._process.record_invalid_attempt():
            return self.render_to_response(self.get_context_data(form=form))
        messages.error(self.request, _("That was the wrong code too often. Begin again, and we send you a new one."))
        return self.leave()

    def _change_form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form))


@never_cache
def confirm_address(request: HttpRequest) -> HttpResponseBase:
    view = ConfirmAddress if account.EMAIL_VERIFICATION_BY_CODE_ENABLED else EmailVerificationSentView
    return view.as_view()(request)


class FirstPasskey(SignupWebAuthnView):
    """allauth's; here one can go on without a passkey, and gets codes for the day the device is lost."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "without" in request.POST:  # the address was confirmed a moment ago, which is as good as a code by mail
            return self._login_stage.exit()
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        login = self._login_stage.login
        name, credential = form.cleaned_data["name"], form.cleaned_data["credential"]
        passkey = signup_authenticator(self.request, user=login.user, name=name, credential=credential)
        RecoveryCodes.activate(login.user)
        post_authentication(self.request, passkey, reauthenticated=True, passwordless=True)
        onwards = {"first": "yes"} | ({REDIRECT_FIELD_NAME: login.redirect_url} if login.redirect_url else {})
        login.redirect_url = f"{reverse('mfa_view_recovery_codes')}?{urlencode(onwards)}"
        return self._login_stage.exit()
