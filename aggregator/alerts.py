"""Tells readers that a story they follow is told by more, or that a search they follow found something new.

Nothing a reader rules out is counted, and none is told of a story whose headline they block. Each round takes some rows
at a time; told by two workers, or again after a crash, each thing is told once (accounts.notifications).
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import F, Min, Q, QuerySet
from django.urls import reverse

from accounts.models import Exclusions, SavedSearch, User
from accounts.notifications import Notice, notify_all
from accounts.preferences import Preferences, is_time_zone, with_exclusions
from aggregator.followed_stories import moved, news_of
from aggregator.heading import headlines_of
from aggregator.models import Article, FollowedStory, Story, StoryChange
from aggregator.search import parse, read_filters
from aggregator.search.addresses import asked_by
from aggregator.search.asked import Asked
from aggregator.search.finding import TookTooLong, newest
from aggregator.search.searching import visible

ROWS_AT_ONCE = 500
BUDGET_SECONDS = 120.0
BETWEEN_NOTICES_OF_A_STORY = timedelta(hours=3)
STILL_GROWING = timedelta(days=3)
TOLD_OF_SPLITS = timedelta(days=1)  # later, who follows both parts has seen it in their list

SEARCHES_AT_ONCE = 100
BETWEEN_NOTICES_OF_A_SEARCH = timedelta(days=1)
BETWEEN_LOOKS = timedelta(hours=3)
MOST_COUNTED = 99


def tell_of_stories(now: datetime, *, budget_seconds: float = BUDGET_SECONDS) -> int:
    """Tell the followers of stories that grew since they were told last; returns how many were told."""
    told, last, until = 0, 0, time.monotonic() + budget_seconds
    while time.monotonic() < until:
        rows = list(to_tell(now).filter(pk__gt=last).order_by("pk")[:ROWS_AT_ONCE])
        if not rows:
            break
        told += tell_batch(rows, now)
        last = rows[-1].pk
    return told


def to_tell(now: datetime) -> QuerySet[FollowedStory]:
    """The rows whose story grew beyond what their reader saw and was told, and who were told nothing of it lately."""
    grown = Q(story__source_count__gt=F("told_sources")) | Q(story__country_count__gt=F("told_countries"))
    long_ago = Q(told_at=None) | Q(told_at__lte=now - BETWEEN_NOTICES_OF_A_STORY)
    rows = moved().filter(grown, long_ago, story__newest_at__gte=now - STILL_GROWING)
    return (
        rows.select_related("story").defer("story__profile", "story__key_terms").annotate(language=F("user__language"))
    )


def tell_batch(rows: Sequence[FollowedStory], now: datetime) -> int:
    """Tell the readers of these rows what moved for them, and note it; returns how many notices that made."""
    choosy = readers_who_exclude({row.user_id for row in rows}, now)
    notices = []
    titles = titles_for([(language_of(row), row.story) for row in rows])
    for row in rows:
        preferences, news = choosy.get(row.user_id), news_of(row)
        sources, countries = visible_news(row, preferences) if preferences else (news.sources, news.countries)
        if sources or countries:
            notices.append(notice_of(row, titles[language_of(row), row.story_id], sources, countries))
            row.told_at = now
        row.told_sources, row.told_countries = row.story.source_count, row.story.country_count
    told = notify_all(notices, now)
    note_told(rows)
    return len(told)


def note_told(rows: Sequence[FollowedStory]) -> None:
    """Write what these rows' readers were told. One statement: bulk_update takes a second for some hundreds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE aggregator_followedstory AS followed"
            " SET told_at = told.at, told_sources = told.sources, told_countries = told.countries"
            " FROM unnest(%s::bigint[], %s::timestamptz[], %s::int[], %s::int[]) AS told(id, at, sources, countries)"
            " WHERE followed.id = told.id",
            [
                [row.pk for row in rows],
                [row.told_at for row in rows],
                [row.told_sources for row in rows],
                [row.told_countries for row in rows],
            ],
        )


def language_of(row: FollowedStory) -> str:
    """In which a reader has the pages; "" where they did not choose."""
    found: str = row.language  # type: ignore[attr-defined]  # to_tell() and tell_of_splits() add it
    return found


def titles_for(asked: Iterable[tuple[str, Story]]) -> dict[tuple[str, int], str]:
    """By a reader's language and story, the headline that the story's page has for them. A query for each language."""
    by_language: defaultdict[str, dict[int, Story]] = defaultdict(dict)
    for language, story in asked:
        by_language[language][story.pk] = story
    return {
        (language, pk): title
        for language, stories in by_language.items()
        for pk, (title, _spoken) in headlines_of(stories.values(), language or settings.LANGUAGE_CODE).items()
    }


def tell_of_splits(now: datetime) -> int:
    """Tell who follows a story that was split, by a curator or at night, which two it is now; returns how many were.

    A split that was taken back meanwhile is none. Told by two workers, or in every round, it is told once.
    """
    splits = StoryChange.objects.filter(kind=StoryChange.Kind.SPLIT, made_at__gte=now - TOLD_OF_SPLITS, undone_at=None)
    by_story = defaultdict(list)
    for split in splits.filter(story__merged_into=None, other__merged_into=None).select_related("story", "other"):
        by_story[split.story_id].append(split)
    rows = FollowedStory.objects.filter(story__in=by_story).annotate(language=F("user__language"))
    split_in_two = [
        (row, split.story, split.other, split.pk)
        for row in rows
        for split in by_story[row.story_id]
        if row.followed_at <= split.made_at and split.story and split.other
    ]
    titles = titles_for((language_of(row), each) for row, one, other, _ in split_in_two for each in (one, other))
    notices = []
    for row, one, other, split_pk in split_in_two:
        title, other_title = titles[language_of(row), one.pk], titles[language_of(row), other.pk]
        notices.append(
            Notice(
                row.user_id,
                "story",
                key=f"split:{split_pk}",
                url=other.get_absolute_url(),
                data={"title": title[:200], "other": other_title[:200]},
                title=f"{title} {other_title}",
            )
        )
    return len(notify_all(notices, now)) if notices else 0


def notice_of(row: FollowedStory, title: str, sources: int, countries: int) -> Notice:
    story = row.story
    return Notice(
        row.user_id,
        "story",
        key=f"story:{story.pk}",
        url=story.get_absolute_url(),
        data={"title": title[:200], "sources": sources, "countries": countries},
        event=f"{story.source_count} sources, {story.country_count} countries",
        title=title,
    )


def readers_who_exclude(users: set[int], now: datetime) -> dict[int, Preferences]:
    """The preferences of those of these readers who rule anything out."""
    nothing = Q(blocked="", sources=[], languages=[])
    found = User.objects.filter(pk__in=Exclusions.objects.filter(user__in=users).exclude(nothing).values("user"))
    return {user.pk: preferences for user in found if (preferences := preferences_of(user, now)).excludes}


def preferences_of(user: User, now: datetime) -> Preferences:
    """What a reader chose, where no request of theirs is there to ask."""
    plain = Preferences(time_zone=user.time_zone) if is_time_zone(user.time_zone) else Preferences()
    return with_exclusions(plain, user)


def visible_news(row: FollowedStory, preferences: Preferences) -> tuple[int, int]:
    """How many sources and countries came to a story since its reader looked, of what this reader sees."""
    articles = Article.objects.visible_to(preferences).filter(story=row.story_id).order_by()
    sources = list(articles.values_list("source", "source__country").annotate(first=Min("added_at")))
    before = {country for _source, country, first in sources if first <= row.seen_at}
    came = [country for _source, country, first in sources if first > row.seen_at]
    return len(came), len(set(came) - before)


def tell_of_searches(now: datetime, *, budget_seconds: float = BUDGET_SECONDS) -> int:
    """Look what the followed searches found that are due, and tell their readers; returns how many were told."""
    told, until = 0, time.monotonic() + budget_seconds
    while time.monotonic() < until:
        due = SavedSearch.objects.filter(is_followed=True, look_at__lte=now, user__is_active=True)
        rows = list(due.select_related("user").order_by("look_at", "pk")[:SEARCHES_AT_ONCE])
        if not rows:
            break
        found = {row.pk: notice for row in rows if (notice := notice_of_search(row, now))}
        told += len(notify_all(found.values(), now))
        for row in rows:
            row.look_at = now + (BETWEEN_NOTICES_OF_A_SEARCH if row.pk in found else BETWEEN_LOOKS)
        SavedSearch.objects.bulk_update(rows, ["look_at"])
    return told


def notice_of_search(row: SavedSearch, now: datetime) -> Notice | None:
    """What a search found since its reader looked at it; None for nothing, and where it took too long to ask."""
    preferences, asked = preferences_of(row.user, now), asked_by(row.query)
    query = parse(asked.get("q", ""))
    filters, _notes = read_filters(asked, preferences.zone)
    since = max(row.seen_at, filters.since) if filters.since else row.seen_at
    until = min(now, filters.until) if filters.until else now
    if not query.is_askable or since >= until:
        return None
    question = Asked((query.in_documents, *filters.asked), until, since, has_prefix=query.has_prefix)
    try:
        matches = newest(question, MOST_COUNTED + 1)
    except TookTooLong:
        return None
    seen = visible(matches.rows, preferences)
    if not seen:
        return None
    return Notice(
        row.user_id,
        "search",
        key=f"search:{row.pk}",
        url=f"{reverse('search')}?{row.query}",
        data={"title": row.name, "articles": min(len(seen), MOST_COUNTED), "is_more": len(seen) > MOST_COUNTED},
        event=f"{seen[0].article}",
    )
