"""Who writes about whom: how many articles of each country's sources are about which countries, these seven days.

Read from the counts by day that aggregator.about keeps, and never from the articles. What a reader blocks does not
change the numbers: their keyword must not look like a country's silence. The lists behind the numbers leave it out.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, Sum
from django.http import HttpRequest

from aggregator.about import ITSELF, beginning_of, first_day
from aggregator.card_rows import cards
from aggregator.lists import Listing, explain_shown, hidden_among, preferences_for_list
from aggregator.models import AboutCount, Article
from aggregator.output import remembered
from aggregator.walking import WALKED, seen_on_the_way
from feeds.models import Category
from zisnews.pagination import PAGE_SIZE, Page, parse_position, position_of

ROWS, COLUMNS, BARS = 20, 16, 30
FEWEST_ARTICLES = 5  # of a week; a share of fewer says nothing
STEPS = (0.02, 0.05, 0.1, 0.2)  # shares from which a cell is a shade darker

Pairs = Mapping[tuple[str, str], int]  # (teller, subject) → articles; with subject ITSELF all of the teller's


@dataclass(frozen=True, slots=True)
class Cell:
    """How much one country's sources have on another. of: all articles of these sources."""

    teller: str
    subject: str
    count: int
    of: int

    @property
    def share(self) -> float:
        return self.count / self.of if self.of else 0.0

    @property
    def level(self) -> int:
        """How dark it stands: 0 for nothing and for what a country says of itself, then 1 to 5 by its share."""
        if not self.count or self.teller == self.subject:
            return 0
        return 1 + sum(self.share >= step for step in STEPS)


@dataclass(frozen=True, slots=True)
class Row:
    teller: str
    of: int
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Matrix:
    """columns: the countries most written about abroad; rows: the countries whose sources write most."""

    since: date
    columns: list[str]
    rows: list[Row]
    tellers: list[str]


@dataclass(frozen=True, slots=True)
class Sides:
    """One country: whom its sources write about, and whose sources write about it, the largest share first."""

    country: str
    since: date
    of: int
    abroad: list[Cell]
    about: list[Cell]
    own: Cell


def matrix(category: Category | None, now: datetime) -> Matrix:
    """The matrix of a category or of all, kept for some minutes."""
    since = first_day(now)
    return remembered(f"matrix:{since}:{slug_of(category)}", None, lambda: arranged(pairs(category, since), since))


def arranged(found: Pairs, since: date) -> Matrix:
    """The countries that write most against those that others write most about."""
    totals = {teller: count for (teller, subject), count in found.items() if subject == ITSELF}
    tellers = sorted((iso for iso, count in totals.items() if count >= FEWEST_ARTICLES), key=lambda iso: -totals[iso])
    abroad: Counter[str] = Counter()
    for (teller, subject), count in found.items():
        if subject not in (ITSELF, teller):
            abroad[subject] += count
    columns = [subject for subject, _ in abroad.most_common(COLUMNS)]
    rows = [
        Row(
            teller,
            totals[teller],
            [Cell(teller, subject, found.get((teller, subject), 0), totals[teller]) for subject in columns],
        )
        for teller in tellers[:ROWS]
    ]
    return Matrix(since, columns, rows, sorted(totals))


def sides(country: str, category: Category | None, now: datetime) -> Sides:
    """The same of one country, of whatever size; kept for some minutes."""
    since = first_day(now)

    def count() -> Sides:
        found = pairs(category, since, Q(teller=country) | Q(subject__in=[country, ITSELF]))
        totals = {teller: number for (teller, subject), number in found.items() if subject == ITSELF}
        cells = [Cell(*pair, number, totals.get(pair[0], number)) for pair, number in found.items() if pair[1]]
        abroad = [cell for cell in cells if cell.teller == country and cell.subject != country]
        others = [cell for cell in cells if cell.subject == country and cell.teller != country]
        about = [cell for cell in others if cell.of >= FEWEST_ARTICLES]
        of = totals.get(country, 0)
        own = Cell(country, country, found.get((country, country), 0), of)
        return Sides(country, since, of, by_count(abroad), by_share(about), own)

    return remembered(f"matrix:{since}:{slug_of(category)}:{country}", None, count)


def by_count(cells: Iterable[Cell]) -> list[Cell]:
    return sorted(cells, key=lambda cell: (-cell.count, cell.subject))[:BARS]


def by_share(cells: Iterable[Cell]) -> list[Cell]:
    return sorted(cells, key=lambda cell: (-cell.share, -cell.count, cell.teller))[:BARS]


def pairs(category: Category | None, since: date, narrowed: Q | None = None) -> Pairs:
    """What was counted since a day. One query."""
    counts = AboutCount.objects.filter(narrowed or Q(), day__gte=since)
    if category is not None:
        counts = counts.filter(category=category)
    found: dict[tuple[str, str], int] = defaultdict(int)
    for teller, subject, count in counts.values_list("teller", "subject").annotate(Sum("article_count")).order_by():
        found[teller, subject] = count
    return dict(found)


def slug_of(category: Category | None) -> str:
    return category.slug if category else ""


def listing_of_cell(
    teller: str, subject: str, category: Category | None, request: HttpRequest, now: datetime
) -> Listing:
    """A page of the articles behind a number, newest first, without what the reader ruled out. Four queries at most.

    Found along the index of what countries write about each other, however much else they write.
    Raises BadRequest when ?after is not one of our own `Page.next`.
    """
    preferences, after = preferences_for_list(request), request.GET.get("after", "")
    behind = Q(about__teller=teller, about__subject=subject, about__published_at__gte=beginning_of(first_day(now)))
    behind &= Q(about__published_at__lte=now)
    if category is not None:
        behind &= Q(about__category=category)
    if after:
        at, pk = parse_position(after)
        behind &= Q(about__published_at__lte=at) & (Q(about__published_at__lt=at) | Q(about__article__lt=pk))
    articles = Article.objects.filter(behind)
    in_order = articles.order_by("-about__published_at", "-about__article")
    found = [pk for pk, _ in seen_on_the_way(in_order, preferences, most=PAGE_SIZE + 1)]
    rows = cards(found[:PAGE_SIZE])
    explain_shown(rows, request)
    if len(found) > PAGE_SIZE and rows:
        hidden = hidden_among(articles.filter(published_at__gte=rows[-1].published_at), preferences)
        return Listing(Page(rows, position_of(rows[-1])), hidden, after)
    if preferences.excludes and articles.order_by()[:WALKED].count() == WALKED:  # nearly all of it is hidden
        furthest = in_order.only("published_at")[WALKED - 1]
        return Listing(Page(rows, position_of(furthest)), WALKED - len(found), after, furthest.published_at)
    return Listing(Page(rows), hidden_among(articles, preferences), after)
