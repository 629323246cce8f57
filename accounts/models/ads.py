"""House ads: what a curator places beside the news, and how often it was shown and followed. Shown by accounts.ads."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.ad_version import ads_changed

MOST_WEIGHT = 1000


class Slot(models.TextChoices):
    """Where an ad may stand. The overlay lies over the page's lower edge, and is never made for who is logged in."""

    LIST = "list", _("in lists")
    SIDEBAR = "sidebar", _("beside the front page")
    OVERLAY = "overlay", _("over the page's lower edge")


def check_https(address: str) -> None:
    """Raises ValidationError unless the address is one of the web, https, and names a host and nobody's password."""
    try:
        parts = urlsplit(address)
        is_good = parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        is_good = False
    if not is_good or any(character.isspace() or not character.isprintable() for character in address):
        raise ValidationError(_("Give an address that begins with https://."))


class AdQuerySet(models.QuerySet["Ad"]):
    """Whatever changes ads here tells the pages of it."""

    def update(self, **fields: Any) -> int:
        count = super().update(**fields)
        ads_changed()
        return count

    def delete(self) -> tuple[int, dict[str, int]]:
        deleted = super().delete()
        ads_changed()
        return deleted

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[Any]:
        made = super().bulk_create(*args, **kwargs)
        ads_changed()
        return made


class Ad(models.Model):
    """One ad in one slot. Its picture is ours: made anew from what a curator gave, in several widths."""

    name = models.CharField(_("name"), max_length=100, help_text=_("For curators only"))
    slot = models.CharField(_("slot"), max_length=10, choices=Slot.choices)
    headline = models.CharField(_("headline"), max_length=90)
    text = models.CharField(_("text"), max_length=200, blank=True)
    link = models.CharField(
        _("link"), max_length=1000, validators=[check_https], help_text=_("Where it leads; https only")
    )
    advertiser = models.CharField(
        _("advertiser"), max_length=60, blank=True, help_text=_("Whose ad it is; readers are told, after “Ad”")
    )
    # The beginning of the names of its files, as an article's picture has it; "" without one.
    picture = models.CharField(max_length=100, blank=True, editable=False)
    picture_width = models.PositiveIntegerField(default=0, editable=False)
    picture_height = models.PositiveIntegerField(default=0, editable=False)
    starts_at = models.DateTimeField(_("starts"), default=timezone.now)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True, help_text=_("Empty: until it is switched off"))
    weight = models.PositiveSmallIntegerField(
        _("weight"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_WEIGHT)],
        help_text=_("One of weight 3 is shown three times as often as one of weight 1"),
    )
    countries = ArrayField(
        models.CharField(max_length=2),
        verbose_name=_("countries"),
        default=list,
        blank=True,
        help_text=_(
            "Shown only to readers whose time zone lies in one of these; nothing else is known of where they are. "
            "None: shown everywhere"
        ),
    )
    cap_per_day = models.PositiveIntegerField(
        _("times a day at most"), null=True, blank=True, help_text=_("Of a day in UTC. Empty: as often as it comes up")
    )
    is_active = models.BooleanField(_("active"), default=True)

    objects = AdQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("ad"), _("ads")
        ordering = ["slot", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="ad_ends_after_it_starts",
                violation_error_message=_("It must end after it starts."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        ads_changed()

    def get_absolute_url(self) -> str:
        """Our own address, which counts and leads on."""
        return reverse("ad", args=[self.pk])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        deleted = super().delete(*args, **kwargs)
        ads_changed()
        return deleted


class AdDay(models.Model):
    """How often an ad was shown and followed on a day (UTC). Written in batches by accounts.ad_counts."""

    ad = models.ForeignKey(Ad, on_delete=models.CASCADE, related_name="days", db_index=False)
    day = models.DateField()
    shown_count = models.PositiveIntegerField(default=0)
    click_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["ad", "day"], name="ad_day_once")]

    def __str__(self) -> str:
        return f"{self.ad_id} {self.day}"
