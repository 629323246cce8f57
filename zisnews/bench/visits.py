"""Which addresses stand for each kind of page: chosen at random, the same each time, from what a filled site holds."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from zisnews.pagination import PAGE_SIZE

URLS = 40  # of each kind
DEEP = ".deep"  # how the name of a kind ends that is far behind the first page of another
DEEP_PAGES = 1000
COMMON_WORDS = ["government", "president", "police", "market", "climate", "the", "of", "football", "hospital", "energy"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page, and addresses of it."""

    name: str
    urls: list[str]

    @property
    def is_deep(self) -> bool:
        return self.name.endswith(DEEP)


def kinds() -> Iterator[Kind]:
    """Every kind of page that a reader without an account meets."""
    from django.urls import reverse  # noqa: PLC0415  Django is set up by now, not when this module loads

    from aggregator.models import Article  # noqa: PLC0415
    from feeds.models import Category  # noqa: PLC0415

    chance = random.Random(1)  # noqa: S311  no secret, only the same each time
    articles = Article.objects.all()
    yield Kind("front", [reverse("front")] * URLS)
    yield from listed("latest", [(reverse("latest"), articles)] * URLS)
    sections = [
        (reverse("category", args=[one.pk]), articles.filter(category=one)) for one in Category.objects.sections()
    ]
    yield Kind("category", [url for url, _ in sections] * 3)
    yield from listed("category.latest", sections * 3, tab="latest")
    yield Kind("countries", [reverse("countries")] * URLS)
    yield from listed("country", countries(chance))
    yield Kind("sources", [reverse("sources")] * URLS)
    yield from listed("source", sources(chance))
    yield from stories(chance)
    yield Kind("article", [one.get_absolute_url() for one in anywhere(Article, chance)])
    yield from searches(chance)
    yield Kind("feed.latest", [reverse("feed_latest")] * URLS)
    yield Kind("sitemap.news", [reverse("news_sitemap")] * URLS)


def listed(name: str, lists: list[tuple[str, Any]], **asked: str) -> Iterator[Kind]:
    """The first pages of lists of articles, and what stands a thousand pages behind, or at the end of shorter ones."""
    yield Kind(name, [address(url, **asked) for url, _ in lists])
    known: dict[str, str] = {}
    for url, articles in lists:
        if url not in known:
            known[url] = address(url, after=far_behind(articles))
    yield Kind(name + DEEP, [known[url] for url, _ in lists])


def far_behind(articles: Any) -> str:
    """The position of a page that far down a list (zisnews.pagination)."""
    rows = articles.newest_first().values_list("published_at", "pk")
    count = articles.order_by()[: PAGE_SIZE * DEEP_PAGES].count()
    moment, pk = rows[max(0, count - PAGE_SIZE - 1)]
    return f"{moment.isoformat()}~{pk}"


def countries(chance: random.Random) -> list[tuple[str, Any]]:
    from django.urls import reverse  # noqa: PLC0415

    from aggregator.models import Article  # noqa: PLC0415
    from feeds.models import Source  # noqa: PLC0415

    told = Source.objects.filter(pk__in=told_by())
    found = sorted(set(told.order_by().values_list("country", flat=True)))
    chosen = chance.sample(found, min(URLS, len(found)))
    return [(reverse("country", args=[iso.lower()]), Article.objects.of_country(iso)) for iso in chosen]


def sources(chance: random.Random) -> list[tuple[str, Any]]:
    from django.urls import reverse  # noqa: PLC0415

    from aggregator.models import Article  # noqa: PLC0415
    from feeds.models import Source  # noqa: PLC0415

    told = list(Source.objects.filter(pk__in=told_by()).order_by("pk"))
    chosen = chance.sample(told, min(URLS, len(told)))
    return [(reverse("source", args=[one.slug]), Article.objects.filter(source=one)) for one in chosen]


def told_by() -> list[int]:
    """The sources that have articles."""
    from django.db.models import Exists, OuterRef  # noqa: PLC0415

    from aggregator.models import Article  # noqa: PLC0415
    from feeds.models import Source  # noqa: PLC0415

    told = Source.objects.filter(Exists(Article.objects.filter(source=OuterRef("pk"))))
    return list(told.order_by().values_list("pk", flat=True))


def stories(chance: random.Random) -> Iterator[Kind]:
    """The lists of stories, those told most, and any."""
    from django.urls import reverse  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from aggregator.models import Story  # noqa: PLC0415

    url = reverse("stories")
    yield Kind("stories", [url] * URLS)
    yield Kind("stories.one_sided", [address(url, side="one")] * URLS)
    active = Story.objects.active(timezone.now()).order_by("-article_count", "pk")[:URLS]
    yield Kind("story.large", [story.get_absolute_url() for story in active])
    yield Kind("story.large.all", [address(story.get_absolute_url(), tab="all") for story in active])
    yield Kind("story", [story.get_absolute_url() for story in anywhere(Story, chance)])


def searches(chance: random.Random) -> Iterator[Kind]:
    """Words that stand everywhere, words of some headline, several of one, and narrowed searches."""
    from django.urls import reverse  # noqa: PLC0415

    from aggregator.models import Article  # noqa: PLC0415

    url = reverse("search")
    titles = [article.title.split() for article in anywhere(Article, chance)]
    yield Kind("search.empty", [url] * URLS)
    yield Kind("search.common", [address(url, q=word) for word in COMMON_WORDS])
    yield Kind("search.common.by_date", [address(url, q=word, sort="date") for word in COMMON_WORDS])
    yield Kind("search.one", [address(url, q=chance.choice(title)) for title in titles])
    three = [" ".join(chance.sample(title, min(3, len(title)))) for title in titles]
    yield Kind("search.three", [address(url, q=words) for words in three])
    yield Kind("search.phrase", [address(url, q=f'"{" ".join(title[:3])}"') for title in titles])
    yield Kind("search.narrowed", [address(url, q=word, country="gb", category="politics") for word in COMMON_WORDS])


def anywhere(model: Any, chance: random.Random) -> list[Any]:
    """Rows of a table, from anywhere in it."""
    last = model.objects.order_by("-pk").values_list("pk", flat=True)[0]
    first = model.objects.order_by("pk").values_list("pk", flat=True)[0]
    places = [chance.randint(first, last) for _ in range(URLS)]
    return [model.objects.filter(pk__gte=place).order_by("pk")[0] for place in places]


def address(url: str, **asked: str) -> str:
    return f"{url}?{urlencode(asked)}" if asked else url
