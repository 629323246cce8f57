"""The rules for comments, and how they were kept."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from comments import admission
from comments.figures import figures
from comments.flags import PEOPLE_TO_HIDE
from comments.grounds import words_of


@require_safe
def comment_rules(request: HttpRequest) -> HttpResponse:
    """What may be written and how often, what becomes of it, and the numbers of the last thirty days."""
    numbers = figures(timezone.now())
    context = {
        "figures": numbers,
        "removed": [(words_of(ground), count) for ground, count in (numbers.removed or {}).items()],
        "pause": int(admission.PAUSE.total_seconds()),
        "per_stretch": admission.PER_STRETCH,
        "per_first_day": admission.PER_FIRST_DAY,
        "links": admission.LINKS_AT_MOST,
        "people": PEOPLE_TO_HIDE,
        "close_days": settings.ZIS_COMMENTS_CLOSE_DAYS,
    }
    return render(request, "comments/rules.html", context)
