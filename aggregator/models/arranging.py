"""What stories are found by, and what was changed in them after articles were placed: by the machine, by curators."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from aggregator.models.articles import Article
from aggregator.models.stories import Story


class StoryTerm(models.Model):
    """A term that a story of these days can be found by. Written and read by aggregator.looking alone.

    The story's number is no key to it: what points at one that left is passed over, and goes when its stretch is over.
    """

    pk = models.CompositePrimaryKey("stretch", "term", "story_id")
    stretch = models.SmallIntegerField(help_text=_("Three days, counted since 1970"))
    term = models.IntegerField(help_text=_("A hash of the term"))
    story_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.stretch}, {self.term}: {self.story_id}"


class CountedTerms(models.Model):
    """In how many articles of a batch each term occurred, not yet added to DocumentFrequency."""

    documents = models.PositiveIntegerField()
    counts = models.TextField(help_text=_("JSON: term and count"))

    def __str__(self) -> str:
        return f"{self.pk}: {self.documents} articles"


class StoryChangeQuerySet(models.QuerySet["StoryChange"]):
    def by_curators(self) -> "StoryChangeQuerySet":
        return self.filter(is_of_curator=True)

    def of_story(self, story: Story) -> "StoryChangeQuerySet":
        return self.filter(Q(story=story) | Q(other=story))


class StoryChange(models.Model):
    """That stories were merged or split, an article moved, a headline pinned: by whom, when and why. Never rewritten.

    merge:    `other` became part of `story`;  split: `other` was made of articles of `story`
    move:     articles of `other` became articles of `story`;  headline: `story` has another one
    """

    HOLDS_NO_ARTICLE = True

    class Kind(models.TextChoices):
        MERGE = "merge", _("merged")
        SPLIT = "split", _("split")
        MOVE = "move", _("moved")
        HEADLINE = "headline", _("headline pinned")

    kind = models.CharField(_("change"), max_length=10, choices=Kind)
    made_at = models.DateTimeField(_("when"))
    is_of_curator = models.BooleanField(default=False)
    by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by"), db_index=False
    )
    reason = models.TextField(_("why"))
    story = models.ForeignKey(Story, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("story"))
    other = models.ForeignKey(
        Story, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("other story")
    )
    articles = ArrayField(models.BigIntegerField(), default=list, verbose_name=_("articles that moved"))
    numbers = models.JSONField(
        _("figures"), default=dict, help_text=_("Headlines and sizes before, and what it was decided by")
    )
    undone_at = models.DateTimeField(_("undone"), null=True)
    undone_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("undone by"), db_index=False
    )
    undone_reason = models.TextField(_("why it was undone"), blank=True)

    objects = StoryChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a story")
        verbose_name_plural = _("changes of stories")
        indexes = [models.Index(fields=["-made_at", "-id"], name="story_change_newest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.made_at:%Y-%m-%d %H:%M}"


class KeptApart(models.Model):
    """Two stories that are never made one by the machine: a curator parted them, or the nightly look did.

    one is the one of the smaller number. via: the merged story whose parting this one has inherited.
    """

    HOLDS_NO_ARTICLE = True

    one = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="+", db_index=False)
    other = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="+")
    via = models.ForeignKey(Story, on_delete=models.CASCADE, null=True, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="kept_apart_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="kept_apart_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id}, {self.other_id}"


class KeptTogether(models.Model):
    """An article whose story a curator chose: the machine leaves it there, beside the others that were."""

    HOLDS_NO_ARTICLE = True

    article = models.OneToOneField(Article, on_delete=models.CASCADE, primary_key=True, related_name="+")
    since = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.article_id)


class StoryPass(models.Model):
    """One look of the machine over stories: what it looked at and how much it changed."""

    class Kind(models.TextChoices):
        MERGE = "merge", _("merging")
        NIGHT = "night", _("nightly look")
        CHAIN = "chain", _("storylines")

    kind = models.CharField(_("look"), max_length=10, choices=Kind)
    began_at = models.DateTimeField(_("began"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    until_article = models.BigIntegerField(default=0, help_text=_("Articles after this one are the next look's"))
    numbers = models.JSONField(_("figures"), default=dict)

    class Meta:
        verbose_name = _("look over stories")
        verbose_name_plural = _("looks over stories")
        indexes = [models.Index(fields=["kind", "-began_at"], name="story_pass_newest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.began_at:%Y-%m-%d %H:%M}"

    @property
    def took(self) -> float | None:
        """Seconds."""
        return (self.ended_at - self.began_at).total_seconds() if self.ended_at else None
