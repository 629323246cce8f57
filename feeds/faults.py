"""Whose fault a failure is and what comes next: sentences of rows sorted into a few kinds. Touches no database.

A failure is kept as a sentence (errors.py, net/failures.py); curators see failures of one kind together, and a
graph needs few names. tests/feeds/test_faults.py holds that every sentence we write has its place here.
"""

import re
from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _


class Fault(models.TextChoices):
    """What is wrong, in the order in which a curator should look at it."""

    GONE = "gone", _("Nothing at the address")
    CLOSED = "closed", _("The publisher does not let us in")
    UNREADABLE = "unreadable", _("What comes is not what we can read")
    REFUSED = "refused", _("An address we never ask")
    INSECURE = "insecure", _("No secure connection")
    UNREACHABLE = "unreachable", _("The server does not answer")
    BROKEN = "broken", _("The server met a fault of its own")
    BUSY = "busy", _("The server asks us to slow down")
    OURS = "ours", _("Our own connection")
    OTHER = "other", _("Something else")


WHAT_NEXT = {
    Fault.GONE: _("Look for the new address on the publisher's site. We go on asking, at most once a day."),
    Fault.CLOSED: _("Only the publisher can change that. Ask for permission, or pause the feed."),
    Fault.UNREADABLE: _("The publisher's mistake, or the address is now a page. Open it and look."),
    Fault.REFUSED: _("The address leads inside a network or is misspelt. Correct it."),
    Fault.INSECURE: _("The publisher's to mend, often an expired certificate. We ask again by ourselves."),
    Fault.UNREACHABLE: _("Mostly passes by itself. If it lasts for days, the site may be gone."),
    Fault.BROKEN: _("The publisher's to mend. We ask again by ourselves."),
    Fault.BUSY: _("We wait as long as it wishes, then ask again. Nothing to do."),
    Fault.OURS: _("Look at this machine's network. No feed is blamed."),
    Fault.OTHER: _("Read the sentence of each feed."),
}

FAULT_OF_STATUS = {
    401: Fault.CLOSED, 402: Fault.CLOSED, 403: Fault.CLOSED, 407: Fault.CLOSED, 451: Fault.CLOSED,
    404: Fault.GONE, 410: Fault.GONE,
    429: Fault.BUSY, 503: Fault.BUSY,
}  # fmt: skip

# How sentences of ours begin or what stands in all of a kind; the first that fits.
KEY_WORDS: list[tuple[Fault, str]] = [
    (Fault.OURS, "our own connection|our own network"),
    (Fault.CLOSED, "robots.txt|turns us away|asks for a password|reserves"),
    (Fault.BUSY, "on hold|asked us to wait|ask too often"),
    (Fault.INSECURE, "certificate|secure connection"),
    (
        Fault.UNREACHABLE,
        "name was not found|has no address|did not take our connection|fell silent|hung up|connection broke"
        "|longer in all than we wait|could not reach",
    ),
    (
        Fault.REFUSED,
        "web address|leads inside|The address (?:contains|carries|is longer)|no port number|Port \\d+ belongs"
        "|sends us on to|The host is|What stands|We only fetch|no address: give",
    ),
    (
        Fault.UNREADABLE,
        "not a feed|no feed|too broken|badly broken|breaks off|damaged|ends in the middle|nested|answer is empty"
        "|larger than|rules of HTTP|packed its answer|do nothing with|Reading it|program that reads it|only a part"
        "|several documents|no form of this|no article|not a page|nothing to give|page is empty|cannot be read"
        "|not a JSON Feed|“not changed”",
    ),
]
PATTERNS = [(fault, re.compile(words)) for fault, words in KEY_WORDS]
STATUS = re.compile(r"\((\d{3})\)|answered (\d{3})\b")
LONGEST_LOOK = 400  # characters; what a server added stands behind


def fault_of(sentence: str) -> Fault:
    """Sort a sentence of `Feed.last_error`, `FetchRecord.error` or `Entry.read_error`."""
    beginning = sentence[:LONGEST_LOOK]
    if said := STATUS.search(beginning):
        status = int(said[1] or said[2])
        if status in FAULT_OF_STATUS:
            return FAULT_OF_STATUS[status]
        if status >= 500:
            return Fault.UNREACHABLE if 520 <= status <= 530 else Fault.BROKEN
        if status >= 400:
            return Fault.CLOSED
    return next((fault for fault, pattern in PATTERNS if pattern.search(beginning)), Fault.OTHER)


def counted_by_fault(sentences: Iterable[tuple[str, int]]) -> dict[Fault, int]:
    """Add up (sentence, how often) by kind; every kind is there, if with 0."""
    counts = dict.fromkeys(Fault, 0)
    for sentence, count in sentences:
        counts[fault_of(sentence)] += count
    return counts
