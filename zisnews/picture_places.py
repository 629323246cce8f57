"""Where pictures are kept, as STORAGE_URL says it: a folder, or a bucket that speaks S3. Knows nothing of Django.

    (empty)                                         the folder `media` of the data folder
    file:///srv/pictures                            another folder, one that all machines see
    s3://KEY:SECRET@s3.example/BUCKET/PREFIX?region=eu-1&public=https://pictures.example/

public: the address browsers load them from, a CDN's or the bucket's own, which is assumed where it is not said.
Without KEY:SECRET they are found as Amazon's tools do (environment, role of the machine). s3+http:// is for a server
on the same machine.
"""

from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

CACHE_CONTROL = "public, max-age=2592000, immutable"  # as zisnews/media.py says of those in a folder
FORMS = "file:///folder or s3://KEY:SECRET@host/bucket?region=…&public=https://…"


@dataclass(frozen=True, slots=True)
class PicturePlace:
    """backend: an entry of Django's STORAGES. url: the beginning of pictures' addresses. root: their folder, if any"""

    url: str
    root: Path | None
    backend: dict[str, Any] = field(default_factory=lambda: {"BACKEND": "django.core.files.storage.FileSystemStorage"})

    @property
    def origin(self) -> str:
        """Whose pages may not load them unless told: scheme and host; "" where they are our own."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def picture_place(storage_url: str, data: Path) -> PicturePlace:
    """Read STORAGE_URL. ValueError with a sentence where that is not possible."""
    parts = urlsplit(storage_url)
    if not storage_url:
        return PicturePlace("/media/", data / "media")
    if parts.scheme == "file" and not parts.netloc and parts.path.startswith("/"):
        return PicturePlace("/media/", Path(unquote(parts.path)))
    if parts.scheme not in {"s3", "s3+http"} or not parts.hostname or not parts.path.strip("/"):
        raise ValueError(f"STORAGE_URL is neither empty nor of the form {FORMS}.")
    if not (find_spec("storages") and find_spec("boto3")):
        raise ValueError('STORAGE_URL names a bucket; for that install: pip install "django-storages[s3]"')
    return bucket(storage_url)


def bucket(storage_url: str) -> PicturePlace:
    parts = urlsplit(storage_url)
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if unknown := set(asked) - {"region", "public"}:
        raise ValueError(f"STORAGE_URL knows region and public, not {sorted(unknown)[0]}.")
    name, _, prefix = unquote(parts.path).strip("/").partition("/")
    endpoint = f"{'http' if parts.scheme == 's3+http' else 'https'}://{parts.netloc.rpartition('@')[2]}"
    public = asked.get("public") or f"{endpoint}/{name}/{prefix}"
    if not public.startswith(("https://", "http://")):
        raise ValueError("The address after public= in STORAGE_URL begins with https://.")
    options = {
        "access_key": unquote(parts.username) if parts.username else None,
        "secret_key": unquote(parts.password) if parts.password else None,
        "bucket_name": name,
        "location": prefix,
        "endpoint_url": endpoint,
        "region_name": asked.get("region"),
        "object_parameters": {"CacheControl": CACHE_CONTROL},
        "querystring_auth": False,
        "file_overwrite": True,  # a name tells its content
        "addressing_style": "path",
    }
    backend = {"BACKEND": "zisnews.bucket.PictureBucket", "OPTIONS": options}
    return PicturePlace(f"{public.rstrip('/')}/", None, backend)
