"""Who reads the invented articles: accounts with display names and blocked keywords."""

import random

from django.contrib.auth.hashers import make_password

from accounts.excluding import MOST_KEYWORDS, Wanted, block_all
from accounts.models import User
from aggregator import left_over
from aggregator.models import DocumentFrequency
from feeds.clock import database_now
from zisnews.bench.filling.copying import reserved_ids
from zisnews.bench.filling.sources import DOMAIN
from zisnews.bench.vocabulary import Vocabulary, capitalised

INVENTED_WORDS = 2_000
ROWS_PER_INSERT = 5_000
# Of the words by how many articles hold them: the commonest nobody blocks, the rarest block nothing.
COMMONEST, RAREST = 100, 6_000


def add_readers(count: int, seed: int, password: str | None = None, *, keywords: int = 0) -> None:
    """Add accounts reader-NUMBER@fill.example, each with so many blocked keywords.

    All have this password; without one nobody can sign in to them.
    """
    chance = random.Random(f"{seed}/readers/{User.objects.count()}")  # noqa: S311  no secret, only the same each time
    words = Vocabulary(chance, invented=INVENTED_WORDS).words[-INVENTED_WORDS:]
    hashed = make_password(password)  # once for all: it takes a tenth of a second on purpose
    readers = [
        User(
            id=number,
            email=f"reader-{number}@{DOMAIN}",
            display_name=" ".join(map(capitalised, chance.sample(words, 2)))[:50],
            password=hashed,
        )
        for number in reserved_ids(User, count)
    ]
    User.objects.bulk_create(readers, batch_size=ROWS_PER_INSERT)
    if keywords:
        by_frequency = DocumentFrequency.objects.order_by("-document_count", "pk").values_list("pk", flat=True)
        known = list(by_frequency[COMMONEST : COMMONEST + RAREST])
        for reader in readers:
            chosen = chance.sample(known, min(keywords, MOST_KEYWORDS, len(known)))
            block_all(reader, map(Wanted, chosen), database_now())
            left_over.renew(reader.pk, database_now())
