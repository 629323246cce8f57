"""What curators are told about feeds, in words; the sentences that several pages share."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feeds.models import Feed, Host, IdentityBy

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


def condition_of(feed: Feed, now: datetime, hold: Host | None = None) -> str:
    """Say in words how a feed does. hold: its host, where that is left alone at the moment."""
    if feed.pk is None:
        return "–"
    if feed.retired_at and feed.is_paused:
        return _("Taken down by its publisher: since %(moment)s we ask it no more. Resuming asks it again.") % {
            "moment": moment_of(feed.retired_at)
        }
    if feed.is_paused or feed.source.is_paused:
        return _("Paused.")
    if hold and hold.held_until:
        until = {"moment": moment_of(hold.held_until), "reason": hold.hold_reason}
        return (_("Its host is left alone until %(moment)s. %(reason)s") % until).strip()
    return " ".join([state_of(feed), *remarks_on(feed, now)])


def state_of(feed: Feed) -> str:
    """How the latest looks at a feed went."""
    if feed.failure_count:
        times = ngettext("Failed %d time in a row.", "Failed %d times in a row.", feed.failure_count)
        return f"{times % feed.failure_count} {feed.last_error}"
    if feed.last_error:  # an outage of our own, which is no failure of the feed's
        return feed.last_error
    if feed.succeeded_at is None:
        return _("Not fetched yet.")
    return feed.problems or _("Well.")


def remarks_on(feed: Feed, now: datetime) -> Iterator[str]:
    """What else a curator should know of it, a sentence each."""
    if feed.moved_to:
        times = ngettext(
            "It was sent on for good to %(url)s, %(times)d time so far.",
            "It was sent on for good to %(url)s, %(times)d times so far.",
            feed.moved_count,
        )
        yield times % {"url": feed.moved_to, "times": feed.moved_count}
    if feed.suggested_url:
        yield _("It may have moved to %(url)s.") % {"url": feed.suggested_url}
    if feed.identity_by != IdentityBy.GUID:
        yield _("Its guids can not be trusted; its items are told apart by %(what)s.") % {
            "what": feed.get_identity_by_display()
        }
    if feed.push_trusted_until and feed.push_trusted_until > now:
        yield _("Its hub pushes.")


def next_fetch_of(feed: Feed, now: datetime) -> str:
    """Say when a feed is asked next."""
    if feed.pk is None:
        return "–"
    if feed.is_paused or feed.source.is_paused:
        return _("not while it is paused")
    if feed.next_check_at <= now:
        return _("now")
    minutes = round((feed.next_check_at - now).total_seconds() / 60)
    if minutes < 90:
        return ngettext("in %d minute", "in %d minutes", minutes) % minutes
    return moment_of(feed.next_check_at)


def rhythm_of(feed: Feed, now: datetime) -> str:
    """Say how often a feed is asked, and what its own document wishes."""
    if feed.pk is None:
        return "–"
    parts = [_("about every %s") % span_of(timedelta(seconds=feed.interval_seconds))]
    if feed.push_trusted_until and feed.push_trusted_until > now:
        parts.append(_("more seldom while its hub pushes"))
    if feed.asked_interval_seconds:
        parts.append(_("it asks for %s at least") % span_of(timedelta(seconds=feed.asked_interval_seconds)))
    if feed.skip_hours:
        parts.append(_("not at these hours (UTC): %s") % ", ".join(map(str, sorted(feed.skip_hours))))
    if feed.skip_days:
        parts.append(_("not on %s") % ", ".join(str(WEEKDAYS[day]) for day in sorted(feed.skip_days) if day < 7))
    return "; ".join(parts)


def span_of(span: timedelta) -> str:
    """A length of time in one unit, as one would say it."""
    minutes = max(round(span.total_seconds() / 60), 0)
    if span < timedelta(minutes=1, seconds=30):
        seconds = round(span.total_seconds())
        return ngettext("%d second", "%d seconds", seconds) % seconds
    if minutes < 90:
        return ngettext("%d minute", "%d minutes", minutes) % minutes
    if minutes < 48 * 60:
        return ngettext("%d hour", "%d hours", round(minutes / 60)) % round(minutes / 60)
    return ngettext("%d day", "%d days", round(minutes / 1440)) % round(minutes / 1440)


def moment_of(moment: datetime | None) -> str:
    """A moment in the curator's zone, as the page's language writes it."""
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT") if moment else "–"
