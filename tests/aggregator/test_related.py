"""Articles on the same subject: by the rare terms that stories share, never of the same story, never what is hidden."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.preferences import Preferences
from aggregator.card_rows import whole
from aggregator.models import Article, DocumentFrequency, Story
from aggregator.related import COMMONEST, WINDOW, related_articles
from aggregator.whole_articles import whole_article
from tests.factories import make_article, make_source, make_story

pytestmark = pytest.mark.django_db
ANYBODY = Preferences()


@pytest.fixture(autouse=True)
def frequencies() -> None:
    counts = {"hormuz": 30, "tanker": 60, "strait": 90, "oil": 4_000, "minister": COMMONEST + 1, "said": 900_000}
    counts |= {"once": 1, "海峡": 40, "封鎖": 50}
    DocumentFrequency.objects.bulk_create(
        DocumentFrequency(term=term, document_count=count) for term, count in counts.items()
    )


def told(title: str, terms: str, **fields) -> Article:
    """An article that tells a story with these key terms."""
    article = make_article(title=title, **fields)
    make_story(told_by=(article,), key_terms=terms.split())
    return article


def titles(article: Article, preferences: Preferences = ANYBODY, language: str = "en") -> list[str]:
    found = whole_article(article.pk)
    related = related_articles(found, preferences, language=language)
    told = whole(related)
    return [told[pk].title for pk in related]


def test_stories_that_share_most_and_rarest_come_first():
    article = told("Tanker seized", "hormuz tanker strait oil said")
    told("Two common", "strait oil")
    told("Three", "hormuz tanker strait")
    told("Two rare", "hormuz tanker")

    assert titles(article) == ["Three", "Two rare", "Two common"]


def test_one_shared_term_or_common_ones_make_no_subject():
    article = told("Tanker seized", "hormuz minister said once")
    told("Shares a name", "hormuz")
    told("Shares what all share", "minister said")
    told("Shares what nobody else has", "once hormuz")

    assert titles(article) == []


def test_articles_of_the_same_story_are_not_related_but_told_elsewhere():
    article, other = make_article(title="Ours"), make_article(title="Theirs")
    make_story(told_by=(article, other), key_terms=["hormuz", "tanker"])

    assert titles(article) == []


def test_scripts_without_spaces_have_subjects_too():
    article = told("海峡封鎖", "海峡 封鎖", language="ja")
    told("封鎖の海峡", "封鎖 海峡", language="ja")

    assert titles(article) == ["封鎖の海峡"]


def test_what_a_reader_rules_out_is_not_related():
    article = told("Tanker seized", "hormuz tanker strait")
    source = make_source()
    told("Football in the strait", "hormuz tanker")
    told("From a hidden source", "hormuz tanker", source=source)
    told("Insurance", "hormuz strait")

    preferences = Preferences(blocked="'football'", hidden_sources=frozenset({source.pk}))

    assert titles(article, preferences) == ["Insurance"]


def test_one_article_of_a_story_in_the_readers_language():
    article = told("Tanker seized", "hormuz tanker")
    english, french = make_article(title="In English", minutes_ago=50), make_article(title="En français", language="fr")
    make_story(told_by=(english, french), key_terms=["hormuz", "tanker"])

    assert titles(article) == ["In English"]
    assert titles(article, language="fr") == ["En français"]


def test_merged_and_distant_stories_are_left_out():
    article = told("Tanker seized", "hormuz tanker")
    merged = told("Merged", "hormuz tanker")
    Story.objects.filter(articles=merged).update(merged_into=article.story)
    told("Long ago", "hormuz tanker", published_at=timezone.now() - WINDOW - timedelta(days=1))

    assert titles(article) == []


def test_an_article_without_story_has_none():
    assert titles(make_article()) == []


def test_it_takes_three_queries_and_then_none_for_some_minutes(django_assert_num_queries):
    article = told("Tanker seized", "hormuz tanker strait")
    for number in range(9):
        told(f"Another {number}", "hormuz tanker strait")
    found = whole_article(article.pk)

    with django_assert_num_queries(3):
        related_articles(found, ANYBODY, language="en")
    with django_assert_num_queries(0):
        related_articles(found, ANYBODY, language="en")
    with django_assert_num_queries(1):
        related_articles(found, Preferences(hidden_languages=frozenset({"fr"})), language="en")
