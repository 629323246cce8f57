"""A source's mark in templates: its icon as we keep it, or a monogram where it has none that can be shown."""

import zlib
from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from aggregator.addresses import media_address
from feeds.models import Source
from feeds.picture_sizes import MARK_PIXELS

register = template.Library()

TONES = 12  # colours of monograms, in static/css/parts.css
ARTICLES = ("the ", "the\xa0", "der ", "die ", "das ", "le ", "la ", "les ", "el ", "los ", "il ", "al-", "al ")


@register.simple_tag
def mark(source: Source) -> SafeString:
    """The mark, as large as its place makes it. Beside a name it says nothing more: it is hidden from who listens."""
    if source.mark:
        return format_html(
            '<img class="emblem" src="{}" width="{}" height="{}" alt="" decoding="async" loading="lazy">',
            media_address(source.mark),
            MARK_PIXELS,
            MARK_PIXELS,
        )
    return _monogram(source.name)


@lru_cache(maxsize=4096)
def _monogram(name: str) -> SafeString:
    return format_html('<span class="emblem tone-{}" aria-hidden="true">{}</span>', tone_of(name), letter_of(name))


def letter_of(name: str) -> str:
    """The first letter of a source's name, its article aside; a dot where it has none."""
    name = name.strip()
    without = next((name[len(word) :] for word in ARTICLES if name.lower().startswith(word)), name)
    return next((letter for text in (without, name) for letter in text if letter.isalnum()), "·").upper()[:1]


def tone_of(name: str) -> int:
    """The number of a monogram's colour: the same for the same name on every machine."""
    return zlib.crc32(name.encode()) % TONES
