"""What somebody typed to the text of a comment. Touches neither network nor database."""

import unicodedata
from hashlib import blake2b

import regex
from django.utils.translation import gettext as _

from comments.errors import CommentError
from feeds.formats.characters import without_forbidden
from feeds.words import normalise

MAX_CHARACTERS = 10_000

# What turns the direction of text around, or is not seen at all. Joiners stay, which Persian and emoji need.
_UNSEEN = regex.compile("[\u00ad\u061c\u180e\u200b\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
_PILED_MARKS = regex.compile(r"(\p{M}{6})\p{M}+")  # letters that grow over the lines around them
_BLANK_LINES = regex.compile(r"\n[ \t]*(?:\n[ \t]*){2,}")


def tidied(typed: str) -> str:
    """The text as it is stored: in NFC, without what is not seen, no more than one blank line in a row.

    Raises CommentError where nothing is left of it, or too much.
    """
    if len(typed) > 2 * MAX_CHARACTERS:  # not worth the time
        raise CommentError(_too_long())
    text = without_forbidden(typed.replace("\r\n", "\n").replace("\r", "\n"))
    text = _PILED_MARKS.sub(r"\1", unicodedata.normalize("NFC", _UNSEEN.sub("", text)))
    text = _BLANK_LINES.sub("\n\n", text).strip()
    if not text:
        raise CommentError(_("Write something first."))
    if len(text) > MAX_CHARACTERS:
        raise CommentError(_too_long())
    return text


def _too_long() -> str:
    return _("A comment has at most %(limit)d characters.") % {"limit": MAX_CHARACTERS}


def hash_of(text: str) -> bytes:
    """16 bytes, equal for texts of the same words, however they are set; of no words, for the same characters."""
    return blake2b((normalise(text) or text).encode(), digest_size=16).digest()
