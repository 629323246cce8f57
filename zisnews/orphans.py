"""Ends Celery's pool processes when their main process ends: a hook that is in force once this is imported.

The main process itself is tied to the supervisor when it is started (processes.spawn).
"""

from celery.signals import worker_process_init

from zisnews.processes import end_with_parent


@worker_process_init.connect
def tie_pool_process(**kwargs: object) -> None:
    end_with_parent()
