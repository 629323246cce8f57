"""Articles on the subject of another one: told in other stories that have rare words in common with its own.

The words are the key terms that every story keeps (names, places, numbers, rare words: finding/), so no text is
read anew and scripts without spaces are served as well. Of the article's story the rarest terms are taken, by the
counts in DocumentFrequency. A story is related that shares at least two of them; Postgres finds those in its index of
key terms, pair by pair, so that what it reads of the index is bounded by COMMONEST and what it reads of the table by
how many stories share a pair, within WINDOW. Of each story that shares most, the reader gets the one article they can
read best. Three queries, whatever the size of the site; other articles of the same story are never among them.
Over 600,000 stories the second takes 4 ms where each of six terms is in 3,000 of them, 2 ms where in 1,500.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from math import log

from django.db.models import BooleanField, Case, IntegerField, Value, When
from django.db.models.expressions import RawSQL

from accounts.preferences import Preferences
from aggregator.briefly import Briefly
from aggregator.models import Article, DocumentFrequency, Story

MOST_ARTICLES = 4
TERMS = 6  # of the story's key terms, the rarest: 15 pairs
COMMONEST = 5_000  # articles; a term that more of them have tells no subject, and is long to read in the index
WINDOW = timedelta(days=45)  # before and after the article
CANDIDATES = 400
SPARE_STORIES = 8  # beyond MOST_ARTICLES: a reader may have ruled out what others tell
KEPT_SECONDS, MOST_KEPT = 300, 500

_near: Briefly[list[int]] = Briefly(KEPT_SECONDS, MOST_KEPT)
_told: Briefly[list[int]] = Briefly(KEPT_SECONDS, MOST_KEPT)


def related_articles(article: Article, preferences: Preferences, *, language: str) -> list[int]:
    """Return up to MOST_ARTICLES by id, the nearest subject first; of each story one in `language` before others.

    What is near, and for who excludes nothing which articles tell it, is remembered for some minutes.
    """
    story = article.story
    if story is None:
        return []
    subject = story.pk, tuple(story.key_terms), article.published_at
    near = _near.get(subject, lambda: near_stories(article))
    if not near or preferences.excludes:
        return tellers_of(near, preferences, language)
    return _told.get((*subject, language), lambda: tellers_of(near, preferences, language))


def near_stories(article: Article) -> list[int]:
    """The stories nearest to that of the article, the nearest first. Two queries."""
    story: Story = article.story  # type: ignore[assignment]  # the caller looked
    return stories_sharing(rarest_terms(story.key_terms), story.pk, article.published_at)


def tellers_of(near: Sequence[int], preferences: Preferences, language: str) -> list[int]:
    """Of each of these stories the one article that a reader can read best. One query."""
    if not near:
        return []
    in_language = Case(When(language=language, then=Value(0)), default=Value(1), output_field=IntegerField())
    articles = (
        Article.objects.visible_to(preferences)
        .filter(story__in=near)
        .order_by("story_id", in_language, "-published_at", "-pk")
        .distinct("story_id")
    )
    by_story = dict(articles.values_list("story_id", "pk"))
    return [by_story[story] for story in near if story in by_story][:MOST_ARTICLES]


def rarest_terms(terms: Collection[str]) -> dict[str, float]:
    """Return the rarest of these terms with what sharing each is worth; none that only one article ever had."""
    known = DocumentFrequency.objects.filter(term__in=terms, document_count__range=(2, COMMONEST))
    counts = known.order_by("document_count", "term").values_list("term", "document_count")[:TERMS]
    return {term: log(2 * COMMONEST / count) for term, count in counts}


def stories_sharing(rarity: Mapping[str, float], but: int, around: datetime) -> list[int]:
    """Return the ids of the stories that share at least two of the terms, those that share most first."""
    if len(rarity) < 2:
        return []
    pairs = [list(pair) for pair in combinations(rarity, 2)]
    condition = " OR ".join(["key_terms @> %s"] * len(pairs))
    share_a_pair = RawSQL(condition, pairs, output_field=BooleanField())  # noqa: S611 - terms are parameters
    nearby = Story.objects.standing().filter(share_a_pair, newest_at__range=(around - WINDOW, around + WINDOW))
    found = nearby.exclude(pk=but).values_list("pk", "key_terms", "newest_at")[:CANDIDATES]

    def nearness(story: tuple[int, list[str], datetime]) -> tuple[float, datetime]:
        _, terms, newest_at = story
        return sum(rarity.get(term, 0) for term in terms), newest_at

    return [pk for pk, *_ in sorted(found, key=nearness, reverse=True)[: MOST_ARTICLES + SPARE_STORIES]]
