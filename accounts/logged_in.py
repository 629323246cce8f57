"""Who asks for a page that only users get."""

from django.http import HttpRequest

from accounts.models import User


def user_of(request: HttpRequest) -> User:
    """The user of a request that login_required, or a look at request.user, has let through."""
    assert isinstance(request.user, User)
    return request.user
