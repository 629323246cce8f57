"""How gunicorn serves the pages: `gunicorn -c python:zisnews.gunicorn zisnews.wsgi:application`.

Two processes with threads under `./zis up`, one on a machine with one core; a server sets WEB_CONCURRENCY to its cores.
They share the memory of what is loaded, once, before they part. gunicorn reads these names.
"""

import os
from pathlib import Path
from typing import Any

from zisnews.processes import end_with_parent
from zisnews.web_worker import leave_place, take_place

worker_class = "zisnews.web_worker.Worker"
workers = int(os.environ.get("WEB_CONCURRENCY", min(2, os.cpu_count() or 1)))
preload_app = True
# A page waits for Postgres a fifth of its time; eight threads took 12 % more CPU, for each other. Hubs have two.
threads = 4
timeout = 60
graceful_timeout = 10
keepalive = 5
# Against slow growth; the jitter keeps workers from ending at once. Of kept pages a process gives a thousand a second:
# at 20,000 one of two ended every ten seconds, with all it had kept, and left its readers to the other.
max_requests = 400_000
max_requests_jitter = 40_000
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  a heartbeat file, no disk wanted
control_socket_disable = True
limit_request_line = 8190
loglevel = "warning"


def pre_fork(server: Any, worker: Any) -> None:
    take_place(worker)


def child_exit(server: Any, worker: Any) -> None:
    leave_place(worker)


def post_fork(server: Any, worker: Any) -> None:
    end_with_parent()


def when_ready(server: Any) -> None:
    """The site is loaded, and no process that takes requests is there yet."""
    from zisnews.warming import warm_up  # noqa: PLC0415  Django is set up by now, not when this module loads

    warm_up()
