"""What a source changed about an article: whether it is news to a reader, and which headlines it had before."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from difflib import SequenceMatcher

from django.db.models import Max

from aggregator.copies import words_of
from aggregator.models import Article, Headline
from feeds.words import tokens

MOST_HEADLINES = 20
# A text has clearly changed when so many of its words came or went, and such a share of them.
FEWEST_WORDS, FEWEST_SHARE = 12, 0.05
# Two words are one with a slip of the pen when they are so alike, begin alike and are long enough to tell.
ALIKE, LONG_ENOUGH, MOST_SLIPS = 0.8, 4, 2


def is_reworded(before: str, after: str) -> bool:
    """Say whether a headline says something else now: not so when only signs, capitals or slips of the pen changed."""
    old, new = ([token.word for token in tokens(title)] for title in (before, after))
    if old == new:
        return False
    gone, come = list((Counter(old) - Counter(new)).elements()), list((Counter(new) - Counter(old)).elements())
    if len(gone) != len(come) or not 0 < len(gone) <= MOST_SLIPS:
        return True
    return not all(is_slip(one, other) for one, other in zip(gone, come, strict=True))


def is_slip(one: str, other: str) -> bool:
    """Say whether two words are one, once mistyped: "mutiple" and "multiple", not "legal" and "illegal"."""
    if min(len(one), len(other)) < LONG_ENOUGH or one[0] != other[0] or any(map(str.isdigit, one + other)):
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE


def is_rewritten(before: str, after: str) -> bool:
    """Say whether a text clearly changed: more than a clock or a counter in it."""
    old, new = Counter(words_of(before)), Counter(words_of(after))
    moved = (old - new).total() + (new - old).total()
    return moved >= max(FEWEST_WORDS, FEWEST_SHARE * max(old.total(), new.total()))


def keep(article: Article, now: datetime) -> None:
    """Keep the headline an article has until now, before it gets another.

    A headline is kept once: one that comes back and goes again stood from its first moment to its last. Of more
    than MOST_HEADLINES the first stays and the oldest of the others go.
    """
    earlier = article.earlier_headlines
    if not earlier.filter(title=article.title).update(replaced_at=now):
        since = earlier.aggregate(Max("replaced_at"))["replaced_at__max"] or article.seen_at
        earlier.create(title=article.title, seen_at=since, replaced_at=now)
    surplus = list(earlier.order_by("-seen_at", "-pk").values_list("pk", flat=True)[MOST_HEADLINES - 1 :])[:-1]
    if surplus:
        earlier.filter(pk__in=surplus).delete()


def earlier_headlines(article: Article) -> Iterable[Headline]:
    """The headlines an article had before, the first first; asks the database only of articles that ever changed.

    Keywords do not reach them: whether an article is shown goes by the headline it has now (publishing.renew).
    """
    return article.earlier_headlines.order_by("seen_at", "pk") if article.updated_at else ()
