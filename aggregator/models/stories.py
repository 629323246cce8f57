"""An event, and the articles about it."""

from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aggregator.addresses import story_address
from feeds.models import Category


class StoryQuerySet(models.QuerySet["Story"]):
    def standing(self) -> "StoryQuerySet":
        """Stories that were not merged into another."""
        return self.filter(merged_into=None)

    def active(self, now: datetime, *, hours: int = 48) -> "StoryQuerySet":
        """Standing stories that still grow: the newest article is younger than `hours`."""
        return self.standing().filter(newest_at__gte=now - timedelta(hours=hours))

    def told_by_several(self) -> "StoryQuerySet":
        return self.filter(source_count__gte=2)


class Storyline(models.Model):
    """A chain of events over days to months, each of which goes on where an earlier one stopped.

    Found and kept by aggregator.storylines; the times and the count are those of its standing stories.
    """

    event_count = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField()
    newest_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.pk}: {self.event_count} events, {self.first_at:%Y-%m-%d} to {self.newest_at:%Y-%m-%d}"


class Story(models.Model):
    """An event: the articles about it. The counts are of its distinct sources and countries."""

    title = models.TextField()
    slug = models.SlugField(max_length=80, allow_unicode=True, db_index=False)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="stories", db_index=False)
    article_count = models.PositiveIntegerField(default=0)
    source_count = models.PositiveIntegerField(default=0)
    country_count = models.PositiveIntegerField(default=0)
    voices = models.JSONField(default=dict, help_text=_('Distinct sources by country: {"GB": 5, "FR": 2}'))
    first_at = models.DateTimeField()
    newest_at = models.DateTimeField()
    merged_into = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    storyline = models.ForeignKey(
        Storyline, on_delete=models.SET_NULL, null=True, blank=True, related_name="stories", db_index=False
    )
    is_title_pinned = models.BooleanField(
        default=False, db_default=False, editable=False, help_text=_("A curator chose its headline")
    )
    # By primary tag of a language, the number of the article whose headline is the story's for readers of it; "": for
    # all others. Written by aggregator.heading, {} until the story was compared.
    headlines = models.JSONField(default=dict, db_default={}, editable=False)
    # Bumped whenever its articles or its headline change, so that whoever keeps something made of them knows.
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    # What finding/ compares, its own to read, and its heaviest terms, for the look-up.
    profile = models.JSONField(default=dict)
    key_terms = ArrayField(models.TextField(), default=list)

    objects = StoryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "stories"
        indexes = [
            models.Index("newest_at", name="story_newest", condition=Q(merged_into=None)),
            # All that lists of stories choose and sort by, so that they read no row but those they show.
            models.Index(
                fields=["newest_at"],
                name="story_told_by_several",
                include=["id", "category", "country_count", "source_count"],
                condition=Q(merged_into=None, source_count__gte=2),
            ),
            # How widely some hundred stories are told, without reading them.
            models.Index(
                fields=["id"], name="story_told_widely", include=["country_count"], condition=Q(country_count__gte=2)
            ),
            models.Index("storyline", "first_at", name="story_of_storyline", condition=~Q(storyline=None)),
            # Every look reads all that waits to be sorted in, and related articles look fifteen times: let little wait.
            GinIndex(fields=["key_terms"], name="story_key_terms", gin_pending_list_limit=64),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return story_address(self.pk, self.slug)

    def that_stands(self) -> "Story":
        """The story that this one was merged into, or itself. As long as the chain is: one that ended early would let a
        merge point at a story that does not stand, and close a ring.
        """
        found, seen = self, {self.pk}
        while found.merged_into is not None and found.merged_into_id not in seen:
            found = found.merged_into
            seen.add(found.pk)
        return found
