"""What stands on the front page and on a section's, and in which order."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from accounts.preferences import Preferences
from aggregator.card_rows import Rows, cards
from aggregator.front_plan import PER_BLOCK, TOP_STORIES, plan_for, shelf_of
from aggregator.kept_ranking import current_ranking
from aggregator.models import Article
from aggregator.ranking import parted
from aggregator.sections import sections
from aggregator.tellings import Chosen, Told, loader, seen_by, spokesman
from aggregator.walking import newest_of_each, newest_seen, seen_among
from feeds.models import Category

CARDS_PER_BLOCK, FEWEST_IN_BLOCK = 3, 3
LATEST = 8
SECTION_ARTICLES = 30


@dataclass(frozen=True)  # without slots, in which nothing could be kept
class Block:
    """A category on the front page."""

    category: Category
    articles: list[Article]

    @cached_property
    def pictured_first(self) -> list[Article]:
        """The articles, those with a picture before others, so that what is shown large has one; sources apart."""
        return parted(sorted(self.articles, key=lambda article: not article.picture), key_of_source)

    @property
    def cards(self) -> list[Article]:
        """The articles shown large."""
        return self.pictured_first[:CARDS_PER_BLOCK]

    @property
    def briefs(self) -> list[Article]:
        """The others, shown as headlines."""
        return self.pictured_first[CARDS_PER_BLOCK:]


@dataclass(frozen=True, slots=True)
class FrontPage:
    """lead: None only where the reader may see no article at all. top: the stories that follow the lead."""

    lead: Told | None
    top: list[Told]
    blocks: list[Block]
    most_told: list[Told]
    one_sided: list[Told]
    latest: list[Article]

    @property
    def articles(self) -> list[Article]:
        """All that stand on it."""
        told = [*([self.lead] if self.lead else []), *self.top, *self.most_told, *self.one_sided]
        tellings = [article for one in told for article in (one.article, *one.tellings)]
        return [*tellings, *(article for block in self.blocks for article in block.articles), *self.latest]

    def with_first(self, categories: Sequence[str]) -> "FrontPage":
        """The same with the blocks of these categories before the others, in the order they are given."""
        places = {slug: place for place, slug in enumerate(categories)}
        blocks = sorted(self.blocks, key=lambda block: places.get(block.category.slug, len(places)))
        return replace(self, blocks=blocks)


def front_page(preferences: Preferences, *, language: str, now: datetime, rows_of: Rows = cards) -> FrontPage:
    """Choose and order the front page. Articles in `language` stand for their story before others.

    rows_of: for the stories in the blocks, of which kept cards show all that a page needs

    Ten queries at most: three to rank, once in five minutes; what the reader may see; articles, stories, the latest,
    the categories, their stories and what fills those that have few.
    """
    ranking = current_ranking(now)
    plan = plan_for(preferences, ranking, language)
    told = loader(plan.headed(), preferences, language)
    newest = newest_seen(preferences, most=LATEST + TOP_STORIES)

    top = [found for one in plan.top if (found := told(one))] or newest_lead(newest, language=language)
    stories = shelved(plan.shelves, preferences, rows_of=rows_of)
    blocks = category_blocks(stories, preferences, shown=top, language=language)
    in_blocks = {article.pk for block in blocks for article in block.articles}
    top = with_newest(top, [article for article in newest if article.pk not in in_blocks], language=language)
    on_top = {one.article.pk for one in top}
    return FrontPage(
        lead=top[0] if top else None,
        top=top[1:],
        blocks=blocks,
        most_told=[found for one in plan.most_told if (found := told(one))],
        one_sided=[found for one in plan.one_sided if (found := told(one))],
        latest=[article for article in newest if article.pk not in on_top][:LATEST],
    )


def shelved(
    shelves: Mapping[str, list[Chosen]], preferences: Preferences, *, rows_of: Rows
) -> dict[str, list[Article]]:
    """By category the articles that stand for its stories; without those that left their story meanwhile. One query."""
    wanted = [one.teller.article for shelf in shelves.values() for one in shelf]
    seen = seen_among(wanted, preferences, rows_of=rows_of)
    return {
        slug: [article for one in shelf if (article := seen.get(one.teller.article)) and article.story_id == one.story]
        for slug, shelf in shelves.items()
    }


def newest_lead(newest: list[Article], *, language: str) -> list[Told]:
    """What leads before there is any story: of the newest articles one in the page's language, with a picture."""
    free = one_per_story(newest, language=language)
    free.sort(key=lambda article: (article.language != language, not article.picture))
    return [Told(None, article) for article in free[:1]]


def with_newest(top: list[Told], newest: list[Article], *, language: str) -> list[Told]:
    """The top stories; where there are too few, newest articles that belong to none of them take the other places."""
    if not top:
        return []
    free = filled_up([], newest, shown=top, language=language, after=top[-1].article.source_id)
    return [*top, *(Told(None, article) for article in free[: TOP_STORIES - len(top)])]


def category_blocks(
    shelves: Mapping[str, list[Article]], preferences: Preferences, *, shown: list[Told], language: str
) -> list[Block]:
    """The front page's blocks, in the order of the navigation: the most told stories, then the newest articles.

    A category with too little to show has none.
    """
    in_order = sections()
    wanting = [category for category in in_order if len(shelves.get(category.slug, [])) < PER_BLOCK]
    newest = newest_by_category(wanting, preferences, most=PER_BLOCK + 2 * TOP_STORIES)
    blocks = []
    for category in in_order:
        first = shelves.get(category.slug, [])
        articles = filled_up(first, newest[category.slug], shown=shown, language=language)[:PER_BLOCK]
        if len(articles) >= FEWEST_IN_BLOCK:
            blocks.append(Block(category, articles))
    return blocks


def filled_up(
    first: list[Article], newest: list[Article], *, shown: list[Told], language: str, after: int | None = None
) -> list[Article]:
    """Articles that stand for stories, then newest ones of other stories; nothing of what is shown elsewhere.

    after: the source before them, where they follow something.
    """
    taken = {article.story_id for article in first} | {one.article.story_id for one in shown}
    elsewhere = {one.article.pk for one in shown}
    free = [
        article
        for article in one_per_story(newest, language=language)
        if article.pk not in elsewhere and (article.story_id is None or article.story_id not in taken)
    ]
    last = first[-1].source_id if first else after
    return [*first, *parted(free, key_of_source, after=last)]


def one_per_story(articles: list[Article], *, language: str) -> list[Article]:
    """Of each story the article that stands for it best; those in the page's language before others, else as given."""
    by_story: dict[tuple[str, int], list[Article]] = defaultdict(list)
    for article in articles:
        key = ("story", article.story_id) if article.story_id else ("article", article.pk)
        by_story[key].append(article)
    chosen = [spokesman(found, language) for found in by_story.values()]
    return sorted(chosen, key=lambda article: article.language != language)


def newest_by_category(categories: list[Category], preferences: Preferences, *, most: int) -> dict[str, list[Article]]:
    """The newest articles of each of some categories, two queries for all at most; none for none."""
    by_category: dict[str, list[Article]] = defaultdict(list)
    for article in newest_of_each([category.slug for category in categories], preferences, most=most):
        by_category[article.category_id].append(article)
    return by_category


def key_of_source(article: Article) -> int:
    return article.source_id


def top_of_section(
    category: Category, preferences: Preferences, *, language: str, now: datetime, rows_of: Rows = cards
) -> list[Article]:
    """A category's most told stories, each by one article, then the newest articles of other stories."""
    ranking = current_ranking(now)
    shelf = [ranking.stories[pk] for pk in ranking.shelves.get(category.slug, [])]
    tellers = seen_by(preferences, shelf)
    chosen = shelf_of(ranking, category.slug, tellers, language=language, without=set(), most=SECTION_ARTICLES)
    first = shelved({category.slug: chosen}, preferences, rows_of=rows_of)[category.slug]
    if len(first) == SECTION_ARTICLES:
        return first
    newest = newest_of_each([category.slug], preferences, most=2 * SECTION_ARTICLES)
    return filled_up(first, newest, shown=[], language=language)[:SECTION_ARTICLES]
