"""Stored bodies pass the sanitiser again after it has changed; what publishers sent is not kept, and not needed.

A sanitised body passes unchanged but for what the newer version does otherwise, so no source is asked again.
"""

from aggregator.models import Article
from feeds.sanitising import SANITISER_VERSION, sanitise

ARTICLES_PER_BATCH = 500


def resanitise_batch(after: int) -> tuple[int | None, int]:
    """Sanitise the bodies of the next articles by number; returns the last number seen (None: no more) and how many.

    An article that is renewed at the same moment keeps its new body: only what was read is replaced.
    """
    behind = Article.objects.filter(pk__gt=after, sanitiser_version__lt=SANITISER_VERSION).order_by("pk")
    batch = list(behind.values_list("pk", "html", "sanitiser_version")[:ARTICLES_PER_BATCH])
    for pk, html, version in batch:
        as_read = Article.objects.filter(pk=pk, sanitiser_version=version, html=html)
        as_read.update(html=sanitise(html), sanitiser_version=SANITISER_VERSION)
    return (batch[-1][0] if batch else None), len(batch)
