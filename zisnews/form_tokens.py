"""The tokens of forms, made by fewer steps than Django's: two of 32 characters drawn one by one, and one hidden by the
other, were a twelfth of what a page of a user's took. What is in them, and who checks them, is Django's.
"""

import os

from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH
from django.utils.functional import SimpleLazyObject

LETTERS = CSRF_ALLOWED_CHARS.encode()
EVEN = 256 // len(LETTERS) * len(LETTERS)  # bytes from here on would make some letters likelier than others
_LETTER_OF = bytes(LETTERS[number % len(LETTERS)] for number in range(256))
_UNEVEN = bytes(range(EVEN, 256))
_NUMBER_OF = bytes.maketrans(LETTERS, bytes(range(len(LETTERS))))


def in_templates(request: HttpRequest) -> dict[str, object]:
    """Context processor: `csrf_token`, made where a template asks for it, in place of Django's."""
    return {"csrf_token": SimpleLazyObject(lambda: token_for(request))}


def token_for(request: HttpRequest) -> str:
    """As django.middleware.csrf.get_token: the secret of the reader's cookie, hidden anew each time."""
    secret = request.META.get("CSRF_COOKIE")
    if secret is None:
        secret = request.META["CSRF_COOKIE"] = drawn()
    request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True  # so the middleware says it, and it lives longer
    return hidden(secret)


def drawn() -> str:
    """So many letters and digits that nobody can guess, each as likely as any other."""
    found = b""
    while len(found) < CSRF_SECRET_LENGTH:
        found += os.urandom(2 * CSRF_SECRET_LENGTH).translate(_LETTER_OF, _UNEVEN)
    return found[:CSRF_SECRET_LENGTH].decode()


def hidden(secret: str) -> str:
    """A mask, and the secret moved by it: else what comes with a compressed page could be guessed letter by letter."""
    mask = drawn()
    numbers = zip(secret.encode().translate(_NUMBER_OF), mask.encode().translate(_NUMBER_OF), strict=True)
    return mask + bytes([one + other for one, other in numbers]).translate(_LETTER_OF).decode()
