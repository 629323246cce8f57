"""What was learned from our own articles."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentFrequency(models.Model):
    """In how many articles a term occurred: what makes a rare word worth more than a common one."""

    term = models.TextField(primary_key=True, db_collation="C")
    document_count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "document frequencies"

    def __str__(self) -> str:
        return f"{self.term}: {self.document_count}"


class CategoryModel(models.Model):
    """What the classifier learned from our own articles, as categorising.Model writes itself; the newest counts."""

    trained_at = models.DateTimeField()
    article_count = models.PositiveIntegerField()
    accuracy = models.FloatField(null=True)
    parameters = models.JSONField()
    report = models.JSONField(
        default=dict, help_text=_("How it did on articles held out, as category_training.report_of spells it")
    )

    def __str__(self) -> str:
        return f"{self.trained_at:%Y-%m-%d}, {self.article_count} articles"
