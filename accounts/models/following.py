"""What a reader wants to see more of: sources, categories, countries, searches. Changed only by accounts.following."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import MD5, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User
from feeds.models import Category, Country, Source


class Follow(models.Model):
    """A source, a category or a country that a reader follows: exactly one of the three."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="follows", db_index=False)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, null=True, blank=True, related_name="follows")
    category = models.ForeignKey(
        Category, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    country = models.ForeignKey(
        Country, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "source"], name="follow_source_once"),
            models.UniqueConstraint(fields=["user", "category"], name="follow_category_once"),
            models.UniqueConstraint(fields=["user", "country"], name="follow_country_once"),
            models.CheckConstraint(
                condition=Q(source__isnull=False, category=None, country=None)
                | Q(source=None, category__isnull=False, country=None)
                | Q(source=None, category=None, country__isnull=False),
                name="follow_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return str(self.source or self.category or self.country)


class SavedSearch(models.Model):
    """A search a reader keeps. query: as the address of the search page has it, each question spelled one way."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_searches", db_index=False)
    name = models.CharField(_("name"), max_length=100)
    query = models.TextField(editable=False)
    is_followed = models.BooleanField(_("followed"), default=False)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    seen_at = models.DateTimeField(default=timezone.now, editable=False, help_text=_("When it was last looked at"))
    # When we look next whether there is something new to tell of (aggregator.alerts).
    look_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)

    class Meta:
        verbose_name_plural = "saved searches"
        constraints = [
            # A query may be longer than an index takes.
            models.UniqueConstraint("user", MD5("query"), name="search_saved_once"),
        ]
        indexes = [models.Index(fields=["look_at"], name="search_to_look_at", condition=Q(is_followed=True))]

    def __str__(self) -> str:
        return self.name
