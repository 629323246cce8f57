"""A story and its comparison for machines: JSON and CSV, as docs/story-data.md describes them."""

from collections.abc import Callable
from functools import partial
from hashlib import blake2b

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.preferences import Preferences
from aggregator.kept_comparisons import name_of
from aggregator.lists import preferences_for_list
from aggregator.models import Story
from aggregator.story_data import StoryData, as_json, story_data
from aggregator.story_rows import as_csv
from aggregator.views.lists import LARGEST_ID
from zisnews.errors import page_not_found
from zisnews.site_address import absolute

FRESH_SECONDS = 60


@require_safe
def story_json(request: HttpRequest, pk: int) -> HttpResponse:
    """All of a story's comparison with its articles. What is wrong is told as JSON, whatever was asked for."""

    def write(data: StoryData) -> HttpResponse:
        return JsonResponse(as_json(data, partial(absolute, request)), json_dumps_params={"ensure_ascii": False})

    if (found := story_at(pk)) is None:
        message = _("There is nothing at this address.")
        return JsonResponse({"error": {"code": 404, "message": message}}, status=404)
    return answer(request, found, "story_json", write)


@require_safe
def story_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as one flat table."""

    def write(data: StoryData) -> HttpResponse:
        response = HttpResponse(as_csv(data), content_type="text/csv; charset=utf-8; header=present")
        response["Content-Disposition"] = f'attachment; filename="zisnews-story-{data.story.pk}.csv"'
        return response

    if (found := story_at(pk)) is None:
        return page_not_found(request)
    return answer(request, found, "story_csv", write)


def story_at(pk: int) -> Story | None:
    return Story.objects.defer("profile", "key_terms").filter(pk=pk).first() if pk <= LARGEST_ID else None


def answer(request: HttpRequest, story: Story, route: str, write: Callable[[StoryData], HttpResponse]) -> HttpResponse:
    """Send what `write` makes of the story; 304 to whoever has it, before anything is read; of a merged story, the way
    to the one that stands.

    A reader's own choices apply, and then nobody else may keep it.
    """
    if story.merged_into_id:
        query = request.GET.urlencode()
        address = reverse(route, args=[story.that_stands().pk])
        return HttpResponseRedirect(f"{address}?{query}" if query else address)
    preferences = preferences_for_list(request)
    etag = etag_of(request, story, preferences)
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = write(story_data(story, preferences, partial(absolute, request)))
    response["ETag"] = etag
    response["X-Robots-Tag"] = "noindex"
    if request.user.is_authenticated:
        patch_cache_control(response, private=True, max_age=0)
    else:
        patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
    return response


def etag_of(request: HttpRequest, story: Story, preferences: Preferences) -> str:
    """Another one when the story, its comparison or what the reader hides is another."""
    parts = request.path, absolute(request, "/"), story.version, name_of(story), preferences.digest
    return f'"{blake2b(repr(parts).encode(), digest_size=16).hexdigest()}"'
