"""Whether a publisher reserves text and data mining, by the TDM Reservation Protocol (W3C community group). Pure.

It is said for a host in /.well-known/tdmrep.json, for a document in its header, for a page in its <meta>; what is said
later, and so nearer to the page, supersedes what was said before.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from protego import Protego

from feeds.formats.characters import without_forbidden

WELL_KNOWN = "/.well-known/tdmrep.json"
MAX_BYTES = 256 * 1024
MAX_RULES = 1_000
LONGEST_LOCATION, LONGEST_POLICY = 500, 500
MAX_WILDCARDS = 20

_LINK = re.compile(r"https?://[^\s\"'<>]+", re.IGNORECASE)
_BREAKS = re.compile(r"[\x00-\x20\x7f-\xa0#\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Reservation:
    """What somebody said about one document. is_reserved: None where nothing valid was said."""

    is_reserved: bool | None = None
    policy: str = ""  # where the terms stand, if anywhere


def reservation(value: object, policy: object = "") -> Reservation:
    """Read the two properties as a header, a <meta> or a file gives them.

    Other values than 1 and 0 are mistakes and say nothing; a number written as text is taken for the number.
    """
    is_number = isinstance(value, str | int) and not isinstance(value, bool)
    is_reserved = {"0": False, "1": True}.get(str(value).strip()) if is_number else None
    terms = without_forbidden(policy).strip() if isinstance(policy, str) and is_reserved else ""
    is_link = len(terms) <= LONGEST_POLICY and _LINK.fullmatch(terms)
    return Reservation(is_reserved, terms if is_link else "")


def last_said(told: Iterable[Reservation]) -> Reservation:
    """Return what counts of what was said one after the other: the last. Terms named before stay where none follow."""
    counts = Reservation()
    for said in told:
        if said.is_reserved is not None:
            keeps = said.is_reserved and not said.policy
            counts = Reservation(said.is_reserved, counts.policy if keeps else said.policy)
    return counts


def read_reservations(body: bytes) -> list[dict[str, Any]]:
    """Return the rules of a tdmrep.json, in its order, as plain values; none where it is no such file.

    A single rule without the brackets around it is read too. What is too long or makes no sense is left out.
    """
    try:
        told = json.loads(body[: MAX_BYTES + 1].decode("utf-8-sig", "replace")) if len(body) <= MAX_BYTES else []
    except (ValueError, RecursionError):
        return []
    told = [told] if isinstance(told, dict) else told
    rules = told[:MAX_RULES] if isinstance(told, list) else []
    return [kept for rule in rules if isinstance(rule, dict) and (kept := _rule(rule))]


def _rule(rule: dict[str, Any]) -> dict[str, Any] | None:
    location = rule.get("location")
    if not isinstance(location, str) or not location.startswith(("/", "*")) or len(location) > LONGEST_LOCATION:
        return None
    location = re.sub(r"\*{2,}", "*", without_forbidden(location))
    if location.count("*") > MAX_WILDCARDS:
        return None
    said = reservation(rule.get("tdm-reservation"), rule.get("tdm-policy"))
    if said.is_reserved is None:
        return None
    kept = {"location": location, "tdm-reservation": int(said.is_reserved)}
    return kept | ({"tdm-policy": said.policy} if said.policy else {})


class Reservations:
    """A host's rules, to be asked about addresses."""

    def __init__(self, rules: Sequence[dict[str, Any]] = ()) -> None:
        self._rules = [
            (_matcher(rule["location"]), reservation(rule["tdm-reservation"], rule.get("tdm-policy"))) for rule in rules
        ]

    def of(self, url: str) -> Reservation:
        """Return what the first rule that fits an address says: publishers put the most specific one first."""
        return next((said for matcher, said in self._rules if not matcher.can_fetch(url, "")), Reservation())


def _matcher(location: str) -> Protego:
    """Locations are written like the paths of a robots.txt, so they are compared as these are."""
    path = _BREAKS.sub(lambda found: f"%{ord(found[0]):02X}" if ord(found[0]) < 128 else "", location)
    return Protego.parse(f"User-agent: *\nDisallow: {path}\n")
