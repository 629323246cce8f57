"""Other sites a reader may log in by, as allauth is told of them. Pure."""

from collections.abc import Mapping

# Where a site's page to log in is: our form leads on to it.
LOGIN_SITES = {
    "github": "https://github.com",
    "gitlab": "https://gitlab.com",
    "google": "https://accounts.google.com",
    "microsoft": "https://login.microsoftonline.com",
}


def providers_of(keys: Mapping[str, str]) -> dict[str, dict[str, list[dict[str, str]]]]:
    """allauth's settings of the sites one may log in by. keys: client-id:secret by site; one without both is none."""
    found = {}
    for name, key in keys.items():
        client, _, secret = key.partition(":")
        if client and secret:
            found[name] = {"APPS": [{"client_id": client, "secret": secret}]}
    return found
