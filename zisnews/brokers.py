"""Where Celery finds its queue. Pure."""

from urllib.parse import parse_qs, urlsplit


def celery_broker(redis_url: str) -> str:
    """Return the address Celery uses for what the cache calls `redis_url`.

    A socket is unix:///path?db=0 to redis-py and redis+socket:///path?virtual_host=0 to Celery.
    """
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={database}"
