"""What a reader fills in about their account: the name others see, a passkey, and the wish to be forgotten."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.webauthn.forms import AddWebAuthnForm
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


class AddPasskeyForm(AddWebAuthnForm):
    """allauth's, in our words; a key that logs one in alone is what is offered first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Its name, for you to know it by")
        self.fields["name"].max_length = 100
        passwordless = self.fields["passwordless"]
        passwordless.label = _("Log in with it alone, without a password")
        passwordless.help_text = _("It then asks for your finger, your face or a PIN. Untick this for a key that can not ask.")
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
