"""Which matches stand on a page and in which order: the best of the newest, or all by date; one for each story."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import UTC, datetime

from django.core.exceptions import BadRequest
from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from accounts.preferences import Preferences
from aggregator.models import Article
from aggregator.search.asked import Asked, Match, Matches, both
from aggregator.search.filters import FIRST_YEAR, LAST_YEAR
from aggregator.search.finding import SINCE_EVER, holding, newest, stretch_of
from aggregator.search.queries import Query
from aggregator.search.relevance import relevance
from zisnews.pagination import parse_position

PER_PAGE = 20
HEADLINES = 40  # that say it, however old: newer articles that only mention it shall not push them out
# Of articles that are found so many say a word in their headline, and of those so many another one too: it tells how
# far to look for headlines at first.
IN_HEADLINE, ALSO_IN_HEADLINE = 0.12, 0.15
LOOKED_AT = 3 * PER_PAGE  # by date, for a page: some of them tell the same story
MOST_LOOKS = 4
STORIES = "SELECT id, story_id FROM aggregator_article WHERE id = ANY(%s::bigint[])"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A match that the reader may see."""

    article: int
    published_at: datetime
    story: int | None
    in_title: bool

    @property
    def key(self) -> tuple[datetime, int]:
        return self.published_at, self.article

    def relevance(self, now: datetime) -> float:
        return relevance(in_title=self.in_title, published_at=self.published_at, now=now)


@dataclass(frozen=True, slots=True)
class Order:
    """The articles of a page in order. others: how many more of its story were found, by article; next: as `after`;
    seen: which of all that were counted the reader may see, where that was asked on the way.
    """

    articles: list[int]
    others: dict[int, int]
    next: str = ""
    seen: Set[int] | None = None


def judged(matches: Iterable[Match], preferences: Preferences, *, in_title: Set[int] = frozenset()) -> list[Candidate]:
    """What these matches are to the reader, without those they ruled out. One query, which for whoever rules out
    nothing reads one index and no article.
    """
    by_pk = {match.article: match for match in matches}
    if preferences.excludes:
        articles = Article.objects.filter(pk__in=by_pk).visible_to(preferences)
        stories = list(articles.order_by().values_list("pk", "story"))
    else:
        stories = connection.rows(STORIES, [list(by_pk)])  # type: ignore[attr-defined]  # zisnews.postgres
    return [Candidate(pk, by_pk[pk].published_at, story, pk in in_title) for pk, story in stories]


def headlines(asked: Asked, counted: Matches, query: Query) -> list[Match]:
    """The newest matches that say it in their headline: of those counted all, of others HEADLINES."""
    if asked.has_prefix:
        in_title = holding(counted.rows, query.in_titles)
        return [match for match in counted.rows if match.article in in_title]
    words = sum(min(map(len, phrases)) for phrases in query.wanted_lexemes)
    in_headlines = asked.in_headlines(query.in_titles, words)
    if counted.is_all:
        return newest(in_headlines, len(counted.rows), stretch=SINCE_EVER).rows if counted.rows else []
    stretch = None
    if counted.rows:
        said = len(counted.rows) * IN_HEADLINE * ALSO_IN_HEADLINE ** (words - 1)
        counted_in = stretch_of(asked, counted.rows)
        stretch = min(HEADLINES / said, SINCE_EVER / counted_in) * counted_in
    return newest(in_headlines, HEADLINES, stretch=stretch).rows


def best_page(
    asked: Asked, counted: Matches, query: Query, preferences: Preferences, after: str, *, now: datetime
) -> Order:
    """The most relevant of the newest matches, and of headlines that say it; `now` is what "new" means."""
    said = headlines(asked, counted, query)
    candidates = judged([*counted.rows, *said], preferences, in_title={match.article for match in said})
    keys = {candidate.article: (candidate.relevance(now), candidate.article) for candidate in candidates}
    candidates.sort(key=lambda candidate: keys[candidate.article], reverse=True)
    folded = list(one_per_story(candidates))
    if after:
        place = parse_relevance(after)[1:]
        folded = [candidate for candidate in folded if keys[candidate.article] < place]
    page = folded[:PER_PAGE]
    following = ""
    if len(folded) > PER_PAGE:
        weight, article = keys[page[-1].article]
        following = f"{now.isoformat()}~{weight}~{article}"
    return Order([one.article for one in page], others_of(page, candidates), following, keys.keys())


def latest_page(asked: Asked, counted: Matches, preferences: Preferences, after: str) -> Order:
    """All matches by date, the newest of each story; what stood on an earlier page does not come again."""
    place = parse_place(after) if after else None
    page: list[Candidate] = []
    candidates: list[Candidate] = []
    is_last = False
    for _ in range(MOST_LOOKS):
        matches = counted if place is None else newest(asked, LOOKED_AT, place)
        rows = matches.rows[:LOOKED_AT]
        found = sorted(judged(rows, preferences), key=lambda candidate: candidate.key, reverse=True)
        told = {candidate.story for candidate in page} | told_before(place, found, asked, preferences)
        candidates += found
        page += [one for one in one_per_story(found) if one.story is None or one.story not in told]
        is_last = len(rows) == len(matches.rows) and (matches.is_all or not rows)
        if is_last or not rows:
            break
        place = rows[-1].key
        if len(page) >= PER_PAGE:
            break
    following = ""
    if len(page) > PER_PAGE:
        following = written(page[PER_PAGE - 1].key)
    elif place and not is_last:
        following = written(place)
    page = page[:PER_PAGE]
    return Order([one.article for one in page], others_of(page, candidates), following)


def told_before(
    place: tuple[datetime, int] | None, found: Collection[Candidate], asked: Asked, preferences: Preferences
) -> set[int | None]:
    """Which of these articles' stories have a match that came before this place, and stood for them there."""
    if place is None:
        return set()
    articles = Article.objects.visible_to(preferences).filter(
        RawSQL("aggregator_searchdocument.words @@ %s::tsquery", [both(asked.tsqueries)], output_field=BooleanField()),
        story__in={candidate.story for candidate in found if candidate.story},
        search_document__published_at__gte=place[0],
        published_at__lt=asked.until,
    )
    rows = articles.order_by().values_list("story", "published_at", "pk")
    return {story for story, published_at, pk in rows if (published_at, pk) >= place}


def one_per_story(candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    """The first of each story, and all that are in none."""
    told: set[int] = set()
    for candidate in candidates:
        if candidate.story is None:
            yield candidate
        elif candidate.story not in told:
            told.add(candidate.story)
            yield candidate


def others_of(page: Iterable[Candidate], candidates: Iterable[Candidate]) -> dict[int, int]:
    of_story = Counter(candidate.story for candidate in candidates)
    return {one.article: of_story[one.story] - 1 for one in page if one.story and of_story[one.story] > 1}


def written(key: tuple[datetime, int]) -> str:
    return f"{key[0].isoformat()}~{key[1]}"


def parse_relevance(after: str) -> tuple[datetime, float, int]:
    """Read where a page of best_page ends. Raises BadRequest where it is none of ours."""
    moment, _, place = after.partition("~")
    weight, _, article = place.partition("~")
    as_of, pk = parse_place(f"{moment}~{article}")
    try:
        return as_of, float(weight), pk
    except ValueError as error:
        raise BadRequest("Not a position in this list.") from error


def parse_place(after: str) -> tuple[datetime, int]:
    """Read where a page by date ends. Raises BadRequest where it is none of ours."""
    moment, pk = parse_position(after)
    if not FIRST_YEAR < moment.astimezone(UTC).year < LAST_YEAR:
        raise BadRequest("Not a position in this list.")
    return moment, pk
