"""Which countries an article is about, and how many articles of one country are about another."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from aggregator.models.articles import Article
from feeds.models import Category


class About(models.Model):
    """An article of a country's source is about a country, as aggregator.subjects reads it; kept for some days.

    Each article that was read has a row for all, with no subject, beside one for each country it is about.
    The columns say again what the article says, so that what one country tells of another is a walk along an index.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="about", editable=False, db_index=False)
    teller = models.CharField(max_length=2, editable=False, help_text=_("The country of its source"))
    subject = models.CharField(
        max_length=2, blank=True, editable=False, help_text=_("The country it is about; empty: the article itself")
    )
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+", db_index=False, editable=False)
    published_at = models.DateTimeField(editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "subject"], name="about_of_article")]
        indexes = [
            # The list behind a cell, and of the cell of one category.
            models.Index(
                fields=["teller", "subject", "published_at", "article"], include=["category"], name="about_newest"
            ),
            # What a day is counted from.
            models.Index(fields=["published_at"], include=["teller", "subject", "category"], name="about_of_day"),
        ]

    def __str__(self) -> str:
        return f"{self.teller} on {self.subject}: article {self.article_id}"


class AboutCount(models.Model):
    """How many articles of a day and a category one country's sources have on another."""

    day = models.DateField(editable=False, help_text=_("UTC"))
    teller = models.CharField(max_length=2, editable=False)
    subject = models.CharField(max_length=2, blank=True, editable=False, help_text=_("Empty: all its articles"))
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+", db_index=False, editable=False)
    article_count = models.PositiveIntegerField(editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "teller", "subject", "category"], name="about_count_of_day")
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.teller} on {self.subject}: {self.article_count}"
