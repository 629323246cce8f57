"""What one logs in with beside a password: an authenticator app, a passkey, recovery codes."""

from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from accounts.models import User
from zisnews.site_address import site_host

SITE_NAME = "ZisNews"


class SecondFactors(DefaultMFAAdapter):
    """allauth's adapter, which takes the name a passkey is bound to from the Host header."""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": site_host(current.request).partition(":")[0], "name": SITE_NAME}

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        return _("Passkey %(number)s") % {"number": count + 1} if count else _("Passkey")


def has_second_factor(user: User) -> bool:
    """Whether somebody who knows the password of this account could still not get in. Recovery codes alone are none."""
    return Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
