"""Pictures in a bucket that speaks S3. Loaded only where STORAGE_URL names one: what it needs is not in our list."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import File
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage


def as_of_a_disk(ask: Callable[..., Any]) -> Callable[..., Any]:
    """What goes wrong with a bucket is told as what goes wrong with a disk: callers know OSError."""

    @wraps(ask)
    def asked(*args: Any, **kwargs: Any) -> Any:
        try:
            return ask(*args, **kwargs)
        except (BotoCoreError, ClientError) as error:
            raise OSError(f"The bucket of pictures refuses: {error}") from error

    return asked


class PictureBucket(S3Storage):
    exists = as_of_a_disk(S3Storage.exists)
    size = as_of_a_disk(S3Storage.size)
    delete = as_of_a_disk(S3Storage.delete)
    listdir = as_of_a_disk(S3Storage.listdir)
    get_modified_time = as_of_a_disk(S3Storage.get_modified_time)

    @as_of_a_disk
    def _save(self, name: str, content: File) -> str:
        return str(super()._save(name, content))

    @as_of_a_disk
    def _open(self, name: str, mode: str = "rb") -> File:
        return super()._open(name, mode)

    def url(self, name: str, *args: object, **kwargs: object) -> str:
        """As settings.MEDIA_URL begins it: no request, no signature."""
        return f"{settings.MEDIA_URL}{filepath_to_uri(name)}"
