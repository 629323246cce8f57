"""Places new articles in stories: the database's side of finding/, which decides."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Count, F, Max, Min, Q
from django.db.models.expressions import RawSQL

from aggregator.finding import choosing, profiles
from aggregator.finding.features import Features, Weights, features, key_terms
from aggregator.finding.profiles import Profile
from aggregator.models import Article, DocumentFrequency, Story

CANDIDATES = 12
ALL_DOCUMENTS = ""  # the row of DocumentFrequency that counts the documents themselves
STORY_LOCK = 0x5A15  # any number that no other advisory lock of ours uses
GROWING = (
    *("article_count", "source_count", "country_count", "voices"),
    *("first_at", "newest_at", "profile", "key_terms"),
)

# Asked once an article: written out, it costs a third of what the same QuerySet does.
FIND_NEAR = f"""
SELECT * FROM aggregator_story
WHERE merged_into_id IS NULL AND key_terms && %(terms)s::text[] AND newest_at >= %(since)s AND first_at <= %(until)s
ORDER BY cardinality(ARRAY(SELECT unnest(key_terms) INTERSECT SELECT unnest(%(terms)s::text[]))) DESC,
    newest_at DESC, id DESC
LIMIT {CANDIDATES}
"""  # noqa: S608 - built from the number above


def place(articles: Sequence[Article], weights: Sequence[Weights]) -> int:
    """Store new articles, each in the story it belongs to or in a new one; returns how many stories were made.

    weights: what each article says (finding.features.weigh)
    Runs in the caller's transaction, under lock_stories.
    """
    frequencies = frequencies_of({term for one in weights for term in one.terms})
    documents = frequencies.pop(ALL_DOCUMENTS, 0)
    grown: dict[int, Story] = {}
    made = 0
    for article, one in zip(articles, weights, strict=True):
        found = features(one, frequencies, documents)
        article.story = story_for(article, found, documents, grown)
        if article.story is None:
            article.story = begin_story(article, found)
            made += 1
        else:
            take_in(article.story, article, found)
            grown[article.story.pk] = article.story
    Article.objects.bulk_create(articles)
    count_voices(grown)
    count_documents(weights)
    return made


def lock_stories() -> None:
    """Let one transaction at a time publish, merge or shrink: two workers with the first two articles of one event
    must find each other's story, and with one page each other's article. The lock goes with the transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [STORY_LOCK])


def story_for(article: Article, found: Features, documents: int, grown: Mapping[int, Story]) -> Story | None:
    """The story an article belongs to, if there is one; those in `grown` count as they now are, not as stored."""
    stories = {story.pk: grown.get(story.pk, story) for story in candidates_for(article, found)}
    candidates = [
        choosing.Candidate(
            story.pk,
            Profile.from_json(story.profile),
            story.article_count,
            story.source_count,
            story.first_at,
            story.newest_at,
        )
        for story in stories.values()
    ]
    chosen = choosing.choose(found, article.published_at, candidates, documents=documents)
    return None if chosen is None else stories[chosen]


def candidates_for(article: Article, found: Features) -> Iterable[Story]:
    """The stories of these days that share most of the article's key terms."""
    terms = key_terms(found)
    if not terms:
        return []
    since, until = article.published_at - choosing.TIME_GATE, article.published_at + choosing.TIME_GATE
    return Story.objects.raw(FIND_NEAR, {"terms": terms, "since": since, "until": until})


def begin_story(article: Article, found: Features) -> Story:
    profile = profiles.begun(found, article.published_at)
    return Story.objects.create(
        title=article.title,
        slug=article.slug,
        category_id=article.category_id,
        article_count=1,
        source_count=1,
        country_count=1,
        voices={article.source.country_id: 1},
        first_at=article.published_at,
        newest_at=article.published_at,
        profile=profile.as_json(),
        key_terms=profiles.index_terms(profile),
    )


def take_in(story: Story, article: Article, found: Features) -> None:
    """Let a story, in memory, know of one more article: what it is about, and when."""
    profile = profiles.grown(Profile.from_json(story.profile), found, article.published_at)
    story.profile, story.key_terms = profile.as_json(), profiles.index_terms(profile)
    story.article_count += 1
    story.first_at = min(story.first_at, article.published_at)
    story.newest_at = max(story.newest_at, article.published_at)


def count_voices(grown: Mapping[int, Story]) -> None:
    """Store the stories that grew, with by how many distinct sources and countries each is told."""
    for pk, counts in voices_of(grown).items():
        story = grown[pk]
        for field, value in counts.items():
            setattr(story, field, value)
    Story.objects.bulk_create(grown.values(), update_conflicts=True, unique_fields=["id"], update_fields=GROWING)


def voices_of(story_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The counts and times of stories, by story, under the names of their fields. One without articles is absent."""
    told = Article.objects.filter(story__in=story_ids).order_by().values("story", country=F("source__country"))
    sides = told.annotate(
        articles=Count("pk"),
        sources=Count("source", distinct=True),
        first_at=Min("published_at"),
        newest_at=Max("published_at"),
    )
    by_story: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for side in sides:
        by_story[side["story"]].append(dict(side))
    return {
        story: {
            "article_count": sum(side["articles"] for side in sides),
            "source_count": sum(side["sources"] for side in sides),  # each source is of one country
            "country_count": len(sides),
            "voices": {side["country"]: side["sources"] for side in sides},
            "first_at": min(side["first_at"] for side in sides),
            "newest_at": max(side["newest_at"] for side in sides),
        }
        for story, sides in by_story.items()
    }


def shrink(story_ids: Collection[int]) -> int:
    """Count anew the stories that lost articles; one without any goes. Returns how many went.

    Under the lock, as `place` may be adding to one of them at this moment.
    """
    lock_stories()
    standing = voices_of(story_ids)
    for pk, counts in sorted(standing.items()):
        Story.objects.filter(pk=pk).update(**counts)
    empty = set(story_ids) - standing.keys()
    return Story.objects.filter(Q(pk__in=empty) | Q(merged_into__in=empty)).delete()[0]


def frequencies_of(terms: Iterable[str]) -> dict[str, int]:
    """In how many articles each term occurred; under ALL_DOCUMENTS how many articles there were."""
    is_asked = RawSQL("term = ANY(%s)", [[*terms, ALL_DOCUMENTS]], output_field=BooleanField())
    return dict(DocumentFrequency.objects.filter(is_asked).values_list("term", "document_count"))


def count_documents(weights: Sequence[Weights]) -> None:
    """Add these articles to the document frequencies."""
    counts = Counter(term for one in weights for term in one.terms)
    counts[ALL_DOCUMENTS] = len(weights)
    add_frequencies(counts)


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
