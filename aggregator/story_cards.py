"""Which cards of stories a reader does not see: a keyword of theirs is in the headline, or in most of the articles."""

from collections.abc import Collection, Iterable, Mapping, Sized
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache

from django.core.cache import cache
from django.db import connection
from django.db.models import Count
from redis import RedisError

from accounts.preferences import Preferences
from aggregator.models import Article, Story
from aggregator.models.articles import ruled_out_by
from feeds.tsvector import tsvector_literal

KEPT_SECONDS = 300


def without_hidden(seen: Mapping[int, Sized], preferences: Preferences) -> set[int]:
    """Of some stories those whose card stands. Two queries or three; none for who blocks no keyword.

    seen: by story, some of its articles that the reader may see. Where those are half of them, no more are read.
    A hidden source or language takes out no card while others tell the story: only keywords are counted.
    """
    if not preferences.blocked:
        return set(seen)
    by_keywords = replace(preferences, hidden_sources=frozenset(), hidden_languages=frozenset())
    stories = Story.objects.filter(pk__in=list(seen)).values_list("pk", "title", "article_count")
    titles = {pk: title for pk, title, _ in stories}
    gone = saying(titles, by_keywords)
    doubtful = {pk: count for pk, _, count in stories if pk not in gone and 2 * len(seen[pk]) < count}
    return set(seen) - gone - mostly_hidden(doubtful, by_keywords)


def saying(headlines: Mapping[int, str], preferences: Preferences) -> set[int]:
    """Which of these headlines, by story, say what the reader blocks."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT story FROM unnest(%s::bigint[], %s::tsvector[]) AS headline (story, words)
               WHERE words @@ (SELECT %s::tsquery)""",
            [list(headlines), list(map(words_of, headlines.values())), preferences.blocked],
        )
        return {story for (story,) in cursor.fetchall()}


@lru_cache(maxsize=4096)  # the same stories stand on page after page
def words_of(headline: str) -> str:
    return tsvector_literal(title=headline)


def mostly_hidden(stories: Mapping[int, int], preferences: Preferences) -> set[int]:
    """Of which of these stories, each with its number of articles, the reader's keywords hide more than half.

    Kept for some minutes under what the reader blocks: a front page chooses among hundreds of stories.
    """
    keys = {f"mostly-hidden:{preferences.digest}:{pk}:{count}": pk for pk, count in stories.items()}
    try:
        known: dict[str, bool] = cache.get_many(keys)
    except (RedisError, OSError):
        known = {}
    asked = {pk: key for key, pk in keys.items() if key not in known}
    if asked:
        hidden = counted_hidden(asked, preferences)
        fresh = {key: pk in hidden for pk, key in asked.items()}
        known |= fresh
        with suppress(RedisError, OSError):
            cache.set_many(fresh, timeout=KEPT_SECONDS)
    return {keys[key] for key, is_hidden in known.items() if is_hidden}


def counted_hidden(stories: Collection[int], preferences: Preferences) -> set[int]:
    """The same, counted. One query."""
    counted = Article.objects.filter(story__in=list(stories)).order_by().values("story")
    counts: Iterable[tuple[int, int, int]] = counted.annotate(
        articles=Count("pk"), hidden=Count("pk", filter=ruled_out_by(preferences))
    ).values_list("story", "articles", "hidden")
    return {story for story, articles, hidden in counts if 2 * hidden > articles}
