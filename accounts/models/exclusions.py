"""What a reader does not want to see: keywords, sources, languages. Changed only by accounts.excluding."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.keywords import KEYWORD_MAX_LENGTH, Keyword, Where, parse_keyword
from accounts.models.users import User
from feeds.models import Source


class BlockedKeywordQuerySet(models.QuerySet["BlockedKeyword"]):
    def in_force(self, now: datetime) -> "BlockedKeywordQuerySet":
        """Those that hide articles at this moment: neither paused nor over."""
        return self.filter(Q(until=None) | Q(until__gt=now), is_paused=False)


class BlockedKeyword(models.Model):
    """A word, or several, whose articles a reader does not want."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="blocked_keywords", db_index=False)
    text = models.CharField(_("keyword"), max_length=KEYWORD_MAX_LENGTH, help_text=_("As it was typed"))
    normal_form = models.TextField(editable=False, help_text=_("Equal for keywords that ask the same"))
    where = models.PositiveSmallIntegerField(_("where"), default=Where.TITLE_AND_DESCRIPTION.value)
    capitals_matter = models.BooleanField(_("2 to 4 capitals are an acronym"), default=True)
    until = models.DateTimeField(_("until"), null=True, blank=True, help_text=_("Empty: for ever"))
    is_paused = models.BooleanField(_("paused"), default=False)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    # How many articles of the last week it hides, counted now and then by whoever publishes them.
    hides_count = models.PositiveIntegerField(default=0, editable=False)
    counted_at = models.DateTimeField(null=True, editable=False)

    objects = BlockedKeywordQuerySet.as_manager()

    class Meta:
        ordering = ["-added_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "normal_form"], name="keyword_once")]
        indexes = [models.Index(models.F("counted_at").asc(nulls_first=True), name="keyword_to_count")]

    def __str__(self) -> str:
        return self.text

    @property
    def keyword(self) -> Keyword:
        """What it asks of an article."""
        return parse_keyword(self.text, where=Where(self.where), capitals_matter=self.capitals_matter)

    def is_in_force(self, now: datetime) -> bool:
        return not self.is_paused and (self.until is None or self.until > now)


class HiddenSource(models.Model):
    """A source whose articles a reader does not want."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="hidden_sources", db_index=False)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-added_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "source"], name="source_hidden_once")]

    def __str__(self) -> str:
        return str(self.source)


class Exclusions(models.Model):
    """All that a reader does not want, put together for the one question that every list asks.

    blocked:    the keywords in force as one tsquery, or ""
    good_until: when a keyword ends next; after that the row is put together anew
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="exclusions")
    blocked = models.TextField(blank=True)
    good_until = models.DateTimeField(null=True, blank=True)
    sources = ArrayField(models.BigIntegerField(), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    # For whoever hides nearly everything, what is left: the answer of `blocked`, kept (aggregator.left_over).
    left = models.TextField(
        default="", blank=True, editable=False, help_text=_("Ids of articles, as Postgres spells them")
    )
    left_from = models.BigIntegerField(default=0, editable=False, help_text=_("Known of ids above this one"))
    left_until = models.BigIntegerField(default=0, editable=False, help_text=_("Up to this one; 0: nothing is known"))
    changed = ArrayField(models.BigIntegerField(), default=list, editable=False, help_text=_("Reworded since: ask"))
    left_at = models.DateTimeField(null=True, editable=False, help_text=_("When it was last looked at"))

    class Meta:
        verbose_name_plural = "exclusions"

    def __str__(self) -> str:
        return f"{self.user_id}"

    def is_good(self, now: datetime) -> bool:
        """Whether it still says what is in force."""
        return self.good_until is None or now < self.good_until
