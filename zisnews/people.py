"""Finding a person by what a command is given."""

from allauth.account.models import EmailAddress
from django.core.management.base import CommandError

from accounts.models import User


def person(name: str) -> User:
    """Return who has this e-mail address or id. Raises CommandError."""
    found = User.objects.filter(pk=int(name)) if name.isdecimal() and len(name) < 19 else User.objects.none()
    found = found or User.objects.filter(email__iexact=name)
    found = found or User.objects.filter(pk__in=EmailAddress.objects.filter(email__iexact=name).values("user"))
    if user := found.first():
        return user
    raise CommandError(f"Nobody has the e-mail address or number {name!r}.")
