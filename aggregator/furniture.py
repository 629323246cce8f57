"""What each source repeats on all its pages, counted from its own latest articles: comparing/furniture.py decides."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.db.models.functions import Left

from aggregator.comparing.furniture import repeated
from aggregator.models import Article, Furniture
from feeds.models import Source

LATEST = 60  # articles of a source
CHARACTERS = 5_000  # of each
COUNTED_ANEW = timedelta(days=2)
RECENT = timedelta(days=3)  # a source that brought nothing since repeats nothing new
SOURCES_PER_RUN = 300


def count_furniture(now: datetime, *, limit: int = SOURCES_PER_RUN) -> int:
    """Look through the latest articles of sources that were not looked through for two days; returns of how many."""
    fresh = Furniture.objects.filter(source=OuterRef("pk"), counted_at__gt=now - COUNTED_ANEW)
    brought = Article.objects.filter(source=OuterRef("pk"), published_at__gte=now - RECENT)
    due = Source.objects.filter(~Exists(fresh), Exists(brought)).order_by("pk")
    pks = list(due.values_list("pk", flat=True)[:limit])
    for pk in pks:
        articles = Article.objects.filter(source=pk, copy_of=None).newest_first()
        texts = list(articles.annotate(opening=Left("text", CHARACTERS)).values_list("story", "pk", "opening")[:LATEST])
        sentences = repeated((story or f"article {article}", text) for story, article, text in texts)
        Furniture.objects.update_or_create(
            source_id=pk, defaults={"sentences": sentences, "articles": len(texts), "counted_at": now}
        )
    return len(pks)


def furniture_of(source_ids: Mapping[str, int]) -> dict[str, Collection[int]]:
    """By the names these sources go by, what each repeats."""
    known = dict(Furniture.objects.filter(source__in=source_ids.values()).values_list("source", "sentences"))
    return {name: frozenset(known[pk]) for name, pk in source_ids.items() if known.get(pk)}
