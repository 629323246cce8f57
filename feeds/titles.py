"""Which of the titles a page gives itself is its headline: the one readers see, confirmed by what machines are told."""

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence

MAX_TITLE_LENGTH = 500
MAX_KICKER_LENGTH = 60  # "Opinion |", "War in Ukraine -": words that stand before a headline within its heading
ALIKE = 0.5
TRUSTED_WORDS = 4  # a page's only heading, this long, is its headline whatever machines are told

_SEPARATOR = re.compile(r"\s+[|–—•·:»›‹«~/-]+\s+|\s*[|｜ㅣ»]\s*|\s+::\s+|-(?=[^\W\d_]+\s*[|｜ㅣ])")
_WORD = re.compile(r"\w+")
_QUOTES = str.maketrans("‘’‚‛´`“”„‟«»", "''''''\"\"\"\"\"\"")


def headline(seen: Sequence[str], told: Sequence[str], *, site_names: Iterable[str] = ()) -> str:
    """Choose an article's title.

    seen:       the texts of the page's <h1>, in order
    told:       titles for machines (JSON-LD, OpenGraph, <title>), the most trusted first
    site_names: how the site calls itself; taken off the end of a title
    A heading that says much the same as a told title wins, being the paper's own words; without one the first
    told title counts, less the site's name.
    """
    sites = {key for name in site_names if (key := _key(name))}
    headings = [title for title in map(_tidy, seen) if title and _key(title) not in sites]
    titles = [without_site_name(title, sites) for title in map(_tidy, told)]
    titles = [title for title in titles if title and _key(title) not in sites]
    if not headings or not titles:
        return next(iter(headings or titles), "")
    best = max(headings, key=lambda heading: max(_likeness(heading, title) for title in titles))
    likeness = max(_likeness(best, title) for title in titles)
    if likeness >= ALIKE:
        return _without_kicker(best, titles)
    if len(headings) == 1 and len(_WORD.findall(best)) >= TRUSTED_WORDS:
        return best
    return titles[0]


def without_site_name(title: str, sites: set[str]) -> str:
    """Take a site's name, and a section of one or two words before it, off a title's end; sites as _key makes them."""
    separators = list(_SEPARATOR.finditer(title))
    if not separators or _key(title[separators[-1].end() :]) not in sites:
        return title
    rest = title[: separators[-1].start()]
    if len(separators) > 1:
        before, section = rest[: separators[-2].start()], rest[separators[-2].end() :]
        if len(_WORD.findall(section)) <= 2 and len(_WORD.findall(before)) >= 4:
            return before
    return rest


def _without_kicker(heading: str, titles: Sequence[str]) -> str:
    """Take the words before the headline off a heading, where a title says that they are not part of it."""
    for title in titles:
        kicker = len(heading) - len(title)
        if 0 < kicker <= MAX_KICKER_LENGTH and kicker < len(title) and heading.endswith(title):
            return title
    return heading


def _tidy(title: str) -> str:
    title = html.unescape(title[: 2 * MAX_TITLE_LENGTH]).replace("\xad", "")
    return " ".join(unicodedata.normalize("NFC", title).split())[:MAX_TITLE_LENGTH]


def _key(name: str) -> str:
    """A name without case, quotes, blanks and the domain's ending, to compare with."""
    name = name.translate(_QUOTES).casefold().strip()
    return re.sub(r"\W+", "", re.sub(r"^www\.|\.(?:com?|org|net|info|[a-z]{2})(?:\.[a-z]{2})?$", "", name))


def _likeness(one: str, other: str) -> float:
    """The share of the longer title's words that the shorter one has too; of characters, where there are few words."""
    first, second = set(_WORD.findall(one.casefold())), set(_WORD.findall(other.casefold()))
    if min(len(first), len(second)) <= 2:  # scripts without blanks between words
        first, second = _pairs(one), _pairs(other)
    return len(first & second) / max(len(first), len(second), 1)


def _pairs(title: str) -> set[str]:
    text = "".join(_WORD.findall(title.casefold()))
    return {text[i : i + 2] for i in range(len(text) - 1)}
