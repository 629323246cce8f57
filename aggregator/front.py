"""What stands on the front page and on a section's, and in which order."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Case, IntegerField, Value, When

from accounts.preferences import Preferences
from aggregator.models import Article, ArticleQuerySet, Story
from aggregator.ranking import standing
from feeds.models import Category

CANDIDATES = 60  # stories that are ranked; told by most countries first
TOP_STORIES = 5  # the lead and the row under it
MOST_TOLD = 5
ONE_SIDED = 3
ONE_SIDED_SOURCES = 3  # so many sources of one country make a story "told by one side"
PER_BLOCK, CARDS_PER_BLOCK = 6, 3
BLOCK_CANDIDATES = 15
LATEST = 8
SECTION_CANDIDATES, SECTION_ARTICLES = 300, 30


@dataclass(frozen=True, slots=True)
class Told:
    """A story as its countries tell it. article: the one that stands for it; tellings: one article per country."""

    story: Story | None
    article: Article
    tellings: list[Article] = field(default_factory=list)

    @property
    def others(self) -> list[Article]:
        """The tellings beside the one that stands for the story."""
        return [telling for telling in self.tellings if telling.pk != self.article.pk]


@dataclass(frozen=True, slots=True)
class Block:
    """A category on the front page."""

    category: Category
    articles: list[Article]

    @property
    def cards(self) -> list[Article]:
        """The articles shown large: those with a picture before others."""
        return sorted(self.articles, key=lambda article: not article.picture)[:CARDS_PER_BLOCK]

    @property
    def briefs(self) -> list[Article]:
        """The others, shown as headlines."""
        return [article for article in self.articles if article not in self.cards]


@dataclass(frozen=True, slots=True)
class FrontPage:
    lead: Told | None
    top: list[Told]
    blocks: list[Block]
    most_told: list[Told]
    one_sided: list[Told]
    latest: list[Article]


def front_page(preferences: Preferences, *, language: str, now: datetime) -> FrontPage:
    """Choose and order the front page. Articles in `language` stand for their story before others. Six queries."""
    ranked = ranked_stories(now)
    widest = widest_told(ranked)
    one_sided = one_sided_stories(now)
    in_question = ranked[: TOP_STORIES * 2]
    told = tellings_of([*in_question, *widest, *one_sided], preferences, language=language)
    latest = list(Article.objects.visible_to(preferences).cards().newest_first()[:LATEST])

    top = [told[story.pk] for story in in_question if story.pk in told][:TOP_STORIES]
    if not top and latest:
        top = [Told(None, next((article for article in latest if article.picture), latest[0]))]
    lead = next((one for one in top[:3] if one.article.picture), top[0] if top else None)
    return FrontPage(
        lead=lead,
        top=[one for one in top if one is not lead],
        blocks=category_blocks(preferences, shown=top, language=language, now=now),
        most_told=[told[story.pk] for story in widest if story.pk in told and told[story.pk] not in top][:MOST_TOLD],
        one_sided=[told[story.pk] for story in one_sided if story.pk in told],
        latest=latest,
    )


def ranked_stories(now: datetime) -> list[Story]:
    """The stories several sources tell now, the one that stands highest first."""
    stories = (
        Story.objects.active(now)
        .told_by_several()
        .defer("centroid", "key_terms")
        .order_by("-country_count", "-source_count", "-newest_at")[:CANDIDATES]
    )
    return sorted(stories, key=lambda story: -weight(story, now))


def widest_told(stories: list[Story]) -> list[Story]:
    """Those that several countries tell, most countries first; enough to leave some beside the top stories."""
    several = [story for story in stories if story.country_count > 1]
    several.sort(key=lambda story: (-story.country_count, -story.source_count))
    return several[: TOP_STORIES + MOST_TOLD]


def weight(story: Story, now: datetime) -> float:
    return standing(
        source_count=story.source_count, country_count=story.country_count, newest_at=story.newest_at, now=now
    ).weight


def one_sided_stories(now: datetime) -> list[Story]:
    """The stories most sources of one country tell and nobody else."""
    stories = Story.objects.active(now).filter(country_count=1, source_count__gte=ONE_SIDED_SOURCES)
    return list(stories.defer("centroid", "key_terms").order_by("-source_count", "-newest_at")[:ONE_SIDED])


def tellings_of(stories: Iterable[Story], preferences: Preferences, *, language: str) -> dict[int, Told]:
    """Return by story id how its countries tell it, one query for all.

    For each country its newest article, one in `language` before others. Hidden articles tell nothing: a story that
    has no others is absent.
    """
    by_id = {story.pk: story for story in stories}
    in_language = Case(When(language=language, then=Value(0)), default=Value(1), output_field=IntegerField())
    articles = (
        Article.objects.visible_to(preferences)
        .cards()
        .filter(story__in=by_id)
        .order_by("story_id", "source__country_id", in_language, "-published_at", "-pk")
        .distinct("story_id", "source__country_id")
    )
    tellings: dict[int, list[Article]] = defaultdict(list)
    for article in articles:
        if article.story:
            tellings[article.story.pk].append(article)
    return {
        pk: Told(by_id[pk], spokesman(found, language), readable_first(found, language))
        for pk, found in tellings.items()
    }


def readable_first(articles: list[Article], language: str) -> list[Article]:
    """Those in the page's language, then the others; each in the order they appeared."""
    return sorted(articles, key=lambda article: (article.language != language, article.published_at))


def spokesman(articles: list[Article], language: str) -> Article:
    """The article that stands for its story: in the page's language, with a picture, with a description, the newest."""

    def fitness(article: Article) -> tuple:
        return article.language == language, bool(article.picture), bool(article.description), article.published_at

    return max(articles, key=fitness)


def category_blocks(preferences: Preferences, *, shown: list[Told], language: str, now: datetime) -> list[Block]:
    """The front page's blocks, in the order of the navigation; a category with too little to show has none."""
    sections = list(Category.objects.sections())
    if not sections:
        return []
    first, *rest = [newest_of(category, preferences) for category in sections]
    by_category: dict[str, list[Article]] = defaultdict(list)
    for article in first.union(*rest, all=True):
        by_category[article.category_id].append(article)
    taken = {one.article.pk for one in shown}
    stories = {one.story.pk for one in shown if one.story}
    blocks = []
    for category in sections:
        best = best_first(by_category[category.slug], language=language, now=now)
        free = [article for article in best if article.pk not in taken and article.story_id not in stories]
        if len(free) >= 3:
            blocks.append(Block(category, free[:PER_BLOCK]))
    return blocks


def newest_of(category: Category, preferences: Preferences) -> ArticleQuerySet:
    articles = Article.objects.visible_to(preferences).cards().filter(category=category)
    return articles.newest_first()[:BLOCK_CANDIDATES]


def best_first(articles: list[Article], *, language: str, now: datetime) -> list[Article]:
    """One article per story, in the page's language before others, then by what its story weighs."""

    def place(article: Article) -> tuple[bool, float]:
        story = article.story
        voices = standing(
            source_count=story.source_count if story else 1,
            country_count=story.country_count if story else 1,
            newest_at=article.published_at,
            now=now,
        )
        return article.language == language, voices.weight

    by_story: dict[tuple[str, int], list[Article]] = defaultdict(list)
    for article in articles:
        key = ("story", article.story_id) if article.story_id else ("article", article.pk)
        by_story[key].append(article)
    return sorted((spokesman(found, language) for found in by_story.values()), key=place, reverse=True)


def top_of_section(
    articles: ArticleQuerySet, preferences: Preferences, *, language: str, now: datetime
) -> list[Article]:
    """The best of a section's recent articles, one per story. One query."""
    newest = articles.visible_to(preferences).cards().newest_first()[:SECTION_CANDIDATES]
    return best_first(list(newest), language=language, now=now)[:SECTION_ARTICLES]
