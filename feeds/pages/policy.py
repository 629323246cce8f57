"""How much of its article a page lets others show, by its robots rules. Pure."""

import re
from collections.abc import Iterable

FULL_TEXT, EXCERPT, HEADLINE = "full_text", "excerpt", "headline"

_RULE = re.compile(r"[a-z_-]+(?:\s*:\s*-?\d+)?")


def display_of(rules: Iterable[str]) -> tuple[str, str]:
    """Return what may be shown, and why in a sentence where that is less than the full text.

    rules: contents of robots metas and X-Robots-Tag headers, for all robots (Google's specification of both)
    """
    told = {re.sub(r"\s", "", rule) for text in rules for rule in _RULE.findall(text.lower()[:500])}
    limits = [int(rule.partition(":")[2]) for rule in told if rule.startswith("max-snippet:")]
    if "nosnippet" in told or 0 in limits:
        rule = "nosnippet" if "nosnippet" in told else "max-snippet:0"
        return HEADLINE, f"The page asks that no part of its text be shown ({rule})."
    if any(limit > 0 for limit in limits):
        return EXCERPT, f"The page asks that only an excerpt be shown (max-snippet:{min(x for x in limits if x > 0)})."
    if "noarchive" in told:
        return EXCERPT, "The page asks that no copy of it be kept (noarchive)."
    return FULL_TEXT, ""
