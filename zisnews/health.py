"""For operators: does the process live, and can it do its work?"""

import time
from collections.abc import Iterable

from django.core.cache import cache
from django.db import DEFAULT_DB_ALIAS, Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis.exceptions import RedisError

BEAT_KEY = "beat-ticked-at"
BEAT_MAX_AGE_SECONDS = 120
WORKER_KEY = "worker-ticked-at:{}"  # by queue


def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process lives."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """200, or 503 with what is missing."""
    missing = what_is_missing(time.time())
    return JsonResponse({"ready": not missing, "missing": missing}, status=503 if missing else 200)


def ages_of_workers(now: float, queues: Iterable[str]) -> dict[str, float | None]:
    """Seconds since the workers of each queue last answered the scheduler; None where they never did, or Redis not."""
    try:
        ticked = {queue: cache.get(WORKER_KEY.format(queue)) for queue in queues}
    except RedisError:
        return dict.fromkeys(queues)
    return {queue: None if at is None else max(now - at, 0.0) for queue, at in ticked.items()}


def what_is_missing(now: float) -> dict[str, str]:
    """Return the parts that are not there, each with a sentence; `now` in seconds since 1970."""
    missing = {}
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            missing["migrations"] = "The database is not up to date. Run `./zis manage migrate`."
    except Error:
        missing["database"] = f"The database ({DEFAULT_DB_ALIAS}) does not answer."
    try:
        ticked_at = cache.get(BEAT_KEY)
        if ticked_at is None or now - ticked_at > BEAT_MAX_AGE_SECONDS:
            missing["beat"] = "The scheduler has not ticked for two minutes: no feeds are fetched."
    except RedisError:
        missing["redis"] = "Redis does not answer: no jobs, no cache."
    return missing
