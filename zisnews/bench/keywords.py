"""How long the newest list takes for readers who block much: so many keywords, that hide such a share of all articles.

Each list is asked at its beginning and at places behind it, as the pages ask it: what places cards that are kept.
Keywords are words of the newest articles, common and rare; where the commonest of a drawing hide too little, those that
together hide most.
"""

import random
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from statistics import median
from typing import Any

from zisnews.bench import Line
from zisnews.bench.pages import Visit, counted_in, p95
from zisnews.bench.surroundings import cpu_seconds

NUMBERS = (20, 100, 200, 1000)
SHARES = (0.01, 0.5, 0.95, 0.99, 0.999)
BAR_MS, BAR_SMALL_MS, BAR_NEARLY_ALL_MS = 20, 5, None  # p95; small: at most 200 keywords that hide at most half
SMALL_NUMBER, SMALL_SHARE, NEARLY_ALL = 200, 0.5, 0.999
LOOKS, SAVES = 60, 7
DRAWN_FROM = 6_000  # words, from which keywords are drawn
SAMPLE, JUDGED = 5_000, 20_000  # newest articles: words are taken from, the share is measured over

Words = Mapping[str, set[int]]  # with the numbers of the articles that have each


def measure() -> Iterator[Line]:
    """A line for each number of keywords and share of articles: p95 of a page's queries in milliseconds; and saving."""
    words = words_of_newest()
    for number in NUMBERS:
        for share in SHARES:
            yield look(chosen(words, number, share), share)
    yield look(evenly(words, NUMBERS[-1], SHARES[3]), SHARES[3], name="keywords.even")
    yield save(chosen(words, NUMBERS[-1], SHARES[1]))


def words_of_newest() -> Words:
    """The words of headlines and descriptions of the newest articles, the commonest first."""
    from django.db import connection  # noqa: PLC0415  Django is set up by now, not when this module loads

    from feeds.words import is_unspaced  # noqa: PLC0415

    found: dict[str, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT number, tsvector_to_array(ts_filter(tokens, '{a,b}')) FROM (
                   SELECT tokens, row_number() OVER () AS number FROM (
                       SELECT tokens FROM aggregator_article ORDER BY published_at DESC LIMIT %s) newest) numbered""",
            [SAMPLE],
        )
        for number, lexemes in cursor.fetchall():
            for lexeme in lexemes:
                if (lexeme.isalpha() and not lexeme.isupper()) or is_unspaced(lexeme):
                    found[lexeme].add(number)
    return dict(sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0])))


def chosen(words: Words, number: int, share: float) -> list[str]:
    """So many words that stand together in about such a share of the articles: common and rare ones, as people block.

    They are drawn from all words beyond the commonest ones, of which so many are left out as the share allows.
    """
    ranked = list(words)
    low, high = 0, max(1, len(ranked) - 2 * number)
    if covered(words, drawn(ranked, 0, number)) < share:
        return covering(words, number, share)
    while high - low > 1:
        middle = (low + high) // 2
        if covered(words, drawn(ranked, middle, number)) >= share:
            low = middle
        else:
            high = middle
    return drawn(ranked, low, number)


def drawn(ranked: Sequence[str], without: int, number: int) -> list[str]:
    """Words drawn from the so many that follow the commonest ones; the one right after those is always among them."""
    chance = random.Random(1)  # noqa: S311  no secret, only the same each time
    following = ranked[without : without + max(DRAWN_FROM, 2 * number)]
    return [following[0], *chance.sample(following[1:], min(number, len(following)) - 1)]


def evenly(words: Words, number: int, share: float) -> list[str]:
    """Neighbours by frequency that hide such a share together: the hardest case, none is likelier than another."""
    ranked = list(words)
    starts = range(0, max(1, len(ranked) - number), 5)
    return min((ranked[at : at + number] for at in starts), key=lambda some: abs(covered(words, some) - share))


def covering(words: Words, number: int, share: float) -> list[str]:
    """Words each of which stands in most of the articles that those before it left, then rare ones."""
    found: list[str] = []
    left = set().union(*words.values())
    whole = SAMPLE * (1 - share)
    while len(left) > whole and len(found) < number:
        best = max(words, key=lambda word: len(words[word] & left))
        found.append(best)
        left -= words[best]
    rare = [word for word in reversed(list(words)) if word not in found]
    return [*found, *rare[: number - len(found)]]


def covered(words: Words, some: Sequence[str]) -> float:
    return len(set().union(*(words[word] for word in some))) / SAMPLE


def look(keywords: Sequence[str], share: float, name: str = "keywords") -> Line:
    """Ask for the newest list and for pages behind it, as a reader with these keywords."""
    from django.db import connection  # noqa: PLC0415

    from accounts.models import Exclusions  # noqa: PLC0415
    from accounts.preferences import Preferences, left_of  # noqa: PLC0415
    from aggregator import left_over  # noqa: PLC0415
    from aggregator.card_rows import light  # noqa: PLC0415
    from aggregator.models import Article  # noqa: PLC0415
    from aggregator.walking import walk  # noqa: PLC0415

    exclusions = Exclusions(blocked=question(keywords))
    if left_over.begin(exclusions, Article.objects.order_by("-pk").values_list("pk", flat=True)[0]):
        while left_over.extend(exclusions):
            pass
    preferences = Preferences(blocked=exclusions.blocked, left=left_of(exclusions))
    chance = random.Random(1)  # noqa: S311  no secret, only the same each time
    positions = ["", *(position(chance.random() / 2) for _ in range(LOOKS - 1))]
    backend = connection.connection.info.backend_pid
    for after in positions:  # what is looked at stands in memory, as what people read each day does
        walk(Article.objects.all(), preferences, after, rows_of=light)
    before, before_postgres = time.process_time(), cpu_seconds(backend)
    times, asking, rows = [], [], []
    for after in positions:
        visit = Visit(after)
        began = time.perf_counter()
        with connection.execute_wrapper(counted_in(visit)):
            found = walk(Article.objects.all(), preferences, after, rows_of=light)
        times.append((time.perf_counter() - began) * 1000)
        asking.append(visit.database_ms)
        rows.append(len(found.page.rows))
    cpu, postgres = time.process_time() - before, cpu_seconds(backend) - before_postgres
    detail: dict[str, Any] = {
        "articles": Article.objects.count(),
        "hidden_share": round(hidden_share(preferences), 4),
        "p50": round(median(times), 2),
        "queries_p50": round(median(asking), 2),  # what the database takes of it
        "queries_p95": round(p95(asking), 2),
        "cpu": round(cpu / len(times) * 1000, 2),  # what neighbours change least; of us, then of Postgres
        "postgres_cpu": round(postgres / len(times) * 1000, 2),
        "rows": round(median(rows)),
        "left_is_known": preferences.left is not None,
        "bar": bar_of(len(keywords), share),
    }
    return Line(f"{name}.{len(keywords)}.{share:.1%}", round(p95(times), 2), "ms", detail)


def bar_of(number: int, share: float) -> int | None:
    if share >= NEARLY_ALL:
        return BAR_NEARLY_ALL_MS
    return BAR_SMALL_MS if number <= SMALL_NUMBER and share <= SMALL_SHARE else BAR_MS


def question(keywords: Sequence[str]) -> str:
    """These keywords as one question, as they stand with a reader once each was counted."""
    from django.utils import timezone  # noqa: PLC0415

    from accounts.keywords import blocked_query, parse_keyword  # noqa: PLC0415
    from aggregator.blocked import count_of, matching  # noqa: PLC0415

    now = timezone.now()
    parsed = [parse_keyword(word) for word in keywords]
    return blocked_query((keyword, count_of(matching(keyword, now))) for keyword in parsed)


def position(share: float) -> str:
    """The place in the list behind which such a share of all articles' ids stands, as a page's `after`."""
    from django.db.models import Max, Min  # noqa: PLC0415

    from aggregator.models import Article  # noqa: PLC0415
    from zisnews.pagination import position_of  # noqa: PLC0415

    ids = Article.objects.aggregate(oldest=Min("pk"), newest=Max("pk"))
    place = ids["newest"] - share * (ids["newest"] - ids["oldest"])
    row = Article.objects.only("published_at").filter(pk__lte=place).order_by("-pk")[0]
    return position_of(row)


def hidden_share(preferences: Any) -> float:
    from aggregator.models import Article  # noqa: PLC0415

    newest = list(Article.objects.newest_first().values_list("pk", flat=True)[:JUDGED])
    return Article.objects.filter(pk__in=newest).hidden_from(preferences).count() / len(newest)


def save(keywords: Sequence[str]) -> Line:
    """Block one more beside a thousand: how long until the next page view shows it, that view included."""
    from django.utils import timezone  # noqa: PLC0415

    from accounts import excluding  # noqa: PLC0415
    from accounts.excluding import Wanted  # noqa: PLC0415
    from accounts.models import User  # noqa: PLC0415
    from accounts.preferences import Preferences, with_exclusions  # noqa: PLC0415
    from aggregator.card_rows import light  # noqa: PLC0415
    from aggregator.models import Article  # noqa: PLC0415
    from aggregator.walking import walk  # noqa: PLC0415

    now: datetime = timezone.now()
    reader = User.objects.create_user(f"bench-{time.time_ns()}@fill.example")
    try:
        excluding.block_all(reader, map(Wanted, keywords[:-SAVES]), now)
        times = []
        for word in keywords[-SAVES:]:
            began = time.perf_counter()
            excluding.block(reader, Wanted(word), now)
            walk(Article.objects.all(), with_exclusions(Preferences(), reader), rows_of=light)
            times.append((time.perf_counter() - began) * 1000)
    finally:
        reader.delete()
    return Line("keywords.save", round(median(times), 1), "ms", {"keywords": len(keywords)})
