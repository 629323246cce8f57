"""What `check --deploy` must refuse beside Django's own list."""

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security, deploy=True)
def the_address_guard_has_no_exceptions(app_configs, **kwargs) -> list[Error]:
    """The two settings that let tests and the demo reach loopback must not be set in production."""
    return [
        Error(
            f"{name} is set: it lets the site fetch from its own network.",
            hint="It is for tests and the demo. Unset it.",
            id="zisnews.E001",
        )
        for name in ("ZIS_FETCH_HOST_MAP", "ZIS_FETCH_ALLOW_NETWORKS")
        if getattr(settings, name)
    ]
