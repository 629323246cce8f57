"""What we publish: Story and Article, and the QuerySets every page speaks."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import blake2b
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.preferences import Preferences
from aggregator.addresses import article_address, story_address
from feeds.models import Category, Display, Entry, Source

# What search's index puts off is read by each search: a quarter of Postgres' own limit.
PENDING_KILOBYTES = 1024
WORDS_PER_MINUTE = 220  # silent reading of English non-fiction, adults: 238 (Brysbaert 2019), rounded down


class StoryQuerySet(models.QuerySet["Story"]):
    def standing(self) -> "StoryQuerySet":
        """Stories that were not merged into another."""
        return self.filter(merged_into=None)

    def active(self, now: datetime, *, hours: int = 48) -> "StoryQuerySet":
        """Standing stories that still grow: the newest article is younger than `hours`."""
        return self.standing().filter(newest_at__gte=now - timedelta(hours=hours))

    def told_by_several(self) -> "StoryQuerySet":
        return self.filter(source_count__gte=2)


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
    # What clustering compares: the centroid (term → weight) and its heaviest terms, for the look-up.
    centroid = models.JSONField(default=dict)
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
            # Every look reads all that waits to be sorted in, and related articles look fifteen times: let little wait.
            GinIndex(fields=["key_terms"], name="story_key_terms", gin_pending_list_limit=64),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return story_address(self.pk, self.slug)


class ArticleQuerySet(models.QuerySet["Article"]):
    def visible_to(self, preferences: Preferences) -> "ArticleQuerySet":
        """Articles the reader has not ruled out, by keyword, source or language."""
        articles = self
        if preferences.hidden_sources:
            articles = articles.exclude(source__in=preferences.hidden_sources)
        if preferences.hidden_languages:
            articles = articles.exclude(language__in=preferences.hidden_languages)
        if preferences.blocked:
            blocked = RawSQL(
                "aggregator_article.tokens @@ %s::tsquery",
                [preferences.blocked],
                output_field=models.BooleanField(),
            )
            articles = articles.exclude(blocked)
        return articles

    def newest_first(self) -> "ArticleQuerySet":
        return self.order_by("-published_at", "-pk")

    def cards(self) -> "ArticleQuerySet":
        """Only what a card in a list shows: never the text, which is most of the row."""
        return self.select_related("source", "story").only(
            "title", "slug", "description", "url", "language", "published_at", "updated_at", "added_at", "category",
            "page_display", "max_snippet", "like_count", "comment_count",
            "picture", "picture_width", "picture_height", "picture_colour", "picture_caption", "picture_after",
            "source__name", "source__slug", "source__country", "source__display_policy", "source__mark",
            "story__title", "story__slug", "story__article_count", "story__source_count",
            "story__country_count",
        )  # fmt: skip

    def whole(self) -> "ArticleQuerySet":
        """What the page of an article shows: all of it, with its source and its story."""
        return self.select_related("source", "story").defer("story__centroid", "tokens", "sketch")

    def of_country(self, iso: str) -> "ArticleQuerySet":
        return self.filter(source__country=iso)

    def wanting_picture(self, now: datetime) -> "ArticleQuerySet":
        """Articles whose picture is known by address and not yet ours; newest first."""
        untried = self.filter(picture="", picture_after__lte=now, picture_attempts__lt=Article.MAX_PICTURE_ATTEMPTS)
        return untried.exclude(picture_url="").newest_first()


class Article(models.Model):
    """One page of a source, as we show it. `entry` is the announcement it was made from, and that may change it."""

    MAX_PICTURE_ATTEMPTS = 3

    # Indexed below, together with the time they are listed by.
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="articles", db_index=False)
    story = models.ForeignKey(
        Story, on_delete=models.SET_NULL, null=True, blank=True, related_name="articles", db_index=False
    )
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="articles", db_index=False)
    category_how = models.CharField(
        max_length=10, blank=True, help_text=_("feed, tags or text: what told the category")
    )
    entry = models.OneToOneField(Entry, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    url = models.CharField(_("original address"), max_length=2000, blank=True)
    title = models.TextField()
    slug = models.SlugField(max_length=80, allow_unicode=True, db_index=False)
    description = models.TextField(blank=True)
    html = models.TextField(blank=True, help_text=_("Sanitised; the only field that is not plain text"))
    text = models.TextField(blank=True)
    sanitiser_version = models.PositiveSmallIntegerField(default=0)
    author = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=12, blank=True)
    tags = ArrayField(models.TextField(), default=list, blank=True)
    word_count = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    updated_at = models.DateTimeField(null=True, blank=True)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    page_display = models.CharField(max_length=10, choices=Display, default=Display.FULL_TEXT)
    page_display_reason = models.TextField(blank=True)
    max_snippet = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Characters an excerpt may have at most, where the page says so")
    )

    picture_url = models.CharField(max_length=2000, blank=True)
    picture = models.CharField(max_length=100, blank=True, help_text=_("Stored under this name plus -WIDTH.webp"))
    picture_width = models.PositiveIntegerField(default=0)
    picture_height = models.PositiveIntegerField(default=0)
    picture_colour = models.CharField(max_length=7, blank=True)
    picture_caption = models.TextField(blank=True)
    picture_credit = models.CharField(max_length=300, blank=True)
    picture_attempts = models.PositiveSmallIntegerField(default=0)
    picture_after = models.DateTimeField(null=True, blank=True)
    picture_error = models.TextField(blank=True)
    picture_spares = models.JSONField(
        default=list, blank=True, editable=False, help_text=_("Pictures to try next: each url, caption and credit")
    )

    # Smallest hashes of its text's shingles, and the earlier article that has the same text.
    sketch = ArrayField(models.BigIntegerField(), default=list, editable=False)
    copy_of = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="copies")

    tokens = SearchVectorField(default="", editable=False)

    # Kept by those who count: readers' visits by aggregator.visits, what readers answer by the comments app.
    view_count = models.PositiveIntegerField(default=0, editable=False)
    like_count = models.PositiveIntegerField(default=0, editable=False)
    dislike_count = models.PositiveIntegerField(default=0, editable=False)
    comment_count = models.PositiveIntegerField(default=0, editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["url"], condition=~Q(url=""), name="article_url"),
        ]
        indexes = [
            models.Index("published_at", "id", name="article_newest"),
            models.Index("added_at", name="article_added"),
            models.Index("source", "published_at", "id", name="article_of_source"),
            models.Index("category", "published_at", "id", name="article_of_category"),
            models.Index("story", "published_at", name="article_of_story"),
            models.Index("picture_after", name="article_wants_picture", condition=Q(picture="") & ~Q(picture_url="")),
            GinIndex(fields=["tokens"], name="article_tokens"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return article_address(self.pk, self.slug)

    @property
    def display(self) -> Display:
        """How much we show: what the source's policy and the page itself both allow."""
        return Display.least(self.source.display, self.page_display)

    def store_counts(self, **counts: int) -> None:
        """Keep what others counted: view_count, like_count, dislike_count, comment_count. The caller holds the row."""
        for name, count in counts.items():
            setattr(self, name, count)
        self.save(update_fields=list(counts))

    @property
    def is_changed(self) -> bool:
        """Whether its source changed it since it came here, so that readers may have seen another article."""
        return self.updated_at is not None and self.updated_at > self.added_at

    @property
    def awaits_picture(self) -> bool:
        """Whether its picture is known by address and still to be brought in: its place is kept meanwhile."""
        return not self.picture and self.picture_after is not None

    @property
    def reading_minutes(self) -> int:
        return max(1, round(self.word_count / WORDS_PER_MINUTE))


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

    def __str__(self) -> str:
        return f"{self.trained_at:%Y-%m-%d}, {self.article_count} articles"
