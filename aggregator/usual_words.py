"""In how many articles of the last month each word of a language stood: what wording() holds a country's words against.

Once a day some hundred articles of each language are read, and what was counted before fades, to a third within a
month. So the counts cost the same whatever the site has stored, and follow what is in the news.
"""

import math
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache

from django.db import transaction
from django.db.models.functions import Left

from aggregator.comparing.reading import read
from aggregator.comparing.tellings import Telling
from aggregator.comparing.terms import places
from aggregator.models import Article, UsualWords
from aggregator.story_texts import shown_text

FADES = timedelta(days=30)  # to 1/e of itself
COUNTED_ANEW = timedelta(hours=20)
FIRST_LOOK = timedelta(days=30)
ARTICLES = 400  # of a language in a day
CHARACTERS = 3_000  # of each
LANGUAGES = 60
MOST_TERMS = 20_000
FEWEST = 1.5  # articles; what stood in one alone says nothing of what is usual


def count_words(now: datetime) -> int:
    """Read the articles of the last day, of each language some; returns how many languages were counted.

    A language that another worker counts at this moment is left to it, as is one that was counted within the day.
    """
    known = dict(UsualWords.objects.values_list("language", "counted_until"))
    recent = Article.objects.filter(added_at__gte=now - FIRST_LOOK).exclude(language="").order_by()
    languages = {*known, *recent.values_list("language", flat=True).distinct()[:LANGUAGES]}
    return sum(
        count_language(language, now)
        for language in sorted(languages)
        if language not in known or known[language] <= now - COUNTED_ANEW
    )


def count_language(language: str, now: datetime) -> bool:
    with transaction.atomic():
        UsualWords.objects.bulk_create(
            [UsualWords(language=language, counted_until=now - FIRST_LOOK)], ignore_conflicts=True
        )
        kept = UsualWords.objects.select_for_update(skip_locked=True).filter(language=language).first()
        if kept is None or kept.counted_until > now - COUNTED_ANEW:
            return False
        looked_at = articles_of(language, kept.counted_until, now)
        faded = math.exp((kept.counted_until - now) / FADES)
        counts = Counter({term: count * faded for term, count in kept.counts.items()})
        for telling in looked_at:
            [article] = read([telling])
            counts.update(places(article, most=1).keys())
        kept.counts = {term: round(count, 2) for term, count in counts.most_common(MOST_TERMS) if count >= FEWEST}
        kept.documents = kept.documents * faded + len(looked_at)
        kept.counted_until = now
        kept.save()
    return True


def articles_of(language: str, since: datetime, until: datetime) -> list[Telling]:
    """Articles of a language that came within this time, evenly over it; copies of others are left out."""
    came = Article.objects.filter(language=language, copy_of=None, added_at__gt=since, added_at__lte=until).order_by()
    pks = list(came.order_by("added_at").values_list("pk", flat=True))
    step = max(1, len(pks) // ARTICLES)
    rows = Article.objects.filter(pk__in=pks[::step][:ARTICLES]).select_related("source").only(
        "title", "description", "language", "page_display", "max_snippet", "published_at",
        "source__name", "source__country", "source__display_policy",
    ).annotate(opening=Left("text", CHARACTERS))  # fmt: skip
    return [
        Telling(row.pk, row.source.name, row.source.country_id, language, row.published_at, row.title, shown_text(row))
        for row in rows
    ]


def background(languages: set[str]) -> Mapping[str, Mapping[str, float]]:
    """The counts of these languages, as wording() takes them. One query, and none of the words where they are known."""
    newest = UsualWords.objects.filter(language__in=languages).values_list("language", "counted_until")
    return {language: counts_of(language, counted_until) for language, counted_until in newest}


@lru_cache(maxsize=6)
def counts_of(language: str, counted_until: datetime) -> Mapping[str, float]:
    """The counts of a language as they stood then, or newer ones."""
    return dict(UsualWords.objects.values_list("counts", flat=True).get(language=language))
