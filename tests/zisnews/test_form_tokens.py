"""Tokens of forms that Django takes for its own."""

from typing import Any

from django.middleware import csrf as csrf_of_django
from django.test import RequestFactory

from zisnews.form_tokens import drawn, hidden, token_for

csrf: Any = csrf_of_django  # its own ways to look at a token


def test_django_finds_the_secret_in_each_token():
    for _ in range(300):
        secret = drawn()
        token = hidden(secret)

        assert csrf._does_token_match(token, secret)
        assert not csrf._does_token_match(token, drawn())
        assert len(token) == csrf.CSRF_TOKEN_LENGTH
        csrf._check_token_format(token)
        csrf._check_token_format(secret)


def test_a_token_is_another_one_each_time_for_the_secret_of_the_cookie():
    request = RequestFactory().get("/")
    tokens = {token_for(request) for _ in range(20)}

    assert len(tokens) == 20
    assert all(csrf._does_token_match(token, request.META["CSRF_COOKIE"]) for token in tokens)
    assert request.META["CSRF_COOKIE_NEEDS_UPDATE"]


def test_every_letter_is_drawn_as_often_as_any_other():
    letters = "".join(drawn() for _ in range(4_000))
    counts = [letters.count(letter) for letter in csrf.CSRF_ALLOWED_CHARS]

    assert min(counts) > 0.85 * len(letters) / 62
    assert max(counts) < 1.15 * len(letters) / 62
