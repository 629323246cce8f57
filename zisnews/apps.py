"""The project itself as an app, so that its commands and checks are found."""

from django.apps import AppConfig


class ZisNewsConfig(AppConfig):
    name = "zisnews"

    def ready(self) -> None:
        from zisnews import checks  # noqa: F401, PLC0415  (registers the deployment checks)
