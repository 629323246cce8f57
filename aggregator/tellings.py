"""How its countries tell a story: which article stands for it on a page, and which stand beside that one."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b

from django.core.cache import cache
from django.db import connection
from redis import RedisError

from accounts.preferences import Preferences
from aggregator.card_rows import whole_seen
from aggregator.heading import head_of
from aggregator.models import Article, Story
from aggregator.ranking import parted
from aggregator.ranks import Ranked, Teller, teller_rows
from aggregator.story_cards import KEPT_SECONDS, without_hidden
from aggregator.whole_stories import whole_stories

LOOKED_AT = 200  # of a story's newest articles, where all its countries are to tell it
SHARES = 5  # of a bar; the countries beyond are one share together

# How many is a part of the question: a plan that knew nothing of it would read all.
_NEWEST_TOLD = """SELECT article.* FROM unnest(%s::bigint[]) AS told (story) CROSS JOIN LATERAL (
    SELECT {columns} FROM aggregator_article WHERE story_id = told.story ORDER BY published_at DESC LIMIT {newest}
) AS article"""
# As teller_rows reads them, of articles that nobody has ruled out.
_TOLD = "story_id, id, source_id, language, picture <> '' AS pictured, description <> '' AS described, published_at"
_TELLERS = f"""SELECT story_id, told.id, source_id, country_id, told.language, pictured, described, published_at
    FROM ({_NEWEST_TOLD.format(columns=_TOLD, newest="{newest}")}) told
    JOIN feeds_source source ON source.id = source_id
    ORDER BY told.id"""  # noqa: S608  ours


@dataclass(frozen=True, slots=True)
class Share:
    """A country's part of the sources that tell a story, in per cent. country "": all the others together."""

    country: str
    begin: float
    width: float
    sources: int


@dataclass(frozen=True, slots=True)
class Told:
    """A story as its countries tell it. article: the one that stands for it; tellings: one article per country.

    head: the article whose headline the story has for this reader, where it is another one
    """

    story: Story | None
    article: Article
    tellings: list[Article] = field(default_factory=list)
    head: Article | None = None

    @property
    def headed_by(self) -> Article:
        """The article whose headline is the story's, unless a curator pinned one."""
        return self.head or self.article

    @property
    def title(self) -> str:
        """The story's headline for this reader. A pinned one with their keywords takes out the whole story before."""
        return self.story.title if self.story and self.story.is_title_pinned else self.headed_by.title

    @property
    def language(self) -> str:
        """The language of the headline; "" of a curator's, which may be any."""
        return "" if self.story and self.story.is_title_pinned else self.headed_by.language

    @property
    def others(self) -> list[Article]:
        """The tellings beside the one that stands for the story."""
        return [telling for telling in self.tellings if telling.pk != self.article.pk]

    @property
    def row(self) -> "RowOfStory":
        """What its row in a list shows of it."""
        return RowOfStory(self)


class RowOfStory:
    """A story as told, equal to another that looks the same in a list: of the same versions of the same rows."""

    __slots__ = ("shown", "told")

    def __init__(self, told: Told) -> None:
        self.told = told
        head = told.headed_by
        self.shown = told.article.pk, told.article.version, head.pk, head.version  # type: ignore[attr-defined]  # ArticleQuerySet.cards

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RowOfStory) and self.shown == other.shown

    def __hash__(self) -> int:
        return hash(self.shown)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is to tell a story on a page, before it is loaded: the teller that stands for it, and those beside it."""

    story: int
    teller: Teller
    others: list[Teller]


def choose(story: int, tellers: Iterable[Teller], *, language: str, others: int = 0) -> Chosen:
    """Choose who tells a story: one in the page's language, with a picture, with a description, the newest.

    tellers: those the reader may see, one at least. others: how many further countries are to tell it.
    """

    def fitness(teller: Teller) -> tuple:
        return teller.language == language, teller.has_picture, teller.has_description, teller.published_at

    best = sorted(tellers, key=fitness, reverse=True)
    of_country: dict[str, Teller] = {}
    for teller in best:
        of_country.setdefault(teller.country, teller)
    beside = [teller for teller in of_country.values() if teller is not best[0]]
    beside.sort(key=lambda teller: (teller.language != language, teller.published_at))
    return Chosen(story, best[0], beside[:others])


def choose_apart(
    stories: Sequence[int],
    tellers: Mapping[int, Sequence[Teller]],
    *,
    language: str,
    others: int = 0,
    after: int | None = None,
) -> list[Chosen]:
    """Choose who tells each of some stories so that no source stands twice in a row; `after`: the source before them.

    Another source of the page's language steps in for one that has just spoken; where there is none the story waits
    for the next.
    """
    chosen: list[Chosen] = []
    last = after
    for story in stories:
        found = tellers[story]
        best = choose(story, found, language=language, others=others)
        if best.teller.source == last:
            fresh = [one for one in found if one.source != last and one.language == best.teller.language]
            best = choose(story, fresh, language=language, others=others) if fresh else best
        last = best.teller.source
        chosen.append(best)
    return parted(chosen, lambda one: one.teller.source, after=after)


def seen_by(preferences: Preferences, stories: Iterable[Ranked]) -> dict[int, list[Teller]]:
    """By story, the tellers this reader has not ruled out; a story without any, or whose card goes, is absent.

    Four queries at most, none for who excludes nothing.
    """
    told = {story.story: story.tellers for story in stories}
    if not preferences.excludes:
        return {pk: tellers for pk, tellers in told.items() if tellers}
    hidden = hidden_of([teller.article for tellers in told.values() for teller in tellers], preferences)
    visible = {pk: [teller for teller in tellers if teller.article not in hidden] for pk, tellers in told.items()}
    standing = without_hidden({pk: tellers for pk, tellers in visible.items() if tellers}, preferences)
    return {pk: tellers for pk, tellers in visible.items() if pk in standing}


def hidden_of(articles: Sequence[int], preferences: Preferences) -> frozenset[int]:
    """Which of these the reader has ruled out. Kept while the ranking they come from stands, under what is excluded:
    they are thousands. Whoever shows one asks the door of all lists again.
    """
    key = f"hidden-tellers:{preferences.digest}:{blake2b(repr(articles).encode(), digest_size=16).hexdigest()}"
    with suppress(RedisError, OSError):
        if (known := cache.get(key)) is not None:
            return known
    hidden = Article.objects.hidden_from(preferences).filter(pk__in=articles).values_list("pk", flat=True)
    found = frozenset(hidden)
    with suppress(RedisError, OSError):
        cache.set(key, found, timeout=KEPT_SECONDS)
    return found


def loader(chosen: Iterable[Chosen], preferences: Preferences, language: str) -> Callable[[Chosen], Told | None]:
    """Load everything chosen at once, two queries; returns what gives each as told, None where it left meanwhile.

    language: of the page, in which the stories are to have their headlines
    """
    chosen = list(chosen)
    there = whole_stories({one.story for one in chosen})
    stories = {pk: story for pk, story in there.items() if story.merged_into_id is None}
    heads = {pk: head for pk, story in stories.items() if (head := head_of(story, language))}
    wanted = {teller.article for one in chosen for teller in (one.teller, *one.others)}
    articles = whole_seen(wanted.union(heads.values()), preferences)

    def told(one: Chosen) -> Told | None:
        tellings = [articles[each.article] for each in (one.teller, *one.others) if each.article in articles]
        story = stories.get(one.story)
        if not story or not tellings:
            return None
        head = articles.get(heads.get(one.story, 0))
        return Told(story, tellings[0], tellings, head if head and head.story_id == one.story else None)

    return told


def tellers_of(story_ids: Collection[int], preferences: Preferences, *, newest: int) -> dict[int, list[Teller]]:
    """By story, who of its so many newest articles may tell it to this reader; one whose card goes is absent.

    One query, however long they are; for who excludes something one more, and three more for who blocks keywords.
    """
    stories = list(story_ids)
    found: dict[int, list[Teller]] = defaultdict(list)
    if not preferences.excludes:
        for story, *told in connection.rows(_TELLERS.format(newest=newest), [stories]):  # type: ignore[attr-defined]  # zisnews.postgres
            found[story].append(Teller(*told))
        return dict(found)
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST_TOLD.format(columns="id", newest=newest), [stories])
        articles = [pk for (pk,) in cursor.fetchall()]
    for story, teller in teller_rows(Article.objects.visible_to(preferences).filter(pk__in=articles)):
        found[story].append(teller)
    standing = without_hidden(found, preferences)
    return {story: tellers for story, tellers in found.items() if story in standing}


def tellings_of(stories: Iterable[Story], preferences: Preferences, *, language: str) -> dict[int, Told]:
    """Return by story id how its countries tell it, one article of each, in `language` before others. Three queries.

    Hidden articles tell nothing: a story that has no others is absent.
    """
    tellers = tellers_of([story.pk for story in stories], preferences, newest=LOOKED_AT)
    chosen = [choose(pk, found, language=language, others=LOOKED_AT) for pk, found in tellers.items()]
    told = loader(chosen, preferences, language)
    return {one.story: found for one in chosen if (found := told(one))}


def spokesman(articles: Iterable[Article], language: str) -> Article:
    """The article that stands for others: in the page's language, with a picture, with a description, the newest."""

    def fitness(article: Article) -> tuple[bool, bool, bool, datetime]:
        return article.language == language, bool(article.picture), bool(article.description), article.published_at

    return max(articles, key=fitness)


def shares(voices: Mapping[str, int]) -> list[Share]:
    """The countries' parts of a story's sources, the largest first."""
    total = sum(voices.values())
    sides = sorted(voices.items(), key=lambda side: (-side[1], side[0]))
    if len(sides) > SHARES:
        sides = [*sides[: SHARES - 1], ("", sum(count for _, count in sides[SHARES - 1 :]))]
    found: list[Share] = []
    begin = 0
    for country, count in sides:
        found.append(Share(country, round(100 * begin / total, 2), round(100 * count / total, 2), count))
        begin += count
    return found
