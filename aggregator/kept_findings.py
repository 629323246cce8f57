"""What sets the sides of a story apart, as markup: the same for all who hide nothing of it, and kept for them.

Of forty sides it is half a megabyte, which takes longer to write than the rest of the page together.
"""

import zlib
from contextlib import suppress

from django.core.cache import cache
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from redis import RedisError

from aggregator.kept_comparisons import Kept
from aggregator.models import Story
from aggregator.perspectives import Perspective

TEMPLATE = "aggregator/story/_findings.html"
KEPT_SECONDS = 600


def findings(told: Perspective, story: Story, kept: Kept) -> SafeString:
    """The sections below the headlines. Nothing of one reader is in them but what a reader's choices hide."""
    if told.is_veiled:
        return written(told, story)
    # The address of a drawing tells one release of the site from another.
    made_of = get_language(), story.pk, story.version, kept.version, kept.made_at, static("css/story.css")
    key = f"findings:{story.pk}:{zlib.crc32(repr(made_of).encode()):x}"
    try:
        known = cache.get(key)
    except (RedisError, OSError):
        known = None
    if known is not None:
        return mark_safe(known)  # noqa: S308  as a template wrote it
    fresh = written(told, story)
    with suppress(RedisError, OSError):
        cache.set(key, str(fresh), timeout=KEPT_SECONDS)
    return fresh


def written(told: Perspective, story: Story) -> SafeString:
    return render_to_string(TEMPLATE, {"told": told, "story": story})
