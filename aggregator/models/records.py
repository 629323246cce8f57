"""What is left of what was: earlier headlines, and the addresses of articles that left."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from aggregator.models.articles import Article


class Headline(models.Model):
    """A headline an article had before its source changed it."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="earlier_headlines", db_index=False)
    title = models.TextField()
    seen_at = models.DateTimeField(help_text=_("When we first saw it"))
    replaced_at = models.DateTimeField()

    class Meta:
        ordering = ["-replaced_at", "-pk"]
        indexes = [models.Index(fields=["article", "-replaced_at"], name="headline_of_article")]

    def __str__(self) -> str:
        return self.title


class TombstoneQuerySet(models.QuerySet["Tombstone"]):
    def bury(self, urls: Iterable[str], now: datetime) -> None:
        """Remember that the articles at these canonical addresses left; one that is here already stays as it is."""
        addresses = sorted({Tombstone.key_of(url) for url in urls})
        stones = [Tombstone(address=address, left_at=now) for address in addresses]
        Tombstone.objects.bulk_create(stones, ignore_conflicts=True)

    def buried(self, urls: Iterable[str]) -> set[str]:
        """Return those of these canonical addresses whose article has left."""
        keys = {Tombstone.key_of(url): url for url in urls}
        return {keys[address] for address in self.filter(pk__in=keys).values_list("pk", flat=True)}


class Tombstone(models.Model):
    """The address of an article that left the site, so that it does not come back. The address itself is not kept."""

    address = models.UUIDField(primary_key=True, editable=False, help_text=_("A hash of the address, 16 bytes"))
    left_at = models.DateTimeField()

    objects = TombstoneQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.address}, {self.left_at:%Y-%m-%d}"

    @staticmethod
    def key_of(url: str) -> UUID:
        return UUID(bytes=blake2b(url.encode("utf-8", "replace"), digest_size=16).digest())
