"""What curators are told about feeds, in words; the sentences that several pages share."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from feeds.models import Feed

ADDRESSES: Mapping[type[models.Field], Mapping[str, Any]] = {
    models.URLField: {"form_class": forms.URLField, "assume_scheme": "https"}
}


def say_fetching(model_admin: admin.ModelAdmin, request: HttpRequest, count: int) -> None:
    if not count:
        model_admin.message_user(request, _("Nothing to fetch: all of these are paused."), messages.WARNING)
        return
    sentence = ngettext(
        "%d feed will be fetched in a few seconds.", "%d feeds will be fetched in a few seconds.", count
    )
    model_admin.message_user(request, sentence % count, messages.SUCCESS)


def say_paused(model_admin: admin.ModelAdmin, request: HttpRequest, count: int, *, is_paused: bool) -> None:
    if is_paused:
        sentence = ngettext("%d is paused.", "%d are paused.", count)
    else:
        sentence = ngettext("%d is asked again.", "%d are asked again.", count)
    model_admin.message_user(request, sentence % count, messages.SUCCESS)


def condition_of(feed: Feed, now: datetime) -> str:
    """Say in words how a feed does."""
    if feed.pk is None:
        return "–"
    if feed.is_paused or feed.source.is_paused:
        return str(_("Paused."))
    if feed.failure_count:
        times = ngettext("Failed %d time in a row.", "Failed %d times in a row.", feed.failure_count)
        return f"{times % feed.failure_count} {feed.last_error}"
    if feed.last_error:  # an outage of our own, which is no failure of the feed's
        return feed.last_error
    if feed.succeeded_at is None:
        return str(_("Not fetched yet."))
    return feed.problems or str(_("Well."))


def next_fetch_of(feed: Feed, now: datetime) -> str:
    """Say when a feed is asked next."""
    if feed.pk is None:
        return "–"
    if feed.is_paused or feed.source.is_paused:
        return str(_("not while it is paused"))
    if feed.next_check_at <= now:
        return str(_("now"))
    minutes = round((feed.next_check_at - now).total_seconds() / 60)
    if minutes < 90:
        return ngettext("in %d minute", "in %d minutes", minutes) % minutes
    return date_format(timezone.localtime(feed.next_check_at), "DATETIME_FORMAT")
