"""Pages kept for readers without an account, for tests of what keeps them and of who answers with them."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from django.utils import timezone

from aggregator.models import Article
from tests.factories import make_article, make_story
from zisnews import gathering, kept_pages, shared_pages

BROWSER = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


@pytest.fixture
def keeping(settings, monkeypatch) -> Iterator[None]:
    """Pages are kept, and Redis is asked patiently, while the test lasts."""
    settings.ZIS_PAGE_SECONDS = 30
    monkeypatch.setattr(gathering, "ANSWER_SECONDS", 20)  # Redis too may be slow where other tests run beside
    kept_pages.shelf.cache_clear()
    yield
    kept_pages.shelf.cache_clear()


def told_article() -> Article:
    """One of a story that three countries tell."""
    told = [make_article(country=iso, minutes_ago=5.5, category="politics") for iso in ("GB", "FR", "AM")]
    make_story(told_by=tuple(told), category="politics")
    return told[0]


def addresses(article: Article) -> list[str]:
    """An address of every route that is shared, and some with a query."""
    given: dict[str, list] = {
        "category": ["politics"], "country": ["gb"], "source": [article.source.slug],
        "story": [article.story_id, article.story.slug or "-"], "article": [article.pk, article.slug],
        "feed_category": ["politics"], "feed_country": ["gb"], "feed_source": [article.source.slug],
        "matrix_cell": ["gb", "fr"], "feed_story": [article.story_id],
        "sitemap_stories": [f"{timezone.now():%Y-%m-%d}"],
    }  # fmt: skip
    plain = [reverse(name, args=given.get(name, [])) for name in shared_pages.SHARED if name != "feed_search"]
    return [
        *plain,
        "/search/?q=headline",
        "/feed/search/?q=headline",
        "/latest/?hidden=show",
        "/category/politics/?tab=latest",
    ]
