"""A publisher, as readers know it."""

from functools import lru_cache

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat, Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feeds.models.shelves import GENERAL, Category, Country


class Display(models.TextChoices):
    """How much of an article we show."""

    FULL_TEXT = "full_text", _("Full text")
    EXCERPT = "excerpt", _("Excerpt")
    HEADLINE = "headline", _("Headline only")

    @classmethod
    def least(cls, *policies: str) -> "Display":
        """Return the most restrictive of the policies; empty ones do not count."""
        return _least(policies)


@lru_cache(maxsize=64)  # asked for each card of a list, in a dozen ways at most
def _least(policies: tuple[str, ...]) -> Display:
    order = [Display.FULL_TEXT, Display.EXCERPT, Display.HEADLINE]
    return max((Display(policy) for policy in policies if policy), key=order.index, default=Display.FULL_TEXT)


class Source(models.Model):
    """A publisher, as readers know it."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(unique=True, max_length=100)
    site_url = models.URLField(_("home page"), max_length=500)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="sources")
    language = models.CharField(_("language"), max_length=12, help_text=_("BCP 47, such as en or pt-BR"))
    category = models.ForeignKey(Category, on_delete=models.PROTECT, default=GENERAL, related_name="sources")
    owner = models.CharField(
        _("owner"), max_length=200, blank=True, help_text=_("Who owns it, as a public register says")
    )
    owner_register = models.CharField(
        _("register"), max_length=200, blank=True, help_text=_("The register that names the owner")
    )
    owner_register_url = models.URLField(
        _("entry in the register"), max_length=500, blank=True, help_text=_("Where readers can see it for themselves")
    )
    display_policy = models.CharField(
        _("display"), max_length=10, choices=Display, blank=True, help_text=_("Empty: the site's default")
    )
    crawl_delay_seconds = models.PositiveSmallIntegerField(
        _("crawl delay"),
        null=True,
        blank=True,
        help_text=_("Seconds between two of its pages; empty: what its robots.txt asks for"),
    )
    text_selector = models.CharField(
        _("where the text is"),
        max_length=300,
        blank=True,
        help_text=_("A CSS selector, where the extractor misses the article's text; empty: it finds it by itself"),
    )
    clutter_selector = models.CharField(
        _("what to leave out"),
        max_length=300,
        blank=True,
        help_text=_("A CSS selector of what is no part of the article"),
    )
    follower_count = models.PositiveIntegerField(_("followers"), default=0, editable=False)
    mark = models.CharField(
        max_length=100, blank=True, editable=False, help_text=_("The source's icon, stored under this name")
    )
    mark_after = models.DateTimeField(
        default=timezone.now, editable=False, help_text=_("When its icon is looked for next")
    )
    mark_attempts = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text=_("How often in a row looking for its icon failed")
    )
    is_paused = models.BooleanField(_("paused"), default=False)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    # By name whatever its case, each one once: what the pages of the directory go by.
    sort_key = models.GeneratedField(
        expression=Concat(Lower("name"), Value(" "), "slug", output_field=models.TextField()),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )

    class Meta:
        ordering = ["name"]
        indexes = [models.Index("sort_key", name="source_by_name")]
        constraints = [
            models.CheckConstraint(
                condition=Q(owner="") | ~Q(owner_register=""),
                name="source_owner_registered",
                violation_error_message=_("Name the register that says who owns it."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def display(self) -> Display:
        """How much of this source's articles we show, before what a single page allows."""
        return Display(self.display_policy or settings.ZIS_DISPLAY)

    @property
    def page_rule(self) -> dict[str, str]:
        """What feeds.extraction is told of this source's pages; empty where it finds their text by itself."""
        rule = {"text_selector": self.text_selector, "clutter_selector": self.clutter_selector}
        return {name: selector for name, selector in rule.items() if selector}
