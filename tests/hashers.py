"""A password hasher for tests that compare times."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class SlowEnough(PBKDF2PasswordHasher):
    """A sixth of Django's work: still many times what the rest of a log-in takes."""

    iterations = 200_000
