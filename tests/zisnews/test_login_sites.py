"""Sites one may log in by: there where their keys are set, and not loaded where they are not."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
LOADED = """
from zisnews.wsgi import application
from django.urls import get_resolver, reverse, NoReverseMatch
from django.conf import settings
import sys
get_resolver()._populate()
print("social", any(name.startswith("allauth.socialaccount.models") for name in sys.modules))
print("forms", settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"])
for name in ("github", "google"):
    try:
        print(name, reverse(f"{name}_login"))
    except NoReverseMatch:
        print(name, None)
"""


@pytest.fixture
def said(clean_environment: Callable[..., dict[str, str]]) -> Callable[..., dict[str, str]]:
    def with_keys(**keys: str) -> dict[str, str]:
        database = "postgresql://nobody@127.0.0.1:1/nothing"
        environment = clean_environment(SECRET_KEY="x" * 50, DATABASE_URL=database) | keys
        done = subprocess.run(
            [sys.executable, "-c", LOADED], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
        )
        return dict(line.split(" ", 1) for line in done.stdout.splitlines())

    return with_keys


@pytest.mark.parametrize("keys", [{}, {"ZIS_SOCIAL_GITHUB": "id-alone"}, {"ZIS_SOCIAL_GITHUB": ":"}])
def test_without_keys_nothing_of_it_is_loaded(said, keys):
    assert said(**keys) == {"social": "False", "forms": "[\"'self'\"]", "github": "None", "google": "None"}


def test_a_site_with_keys_can_be_logged_in_by_and_no_other(said):
    told = said(ZIS_SOCIAL_GITHUB="id:secret:with:colons")

    assert told["social"] == "True" and told["google"] == "None"
    assert told["github"] == "/accounts/github/login/"
    assert told["forms"] == "[\"'self'\", 'https://github.com']"
