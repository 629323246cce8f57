"""How much of its article a page lets others show, and why that is less than all of it. Pure.

Asked are the robots rules for all and for ZisNews (as Google specifies them), reservations of text and data mining
(feeds/manners/reservations.py), and marks of what is for subscribers. Each lowers what is shown, none raises it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from lxml.html import HtmlElement

from feeds.formats.dates import parse_date
from feeds.manners.reservations import Reservation, last_said, reservation
from feeds.manners.robots import NAME
from feeds.pages.metadata import Metas

FULL_TEXT, EXCERPT, HEADLINE = "full_text", "excerpt", "headline"
STRICTEST_FIRST = (HEADLINE, EXCERPT, FULL_TEXT)

LONGEST_RULES, MAX_CONTENTS = 1_000, 20
TIER_NAMES = ("article:content_tier", "article:content-tier", "content_tier", "content-tier", "article.access")
PAID_TIERS = {"locked", "metered", "paid", "premium", "subscriber", "subscribers", "subscription"}
FREE_NAMES = ("isaccessibleforfree",)
PAID_NAMES = ("ispremium", "is_premium", "premium", "ispaid", "is_paid", "paid", "paywall", "paywalled", "is_paywalled")
YES, NO = {"true", "1", "yes"}, {"false", "0", "no"}

_VALUED = {"max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"}
_ROBOT = re.compile(r"[a-z][a-z0-9_.-]*(?:/[0-9.]*)?|\*")
_LIMIT = re.compile(r"max-snippet\s*:\s*(-?\d{1,9})", re.ASCII)
_EXPIRY = re.compile(r"unavailable_after\s*:\s*(.{1,60})")


@dataclass(frozen=True, slots=True)
class Policy:
    """What a page allows.

    reason:      every reason for showing less than the full text, as sentences, that of the strictest first
    max_snippet: characters an excerpt may have at most, where the page says so
    """

    display: str = FULL_TEXT
    reason: str = ""
    max_snippet: int | None = None


def policy_of(
    metas: Metas,
    *,
    robots: str = "",
    reserved: Reservation = Reservation(),  # noqa: B008 - a plain value that never changes
    is_paid: bool = False,
    now: datetime,
) -> Policy:
    """Return what a page allows.

    robots:   its X-Robots-Tag headers, one a line
    reserved: what its host and its headers say of text and data mining; its own <meta> supersedes them
    is_paid:  whether its structured data say that it is for subscribers
    now:      aware; judges unavailable_after
    """
    rules = [
        *rules_for_us(robots),
        *(rule for text in metas.all("robots", NAME.lower()) for rule in rules_for_us(text)),
    ]
    limits = [int(found[1]) for rule in rules if (found := _LIMIT.match(rule))]
    max_snippet = min((limit for limit in limits if limit >= 0), default=None)
    told = [
        *_robots_reasons(rules, max_snippet, now),
        *_subscription_reasons(metas, is_paid),
        *_reservation_reasons(last_said([reserved, *_reservations_of(metas)])),
    ]
    told.sort(key=lambda each: STRICTEST_FIRST.index(each[0]))
    display = told[0][0] if told else FULL_TEXT
    return Policy(display, " ".join(reason for _, reason in told), max_snippet)


def rules_for_us(text: str) -> Iterator[str]:
    """Yield the robots rules in a header or a <meta> that are for everybody or for us, in lower case.

    A robot's name before rules ("googlebot: nosnippet") holds up to the next name or the end of the line.
    """
    for line in text[:LONGEST_RULES].lower().splitlines()[:MAX_CONTENTS]:
        is_ours, before = True, ""
        for piece in line.split(","):
            name, colon, value = (part.strip() for part in piece.partition(":"))
            rule = piece.strip()
            if colon and name not in _VALUED and _ROBOT.fullmatch(name):
                is_ours, rule = name.partition("/")[0] in (NAME.lower(), "*"), value
            elif before.startswith("unavailable_after") and rule[:1].isdigit():
                rule = f"{before}, {rule}"  # the comma was that of “Wed, 25 Jun 2025”
            before = rule
            if is_ours and rule:
                yield rule


def drop_unquotable(tree: HtmlElement) -> None:
    """Take off a page the sections that may not even be quoted in an excerpt (data-nosnippet)."""
    for element in tree.xpath("//*[self::span or self::div or self::section][@data-nosnippet]"):
        if element.getparent() is not None:
            element.drop_tree()


def _robots_reasons(rules: Iterable[str], max_snippet: int | None, now: datetime) -> Iterator[tuple[str, str]]:
    said = set(rules)
    if "nosnippet" in said:
        yield HEADLINE, "The page asks that no part of its text be shown (nosnippet)."
    if max_snippet is not None:
        if max_snippet:
            yield EXCERPT, f"The page asks that only an excerpt be shown (max-snippet:{max_snippet})."
        else:
            yield HEADLINE, "The page asks that no part of its text be shown (max-snippet:0)."
    for rule in said:
        if (found := _EXPIRY.match(rule)) and (moment := parse_date(found[1])) and moment <= now:
            yield HEADLINE, f"The page asks not to be shown after {moment:%Y-%m-%d} (unavailable_after)."
            break
    if not said.isdisjoint({"noarchive", "nocache"}):
        yield EXCERPT, "The page asks that no copy of it be kept (noarchive)."


def _subscription_reasons(metas: Metas, is_paid: bool) -> Iterator[tuple[str, str]]:
    """Marks of paywalls. What stands behind one may be in the HTML all the same; it is not for everybody."""
    if is_paid or not NO.isdisjoint(_said(metas, FREE_NAMES)):
        yield EXCERPT, "The page says that the article is not free for everybody (isAccessibleForFree)."
    elif tier := next((said for said in _said(metas, TIER_NAMES) if said in PAID_TIERS), ""):
        yield EXCERPT, f"The page says that the article is for subscribers (content tier: {tier})."
    elif not YES.isdisjoint(_said(metas, PAID_NAMES)):
        yield EXCERPT, "The page says that the article is for subscribers."


def _said(metas: Metas, names: Iterable[str]) -> list[str]:
    return [content.strip().lower().rpartition("/")[2] for content in metas.all(*names)][:MAX_CONTENTS]


def _reservations_of(metas: Metas) -> Iterator[Reservation]:
    policy = metas.first("tdm-policy")
    for content in list(metas.all("tdm-reservation"))[:MAX_CONTENTS]:
        yield reservation(content, policy)


def _reservation_reasons(said: Reservation) -> Iterator[tuple[str, str]]:
    """A reservation leaves us an excerpt: a few words and the way to the page.

    Mining is what is reserved, the use of whole texts by machines (Directive (EU) 2019/790, article 4). To point to an
    article by its headline and first words is none, so it need not be left out; to show all of a text that a machine
    read is what the publisher wishes to be asked for first.
    """
    if said.is_reserved:
        terms = f" Its terms: {said.policy}" if said.policy else ""
        yield (
            EXCERPT,
            f"The publisher reserves text and data mining (TDMRep), so we show no more than an excerpt.{terms}",
        )
