"""What of a text leads elsewhere, or would have a reader go there by hand. Touches neither network nor database."""

import re

# Also what a page would not make a link of: whoever sends readers somewhere writes "buy-it . example" at worst, and
# "example.com" as a rule. A file's name or "e.g." is none: the ends are those that such texts lead to.
_ENDS = (
    "com|net|org|info|biz|ru|su|cn|io|co|me|tv|cc|top|xyz|site|online|shop|store|club|live|link|click|pro|app|dev|ly|gl"
)
_LINK = re.compile(
    rf"(?:https?|ftp)://\S{{2,}}|\bwww\.\w\S+|\b\w[\w-]{{0,62}}\.(?:{_ENDS})\b(?:/\S*)?|\bmailto:\S+|\b(?:t|wa)\.me/\S+",
    re.IGNORECASE,
)


def links_in(text: str) -> list[str]:
    """The addresses a text names, in order, as they are written; one that is named twice is two."""
    return _LINK.findall(text)
