"""What a reader fills in about their account: the name others see, a passkey, and the wish to be forgotten."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangeEmailForm, ConfirmEmailVerificationCodeForm
from allauth.account.internal.flows.email_verification import consume_email_verification_rate_limit
from allauth.account.internal.flows.manage_email import email_already_exists
from allauth.core import context as current
from allauth.mfa.webauthn.forms import AddWebAuthnForm, SignupWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.display_names import (
    DISPLAY_NAME_MAX_LENGTH,
    DisplayNameError,
    clean_display_name,
    name_key,
    speaks_for_the_site,
)
from accounts.models import User


class DisplayNameForm(forms.Form):
    """The name others see. Errors are sentences for the reader; "" goes back to the neutral name."""

    display_name = forms.CharField(
        label=_("Display name"), required=False, strip=True, max_length=DISPLAY_NAME_MAX_LENGTH * 4
    )

    def __init__(self, data: Any = None, *, user: User) -> None:
        self.user = user
        super().__init__(data, initial={"display_name": user.display_name})

    def clean_display_name(self) -> str:
        typed = self.cleaned_data["display_name"]
        if not typed:
            return ""
        try:
            name = clean_display_name(typed)
        except DisplayNameError as error:
            raise ValidationError(str(error)) from error
        if name == self.user.display_name:
            return name
        if speaks_for_the_site(name) and not self.user.is_staff:
            raise ValidationError(_("This name would look like one of ours. Please choose another."))
        if User.objects.filter(name_key=name_key(name)).exclude(pk=self.user.pk).exists():
            raise ValidationError(_("Somebody has this name, or one that looks like it. Please choose another."))
        return name


class ConfirmAddressForm(ConfirmEmailVerificationCodeForm):
    """allauth's, in our words, with the digits on a phone's keyboard."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attributes = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "dir": "ltr"}
        self.fields["code"].widget = forms.TextInput(attrs=attributes)


class ChangeAddressForm(ChangeEmailForm):
    """allauth's, for who may also come back to an address of their own. user: None for who has no account."""

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if email == self.email:
            raise get_adapter().validation_error("same_as_current")
        if not consume_email_verification_rate_limit(current.request, email, dry_run=True):
            raise get_adapter().validation_error("rate_limited")
        email, self.account_already_exists = email_already_exists(get_adapter().clean_email(email), user=self.user)
        return email


class FirstPasskeyForm(SignupWebAuthnForm):
    """allauth's, in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Its name, for you to know it by")
        self.fields["name"].max_length = 100


class AddPasskeyForm(AddWebAuthnForm):
    """allauth's, in our words; a key that logs one in alone is what is offered first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Its name, for you to know it by")
        self.fields["name"].max_length = 100
        passwordless = self.fields["passwordless"]
        passwordless.label = _("Log in with it alone, without a password")
        passwordless.help_text = _(
            "It then asks for your finger, your face or a PIN. Untick this for a key that can not ask."
        )
        passwordless.initial = True


class EraseForm(forms.Form):
    """The password of who wants to be forgotten, and their word that they do."""

    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    sure = forms.BooleanField(label=_("Delete my account. I know that this can not be undone."))

    def __init__(self, data: Any = None, *, user: User) -> None:
        self.user = user
        super().__init__(data)
        if not user.has_usable_password():
            del self.fields["password"]

    def clean_password(self) -> str:
        """Ask allauth, which counts how often somebody guesses."""
        password = self.cleaned_data["password"]
        if not get_adapter().reauthenticate(self.user, password):
            raise ValidationError(_("This is not your password."))
        return password
