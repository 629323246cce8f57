"""Long parts of a story's page as markup: the same for all who hide nothing of it, and kept for them.

What sets forty sides apart is half a megabyte, which takes longer to write than the rest of the page together; their
headlines take as long as that rest.
"""

from collections.abc import Callable, Hashable
from contextlib import suppress
from hashlib import blake2b

from django.core.cache import cache
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from redis import RedisError

from aggregator.kept_comparisons import Kept
from aggregator.models import Story
from aggregator.perspectives import Perspective
from aggregator.story_parts import Part

TEMPLATE = "aggregator/story/_findings.html"
KEPT_SECONDS = 600


def findings(told: Perspective, story: Story, kept: Kept) -> SafeString:
    """The sections below the headlines. Nothing of one reader is in them but what a reader's choices hide."""
    if told.is_veiled:
        return written(told, story)
    return kept_part("findings", story, (kept.version, kept.made_at), lambda: written(told, story))


def part_in_full(part: Part, story: Story, kept: Kept) -> SafeString:
    """A page of one of these sections, with every sentence; kept as they are."""

    def write() -> SafeString:
        return render_to_string(part.template, {"told": part.told, "story": story})

    if part.told.is_veiled:
        return write()
    return kept_part(part.name, story, (kept.version, kept.made_at, part.after), write)


def written(told: Perspective, story: Story) -> SafeString:
    return render_to_string(TEMPLATE, {"told": told, "story": story})


def kept_part(name: str, story: Story, made_of: Hashable, write: Callable[[], str]) -> SafeString:
    """A part of a story's page as it was written in this language for others, or else as it is written now.

    made_of: all that it differs by beside the story; its repr says it in full
    """
    # The address of a drawing tells one release of the site from another.
    site = get_language(), get_script_prefix(), static("css/story.css")
    digest = blake2b(repr((site, story.version, made_of)).encode(), digest_size=16).hexdigest()
    key = f"{name}:{story.pk}:{digest}"
    try:
        known = cache.get(key)
    except (RedisError, OSError):
        known = None
    if known is not None:
        return mark_safe(known)  # noqa: S308  as a template wrote it
    fresh = str(write())
    with suppress(RedisError, OSError):
        cache.set(key, fresh, timeout=KEPT_SECONDS)
    return mark_safe(fresh)  # noqa: S308  of a template
