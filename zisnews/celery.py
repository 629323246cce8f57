"""The Celery app and the whole beat schedule.

The queue is only a hint, Postgres is the truth: each task takes whatever rows are due, so a lost or doubled
message costs one tick. Values and their reasons: design notes in docs/architecture.md.
"""

import os
import time
from datetime import timedelta

import structlog
from celery import Celery
from celery.signals import setup_logging, task_postrun, task_prerun, worker_init

from feeds.settling import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zisnews.settings")

app = Celery("zisnews")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Longer than any task may run (time limits below); a dead worker's message comes back after it.
VISIBILITY_TIMEOUT_SECONDS = 900

app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_ignore_result=True,
    accept_content=["json"],
    task_soft_time_limit=270,
    task_time_limit=300,
    worker_max_tasks_per_child=500,
    worker_max_memory_per_child=400_000,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_send_task_events=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    visibility_timeout=VISIBILITY_TIMEOUT_SECONDS,
    broker_transport_options={
        "visibility_timeout": VISIBILITY_TIMEOUT_SECONDS,
        "unacked_restore_interval": 5,  # the defaults take 103 s to give a dead worker's task back
        "unacked_restore_throttle": 1,
        "socket_timeout": 30,
        "socket_keepalive": True,
        "health_check_interval": 25,
        "retry_on_timeout": True,
    },
    task_default_queue="work",
    task_routes={"feeds.tasks.*": {"queue": "fetch"}, "aggregator.tasks.fetch_due_pictures": {"queue": "fetch"}},
)


def every(seconds: int, task: str) -> dict:
    """One line of the schedule. A tick that no worker took before the next one is worth nothing: it expires."""
    return {"task": task, "schedule": timedelta(seconds=seconds), "options": {"expires": seconds}}


app.conf.beat_schedule = {
    "fetch the feeds that are due": every(5, "feeds.tasks.refresh_due_feeds"),
    "read what hubs pushed": every(5, "feeds.tasks.read_pushes"),
    "ask hubs to push, and to go on": every(30, "feeds.tasks.keep_subscriptions"),
    "read the pages of new entries": every(5, "feeds.tasks.read_due_pages"),
    "publish the entries that are ready": every(5, "aggregator.tasks.publish_ready"),
    "know which terms are common": every(60, "aggregator.tasks.add_up_terms"),
    "merge stories that are one, and chain those that go on": every(900, "aggregator.tasks.merge_stories"),
    "mend stories at night": every(1800, "aggregator.tasks.look_at_night"),
    "bring in the pictures of new articles": every(10, "aggregator.tasks.fetch_due_pictures"),
    "learn categories from our own articles": every(1800, "aggregator.tasks.train_categories"),
    "let articles older than we keep leave": every(600, "aggregator.tasks.let_old_articles_leave"),
    "sweep away pictures whose article is gone": every(3600, "aggregator.tasks.sweep_pictures"),
    "rank stories before readers ask": every(60, "aggregator.tasks.rank_stories"),
    "count who writes about whom": every(300, "aggregator.tasks.count_who_writes_about_whom"),
    "write down how often articles were opened": every(30, "aggregator.tasks.write_views"),
    "write down how often ads were shown": every(60, "accounts.tasks.write_ad_counts"),
    "count what came in": every(600, "aggregator.tasks.count_hours"),
    "take into search what came before it": every(300, "aggregator.tasks.catch_up_search"),
    "look for the new addresses of lost feeds": every(600, "feeds.tasks.search_lost_feeds"),
    "set the counts of answers right": every(86_400, "comments.tasks.recount_reactions"),
    "set the counts of comments right": every(86_400, "comments.tasks.recount_comments"),
    "delete for good what its authors took back": every(300, "comments.tasks.wipe_deleted_comments"),
    "remove what purged authors wrote": every(5, "comments.tasks.carry_on_purges"),
    "count what keywords hide": every(60, "aggregator.tasks.count_keywords"),
    "know what nearly everything hidden leaves": every(60, "aggregator.tasks.keep_what_is_left"),
    "compare the stories that grew": every(20, "aggregator.tasks.compare_grown_stories"),
    "compare older stories that changed": every(900, "aggregator.tasks.compare_older_stories"),
    "count what stories are compared with": every(3600, "aggregator.tasks.count_what_is_usual"),
    "let who followed a merged story follow the one that stands": every(600, "aggregator.tasks.move_followers"),
    "tell who follows a story that more tell it": every(300, "aggregator.tasks.tell_of_stories"),
    "tell who follows a search what it found": every(300, "aggregator.tasks.tell_of_searches"),
    "forget notices of long ago": every(3600, "accounts.tasks.forget_old_notices"),
    "set right how many follow each source": every(86_400, "accounts.tasks.recount_followers"),
    "forget sessions that are over": every(3600, "accounts.tasks.forget_ended_sessions"),
    "tell our hub what is new": every(30, "aggregator.tasks.announce_new"),
    "find the marks of sources": every(60, "feeds.tasks.find_due_marks"),
    "forget looks at feeds older than two weeks": every(3600, "feeds.tasks.forget_old_records"),
    "see whether the clock was set back": every(600, "feeds.tasks.forgive_clock"),
    "say that beat ticks": every(20, "zisnews.celery.tick"),
    "say that fetching lives": every(20, "zisnews.celery.tick")
    | {"args": ["fetch"], "options": {"expires": 20, "queue": "fetch"}},
}


@app.task(name="zisnews.celery.tick")
def tick(queue: str = "work") -> None:
    """Leave the time where /readyz looks for it, and whoever asks whether the queue's workers live."""
    from django.core.cache import cache  # noqa: PLC0415  (settings are not there yet when this module loads)

    from zisnews.health import BEAT_KEY, WORKER_KEY  # noqa: PLC0415

    cache.set(WORKER_KEY.format(queue), time.time(), timeout=None)
    if queue == "work":
        cache.set(BEAT_KEY, time.time(), timeout=None)


@setup_logging.connect
def keep_our_logging(**kwargs) -> None:
    """Having this receiver stops Celery from replacing the logging of settings.py."""
    import logging.config  # noqa: PLC0415

    from django.conf import settings  # noqa: PLC0415

    logging.config.dictConfig(settings.LOGGING)


@task_prerun.connect
def bind_task_id(task_id: str, task, **kwargs) -> None:
    structlog.contextvars.bind_contextvars(task_id=task_id, task=task.name)


@task_postrun.connect
def unbind_task_id(**kwargs) -> None:
    structlog.contextvars.unbind_contextvars("task_id", "task")


@worker_init.connect
@task_postrun.connect
def settle_down(**kwargs) -> None:
    settle()
