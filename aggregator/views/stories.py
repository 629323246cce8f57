"""One story, country by country."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_bidi

from accounts.models import User
from accounts.preferences import preferences_of
from aggregator.followed_stories import note_story_seen
from aggregator.kept_comparisons import comparison_of
from aggregator.kept_findings import findings, part_in_full
from aggregator.kept_ranking import current_ranking
from aggregator.lists import explain_shown, preferences_for_list
from aggregator.models import Article, Story
from aggregator.perspectives import Perspective, perspective
from aggregator.ranks import TOP, reasons
from aggregator.side_by_side import first_two, side_by_side
from aggregator.story_parts import part_of
from aggregator.timeline import Timeline, timeline
from aggregator.told_events import told_events
from aggregator.views.lists import page_language, render_list, within_bigint
from aggregator.whole_stories import whole_stories


def story(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """One story, a column for each country and how they differ; two of them with ?a= and ?b=; with ?tab=all every
    article, newest first; with that of a section (story_parts.FIELDS) all of that.
    """
    found = whole_stories([within_bigint(pk)]).get(pk)
    if found is None:
        raise Http404
    if found.merged_into_id or slug != (found.slug or "-"):
        address, asked = found.that_stands().get_absolute_url(), request.GET.urlencode()
        # Not for good: a headline may come back, and two redirects that browsers keep would be a ring.
        return redirect(f"{address}?{asked}" if asked else address)
    if isinstance(request.user, User):
        note_story_seen(request.user, found, timezone.now())
    kept = comparison_of(found)
    compared = kept.comparison if kept else None
    preferences = preferences_for_list(request)
    seen = perspective(found, preferences, compared, language=page_language())
    is_pair = bool({"a", "b"} & request.GET.keys())
    seen = replace(seen, in_full=is_pair)
    pair = side_by_side(seen, request.GET.get("a", ""), request.GET.get("b", ""))
    context = {
        "section": found.category_id,
        "story": found,
        "told": seen,
        "kept": kept,
        "pair": pair,
        "first_two": pair.countries if pair else first_two(seen.columns),
    }
    tab, after = request.GET.get("tab", ""), request.GET.get("after", "")
    if kept and (part := part_of(seen, tab, after)):
        context |= {"tab": tab, "part": part, "findings": part_in_full(part, found, kept)}
        return render(request, "aggregator/story.html", context)
    if tab == "all" or "after" in request.GET:
        return render_list(request, "aggregator/story.html", Article.objects.filter(story=found), tab="all", **context)
    explain_shown((article for column in seen.columns for article in column.articles), request)
    context |= {
        "tab": "pair" if is_pair else "countries",
        "timeline": SimpleLazyObject(lambda: timeline_of(seen, request)),  # mostly a part that is kept has it
        "findings": findings(seen, found, kept) if kept and not is_pair else "",
        "events": told_events(found, preferences, language=page_language()),
        "why": reasons_now(found) if "why" in request.GET else None,
    }
    return render(request, "aggregator/story.html", context)


def timeline_of(seen: Perspective, request: HttpRequest) -> Timeline | None:
    """The story's timeline in the reader's zone, in the direction of the page."""
    return timeline(seen.reports, preferences_of(request).zone, leftwards=get_language_bidi())


def reasons_now(found: Story) -> dict[str, Any] | None:
    """What ?why tells: the numbers behind a story's place, and the place; None beyond the first."""
    ranking = current_ranking(timezone.now())
    ranked = ranking.stories.get(found.pk) or reasons(found.pk, ranking.at)
    return {"ranked": ranked, "place": ranking.place_of(found.pk), "of": TOP} if ranked else None
