"""Which of the titles a page gives itself is its headline: the one readers see, confirmed by what machines are told."""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from feeds.pages.headings import MAX_KICKER_LENGTH, TRUSTED_WORDS, Heading

MAX_TITLE_LENGTH = 500
ALIKE = 0.5
UNANIMOUS = 3  # titles for machines, all the same, that outweigh a heading which says something else

_SEPARATOR = re.compile(r"\s+[|–—•·:»›‹«~/-]+\s+|\s*[|｜ㅣ»]\s*|\s+::\s+|-(?=[^\W\d_]+\s*[|｜ㅣ])")
_SECTION = re.compile(r"\s+\|\s+[^\W\d_]+(?:\s[^\W\d_]+)?$")  # "… | Editorial"
_WORD = re.compile(r"\w+")
_MARK = re.compile(r":|\s[/|–—-](?=\s)")  # what parts a kicker from a headline
_QUOTES = str.maketrans("‘’‚‛´`“”„‟«»", "''''''\"\"\"\"\"\"")


def headline(
    seen: Sequence[Heading], structured: Sequence[str], told: Sequence[str], *, site_names: Iterable[str] = ()
) -> str:
    """Choose an article's title.

    seen:       the page's headings, in order
    structured: its title as JSON-LD gives it, or none
    told:       other titles for machines (OpenGraph, <title>), the most trusted first
    site_names: how the site calls itself; taken off the end of a title
    A heading that says much the same as a told title wins, being the paper's own words, unless JSON-LD and all
    others are unanimous that it says something else; without one, a heading that is surely the headline counts,
    then the first told title, less the site's name.
    """
    logos = [_tidy(heading.text) for heading in seen if heading.is_site]
    sites = {key for name in (*site_names, *logos) if (key := _key(name))}
    titles = [without_site_name(title, sites) for title in map(_tidy, (*structured, *told))]
    titles = [title for title in titles if title and _key(title) not in sites]
    headings = [(_tidy(heading.text), heading.is_sure) for heading in seen if not heading.is_site]
    headings = [(text, is_sure) for text, is_sure in headings if text and _key(text) not in sites]
    if not titles:
        return next((text for text, _ in headings), "")
    return _SECTION.sub("", _chosen(headings, titles, bool(structured)))


def _chosen(headings: Sequence[tuple[str, bool]], titles: Sequence[str], is_structured: bool) -> str:
    """headings: each with whether it is surely the headline."""
    texts = [text for text, _ in headings]
    if not texts:
        return titles[0]
    titles = [_without_section(title, [*titles, *texts]) for title in titles]
    best = max(texts, key=lambda text: max(_likeness(text, title) for title in titles))
    likeness = max(_likeness(best, title) for title in titles)
    if is_structured and len(titles) >= UNANIMOUS and _are_unanimous(titles, best, likeness):
        return Counter(titles).most_common(1)[0][0]
    if likeness >= ALIKE:
        return _without_kicker(best, titles)
    return next((text for text, is_sure in headings if is_sure), titles[0])


def _are_unanimous(titles: Sequence[str], heading: str, likeness: float) -> bool:
    """Whether titles are all the same but not the heading's, or at least all alike, and the heading like none."""
    if likeness < ALIKE:
        return all(_likeness(titles[0], title) >= ALIKE for title in titles)
    return len({_key(title) for title in titles}) == 1 and _key(titles[0]) != _key(heading)


def without_site_name(title: str, sites: set[str]) -> str:
    """Take a site's name off a title's end, and sections of one or two words beside it; sites as _key makes them."""
    marks = list(_SEPARATOR.finditer(title))
    i = next((i for i in range(len(marks)) if _names_site(title, marks, i, sites)), None)
    if i is None:
        return title
    rest = title[: marks[i].start()]
    if i:
        shorter, section = rest[: marks[i - 1].start()], rest[marks[i - 1].end() :]
        if len(_WORD.findall(section)) <= 2 and len(_WORD.findall(shorter)) >= 4:
            return shorter
    return rest


def _names_site(title: str, marks: Sequence[re.Match[str]], i: int, sites: set[str]) -> bool:
    """Whether a site's name follows a title's i-th mark, to its end or to a section of one or two words."""
    start = marks[i].end()
    end = marks[i + 1].start() if i + 1 < len(marks) else len(title)
    return _key(title[start:]) in sites or (_key(title[start:end]) in sites and len(_WORD.findall(title[end:])) <= 2)


def _without_section(title: str, others: Sequence[str]) -> str:
    """Take a section's name of one or two words off a title's end, where it alone has it and another goes without."""
    if [_key(other) for other in others].count(_key(title)) > 1:
        return title
    for other in others:
        rest = title[len(other) :]
        if rest and title.startswith(other) and _SEPARATOR.match(rest) and len(_WORD.findall(rest)) <= 2:
            return other
    return title


def _without_kicker(heading: str, titles: Sequence[str]) -> str:
    """Take the words before the headline off a heading, where no fewer titles go without them than have them.

    A kicker that stays is spelled as told: the heading's own may part it from the headline by looks alone.
    """
    same = [title for title in titles if _key(title) == _key(heading)]
    for title in titles:
        kicker = len(heading) - len(title) if heading.endswith(title) else 0
        if 0 < kicker <= MAX_KICKER_LENGTH and kicker < len(title) and titles.count(title) >= len(same):
            return title
    if heading in same:
        return heading
    return next((title for title in same if len(_MARK.findall(title)) > len(_MARK.findall(heading))), heading)


def _tidy(title: str) -> str:
    title = html.unescape(title[: 2 * MAX_TITLE_LENGTH]).replace("\xad", "")
    return " ".join(unicodedata.normalize("NFC", title).split())[:MAX_TITLE_LENGTH]


def _key(name: str) -> str:
    """A name without case, quotes, blanks and the domain's ending, to compare with."""
    name = name.translate(_QUOTES).casefold().strip()
    return re.sub(r"\W+", "", re.sub(r"^www\.|\.(?:com?|org|net|info|[a-z]{2})(?:\.[a-z]{2})?$", "", name))


def _likeness(one: str, other: str) -> float:
    """The share of the longer title's words that the shorter one has too; of characters, where there are few words."""
    if other.startswith(one) and _SEPARATOR.match(other, len(one)) and len(_WORD.findall(one)) >= TRUSTED_WORDS:
        return 1.0
    first, second = set(_WORD.findall(one.casefold())), set(_WORD.findall(other.casefold()))
    if min(len(first), len(second)) <= 2:  # scripts without blanks between words
        first, second = _pairs(one), _pairs(other)
    return len(first & second) / max(len(first), len(second), 1)


def _pairs(title: str) -> set[str]:
    text = "".join(_WORD.findall(title.casefold()))
    return {text[i : i + 2] for i in range(len(text) - 1)}
