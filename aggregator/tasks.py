"""Celery's doors onto publishing, pictures and training."""

from threading import BoundedSemaphore

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from aggregator import (
    about,
    alerts,
    blocked,
    comparing_stories,
    coverage,
    followed_stories,
    frequencies,
    furniture,
    kept_ranking,
    left_over,
    mending,
    pictures,
    publishing,
    retention,
    shelving,
    throughput,
    usual_words,
    visits,
)
from aggregator.search import documents
from aggregator.syndication import announcing
from feeds.clock import database_now
from feeds.tasks import while_full

publishing_slots, picture_slots = BoundedSemaphore(1), BoundedSemaphore(1)
comparing_slots, older_slots = BoundedSemaphore(1), BoundedSemaphore(1)


@shared_task
def publish_ready() -> None:
    while_full(publishing_slots, lambda: publishing.publish_ready().entries, publishing.ENTRIES_PER_BATCH)


@shared_task
def fetch_due_pictures() -> None:
    while_full(picture_slots, pictures.fetch_due_pictures, pictures.PICTURES_PER_BATCH)


@shared_task
def train_categories() -> None:
    shelving.train_if_due(timezone.now())


@shared_task
def let_old_articles_leave() -> None:
    retention.let_old_leave(settings.ZIS_RETENTION_DAYS)


@shared_task
def sweep_pictures() -> None:
    retention.sweep_pictures(database_now())


@shared_task
def count_keywords() -> None:
    blocked.count_stale(database_now())


@shared_task
def keep_what_is_left() -> None:
    """Know what is left for readers whose keywords hide nearly everything."""
    left_over.renew_stale(database_now())


@shared_task
def announce_new() -> None:
    announcing.announce(database_now())


@shared_task
def count_hours() -> None:
    """Count the hours that are over before a curator opens the page that shows them."""
    throughput.tallies(database_now())


@shared_task
def count_who_writes_about_whom() -> None:
    about.keep_in_step(database_now())


@shared_task
def rank_stories() -> None:
    """Rank what readers see from the next five minutes on."""
    kept_ranking.rank_ahead(timezone.now())


@shared_task
def write_views() -> None:
    visits.write_gathered()


@shared_task
def catch_up_search() -> None:
    documents.catch_up_if_behind()


@shared_task
def move_followers() -> None:
    followed_stories.go_along_with_merges()


@shared_task
def tell_of_stories() -> None:
    """Tell who follows a story that more tell it now, or that it was split."""
    alerts.tell_of_splits(timezone.now())
    alerts.tell_of_stories(timezone.now())


@shared_task
def tell_of_searches() -> None:
    """Tell who follows a search what it found."""
    alerts.tell_of_searches(timezone.now())


@shared_task
def compare_grown_stories() -> None:
    """Work out how countries tell the stories that more tell it now."""
    while_full(comparing_slots, comparing_stories.compare_grown, comparing_stories.PER_BATCH)


@shared_task
def compare_older_stories() -> None:
    """The same of stories that hardly grow any more."""
    while_full(older_slots, comparing_stories.compare_older, comparing_stories.PER_BATCH)


@shared_task
def count_what_is_usual() -> None:
    """Count, once a day, what stories are compared with: who usually tells such, and in which words."""
    now = database_now()
    coverage.count_usual(now)
    usual_words.count_words(now)
    furniture.count_furniture(now)


@shared_task
def add_up_terms() -> None:
    """Know which terms are common."""
    while frequencies.add_up() == frequencies.BATCHES_AT_ONCE:
        pass


@shared_task
def merge_stories() -> None:
    """Merge stories that turn out to be one, then see which go on where earlier ones stopped."""
    mending.merge_grown(timezone.now())
    mending.chain_grown(timezone.now(), budget_seconds=mending.CHAINING_SECONDS)


@shared_task
def look_at_night() -> None:
    mending.look_at_night(timezone.now())
