"""The settings of how one reads and what one is told of; each choice is kept at once and can be taken back."""

from collections.abc import Mapping

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from accounts.choices import CHOICES, OFF, ON, chosen_in, keep
from accounts.logged_in import user_of
from accounts.notifications import KINDS, choose_kinds
from accounts.preferences import preferences_of
from zisnews.answers import done
from zisnews.limits import count, somebody

CHANGES_PER_MINUTE = 120
# Name → what it is called, and what each value is called. Those without values say themselves what they are.
CALLED = {
    "theme": gettext_lazy("Theme"),
    "text": gettext_lazy("Size of the text"),
    "density": gettext_lazy("Lists"),
    "time_zone": gettext_lazy("Time zone"),
    "language": gettext_lazy("Language"),
    "keys": gettext_lazy("Keyboard shortcuts"),
    "history": gettext_lazy("History"),
    "comments": gettext_lazy("Keywords hide comments too"),
}
VALUES = {
    "theme": {"auto": gettext_lazy("Automatic"), "light": gettext_lazy("Light"), "dark": gettext_lazy("Dark")},
    "text": {
        "small": gettext_lazy("Small"),
        "medium": gettext_lazy("Medium"),
        "large": gettext_lazy("Large"),
        "larger": gettext_lazy("Larger"),
        "largest": gettext_lazy("Largest"),
    },
    "density": {"airy": gettext_lazy("Airy"), "compact": gettext_lazy("Compact: more headlines at once")},
}
SWITCHED = {ON: gettext_lazy("on"), OFF: gettext_lazy("off")}


@never_cache
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Where each setting is found."""
    return render(request, "settings/index.html")


@never_cache
@login_required
def reading(request: HttpRequest) -> HttpResponse:
    """How one reads. A POST keeps the choices it holds, one or all; JSON {"message", "undo", "kept": {name: value}}."""
    present = present_choices(request)
    if request.method != "POST":
        switched_on = {name: value == ON for name, value in present.items()}
        context = {"present": present, "on": switched_on, "values": VALUES, "languages": settings.LANGUAGES}
        return render(request, "settings/reading.html", context)
    count(somebody(request), "settings", limit=CHANGES_PER_MINUTE, seconds=60)
    # A switch sends "off" always and "on" after it where it is on: of several the last holds.
    kept = {name: value for name, value in chosen_in(request.POST).items() if value != present[name]}
    before = {name: present[name] for name in kept}
    if kept.get("language"):
        translation.activate(kept["language"])
    here = reverse("reading")
    response = done(request, told(kept), otherwise=here, undo=here if kept else "", fields=before, kept=kept)
    keep(request, response, kept)
    return response


def present_choices(request: HttpRequest) -> dict[str, str]:
    """What holds for this reader: looks as they are on this device, zone and language "" where the device says."""
    user, preferences = user_of(request), preferences_of(request)
    shown = {"theme": preferences.theme, "text": preferences.text_size, "density": preferences.density}
    return {name: choice.of(user) for name, choice in CHOICES.items()} | shown


def told(kept: Mapping[str, str]) -> str:
    """What was changed, in a sentence."""
    if not kept:
        return _("Nothing was changed.")
    if len(kept) > 1:
        return _("Your choices are saved.")
    ((name, value),) = kept.items()
    called = VALUES.get(name, {}).get(value) or (SWITCHED[value] if CHOICES[name].is_switch else value)
    if name == "language" and value:
        called = translation.get_language_info(value)["name_local"]
    return _("%(setting)s: %(value)s") % {"setting": CALLED[name], "value": called or _("as this device says")}


@never_cache
@login_required
def notification_settings(request: HttpRequest) -> HttpResponse:
    """What one is told of. A POST holds any of the kinds, each on or off."""
    user = user_of(request)
    if request.method != "POST":
        kinds = [(kind, label, kind not in user.muted_notices) for kind, label in KINDS.items()]
        return render(request, "settings/notifications.html", {"kinds": kinds})
    count(somebody(request), "settings", limit=CHANGES_PER_MINUTE, seconds=60)
    asked = {kind: request.POST[kind] for kind in KINDS if kind in request.POST}
    if not set(asked.values()) <= {ON, OFF}:
        raise BadRequest("Each kind is on or off.")
    kept = choose_kinds(user, {kind: value == ON for kind, value in asked.items()})
    before = {kind: OFF if is_on else ON for kind, is_on in kept.items()}
    words = _("Your choices are saved.") if kept else _("Nothing was changed.")
    if len(kept) == 1:
        ((kind, is_on),) = kept.items()
        words = _("%(setting)s: %(value)s") % {"setting": KINDS[kind], "value": SWITCHED[ON if is_on else OFF]}
    here = reverse("notification_settings")
    said = {kind: ON if is_on else OFF for kind, is_on in kept.items()}
    return done(request, words, otherwise=here, undo=here if kept else "", fields=before, kept=said)
