"""Notes which articles are copies of earlier ones: the database's side of copies.py, which decides."""

from collections.abc import Mapping, Sequence

from django.db import connection
from django.db.models import Q
from psycopg2.extras import execute_values

from aggregator import copies
from aggregator.models import Article

# Pairs of one story whose sketches share enough; a story of hundreds is compared with its neighbours in time.
FIND_ALIKE = f"""
SELECT fresh.id, other.id
FROM aggregator_article AS fresh
CROSS JOIN LATERAL (
    SELECT id, sketch FROM aggregator_article
    WHERE story_id = fresh.story_id AND id <> fresh.id AND published_at
        BETWEEN fresh.published_at - interval '72 hours' AND fresh.published_at + interval '72 hours'
    ORDER BY published_at LIMIT 300
) AS other
WHERE fresh.id = ANY(%s) AND fresh.sketch && other.sketch AND cardinality(
    ARRAY(SELECT unnest(fresh.sketch) INTERSECT SELECT unnest(other.sketch))
) >= {copies.SHARED_HASHES}
"""  # noqa: S608 - built from the number above


def note_copies(fresh: Sequence[Article], shingles: Mapping[int, frozenset[int]] | None = None) -> int:
    """Note of these articles, which stand in their stories, and of those that have their text, whose copies they are.

    shingles: copies.shingles of articles by id, where the caller knows them already
    Returns how many articles are now noted otherwise than before. Which came first is told by when they were
    published, then by their number: so it comes out the same in whatever order they came here. Called under the
    lock of stories.py.
    """
    looked_at = {article.pk for article in fresh}
    pairs = alike([article.pk for article in fresh if article.sketch])
    copied_before = {article.pk for article in fresh if article.copy_of_id}
    if not pairs and not copied_before:
        return 0
    known = among_copies(copied_before.union(*pairs))
    contained_in = contained(pairs, shingles or {})
    for pk, article in known.items():
        if article.copy_of_id in known and pk not in looked_at:
            contained_in.setdefault(pk, set()).add(article.copy_of_id)
    order = sorted(known, key=lambda pk: (known[pk].published_at, pk))
    found = copies.origins(order, contained_in)
    changed = [(pk, found.get(pk)) for pk in sorted(known) if known[pk].copy_of_id != found.get(pk)]
    if changed:
        store(changed)
    return len(changed)


def alike(fresh: Sequence[int]) -> list[tuple[int, int]]:
    """Pairs of a fresh article and another of its story that may have one text; ids."""
    if not fresh:
        return []
    with connection.cursor() as cursor:
        cursor.execute(FIND_ALIKE, [list(fresh)])
        return list(cursor.fetchall())


def among_copies(pks: set[int]) -> dict[int, Article]:
    """These articles, those they are copies of, and the copies of all, by id."""
    fields = Article.objects.only("published_at", "copy_of").order_by()
    known = fields.in_bulk(list(pks))
    origins = {article.copy_of_id for article in known.values() if article.copy_of_id}
    related = fields.filter(Q(pk__in=origins) | Q(copy_of__in=pks | origins))
    return known | {article.pk: article for article in related}


def contained(pairs: Sequence[tuple[int, int]], known: Mapping[int, frozenset[int]]) -> dict[int, set[int]]:
    """Of each article of these pairs, the others that have nearly all of its text."""
    pks = {pk for pair in pairs for pk in pair}
    unknown = Article.objects.filter(pk__in=pks - known.keys()).order_by()
    shingles = {**known, **{pk: copies.shingles(text) for pk, text in unknown.values_list("pk", "text")}}
    found: dict[int, set[int]] = {}
    for one, other in {(min(pair), max(pair)) for pair in pairs if shingles.keys() >= set(pair)}:
        for later, earlier in ((one, other), (other, one)):
            if copies.is_copy(shingles[later], shingles[earlier]):
                found.setdefault(later, set()).add(earlier)
    return found


def store(copy_of: Sequence[tuple[int, int | None]]) -> None:
    """Write whose copy each article is: (article, origin or None), ids."""
    with connection.cursor() as cursor:
        execute_values(
            cursor.cursor,
            """UPDATE aggregator_article SET copy_of_id = found.origin
               FROM (VALUES %s) AS found (article, origin) WHERE id = found.article""",
            copy_of,
            template="(%s, %s::bigint)",
            page_size=1000,
        )
