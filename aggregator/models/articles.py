"""A page of a source as we show it, with the QuerySet every list speaks."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import ExpressionWrapper, Func, Q, Value
from django.db.models.expressions import Expression, RawSQL
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.preferences import Preferences
from aggregator.addresses import article_address
from aggregator.models.stories import Story
from feeds.models import Category, Display, Entry, Source
from zisnews.kept_pages import outdate, thing_of_article

WORDS_PER_MINUTE = 220  # silent reading of English non-fiction, adults: 238 (Brysbaert 2019), rounded down


# What a card in a list shows of an article: never the text, which is most of the row.
CARD_FIELDS = (
    "title", "slug", "description", "url", "language", "published_at", "updated_at", "added_at", "category",
    "page_display", "max_snippet", "like_count", "comment_count",
    "picture", "picture_width", "picture_height", "picture_colour", "picture_caption", "picture_after",
    "source__name", "source__slug", "source__country", "source__display_policy", "source__mark",
    "story__title", "story__slug", "story__article_count", "story__source_count",
    "story__country_count",
)  # fmt: skip


def ruled_out_by(preferences: Preferences) -> Q:
    """Whether a reader who excludes something has ruled an article out: the one door, for lists and for counts.

    The keywords stand in a SELECT of their own: Postgres reads them once, and does not guess from them how few
    articles are left. Where nearly all are hidden that guess made it read and sort the whole table, 900 ms for 16.
    Nor may it look them up in the index of words, one by one: hence IS TRUE, which an index does not answer.
    """
    found = Q()
    if preferences.hidden_sources:
        found |= Q(source__in=preferences.hidden_sources)
    if preferences.hidden_languages:
        found |= Q(language__in=preferences.hidden_languages)
    if preferences.blocked:
        found |= Q(says_what_is_blocked(preferences))
    return found


def says_what_is_blocked(preferences: Preferences) -> RawSQL:
    """Whether an article says a keyword. For whoever blocks nearly all, what is left is known, and looked up by id:
    a thousand keywords take 5 µs to be looked for in an article, an id takes none.
    """
    asked = "(aggregator_article.tokens @@ (SELECT %s::tsquery)) IS TRUE"
    values: list[str | int | list[int]] = [preferences.blocked]
    if left := preferences.left:
        # A look of its own for the few that are asked: then a walk along an index need not read all other rows.
        row = """(SELECT (said.tokens @@ (SELECT %s::tsquery)) IS TRUE
                  FROM aggregator_article said WHERE said.id = aggregator_article.id)"""
        asked = f"""CASE WHEN aggregator_article.id > %s AND aggregator_article.id <= %s
                              AND NOT aggregator_article.id = ANY(%s::bigint[])
                         THEN NOT aggregator_article.id = ANY(%s::bigint[]) ELSE {row} END"""
        values = [left.since, left.until, list(left.but), left.ids, *values]
    return RawSQL(asked, values, output_field=models.BooleanField())  # noqa: S611  values are parameters


def is_ruled_out_by(preferences: Preferences) -> Expression:
    """The same as a value of its own, False for whoever excludes nothing."""
    if not preferences.excludes:
        return Value(False)
    return ExpressionWrapper(ruled_out_by(preferences), output_field=models.BooleanField())


class RowVersions(Func):
    """Of some columns the versions of the rows they stand in, as one text: the transaction that wrote a row, and its
    place in the table, which each UPDATE changes too.

    Unlike a column of ours no code can forget it. Postgres counts transactions in 32 bits: what is kept under one is
    kept for less time than four thousand million of them take.
    """

    output_field = models.TextField()

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_context: object) -> tuple[str, list]:  # type: ignore[override]
        rows = [compiler.compile(expression)[0].rpartition(".")[0] for expression in self.source_expressions]
        versions = " || ".join(f"coalesce({row}.xmin || {row}.ctid::text, '')" for row in rows)
        return f"%s || {versions}", [connection.alias]  # a copy of the database may count otherwise


class ArticleQuerySet(models.QuerySet["Article"]):
    def visible_to(self, preferences: Preferences) -> "ArticleQuerySet":
        """Articles the reader has not ruled out, by keyword, source or language."""
        return self.exclude(ruled_out_by(preferences)) if preferences.excludes else self

    def hidden_from(self, preferences: Preferences) -> "ArticleQuerySet":
        """All others: those that the reader has ruled out."""
        return self.filter(ruled_out_by(preferences)) if preferences.excludes else self.none()

    def newest_first(self) -> "ArticleQuerySet":
        return self.order_by("-published_at", "-pk")

    def cards(self) -> "ArticleQuerySet":
        """Only what a card in a list shows; `version` says when it shows something else."""
        version = RowVersions("title", "source__name", "story__title")
        return self.select_related("source", "story").only(*CARD_FIELDS).annotate(version=version)

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
        max_length=10, blank=True, help_text=_("feed, tags, text or curator: what told the category")
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
            # Category and story come along so that a source's subjects are counted, and the stories it tells compared,
            # without reading its articles.
            models.Index(
                fields=["source", "published_at", "id"], include=["category", "story"], name="article_from_source"
            ),
            models.Index("category", "published_at", "id", name="article_of_category"),
            # Number, source and language come along: who tells thirty stories, since when and in which language, is
            # thousands of articles.
            models.Index(
                fields=["story", "published_at"],
                include=["id", "source", "language"],
                name="article_telling_of_story",
            ),
            models.Index("story", "source", name="article_tellers_of_story"),
            # What stories some hundred articles are of, as search asks, from one index instead of as many rows.
            models.Index(fields=["id"], include=["story"], name="article_story_by_id"),
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

    @classmethod
    def add_to_counts(cls, pk: int, *, likes: int = 0, dislikes: int = 0, comments: int = 0) -> tuple[int, int]:
        """Add to what others count, and return likes and dislikes. Raises DoesNotExist.

        One statement, for the end of a transaction: while a row is held all who like it wait.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                """UPDATE aggregator_article SET like_count = greatest(like_count + %s, 0),
                   dislike_count = greatest(dislike_count + %s, 0), comment_count = greatest(comment_count + %s, 0)
                   WHERE id = %s RETURNING like_count, dislike_count""",
                [likes, dislikes, comments, pk],
            )
            counts: tuple[int, int] | None = cursor.fetchone()
        if counts is None:
            raise cls.DoesNotExist
        if comments:  # whoever likes is in no hurry to see it on the pages of others
            outdate(thing_of_article(pk))
        return counts

    def store_counts(self, **counts: int) -> None:
        """Keep what others counted: view_count, like_count, dislike_count, comment_count. The caller holds the row."""
        for name, count in counts.items():
            setattr(self, name, count)
        self.save(update_fields=list(counts))
        if "comment_count" in counts:  # whoever likes is in no hurry to see it on the pages of others
            outdate(thing_of_article(self.pk))

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
