"""Other spellings of a keyword that the news have: Kyiv for Kiev, Zelenskyy for Zelensky.

Found without a list of names. Whoever spells a name otherwise tells the same stories: so the words are looked at that
stand in other articles of the stories in which the keyword stands. A word is offered that looks like the keyword (the
same consonants, or one or two letters away) and stands there several times as often as in the news as a whole.

Judged on recorded news (1,386 items of 15 publishers, two days): Kiev and Kyiv, Zelensky, Zelenskyy and Zelenski find
each other; of 250 other words 8 were offered a word that is none of theirs.
"""

import re
from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from accounts.keywords import Keyword
from aggregator.blocked import matching
from aggregator.models import DocumentFrequency
from aggregator.search.spelling import distance
from aggregator.stop_words import STOP_WORDS
from feeds.words import normalise

SHORTEST, SHORTEST_FOR_ONE, SHORTEST_FOR_TWO = 4, 5, 8  # letters of a word: at all, with one, with two others
FEWEST_CONSONANTS, MOST_MISTAKES = 2, 2
LENGTHS_APART = 2
STORIES, ARTICLES = 100, 500  # looked at: of the newest of the week
FEWEST, TIMES_AS_OFTEN = 2, 5
ALL_DOCUMENTS = ""  # the row of DocumentFrequency that counts the documents themselves

_VOWELS = re.compile("[aeiouywаеиоуыэюяйіїєьъαεηιουω]")
_ALIKE = str.maketrans({"z": "s", "q": "k", "c": "k"})
_DOUBLED = re.compile(r"(.)\1+")

# Words of other articles of the stories in which the keyword stands, each with in how many of those articles.
_WORDS_BESIDE = """
    WITH others AS (
        SELECT article.id, article.tokens FROM aggregator_article article
        WHERE article.story_id = ANY(%(stories)s) AND NOT article.tokens @@ %(query)s::tsquery
        ORDER BY article.published_at DESC LIMIT %(articles)s
    )
    SELECT word, count(*), (SELECT count(*) FROM others)
    FROM others, unnest(tsvector_to_array(others.tokens)) AS word
    WHERE left(word, 1) = %(first)s AND length(word) BETWEEN %(shortest)s AND %(longest)s
    GROUP BY word HAVING count(*) >= %(fewest)s"""


def spellings_of(keyword: Keyword, now: datetime, *, most: int) -> list[tuple[str, int]]:
    """Other spellings of a keyword of one word, with in how many articles each ever stood. Three queries at most."""
    word = normalise(keyword.text)
    if len(word) < SHORTEST or not word.isalpha() or "*" in keyword.text or "+" in keyword.text:
        return []
    told = matching(keyword, now).exclude(story=None).newest_first().values_list("story", flat=True)
    stories = list(dict.fromkeys(told[: 2 * STORIES]))[:STORIES]
    if not stories:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _WORDS_BESIDE,
            {
                "stories": stories,
                "query": keyword.query,
                "articles": ARTICLES,
                "first": word[0],
                "shortest": max(SHORTEST, len(word) - LENGTHS_APART),
                "longest": len(word) + LENGTHS_APART,
                "fewest": FEWEST,
            },
        )
        beside = cursor.fetchall()
    alike = {other: (count, articles) for other, count, articles in beside if is_alike(word, other)}
    known = frequencies(alike)
    documents = known.pop(ALL_DOCUMENTS, 0)
    found = [
        (other, known[other])
        for other, (count, articles) in alike.items()
        if known.get(other) and count / articles >= TIMES_AS_OFTEN * known[other] / max(1, documents)
    ]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:most]


def is_alike(word: str, other: str) -> bool:
    """Whether one may be the other, spelled otherwise; both in normal form."""
    if word == other or word[:1] != other[:1] or not other.isalpha() or other in STOP_WORDS:
        return False
    shorter = min(len(word), len(other))
    mistakes = distance(word, other, MOST_MISTAKES + 1)
    if shorter < SHORTEST or mistakes > MOST_MISTAKES:
        return False
    bones = consonants(word)
    if len(bones) >= FEWEST_CONSONANTS and bones == consonants(other):
        return True
    return shorter >= (SHORTEST_FOR_ONE if mistakes == 1 else SHORTEST_FOR_TWO)


def consonants(word: str) -> str:
    """What is left of a word without vowels, doubled letters and those that only spell a sound otherwise."""
    alike = word.replace("ph", "f").replace("ck", "k").translate(_ALIKE)
    return _DOUBLED.sub(r"\1", _VOWELS.sub("", alike))


def frequencies(words: Iterable[str]) -> dict[str, int]:
    asked = DocumentFrequency.objects.filter(pk__in=[*words, ALL_DOCUMENTS])
    return dict(asked.values_list("pk", "document_count"))
