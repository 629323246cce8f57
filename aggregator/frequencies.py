"""In how many articles each term occurred: counted a batch at a time, added up now and then, fading over a month.

Adding up every batch at once would write thousands of rows for fifty articles, under the lock that all wait for. So a
batch leaves one row with its counts, and one task adds up what many batches left. A site that has just begun adds up
at once: there each article changes which words are common.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from itertools import chain

from django.db import connection, transaction
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from aggregator.finding.features import Rarities, Weights
from aggregator.models import CountedTerms, DocumentFrequency
from feeds.inserting import insert

ALL_DOCUMENTS = ""  # the row of DocumentFrequency that counts the documents themselves
FREQUENCY_LOCK = 0x5A16  # one at a time adds up or lets fade; taken after the lock of stories, if both
FEW_DOCUMENTS = 5_000
BATCHES_AT_ONCE = 200
FADES_OVER_DAYS = 30
MOST_KNOWN = 60_000  # terms that a process remembers, some megabytes


def frequencies_of(terms: Iterable[str]) -> dict[str, int]:
    """In how many articles each term occurred; under ALL_DOCUMENTS how many articles there were."""
    is_asked = RawSQL("term = ANY(%s)", [[*terms, ALL_DOCUMENTS]], output_field=BooleanField())
    return dict(DocumentFrequency.objects.filter(is_asked).values_list("term", "document_count"))


@dataclass(frozen=True, slots=True)
class Read:
    """What a process has read of the frequencies. version: another one whenever they change; counts: of terms asked."""

    version: str
    counts: dict[str, int]
    rarities: Rarities


class Known:
    """The frequencies that this process read since they last changed."""

    read: Read | None = None


def rarities_of(terms: Set[str]) -> Rarities:
    """How rare these terms are now. One query, of terms that were not asked for since the frequencies last changed,
    which are few in a hundred; two where they changed meanwhile.
    """
    known = Known.read
    if known is not None and len(known.counts) <= MOST_KNOWN:
        version, documents, counts = read_counts(unknown := terms - known.counts.keys())
        if version == known.version:
            known.counts.update(dict.fromkeys(unknown, 0) | counts)
            return known.rarities
    version, documents, counts = read_counts(terms)
    counts = dict.fromkeys(terms, 0) | counts
    found = Read(version, counts, Rarities(counts, documents))
    Known.read = found if documents >= FEW_DOCUMENTS else None  # of a site that has just begun they always change
    return found.rarities


def read_counts(terms: Collection[str]) -> tuple[str, int, dict[str, int]]:
    """What names the present state of the frequencies, the count of all documents, and that of each of these terms
    which occurred at all.

    Whoever changes one adds to the count of documents as well, or lets it fade: its row is written anew.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT term, document_count, CASE WHEN term = %s THEN xmin::text || ctid::text ELSE '' END
               FROM aggregator_documentfrequency WHERE term = ANY(string_to_array(%s, ' '))""",
            [ALL_DOCUMENTS, " ".join([ALL_DOCUMENTS, *terms, ALL_DOCUMENTS])],  # terms hold no space
        )
        rows = cursor.fetchall()
    version = "".join([version for _, _, version in rows])
    counts = {term: count for term, count, _ in rows}
    return version, counts.pop(ALL_DOCUMENTS, 0), counts


def count_documents(weights: Sequence[Weights], known: int) -> None:
    """Leave these articles to be added to the document frequencies. known: how many documents were counted so far."""
    counts = Counter(chain.from_iterable([one.terms for one in weights]))
    insert([CountedTerms(documents=len(weights), counts=json.dumps(counts, ensure_ascii=False))])
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
