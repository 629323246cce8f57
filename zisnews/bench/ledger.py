"""What was offered against what is stored: nothing may be lost, nothing stored twice."""

import re
from collections import Counter
from collections.abc import Iterable, Set
from dataclasses import dataclass

ADDRESS = re.compile(r"https://paper-(\d+)\.example/\w+/(\d+)-")
Key = tuple[int, int]  # publisher, number of the item


@dataclass(frozen=True, slots=True)
class Judgement:
    """How the site's rows stand to the ledger; whole: nothing lost, nothing doubled, nothing waiting."""

    offered: int
    lost: int
    entries_doubled: int
    articles_doubled: int
    unpublished: int

    @property
    def is_whole(self) -> bool:
        return not (self.lost or self.entries_doubled or self.articles_doubled or self.unpublished)


def key_of(address: str) -> Key | None:
    found = ADDRESS.match(address)
    return (int(found[1]), int(found[2])) if found else None


def keys_of(addresses: Iterable[str]) -> Counter[Key]:
    return Counter(key for address in addresses if (key := key_of(address)))


def judge(offered: set[Key], *, told_twice: Set[int] = frozenset()) -> Judgement:
    """Compare what was offered with the rows of the database.

    told_twice: publishers who give one item two identities; their entries may be two, their articles may not
    """
    from aggregator.models import Article  # noqa: PLC0415  after django.setup()
    from feeds.models import Entry  # noqa: PLC0415

    entries = keys_of(Entry.objects.values_list("url", flat=True))
    articles = keys_of(Article.objects.values_list("url", flat=True))
    waiting = Entry.objects.exclude(state__in=[Entry.State.PUBLISHED, Entry.State.REFUSED])
    return Judgement(
        offered=len(offered),
        lost=len(offered - set(articles)),
        entries_doubled=sum(count > 1 for key, count in entries.items() if key[0] not in told_twice),
        articles_doubled=sum(count > 1 for count in articles.values()),
        unpublished=waiting.count(),
    )
