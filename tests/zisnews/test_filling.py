"""./zis manage fill: what it writes is what publishing would have written, and it spoils nobody's site."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Max, Min
from django.utils import timezone

from accounts.models import User
from accounts.preferences import Preferences
from aggregator.models import Article, SearchDocument, Story, StoryTerm
from aggregator.publishing import publish_ready
from feeds.models import Source
from tests.factories import make_article, make_entry, make_feed, make_source
from zisnews.bench.filling.calendar import Calendar
from zisnews.bench.filling.copying import Copier, reserved_ids
from zisnews.bench.filling.filling import FILLED
from zisnews.bench.filling.indexes import built_afterwards

pytestmark = pytest.mark.django_db


def fill(articles: int = 300, **options) -> None:
    call_command("fill", articles=articles, **{"sources": 120, "days": 3, "processes": 1, "no_search": False} | options)


def test_without_search_its_words_are_left_to_catching_up():
    fill(no_search=True)

    assert not SearchDocument.objects.exists()


def test_the_same_seed_gives_the_same_articles_and_another_seed_others():
    def fill_anew(**options) -> list[tuple]:
        Article.objects.all().delete()
        Story.objects.all().delete()
        Source.objects.all().delete()
        fill(100, **options)
        told = Article.objects.order_by("published_at", "pk")
        return list(told.values_list("title", "description", "text", "tags", "source__name", "story__title"))

    first = fill_anew(seed=7)

    assert fill_anew(seed=7) == first
    assert {row[0] for row in fill_anew(seed=8)}.isdisjoint(row[0] for row in first)


def test_filling_again_adds_other_articles_of_the_same_sources():
    fill(100)
    fill(100)

    assert Article.objects.count() == 200
    assert Source.objects.count() == 120
    assert Article.objects.values("title").distinct().count() > 195


def test_articles_spread_over_the_days_until_now():
    fill(days=4)

    ends = Article.objects.aggregate(first=Min("published_at"), last=Max("published_at"))
    now = datetime.now(UTC)
    assert timedelta(0) < now - ends["last"] < timedelta(hours=3)
    assert timedelta(days=3.8) < now - ends["first"] < timedelta(days=4.1)


def test_more_is_published_by_day_than_by_night_and_less_at_weekends():
    friday_midnight = datetime(2026, 1, 16, tzinfo=UTC)
    calendar = Calendar(friday_midnight + timedelta(days=3), days=7)

    moments = [calendar.at(number / 7000) for number in range(7001)]

    assert moments[0] == friday_midnight - timedelta(days=4)
    assert moments[-1] == friday_midnight + timedelta(days=3)
    assert moments == sorted(moments)
    hours = Counter(moment.hour for moment in moments)
    assert hours[13] > 2 * hours[1]
    days = Counter(moment.date() for moment in moments)
    assert days[datetime(2026, 1, 17).date()] < 0.8 * days[datetime(2026, 1, 16).date()]


def test_a_site_with_articles_of_real_sources_is_not_filled():
    make_article(source=make_source(name="The Real Times"))

    with pytest.raises(CommandError, match=r"The Real Times.*--data FOLDER.*--force"):
        fill()
    assert Article.objects.count() == 1

    fill(50, force=True)
    assert Article.objects.count() == 51


def test_a_site_that_only_knows_sources_may_be_filled():
    make_source()

    fill(20)

    assert Article.objects.count() == 20


@pytest.mark.parametrize("wrong", [{"articles": 0}, {"sources": 0}, {"days": 0}, {"users": -1}, {"keywords": -1}])
def test_impossible_amounts_are_wrong_usage(wrong):
    with pytest.raises(CommandError, match=f"--{next(iter(wrong))}") as refused:
        fill(**wrong)
    assert refused.value.returncode == 2


def test_accounts_have_names_and_a_password_only_where_one_is_given():
    fill(20, users=3)
    fill(20, users=2, password="of all readers")

    first, *_, last = User.objects.order_by("pk")
    assert User.objects.count() == 5
    assert first.display_name and not first.has_usable_password()
    assert authenticate(username=last.email, password="of all readers") == last


def test_accounts_block_words_that_hide_some_of_the_articles():
    fill(400, users=2, keywords=60)

    assert [reader.blocked_keywords.count() for reader in User.objects.all()] == [60, 60]
    for reader in User.objects.all():
        seen = Article.objects.visible_to(Preferences(blocked=reader.exclusions.blocked)).count()
        assert 0 < seen < 400


@pytest.mark.django_db(transaction=True)
def test_several_processes_write_at_once(capsys):
    fill(1200, days=2, processes=2)

    assert Article.objects.count() == 1200
    assert Article.objects.exclude(picture="").exists()
    assert re.search(r"1200 articles of 120 sources added to 0, over 2 days, in .* a second", capsys.readouterr().out)


def test_the_indexes_of_words_are_there_again_whatever_happens():
    def names() -> set[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT indexname FROM pg_indexes WHERE indexdef LIKE '%USING gin%'")
            return {name for (name,) in cursor.fetchall()}

    before = names()
    assert {"article_tokens", "search_document_words", "story_key_terms"} <= before

    with pytest.raises(ZeroDivisionError), built_afterwards(FILLED, is_worth_it=True):
        assert names().isdisjoint({"article_tokens", "search_document_words", "story_key_terms"})
        1 / 0  # noqa: B018

    assert names() == before
    with built_afterwards(FILLED, is_worth_it=False):
        assert names() == before


def test_what_is_copied_comes_back_as_it_was():
    make_article()
    stood = Story.objects.create(
        title="x", slug="x", category_id="general", first_at=datetime.now(UTC), newest_at=datetime.now(UTC)
    )
    odd = 'tab\t new\nline \\N back\\slash "quote" \r {brace}, 中文'
    profile, terms = {'a"b': 0.5, odd: 1.0}, [odd, "", "a,b", "NULL"]
    (pk,) = reserved_ids(Story, 1)
    fields = ("id", "title", "slug", "category", "first_at", "newest_at", "profile", "key_terms", "merged_into")

    Copier(Story, fields).copy([
        (pk, odd, "", "general", stood.first_at, stood.newest_at, profile, terms, None)
    ])  # fmt: skip

    story = Story.objects.get(pk=pk)
    assert (story.title, story.slug, story.merged_into) == (odd, "", None)
    assert (story.profile, story.key_terms) == (profile, terms)
    assert (story.first_at, story.article_count) == (stood.first_at, 0)


def test_articles_published_afterwards_join_the_stories_of_today_and_of_no_earlier_day():
    fill(400, days=12)
    today = Article.objects.filter(language="en", published_at__gte=timezone.now() - timedelta(days=1)).latest("pk")
    make_entry(
        feed=make_feed(source=make_source()), state="ready", title=today.title, published_at=timezone.now(),
    )  # fmt: skip

    publish_ready()

    assert Article.objects.latest("pk").story == today.story
    listed = set(StoryTerm.objects.values_list("story_id", flat=True))
    certain, possible = (
        set(Story.objects.filter(newest_at__gte=timezone.now() - timedelta(hours=hours)).values_list("pk", flat=True))
        for hours in (71, 73)
    )
    assert certain <= listed <= possible < set(Story.objects.values_list("pk", flat=True))
