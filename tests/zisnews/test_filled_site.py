"""What ./zis manage fill leaves: a site as publishing would have made it. Filled once, for tests that only look."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.db.models import Count, Max, Min
from django.test import Client, TransactionTestCase
from django.urls import reverse

from aggregator.content import word_count
from aggregator.frequencies import ALL_DOCUMENTS
from aggregator.models import Article, DocumentFrequency, SearchDocument, Story
from aggregator.picture_files import paths_of
from aggregator.search import documents
from aggregator.stories import voices_of
from feeds.models import Source
from feeds.sanitising import sanitise
from feeds.tsvector import tsvector_literal
from tests.emptying import empty_tables
from zisnews.bench.vocabulary import languages

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def filled(django_db_setup, django_db_blocker) -> Iterator[None]:
    """A filled site, committed, for the tests that only look at it."""
    with django_db_blocker.unblock():
        call_command("fill", articles=800, sources=500, days=3, processes=1, no_search=False)
        yield
        empty_tables(TransactionTestCase())


def test_the_tokens_are_those_that_publishing_stores_in_every_language():
    seen = set()
    for article in Article.objects.select_related("source"):
        seen.add(article.language)
        words = tsvector_literal(
            title=article.title,
            description=article.description,
            tags=article.tags,
            source_name=article.source.name,
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::tsvector::text", [words])
            assert article.tokens == cursor.fetchone()[0], article.title
    assert seen == languages().keys()


def test_search_finds_them_by_what_publishing_would_have_stored():
    stored = SearchDocument.objects.in_bulk()
    articles = list(Article.objects.select_related("source"))
    documents.renew(articles)

    renewed = SearchDocument.objects.in_bulk()
    assert stored.keys() == renewed.keys() == {article.pk for article in articles}
    for pk, document in renewed.items():
        assert vars(stored[pk]) | {"_state": None} == vars(document) | {"_state": None}


def test_it_is_known_how_many_articles_have_each_word():
    counts = dict(DocumentFrequency.objects.values_list("term", "document_count"))
    assert counts[ALL_DOCUMENTS] == 800
    in_english = Article.objects.filter(language="en")
    with_word = [
        article for article in in_english if " climate " in f"{article.title} {article.description} {article.text}"
    ]
    assert 0 < len(with_word) * 0.6 < counts["climate"] < len(with_word) * 1.6
    assert sum(count == 1 for count in counts.values()) > 100


def test_texts_are_as_publishing_would_store_them():
    for article in Article.objects.all():
        assert article.word_count == word_count(article.text)
        assert sanitise(article.html) == article.html
        assert article.slug
        assert article.picture_spares == []
    lengths = [len(article.title) for article in Article.objects.filter(language="en")]
    assert 60 < sum(lengths) / len(lengths) < 80


def test_stories_count_the_articles_sources_and_countries_that_tell_them():
    stories = Story.objects.annotate(
        articles_told=Count("articles"),
        sources_told=Count("articles__source", distinct=True),
        countries_told=Count("articles__source__country", distinct=True),
        first_told=Min("articles__published_at"),
        last_told=Max("articles__published_at"),
    )
    voices = voices_of([story.pk for story in stories])
    for story in stories:
        assert story.voices == voices[story.pk]["voices"]
        assert story.article_count == story.articles_told
        assert story.source_count == story.sources_told
        assert story.country_count == story.countries_told
        assert (story.first_at, story.newest_at) == (story.first_told, story.last_told)
        assert story.key_terms
    sizes = Counter(story.article_count for story in stories)
    assert sizes[1] > sizes[2] > 0
    assert max(sizes) > 5
    assert not Article.objects.filter(story=None).exists()


def test_sources_stand_in_many_countries_and_a_few_publish_most():
    assert Source.objects.values("country").distinct().count() > 30
    by_source = sorted(Counter(Article.objects.values_list("source", flat=True)).values(), reverse=True)
    assert sum(by_source[:12]) > 0.2 * 800
    assert len(by_source) > 60


def test_pictures_are_stored_in_every_width_and_shown_on_pages(client: Client):
    with_picture = Article.objects.exclude(picture="")
    assert 0.4 * 800 < with_picture.count() < 0.8 * 800
    for name, width in set(with_picture.values_list("picture", "picture_width")):
        assert all(map(default_storage.exists, paths_of(name, width)))
    page = client.get(reverse("latest")).content.decode()
    shown = re.search(r'src="(/[^"]*pictures/fill/[^"]+\.webp)"', page)
    assert shown
    file = client.get(shown[1])
    assert file.status_code == 200
    file.close()
