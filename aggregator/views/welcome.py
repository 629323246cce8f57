"""The welcome: countries and languages, categories, keywords. Each step may be left out, and opened again later."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts import excluding
from accounts.excluding import Wanted
from accounts.following import TooMuchFollowed, follow_exactly, followed_by
from accounts.keyword_lists import MOST_LINES, of_starters, starter_lists
from accounts.logged_in import user_of
from accounts.preferences import preferences_of
from accounts.welcoming import note_welcomed
from aggregator import blocked
from aggregator.first_feed import country_of_zone
from aggregator.languages import languages_offered, languages_to_hide
from aggregator.templatetags.places import by_name
from aggregator.views.following import tags_of
from aggregator.views.keyword_lists import words_of
from aggregator.views.lists import page_language
from aggregator.welcoming import countries_to_choose, suggested_languages
from feeds.models import Category
from zisnews.limits import count, somebody
from zisnews.messages import tell

STEPS = 3
STEPS_PER_MINUTE = 60
WORDS_OF_ONE_LETTER = "\u0e00"  # from here on: Thai, Khmer, Hangul, kana, Han


@never_cache
@login_required
def welcome(request: HttpRequest) -> HttpResponse:
    """Step ?step= of the welcome; a POST keeps what was chosen, unless `do` is skip, and leads to the next."""
    step = int(request.GET["step"]) if request.GET.get("step") in {"2", "3"} else 1
    if request.method == "POST":
        return keep(request, step)
    is_first = note_welcomed(user_of(request), timezone.now())
    context = {"step": step, "steps": STEPS, "back": step - 1} | choices(request, step, is_first=is_first)
    return render(request, "settings/welcome.html", context)


def choices(request: HttpRequest, step: int, *, is_first: bool) -> dict[str, Any]:
    """What a step offers, and what of it is chosen or, the first time, suggested."""
    if step == STEPS:
        return {"starters": starter_lists()}
    followed = followed_by(user_of(request))
    if step == 2:
        return {"categories": Category.objects.sections(), "chosen": followed.categories}
    preferences, offered = preferences_of(request), languages_offered()
    # None is left out unasked: a reader of one language would never see how other countries tell a story.
    read, countries = set(offered) - preferences.hidden_languages, set(followed.countries)
    asked_for = suggested_languages(page_language(), request.headers.get("Accept-Language", ""), offered)
    if is_first:
        countries |= {country_of_zone(preferences.time_zone)} - {""}
    near, others = countries_to_choose(preferences.time_zone, countries)
    languages = sorted(by_name(offered, "language"), key=lambda one: one[0] not in asked_for)
    return {"languages": languages, "read": read, "near": near, "others": others, "chosen": countries}


def keep(request: HttpRequest, step: int) -> HttpResponse:
    count(somebody(request), "welcome", limit=STEPS_PER_MINUTE, seconds=60)
    if request.POST.get("do") != "skip":
        try:
            keep_step(request, step)
        except TooMuchFollowed as error:
            tell(request, str(error), level=messages.ERROR)
    if step < STEPS:
        return HttpResponseRedirect(f"{reverse('welcome')}?step={step + 1}", status=303)
    tell(request, _("All of this can be changed in the settings."))
    return HttpResponseRedirect(f"{reverse('front')}?feed=mine", status=303)


def block_words(request: HttpRequest, now: datetime) -> None:
    """Block what was ticked or written, and say of what was not why. There is no preview here: one letter of a script
    with spaces, which would hide nearly all, is left to the page of keywords.
    """
    lines = [line.strip() for line in request.POST.get("list", "").splitlines()[:MOST_LINES]]
    letters = [line for line in lines if len(line) == 1 and line.isalpha() and line < WORDS_OF_ONE_LETTER]
    wanted = [Wanted(line) for line in (*request.POST.getlist("keyword"), *lines) if line and line not in letters]
    wanted += of_starters(request.POST, request.POST.getlist("tick"), changed_too=True)
    report = excluding.block_all(user_of(request), wanted, now)
    blocked.count_keywords(report.added[: blocked.COUNTED_AT_ONCE], now)
    words = _("One letter hides too much. The page of keywords shows how much.")
    report.refused += [(letter, words) for letter in letters]
    if report.refused:
        tell(request, words_of(report), level=messages.WARNING)


def keep_step(request: HttpRequest, step: int) -> None:
    """Keep what was chosen in a step; sent twice, it is the same. Raises TooMuchFollowed."""
    user, now = user_of(request), timezone.now()
    if step == 1:
        read = tags_of(request.POST.getlist("read"))
        excluding.hide_languages(user, languages_to_hide(read), now)
        follow_exactly(user, "country", [iso.upper() for iso in request.POST.getlist("country")], now)
    elif step == STEPS:
        block_words(request, now)
    else:
        follow_exactly(user, "category", request.POST.getlist("category"), now)
