"""robots.txt (RFC 9309): which of its lines concern us, and what they let us fetch. Pure.

Which lines are ours we read ourselves: Protego takes a group for ours whose name merely begins ours, lets a Crawl-delay
end a list of names, and keeps the rules of every name there is: a hundred million in a hostile file of 500 KiB.
It is given our own lines alone, and compares them with addresses.
"""

import re
from collections.abc import Iterator
from urllib.parse import quote

from protego import Protego

from feeds.net.addresses import MAX_URL_CHARACTERS

NAME = "ZisNews"  # our product token: what a robots.txt calls us, and our User-Agent begins with
MAX_BYTES = 500 * 1024  # what a crawler must read at least (RFC 9309, 2.5), and all that we read
MAX_DELAY_SECONDS = 60.0  # whoever asks for more gets this
# Real patterns have a handful. What is after so many is cut off a Disallow, and an Allow with more is left out:
# comparing stays quick, and we err on the side of staying away.
MAX_WILDCARDS = 20

ALLOW, DISALLOW, AGENT, DELAY = "Allow", "Disallow", "User-agent", "Crawl-delay"
# Misspelt as they are met; Google reads these too.
_FIELDS = {
    "allow": ALLOW,
    **dict.fromkeys(("disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"), DISALLOW),
    **dict.fromkeys(("user-agent", "useragent", "user agent"), AGENT),
    **dict.fromkeys(("crawl-delay", "crawldelay", "crawl delay"), DELAY),
}
_PRODUCT = re.compile(r"[A-Za-z_-]+|\*(?=\s|$)")
_SECONDS = re.compile(r"\d{1,9}(?:\.\d{0,9})?|\.\d{1,9}", re.ASCII)
_UNPRINTED = re.compile(r"[\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")


class Robots:
    """What a host's robots.txt lets us fetch, made from the lines that `our_lines` found in it."""

    def __init__(self, lines: str = "") -> None:
        self._rules = Protego.parse(lines)
        self.crawl_delay: float | None = self._rules.crawl_delay(NAME)

    def allows(self, url: str) -> bool:
        return self._rules.can_fetch(url, NAME)


def our_lines(body: bytes) -> str:
    """Return the lines of a robots.txt that concern us, as one group for all: what `Robots` and curators read.

    Those are the rules of every group that names ZisNews, in whatever case, or else of every group for "*" (RFC 9309,
    2.2.1), and the largest Crawl-delay among them. "" where nothing concerns us.
    """
    groups: dict[str, list[str]] = {}
    delays: dict[str, float] = {}
    names: set[str] = set()
    has_rules = False  # of the group we are in: the next name begins another
    for field, value in _records(body):
        if field == AGENT:
            if has_rules:
                names, has_rules = set(), False
            if (name := _product(value)) in (NAME.lower(), "*"):
                names.add(name)
                groups.setdefault(name, [])
        elif field == DELAY:  # no rule to the RFC, so it must not part the names before it from those after it
            for name in names:
                delays[name] = max(delays.get(name, 0.0), _seconds(value))
        else:
            has_rules = True
            if names and (pattern := _pattern(field, value)):
                for name in names:
                    groups[name].append(f"{field}: {pattern}")
    ours = NAME.lower() if NAME.lower() in groups else "*"
    rules = list(dict.fromkeys(groups.get(ours, [])))
    if delays.get(ours):
        rules.append(f"{DELAY}: {delays[ours]:g}")
    return "\n".join([f"{AGENT}: *", *rules]) if rules else ""


def _records(body: bytes) -> Iterator[tuple[str, str]]:
    """Yield the fields we know, with their values, in order. A line that is cut by the limit does not count."""
    text = body[:MAX_BYTES].decode("utf-8", "replace").lstrip("\ufeff")
    lines = re.split(r"[\r\n]+", text)
    for line in lines[:-1] if len(body) > MAX_BYTES else lines:
        said = line.partition("#")[0].strip()
        name, colon, value = said.partition(":")
        if not colon:  # “Disallow /private”, as Google reads it
            name, _, value = said.partition(" ")
        if field := _FIELDS.get(" ".join(name[:40].lower().split())):
            yield field, value.strip()


def _product(value: str) -> str:
    """The name in a User-agent line, without a version or what else follows; "" where there is none."""
    found = _PRODUCT.match(value)
    return found[0].lower() if found else ""


def _seconds(value: str) -> float:
    return min(float(value), MAX_DELAY_SECONDS) if _SECONDS.fullmatch(value) else 0.0


def _pattern(field: str, value: str) -> str:
    """A rule's path pattern, short and on one line; "" for one that no address can match."""
    pattern = re.sub(r"\*{2,}", "*", value)
    if not pattern.startswith(("/", "*")) or len(pattern) > MAX_URL_CHARACTERS:
        return ""
    if pattern.count("*") > MAX_WILDCARDS:
        if field == ALLOW:
            return ""
        pattern = "*".join(pattern.split("*")[: MAX_WILDCARDS + 1])
    return _UNPRINTED.sub(lambda found: quote(found[0]), pattern)
