"""What search finds articles by, kept in step with them."""

import pytest
from django.core.cache import cache
from django.core.management import call_command

from aggregator import retention
from aggregator.models import Article, SearchDocument
from aggregator.publishing import publish_ready
from aggregator.search import documents
from aggregator.tasks import catch_up_search
from feeds.models import Entry, Source
from tests.factories import make_article, make_entry

pytestmark = pytest.mark.django_db


def found(query: str) -> list[str]:
    rows = SearchDocument.objects.extra(where=["words @@ %s::tsquery"], params=[query])
    return sorted(rows.values_list("article__title", flat=True))


def make_ready(**fields) -> Entry:
    return make_entry(state=Entry.State.READY, **fields)


def test_an_article_is_found_by_its_text_from_the_moment_it_is_published():
    make_ready(title="Rain expected", content_html="<p>The Thames rises at Oxford.</p>")

    publish_ready()

    assert found("'oxford'") == ["Rain expected"]
    assert found("'=rain'") == ["Rain expected"] and found("'=oxford'") == []


def test_an_article_that_changes_is_found_by_what_it_says_now():
    entry = make_ready(title="Rain expected")
    publish_ready()
    Entry.objects.filter(pk=entry.pk).update(title="Snow expected", state=Entry.State.READY)

    publish_ready()

    assert found("'snow'") == ["Snow expected"] and found("'rain'") == []


def test_what_an_article_is_found_by_leaves_with_it():
    article = make_article()
    documents.renew([article])

    retention.delete([article], article.published_at)

    assert not SearchDocument.objects.exists()


def test_being_found_keeps_no_article_from_leaving():
    article = make_article(minutes_ago=100 * 24 * 60)
    documents.renew([article])

    assert list(retention.leaving(article.published_at.replace(year=article.published_at.year + 1))) == [article]


def test_articles_from_before_search_are_taken_in_and_once_only():
    for number in range(3):
        make_article(title=f"Old {number}", text="Lighthouse keepers")

    assert documents.catch_up(budget_seconds=10) == 3
    assert documents.catch_up(budget_seconds=10) == 0
    assert len(found("'lighthouse'")) == 3


def test_taking_in_stops_when_its_time_is_over_and_goes_on_later():
    make_article()

    assert documents.catch_up(budget_seconds=0) == 0
    assert documents.catch_up(budget_seconds=10) == 1


@pytest.mark.parametrize("text", ["俄乌战争爆发", "สงครามในยุโรป", "ウクライナ戦争"])
def test_neighbours_in_scripts_without_spaces_are_found_as_a_pair(text):
    article = make_article(title="A title", text=f"Before. {text}")
    documents.renew([article])

    assert found(f"'{text[1:3]}'") == ["A title"]
    assert found(f"'{text[3]}{text[1]}'") == []


def test_a_very_long_text_is_searched_as_far_as_the_limit():
    article = make_article(text="word " * 200_000 + "end")
    documents.renew([article])

    assert Article.objects.filter(search_document__isnull=False).exists() and found("'end'") == []


def test_a_source_that_changes_country_takes_its_articles_along():
    article = make_article(country="GB")
    make_article(country="GB")
    assert documents.catch_up(budget_seconds=10) == 2
    Source.objects.filter(pk=article.source_id).update(country="IE")

    assert documents.catch_up(budget_seconds=10) == 1
    assert found("'~cIE'") == [article.title] and documents.catch_up(budget_seconds=10) == 0


def test_the_task_looks_again_only_after_an_hour_where_nothing_was_left_to_do():
    catch_up_search()
    make_article(title="From elsewhere")

    catch_up_search()
    assert not SearchDocument.objects.exists()
    cache.clear()
    catch_up_search()
    assert SearchDocument.objects.count() == 1


def test_the_command_takes_in_everything(capsys):
    make_article()

    call_command("index_search")

    assert capsys.readouterr().out == "1 article taken into search.\n"
