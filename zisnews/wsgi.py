"""The door for gunicorn."""

import os

from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zisnews.settings")


class Utf8Request(WSGIRequest):
    """A request whose query and forms are read as UTF-8, which is what our pages send, whatever charset it names.

    Python knows charsets that read no text at all, and others that write NUL and half surrogate pairs.
    """

    @property
    def encoding(self) -> str:
        return "utf-8"

    @encoding.setter
    def encoding(self, named: str) -> None:
        """Django sets what the Content-Type says before anything of ours has seen the request."""


application = get_wsgi_application()
application.request_class = Utf8Request
