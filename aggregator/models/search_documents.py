"""What search finds an article by."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from aggregator.models.articles import Article
from feeds.models import Category, Source

# What search's index puts off is read by each search: a quarter of Postgres' own limit.
PENDING_KILOBYTES = 1024


class SearchDocument(models.Model):
    """What search finds an article by: its words and its shelves, in one index. Goes with its article.

    The columns say again what the article says, so that a thousand matches are counted without reading a thousand
    articles: rows here are small and lie close together.
    """

    article = models.OneToOneField(
        Article, on_delete=models.CASCADE, primary_key=True, related_name="search_document", editable=False
    )
    published_at = models.DateTimeField(editable=False)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+", db_index=False, editable=False)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+", db_index=False, editable=False)
    country = models.CharField(max_length=2, blank=True, editable=False)
    language = models.CharField(max_length=12, blank=True, editable=False)
    words = SearchVectorField(editable=False, help_text=_("As aggregator.search.documents spells them"))

    class Meta:
        indexes = [
            GinIndex(fields=["words"], name="search_document_words", gin_pending_list_limit=PENDING_KILOBYTES),
            models.Index("published_at", "article", name="search_document_newest"),
        ]

    def __str__(self) -> str:
        return f"What article {self.pk} is found by"
