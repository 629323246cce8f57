"""Articles and stories as the entries of a feed. What a source lets us show on a card is all a feed says of it."""

from collections.abc import Callable

from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils.translation import ngettext

from aggregator.models import Article, Story
from aggregator.syndication.atom import Entry, Picture
from aggregator.tellings import Told
from aggregator.templatetags.outward import outward
from aggregator.templatetags.places import category_name
from aggregator.templatetags.reading import stored_widths, summary

Absolute = Callable[[str], str]  # a path of ours → its absolute address
THUMBNAIL_WIDTH = 640


def entry_of(article: Article, absolute: Absolute) -> Entry:
    """Return an article's entry: headline, description and thumbnail, with the way to our page and to the original."""
    return Entry(
        id=absolute(reverse("article", args=[article.pk, "-"])),
        title=article.title,
        url=absolute(article.get_absolute_url()),
        author=article.source.name,
        published_at=article.published_at,
        updated_at=max(article.published_at, article.updated_at or article.published_at),
        summary=summary(article),
        language=article.language,
        via=outward(article.url),
        category=(article.category_id, category_name(article.category_id)),
        picture=thumbnail_of(article, absolute),
    )


def story_entry_of(story: Story, told: Told, absolute: Absolute) -> Entry:
    """Return a story's entry, under its headline and with the words of that article; "updated" moves as it grows."""
    entry = entry_of(told.headed_by, absolute)
    voices = ", ".join(
        (
            ngettext("%(n)d country", "%(n)d countries", story.country_count) % {"n": story.country_count},
            ngettext("%(n)d source", "%(n)d sources", story.source_count) % {"n": story.source_count},
        )
    )
    return Entry(
        id=absolute(reverse("story", args=[story.pk, "-"])),
        title=told.title,
        url=absolute(story.get_absolute_url()),
        author=entry.author,
        published_at=story.first_at,
        updated_at=story.newest_at,
        summary=f"{voices}. {entry.summary}".strip(),
        language=entry.language,
        category=(story.category_id, category_name(story.category_id)),
        picture=entry.picture or thumbnail_of(told.article, absolute),
    )


def thumbnail_of(article: Article, absolute: Absolute) -> Picture | None:
    if not article.picture:
        return None
    widths = stored_widths(article)
    width = THUMBNAIL_WIDTH if THUMBNAIL_WIDTH in widths else widths[-1]
    height = round(width * article.picture_height / max(article.picture_width, 1))
    return Picture(absolute(default_storage.url(f"{article.picture}-{width}.webp")), width, height)
