"""The servers we ask, and what they asked of us."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feeds.net.addresses import with_plain_host


class HostQuerySet(models.QuerySet["Host"]):
    def on_hold(self, now: datetime) -> "HostQuerySet":
        """Hosts that asked us to stay away for a while, the longest first."""
        return self.filter(held_until__gt=now).order_by("-held_until")

    def names_on_hold(self, now: datetime) -> models.QuerySet:
        """Their names, for the WHERE of another query."""
        return self.filter(held_until__gt=now).order_by().values("name")


class Host(models.Model):
    """A server we ask, and what it asked of us: to stay away for a while, robots.txt, reservations."""

    name = models.CharField(
        primary_key=True, max_length=261, db_collation="C", help_text=_("Host, with its port where that is unusual")
    )
    held_until = models.DateTimeField(_("on hold until"), null=True, blank=True)
    hold_reason = models.TextField(_("why it is on hold"), blank=True)
    hold_count = models.PositiveSmallIntegerField(default=0, help_text=_("Holds one soon after the other"))
    robots = models.TextField(_("robots.txt"), blank=True, help_text=_("The lines that concern us"))
    robots_status = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("Empty: no answer came"))
    robots_at = models.DateTimeField(null=True, blank=True, help_text=_("When it last told us what to keep to"))
    robots_asked_at = models.DateTimeField(null=True, blank=True)
    robots_failing_since = models.DateTimeField(null=True, blank=True)
    robots_error = models.TextField(blank=True, help_text=_("Why it could not be read when we last asked"))
    crawl_delay_seconds = models.FloatField(null=True, blank=True, help_text=_("As its robots.txt asks"))
    reservations = models.JSONField(null=True, blank=True, help_text=_("Its /.well-known/tdmrep.json"))
    reservations_at = models.DateTimeField(null=True, blank=True)

    objects = HostQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        indexes = [models.Index("held_until", name="host_on_hold", condition=Q(held_until__isnull=False))]

    def __str__(self) -> str:
        return self.name


class AddressField(models.URLField):
    """A URL whose host is spelled as Host.name has it, whoever writes it and however it was typed."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        url: str = self.get_prep_value(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, url)
        return url

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return with_plain_host(prepared) if isinstance(prepared, str) else prepared


class HostOf(models.Func):
    """The host of a URL column, as Host.name has it where the URL was written by with_plain_host (net/addresses.py)."""

    function = "SUBSTRING"
    template = "left(lower(substring(%(expressions)s from '^[A-Za-z]+://([^/?#]+)')), 261)"
    output_field = models.CharField()
