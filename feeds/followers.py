"""How many readers follow each source: more of them, and its feeds are asked sooner (scheduling.py).

Who follows what is known to others; they say here what changed.
"""

from collections.abc import Callable, Collection, Mapping

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from feeds.models import Source


@transaction.atomic
def note_followers(source_ids: Collection[int], change: int) -> None:
    """Count `change` followers more, or fewer, for each of these sources.

    The rows are locked in one order, so that two readers who take in long lists at once do not wait for each other.
    """
    found = Source.objects.filter(pk__in=source_ids).order_by("pk").select_for_update(no_key=True)
    locked = list(found.values_list("pk", flat=True))
    Source.objects.filter(pk__in=locked).update(follower_count=Greatest(F("follower_count") + change, 0))


@transaction.atomic
def set_followers(count_all: Callable[[], Mapping[int, int]]) -> int:
    """Store how many follow each source, none for those not counted; returns how many were wrong.

    count_all: asked while nobody can change a count
    """
    sources = list(Source.objects.order_by("pk").select_for_update(no_key=True).only("follower_count"))
    counts = count_all()
    wrong = [source for source in sources if source.follower_count != counts.get(source.pk, 0)]
    for source in wrong:
        source.follower_count = counts.get(source.pk, 0)
    Source.objects.bulk_update(wrong, ["follower_count"])
    return len(wrong)
