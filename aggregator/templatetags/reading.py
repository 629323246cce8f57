"""The parts of an article in templates: its picture, its text as far as we may show it, and what stands around it."""

import re
from html import escape
from urllib.parse import quote, unquote

from django import template
from django.template.context import Context
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.preferences import TEXT_SIZES, Preferences
from accounts.zones import zones_to_choose
from aggregator.addresses import media_address
from aggregator.models import Article
from aggregator.sections import sections
from aggregator.templatetags.places import page_locale
from aggregator.visits import SHOWN_FROM
from feeds.formats.plaintext import excerpt as cut
from feeds.keeping import EXCERPT_WORDS, first_words
from feeds.models import Category, Display

register = template.Library()

PICTURE_WIDTHS = (320, 640, 1280)  # as feeds.pictures.shrink makes them
STRETCHED = 110  # percent of its width that a picture may be drawn at, before a browser takes one four times as heavy
LONGEST_SHARED = 300  # characters of a headline
# Languages written from right to left (CLDR), by their primary tags.
RIGHT_TO_LEFT = frozenset("ar arc ckb dv fa he khw ks nqo ps sd syr ug ur yi".split())
_NO_TEXT = _("The publisher asks that no part of its text be shown elsewhere.")
_EXCERPT_ONLY = _("The publisher asks that no more than the beginning be shown elsewhere.")
_SUBSCRIBERS = _("The whole article is for the publisher's subscribers.")
# What feeds.pages.policy writes in its reasons → what readers are told.
REASONS = {
    "nosnippet": _NO_TEXT,
    "max-snippet:0": _NO_TEXT,
    "unavailable_after": _("The publisher asks that it not be shown any more."),
    "max-snippet:": _EXCERPT_ONLY,
    "noarchive": _EXCERPT_ONLY,
    "isAccessibleForFree": _SUBSCRIBERS,
    "subscribers": _SUBSCRIBERS,
    "TDMRep": _("The publisher reserves the use of its texts by machines."),
}
# What feeds.markup.media calls an embedded thing → what readers are told.
KINDS_EMBEDDED = {
    "Video": _("Video at %(place)s"),
    "Audio": _("Audio at %(place)s"),
    "Post": _("Post at %(place)s"),
    "Chart": _("Chart at %(place)s"),
    "Map": _("Map at %(place)s"),
    "Embedded content": _("Embedded content at %(place)s"),
}
EMBEDDED = re.compile(rf"(<p><a [^<>]*>)({'|'.join(KINDS_EMBEDDED)}) at ([^<>]{{1,100}})(</a></p>)")
PARAGRAPH = re.compile(r"\n\s*\n|\n")


@register.simple_tag(takes_context=True)
def category_sections(context: Context) -> tuple[Category, ...]:
    """The categories that have a page, in the order of the navigation; asked for where they are not known."""
    return context["page_sections"] if "page_sections" in context else sections()


@register.simple_tag(takes_context=True)
def zone_choices(context: Context) -> tuple[tuple[str, str], ...]:
    """(IANA name, label) of the zones to choose from, the reader's own among them."""
    preferences = context.get("preferences")
    chosen = preferences.time_zone if preferences else "UTC"
    return zones_to_choose(timezone.now(), page_locale(), chosen)


@register.simple_tag(takes_context=True)
def text_steps(context: Context) -> dict[str, str | bool]:
    """The sizes one step smaller and one step larger than the chosen one; at an end, that end itself."""
    preferences = context.get("preferences") or Preferences()
    place, last = TEXT_SIZES.index(preferences.text_size), len(TEXT_SIZES) - 1
    return {
        "smaller": TEXT_SIZES[max(place - 1, 0)],
        "larger": TEXT_SIZES[min(place + 1, last)],
        "is_smallest": place == 0,
        "is_largest": place == last,
    }


@register.simple_tag
def thumb(article: Article, sizes: str, eager: bool = False) -> SafeString:
    """The picture of an article, cropped by its frame; a rectangle of its main colour stands there until it comes.

    sizes: as in <img sizes>. eager: for the one picture a reader sees first.
    """
    colour = escape(article.picture_colour or "#888888")
    frame = '<svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">'
    filled = f'{frame}<rect width="1" height="1" fill="{colour}"/></svg>'
    return mark_safe(filled + picture(article, sizes, eager))  # noqa: S308  its one text is escaped


@register.simple_tag
def picture(article: Article, sizes: str, eager: bool = False) -> SafeString:
    """The <img> with every stored width. Its alt text is empty: what it shows is told by headline and caption."""
    widths = stored_widths(article)
    name = escape(media_address(article.picture))
    # The first one comes with the words beside it, not a frame after them.
    loading = 'decoding="sync" fetchpriority="high"' if eager else 'decoding="async" loading="lazy"'
    if not eager:
        sizes = f"auto, {sizes}"  # a browser that knows it takes the width the picture has once it is laid out
    srcset = ", ".join(f"{name}-{width}.webp {width * STRETCHED // 100}w" for width in widths)
    return mark_safe(  # noqa: S308  its texts are escaped
        f'<img src="{name}-{widths[len(widths) // 2]}.webp" srcset="{srcset}" sizes="{escape(sizes)}"'
        f' width="{article.picture_width}" height="{article.picture_height}" alt="" {loading}>'
    )


def stored_widths(article: Article) -> list[int]:
    """The widths a picture was stored in: those not above its own; its own where that is smaller than all."""
    return [width for width in PICTURE_WIDTHS if width <= article.picture_width] or [article.picture_width]


@register.filter
def summary(article: Article) -> str:
    """The description, where the source lets us show more than the headline."""
    return "" if article.display == Display.HEADLINE else limited(article.description, article)


def limited(text: str, article: Article) -> str:
    """The beginning of a text, not longer than the article's page lets an excerpt be."""
    return text if article.max_snippet is None else cut(text, article.max_snippet)


@register.simple_tag
def body(article: Article) -> SafeString:
    """What we may show of the text, as paragraphs.

    The one place where text from outside is not escaped: `html` is what feeds.sanitising.sanitise returned, stored as
    it came from there, and the Content-Security-Policy lets nothing run even if it erred.
    """
    if article.display == Display.HEADLINE:
        return mark_safe("")
    if article.display == Display.FULL_TEXT and article.html:
        return mark_safe(EMBEDDED.sub(embedded_words, article.html))  # noqa: S308
    text = article.text or article.description
    if article.display == Display.EXCERPT:
        text = limited(first_words(text, EXCERPT_WORDS), article)
    paragraphs = ((part.strip(),) for part in PARAGRAPH.split(text) if part.strip())
    return format_html_join("\n", "<p>{}</p>", paragraphs)


def embedded_words(found: re.Match[str]) -> str:
    """A paragraph such as "Video at YouTube", as feeds.markup.media writes it, in the language of the page."""
    opening, kind, place, closing = found.groups()
    words = str(KINDS_EMBEDDED[kind]) % {"place": place}  # of sanitised text: what is escaped stays so
    return f'{opening}<span lang="{escape(get_language() or "en")}" dir="auto">{words}</span>{closing}'


@register.simple_tag
def standfirst(article: Article) -> str:
    """The description, where it says something the shown text does not begin with."""
    if article.max_snippet is not None:  # the excerpt is all that may be shown
        return ""
    description = summary(article)
    shown = article.text if article.display == Display.FULL_TEXT else article.text or article.description
    return "" if _letters(description)[:80] in _letters(shown[:2000]) else description


@register.filter
def shown_views(article: Article) -> int:
    """How often the article was opened, from the number on that says something; else 0."""
    return article.view_count if article.view_count >= SHOWN_FROM else 0


@register.filter
def direction(language: str) -> str:
    """The direction a language is written in; "auto", by the text's first letter, where it is not known.

    A text in Arabic may well begin with a name in Latin letters.
    """
    if not language:
        return "auto"
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


@register.filter
def reason_for_less(article: Article) -> str:
    """Why the page asks that less be shown than all, in a sentence for readers; "" where it does not, or not alone.

    Told by the strictest of its reasons, which feeds.pages.policy puts first, with the rule in brackets.
    """
    if not article.page_display_reason or article.display != article.page_display:
        return ""
    places = {article.page_display_reason.find(mark): reason for mark, reason in reversed(REASONS.items())}
    places.pop(-1, None)
    return str(places[min(places)]) if places else ""


@register.filter
def as_phrase(words: str) -> str:
    """Words as search takes them for one phrase."""
    return '"' + words.replace('"', " ").strip() + '"'


@register.simple_tag
def share_links(article: Article, address: str) -> list[tuple[str, str]]:
    """(name, address) of the places an article is sent to: each is given its headline and its address on this site."""
    title, url = quote(article.title[:LONGEST_SHARED], safe=""), quote(address, safe="")
    both = f"{title}%20{url}"
    return [
        (gettext("E-mail"), f"mailto:?subject={title}&body={url}"),
        ("WhatsApp", f"https://wa.me/?text={both}"),
        ("Telegram", f"https://t.me/share/url?url={url}&text={title}"),
        ("X", f"https://x.com/intent/post?url={url}&text={title}"),
        ("Facebook", f"https://www.facebook.com/sharer/sharer.php?u={url}"),
        ("Mastodon", f"https://share.joinmastodon.org/#text={both}"),
        ("Bluesky", f"https://bsky.app/intent/compose?text={both}"),
    ]


@register.filter
def readable_address(url: str) -> str:
    """A URL as people read it: without scheme, with its letters instead of percent codes. What can not be seen, or
    turns what stands around it, stays a code: nobody shall read another address than they are led to.
    """
    letters = unquote(re.sub(r"^https?://(www\.)?", "", url)).rstrip("/")
    return "".join(letter if letter.isprintable() else quote(letter, errors="replace") for letter in letters)


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
