"""New articles find their stories in Postgres: by two workers at once, in a story of many, from one noisy source."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aggregator import frequencies, looking, placing, publishing, stories
from aggregator.models import Article, CountedTerms, DocumentFrequency, Story
from tests.crowds import at_once
from tests.factories import make_article, make_entry, make_feed, make_source

TITLE = "Tremor of magnitude 6.1 shakes Valparaiso harbour"
TEXT = (
    "A tremor of magnitude 6.1 shook the harbour of Valparaiso, Mayor Ortega said. Cranes fell near Muelle Prat. " * 3
)


def announce(title: str = TITLE, text: str = TEXT, **fields):
    """An entry that is ready to be published, of a source of its own unless a feed is given."""
    now = timezone.now()
    fields = {"published_at": now, "seen_at": now, "description": text} | fields
    fields.setdefault("feed", make_feed(source=make_source()))
    return make_entry(state="ready", title=title, **fields)


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_first_two_articles_of_one_event_make_one_story(monkeypatch):
    """Both have looked for stories, and found none, before either may place its article."""
    both_looked = threading.Barrier(2)
    lock = stories.lock_stories

    def lock_when_both_looked() -> None:
        both_looked.wait(timeout=120)
        lock()

    monkeypatch.setattr(publishing.stories, "lock_stories", lock_when_both_looked)
    announce()
    announce(f"{TITLE}, mayor says")
    at_once(*[lambda: publishing.publish_ready(1)] * 2)

    story = Story.objects.get()
    assert (story.article_count, story.source_count, story.version) == (2, 2, 2)


@pytest.mark.django_db
def test_what_became_part_of_another_story_is_found_as_that():
    announce()
    publishing.publish_ready()
    merged = Story.objects.get()
    standing = Story.objects.create(
        title="x", category_id="general", first_at=merged.first_at, newest_at=merged.newest_at, profile=merged.profile
    )
    Article.objects.update(story=standing)
    Story.objects.filter(pk=merged.pk).update(merged_into=standing)
    announce(f"{TITLE}, mayor says")
    publishing.publish_ready()
    assert set(Article.objects.values_list("story", flat=True)) == {standing.pk}


@pytest.mark.django_db
def test_one_noisy_source_counts_once_and_wrong_dates_and_empty_texts_break_nothing():
    DocumentFrequency.objects.create(term="", document_count=4_000)
    feed = make_feed(source=make_source(country="FR"))
    for number in range(120):
        announce(f"{TITLE} {number}", feed=feed)
    announce("Bla", "", published_at=timezone.now() - timedelta(days=3000))
    announce("?", "")
    announce(published_at=timezone.now() - timedelta(days=900))
    announce(feed=make_feed(source=make_source(country="CL")))
    while publishing.publish_ready().entries:
        pass
    assert Article.objects.count() == 124
    story = Story.objects.order_by("-article_count")[0]
    assert story.article_count >= 100
    assert story.source_count == sum(story.voices.values()) <= 2
    assert story.newest_at - story.first_at < timedelta(days=1)
    assert Article.objects.get(published_at__lt=timezone.now() - timedelta(days=800), title=TITLE).story != story


@pytest.mark.django_db
def test_an_article_costs_a_story_of_thousands_as_many_queries_and_rows_as_one_of_two():
    def queries_of_one_more() -> list[str]:
        announce(f"{TITLE}, mayor says")
        with CaptureQueriesContext(connection) as queries:
            publishing.publish_ready()
        return [query["sql"] for query in queries]

    announce()
    publishing.publish_ready()
    few = queries_of_one_more()
    story = Story.objects.get()
    source = make_source()
    told = make_article(source=source, published_at=story.first_at)
    Article.objects.filter(pk=told.pk).update(story=story)
    Story.objects.update(article_count=10_000)
    many = queries_of_one_more()
    assert len(many) == len(few)
    assert not any("COUNT(" in sql.upper() and "aggregator_article" in sql for sql in many)
    assert Story.objects.get().article_count == 10_001


@pytest.mark.django_db
def test_counts_of_terms_are_added_up_once_and_fade_over_a_month(monkeypatch):
    monkeypatch.setattr(frequencies, "FEW_DOCUMENTS", 0)
    announce()
    announce()
    publishing.publish_ready()
    assert not DocumentFrequency.objects.exists()
    assert frequencies.add_up() == CountedTerms.objects.count() + 1 == 1
    assert frequencies.add_up() == 0
    known = frequencies.frequencies_of(["valparaiso"])
    assert known == {"": 2, "valparaiso": 2}

    DocumentFrequency.objects.filter(term="").update(document_count=30_000)
    DocumentFrequency.objects.bulk_create(DocumentFrequency(term=f"t{n}", document_count=1) for n in range(3_000))
    day = timezone.now().date()
    for passed in range(30):
        with transaction.atomic():
            frequencies.let_fade(day + timedelta(days=passed))
    assert frequencies.frequencies_of([])[""] == pytest.approx(30_000 / 2.718, rel=0.03)
    left = DocumentFrequency.objects.filter(term__startswith="t", document_count=1).count()
    assert left == pytest.approx(3_000 / 2.718, rel=0.12)


@pytest.mark.django_db
def test_of_terms_the_rarest_are_looked_up_and_never_so_many_that_it_takes_long():
    known = {"trump": 90_000, "senate": 39_000, "ortega": 12, "muelle": 3}
    worth = looking.worth_of(known, known, 1_000_000)
    assert list(worth) == [looking.hash_of(term) for term in ("muelle", "ortega", "senate")]
    assert list(looking.worth_of(["trump", "senate"], known, 1_000_000)) == [
        looking.hash_of("senate"),
        looking.hash_of("trump"),
    ]


@pytest.mark.django_db
def test_looking_reads_only_the_days_around():
    now = timezone.now()
    looking.list_stories([(1, looking.stretches_between(now - timedelta(days=400), now - timedelta(days=400)), ["a"])])
    looking.list_stories([(2, looking.stretches_between(now, now), ["a"])])
    sought = looking.Sought({looking.hash_of("a"): 1}, now, now)
    assert looking.find([sought]) == [[2]]
    assert looking.find([sought], after=2) == [[]]
    assert looking.forget_before(now - timedelta(days=60)) == 1


def test_placing_needs_no_article():
    assert placing.prospects_of([]) == []


@pytest.mark.django_db
def test_a_worker_asks_for_terms_it_does_not_know_and_for_all_again_once_frequencies_change(monkeypatch):
    def asked_for(terms: set[str]) -> list[int]:
        with CaptureQueriesContext(connection) as queries:
            found = frequencies.rarities_of(terms)
        assert all(found.frequencies[term] == counts.get(term, 0) for term in terms)
        return [sum(term in query["sql"] for term in ("valparaiso", "harbour", "muelle")) for query in queries]

    monkeypatch.setattr(frequencies.Known, "read", None)
    counts = {"": 9_000, "valparaiso": 3, "harbour": 70}
    frequencies.add_frequencies(counts)
    assert asked_for({"valparaiso", "muelle"}) == [2]
    assert asked_for({"valparaiso", "harbour", "muelle"}) == [1]
    frequencies.add_frequencies({"": 10, "harbour": 1})
    counts["harbour"] += 1
    assert asked_for({"valparaiso", "harbour", "muelle"}) == [0, 3]
    assert frequencies.rarities_of(set()).documents == 9_010
