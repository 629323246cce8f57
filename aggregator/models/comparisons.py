"""How countries tell a story, as it was last worked out, and what that is measured against."""

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from aggregator.models.stories import Story
from feeds.models import Category, Country, Source

MOST_NAMES = 40  # of one thing


class KeptComparison(models.Model):
    """A story's comparison, made by a worker when the story had this version; or why none could be made.

    The data are for whoever reads them with the same `shape`: code that changed asks for another, and the row is made
    anew.
    """

    story = models.OneToOneField(Story, on_delete=models.CASCADE, primary_key=True, related_name="kept_comparison")
    version = models.PositiveIntegerField(default=0)
    shape = models.PositiveBigIntegerField(default=0)
    made_at = models.DateTimeField(null=True, help_text=_("Empty: it was never made"))
    data = models.TextField(blank=True, help_text=_("As aggregator.kept_comparisons spells it"))
    silent = models.JSONField(
        null=True,
        help_text=_("Who is silent, by country: polled sources, usual tellers, stories counted, probability"),
    )
    tried_at = models.DateTimeField(help_text=_("When a worker last began to make it"))
    failure_count = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True, help_text=_("Why it could not be made the last time"))

    def __str__(self) -> str:
        return f"{self.story_id}, version {self.version}"


class UsualTelling(models.Model):
    """How many of a country's sources told each story of a kind in the last 90 days; counted once a day.

    A kind of story: its category, and about how many countries told it (aggregator.coverage says which size is which).
    """

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="+", db_index=False)
    size = models.PositiveSmallIntegerField()
    country = models.ForeignKey(Country, on_delete=models.CASCADE, related_name="+", db_index=False)
    stories = models.PositiveIntegerField(help_text=_("How many stories there were of this kind"))
    telling = ArrayField(
        models.PositiveIntegerField(), help_text=_("By how many of the country's sources each was told, without zeros")
    )
    since = models.DateTimeField(help_text=_("When the earliest of all stories counted began"))
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["category", "size", "country"], name="usual_telling")]

    def __str__(self) -> str:
        return f"{self.category_id}, {self.size}, {self.country_id}: {len(self.telling)} of {self.stories}"


class UsualWords(models.Model):
    """In how many articles of late each word of a language stood, of those that were looked at; older ones fade."""

    language = models.CharField(max_length=12, primary_key=True)
    documents = models.FloatField(default=0)
    counts = models.JSONField(default=dict)
    counted_until = models.DateTimeField()

    class Meta:
        verbose_name_plural = "usual words"

    def __str__(self) -> str:
        return f"{self.language}, {self.documents:.0f} articles"


class Furniture(models.Model):
    """The sentences a source repeats from article to article: calls to subscribe, captions' buttons, who wrote it.

    They are what its pages are furnished with, and nobody's way of telling a story.
    """

    source = models.OneToOneField(Source, on_delete=models.CASCADE, primary_key=True, related_name="+")
    sentences = ArrayField(
        models.BigIntegerField(), default=list, help_text=_("Hashes, as aggregator.comparing.furniture takes them")
    )
    articles = models.PositiveIntegerField(help_text=_("How many of its articles were looked through"))
    counted_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "furniture"

    def __str__(self) -> str:
        return f"{self.source_id}: {len(self.sentences)} sentences of {self.articles} articles"


class NameVariants(models.Model):
    """Names of one thing that say whose view of it is taken: Kiev and Kyiv. Kept by curators.

    Those of the catalogue in the repository have a `key`. What a curator changed the catalogue changes no more.
    """

    key = models.SlugField(max_length=60, null=True, blank=True, unique=True, editable=False)
    language = models.CharField(_("language"), max_length=12, help_text=_("Primary tag, such as en"))
    names = ArrayField(
        models.CharField(max_length=300),
        verbose_name=_("names"),
        help_text=_(
            "Two or more, separated by commas. A name may have several forms, separated by |, of which the first is"
            " shown; a form may end in *."
        ),
    )
    note = models.TextField(_("note"), help_text=_("Why they are told apart, in a sentence for readers"))
    source = models.URLField(_("source"), max_length=500, help_text=_("A page where readers can see it for themselves"))
    is_used = models.BooleanField(_("used"), default=True)
    is_edited = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["language", "pk"]
        verbose_name = _("name variants")
        verbose_name_plural = _("name variants")

    def __str__(self) -> str:
        return f"{self.language}: {' / '.join(name.partition('|')[0] for name in self.names)}"

    def clean(self) -> None:
        self.language = self.language.split("-")[0].lower()
        self.names = [name.strip() for name in self.names or [] if name.strip()]
        if len(self.names) < 2:
            raise ValidationError({"names": _("Give two names at least: one alone tells nothing apart.")})
        if len(self.names) > MOST_NAMES:
            raise ValidationError({"names": _("There are %d names at most.") % MOST_NAMES})
        from aggregator.comparing.naming import is_too_wide  # noqa: PLC0415  web processes compare nothing

        if wide := next((name for name in self.names if is_too_wide(name)), ""):
            words = _("“%s” would stand for nearly any word: write a word, with two letters at least before a *.")
            raise ValidationError({"names": words % wide[:100]})
