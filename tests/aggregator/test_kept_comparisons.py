"""Comparisons of stories as workers make and keep them, and as pages read them back."""

import json
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator import comparing_stories
from aggregator.comparing import whole
from aggregator.comparing.sections import ADDED_SINCE
from aggregator.comparing_stories import AT_MOST_EVERY, compare_grown, compare_older, keep_comparison_of
from aggregator.kept_comparisons import comparison_of, forget, present_shape, shape, written
from aggregator.models import KeptComparison, Story
from aggregator.story_texts import names_apart, shown_text, tellings_of
from feeds.clock import database_now
from tests.aggregator.comparing_stories import NOON, hours, telling
from tests.crowds import at_once
from tests.factories import make_article, make_source, make_story

pytestmark = pytest.mark.django_db
SAID = "“We will rebuild the bridge before the winter comes”"


def make_told(*countries: str, text: str = f"The mayor said {SAID}.", **fields) -> Story:
    """A story told by a source of each country."""
    return make_story(told_by=tuple(make_article(country=country, text=text, **fields) for country in countries))


def let_minutes_pass(seconds: float = AT_MOST_EVERY.total_seconds()) -> None:
    for kept in KeptComparison.objects.all():
        KeptComparison.objects.filter(pk=kept.pk).update(tried_at=kept.tried_at - timedelta(seconds=seconds))


def test_what_is_kept_comes_back_as_it_was():
    told = [telling(f"He said {SAID}, and 1,200 people fled Kyiv.", country) for country in ("GB", "FR", "DE", "IT")]
    story = make_told("GB", "FR")
    made = whole.compare([*told, telling("In Kiev 900 people fled.", "RU")], now=NOON)
    KeptComparison.objects.create(
        story=story, version=story.version, shape=present_shape(), data=written(made), made_at=hours(1), tried_at=NOON
    )

    kept = comparison_of(story)

    assert kept.comparison == made
    assert made.quotes
    assert (kept.version, kept.made_at, kept.is_current) == (story.version, hours(1), True)
    assert comparison_of(make_told("GB", "FR")) is None


def test_a_story_of_two_sources_is_compared_once_until_it_grows():
    story, lonely = make_told("GB", "FR"), make_told("GB")

    assert (compare_grown(), compare_grown()) == (1, 0)
    assert comparison_of(lonely) is None
    kept = comparison_of(story)
    assert [column.country for column in kept.comparison.columns] == ["FR", "GB"]
    assert kept.comparison.quotes[0].text == SAID[1:-1]

    make_article(country="IN", story=story)
    Story.objects.filter(pk=story.pk).update(version=2)
    story.refresh_from_db()
    assert not comparison_of(story).is_current
    assert compare_grown() == 0, "it was compared a moment ago"
    let_minutes_pass()
    assert compare_grown() == 1
    assert (comparison_of(story).is_current, comparison_of(story).comparison.story.countries) == (True, 3)


def test_the_newest_and_largest_come_first():
    old = make_told("GB", "FR", "DE", minutes_ago=300)
    small, large = make_told("GB", "FR"), make_told("GB", "FR", "DE")

    assert compare_grown(limit=1) == 1
    assert set(KeptComparison.objects.values_list("story", flat=True)) == {large.pk}
    compare_grown(limit=1)
    assert set(KeptComparison.objects.values_list("story", flat=True)) == {large.pk, small.pk}
    assert comparison_of(old) is None


def test_a_story_that_hardly_grows_is_compared_by_the_other_task():
    story = make_told("GB", "FR", minutes_ago=60 * 24 * 20)

    assert (compare_grown(), compare_older()) == (0, 1)
    assert comparison_of(story).is_current


def test_after_a_day_a_story_is_compared_once_more_for_who_is_silent():
    make_told("GB", "FR", minutes_ago=60 * 25)
    compare_grown()
    let_minutes_pass()
    assert compare_grown() == 0
    KeptComparison.objects.update(made_at=database_now() - timedelta(hours=2))
    assert compare_grown() == 1


def test_a_story_that_fails_costs_no_other_and_is_tried_again_ever_later(monkeypatch):
    bad, good = make_told("GB", "FR", "DE"), make_told("GB", "FR")
    compare = comparing_stories.compare

    def fail(tellings, **fields):
        if len(tellings) == 3:
            raise ValueError("a text like no other")
        return compare(tellings, **fields)

    monkeypatch.setattr(comparing_stories, "compare", fail)
    assert compare_grown() == 2
    assert comparison_of(good)
    kept = KeptComparison.objects.get(story=bad)
    assert (kept.failure_count, kept.made_at) == (1, None)
    assert "a text like no other" in kept.error

    let_minutes_pass()
    assert compare_grown() == 0, "after a failure it waits twice as long"
    let_minutes_pass()
    monkeypatch.undo()
    assert compare_grown() == 1
    assert comparison_of(bad)
    assert KeptComparison.objects.get(story=bad).error == ""


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_compare_the_same_story(monkeypatch):
    make_told("GB", "FR")
    looked, together = [], threading.Barrier(2)
    keep = keep_comparison_of

    def note(story, now):
        together.wait(timeout=120)
        looked.append(keep(story, now))
        return looked[-1]

    monkeypatch.setattr(comparing_stories, "keep_comparison_of", note)

    at_once(compare_grown, compare_grown)

    assert sorted(looked) == [False, True]


def test_what_is_forgotten_while_it_is_made_is_not_kept(monkeypatch):
    story = make_told("GB", "FR")
    tellings_of = comparing_stories.tellings_of

    def forgotten(told):
        forget([told.pk])
        return tellings_of(told)

    monkeypatch.setattr(comparing_stories, "tellings_of", forgotten)
    compare_grown()

    assert not KeptComparison.objects.exists()
    assert comparison_of(story) is None


@pytest.mark.parametrize("method", ADDED_SINCE)
def test_what_an_earlier_method_made_is_shown_as_far_as_it_goes_until_it_is_made_anew(method):
    story = make_told("GB", "FR", text=f"The mayor told Reuters {SAID}.")
    compare_grown()
    kept = KeptComparison.objects.get()
    without, fields = ADDED_SINCE[method], json.loads(kept.data)
    kept.data = json.dumps(fields[: len(fields) - len(without)])
    kept.shape = shape(method, without)
    kept.save()

    shown = comparison_of(story)
    assert (shown.is_current, len(shown.comparison.origins)) == (False, 0 if "origins" in without else 1)
    assert shown.comparison.quotes[0].text == SAID[1:-1]
    let_minutes_pass()
    assert compare_grown() == 1
    assert comparison_of(story).comparison.origins[0].text == "Reuters"


def test_code_with_other_fields_reads_no_older_row_and_makes_it_anew():
    story = make_told("GB", "FR")
    compare_grown()
    KeptComparison.objects.update(shape=1)
    let_minutes_pass()

    assert comparison_of(story) is None
    assert compare_grown() == 1
    assert comparison_of(story)


def test_a_site_that_shows_less_from_now_on_shows_no_comparison_of_before(settings):
    story = make_told("GB", "FR")
    compare_grown()
    settings.ZIS_DISPLAY = "headline"

    assert comparison_of(story) is None


@pytest.mark.parametrize(
    ("policy", "page", "snippet", "shown"),
    [
        ("", "full_text", None, 100),
        ("excerpt", "full_text", None, 60),
        ("", "excerpt", None, 60),
        ("headline", "full_text", None, 0),
        ("", "headline", None, 0),
        ("excerpt", "excerpt", 20, 3),
        ("full_text", "excerpt", 0, 0),
    ],
)
def test_no_more_of_a_text_is_compared_than_its_page_may_show(policy, page, snippet, shown):
    article = make_article(
        source=make_source(display_policy=policy), text="words " * 100, page_display=page, max_snippet=snippet
    )
    vars(article)["opening"] = article.text  # as its query annotates it

    assert shown_text(article).count("words") == shown


def test_a_sentence_of_a_source_that_shows_headlines_only_stands_in_no_comparison():
    secret = "Nobody but its readers shall know of 1,234,567 cracks"
    text = f"The mayor said {SAID}. {secret}, said Jean Dupont. Dupont left."
    quiet = make_article(source=make_source(country="RU", display_policy="headline"), title="Falls", text=text)
    others = [make_article(country=country, text=f"She heard {SAID}.") for country in ("GB", "FR", "DE", "IT")]
    make_story(told_by=(quiet, *others))
    compare_grown()

    data = KeptComparison.objects.get().data
    assert "Falls" in data
    assert "cracks" not in data
    assert "Dupont" not in data


def test_sources_of_one_name_are_told_apart():
    assert names_apart({(2, "Times", "IN"), (1, "Times", "GB"), (3, "Times", "IN"), (4, "Post", "US")}) == {
        1: "Times", 2: "Times (IN)", 3: "Times (3)", 4: "Post",
    }  # fmt: skip


def test_a_story_costs_as_many_queries_with_many_articles_as_with_few(django_assert_max_num_queries):
    story = make_told(*["GB", "FR", "DE", "IN"] * 10)

    with django_assert_max_num_queries(2):
        tellings, sources = tellings_of(story)
    assert (len(tellings), len(sources)) == (40, 40)


def test_when_less_of_a_source_may_be_shown_what_it_said_is_shown_no_more(django_capture_on_commit_callbacks):
    story, other = make_told("GB", "FR"), make_told("GB", "FR")
    compare_grown()
    source = story.articles.first().source
    source.crawl_delay_seconds = 3
    source.save()
    assert comparison_of(story)

    source.display_policy = "headline"
    with django_capture_on_commit_callbacks(execute=True):
        source.save()

    assert comparison_of(story) is None
    assert comparison_of(other)
    other.articles.first().source.delete()
    assert comparison_of(other) is None


def test_nothing_that_pages_load_can_compute_a_comparison(clean_environment):
    code = (
        "from zisnews.wsgi import application; from django.urls import get_resolver; get_resolver()._populate();"
        "import aggregator.kept_comparisons, aggregator.story_data, sys; print(*sys.modules)"
    )
    environment = clean_environment(SECRET_KEY="x" * 50, DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    done = subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True)

    loaded = set(done.stdout.split())
    assert "aggregator.comparing.sections" in loaded
    modules = {f"aggregator.comparing.{path.stem}" for path in Path(whole.__file__).parent.glob("*.py")}
    light = {f"aggregator.comparing.{name}" for name in "sections spelling veiling silent tellings".split()}
    assert sorted(loaded & (modules - light | {"aggregator.comparing_stories"})) == []
