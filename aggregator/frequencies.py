"""In how many articles each term occurred: counted a batch at a time, added up now and then, fading over a month.

Adding up every batch at once would write thousands of rows for fifty articles, under the lock that all wait for. So a
batch leaves one row with its counts, and one task adds up what many batches left. A site that has just begun adds up
at once: there each article changes which words are common.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import connection, transaction
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from aggregator.finding.features import Weights
from aggregator.models import CountedTerms, DocumentFrequency

ALL_DOCUMENTS = ""  # the row of DocumentFrequency that counts the documents themselves
FREQUENCY_LOCK = 0x5A16  # one at a time adds up or lets fade; taken after the lock of stories, if both
FEW_DOCUMENTS = 5_000
BATCHES_AT_ONCE = 200
FADES_OVER_DAYS = 30


def frequencies_of(terms: Iterable[str]) -> dict[str, int]:
    """In how many articles each term occurred; under ALL_DOCUMENTS how many articles there were."""
    is_asked = RawSQL("term = ANY(%s)", [[*terms, ALL_DOCUMENTS]], output_field=BooleanField())
    return dict(DocumentFrequency.objects.filter(is_asked).values_list("term", "document_count"))


def count_documents(weights: Sequence[Weights], known: int) -> None:
    """Leave these articles to be added to the document frequencies. known: how many documents were counted so far."""
    counts = Counter(term for one in weights for term in one.terms)
    CountedTerms.objects.create(documents=len(weights), counts=json.dumps(counts, ensure_ascii=False))
    if known < FEW_DOCUMENTS:
        add_up()


def add_up() -> int:
    """Add what batches left to the document frequencies; returns how many batches that were. Safe at any time."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FREQUENCY_LOCK])
        batches = list(CountedTerms.objects.order_by("pk")[:BATCHES_AT_ONCE])
        counts: Counter[str] = Counter()
        for batch in batches:
            counts.update(json.loads(batch.counts))
            counts[ALL_DOCUMENTS] += batch.documents
        if batches:
            add_frequencies(counts)
            CountedTerms.objects.filter(pk__in=[batch.pk for batch in batches]).delete()
    return len(batches)


def add_frequencies(counts: Mapping[str, int]) -> None:
    """Add to the document frequencies in how many further articles each term occurred."""
    with connection.cursor() as cursor:
        terms = sorted(counts)  # one order for all workers, or they would wait for each other in a circle
        cursor.execute(
            """INSERT INTO aggregator_documentfrequency AS old (term, document_count)
               SELECT * FROM unnest(%s::text[], %s::int[])
               ON CONFLICT (term) DO UPDATE SET document_count = old.document_count + excluded.document_count""",
            [terms, [counts[term] for term in terms]],
        )


def let_fade(today: date) -> int:
    """Take one part in thirty off every count, and what comes to nothing away; returns how many counts changed.

    In the caller's transaction, once a day. Small counts are rounded up or down by a number drawn from the term and
    the day, so that a term loses a thirtieth in the long run, and most rows are not written.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FREQUENCY_LOCK])
        cursor.execute(
            """UPDATE aggregator_documentfrequency SET document_count = faded.count
               FROM (SELECT term AS old, floor(document_count * (1 - 1.0 / %(days)s)
                         + (hashtext(term || %(today)s) & 65535) / 65536.0)::int AS count
                     FROM aggregator_documentfrequency) AS faded
               WHERE term = faded.old AND document_count <> faded.count""",
            {"days": FADES_OVER_DAYS, "today": today.isoformat()},
        )
        changed: int = cursor.rowcount
        cursor.execute(
            "DELETE FROM aggregator_documentfrequency WHERE document_count = 0 AND term <> %s", [ALL_DOCUMENTS]
        )
    return changed
