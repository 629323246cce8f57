"""How much sources and countries tell, and the profile of a source that is made of it."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.preferences import Preferences
from aggregator.models import Article
from aggregator.output import articles_per_day, most_told_of, rhythm_of, subjects_of, told_today
from feeds.models import Source
from tests.factories import make_article, make_source, make_story

pytestmark = pytest.mark.django_db


def test_a_blocked_word_does_not_count_for_its_country():
    make_article(country="FR", title="Football final")
    make_article(country="FR", title="Harvest")
    now = timezone.now()

    assert told_today(Preferences(), now) == {"FR": 2}
    assert told_today(Preferences(blocked="'football'"), now) == {"FR": 1}


def test_counts_are_right_without_the_cache():
    make_article(country="FR")
    told_today(Preferences(), timezone.now())
    make_article(country="FR")
    cache.clear()

    assert told_today(Preferences(), timezone.now()) == {"FR": 2}


def test_articles_per_day_are_spread_over_the_days_we_read_a_source():
    now = timezone.now()
    new, old = make_source(), make_source()
    Source.objects.filter(pk=old.pk).update(added_at=now - timedelta(days=90))
    for days_ago in (0.5, 1, 2):
        make_article(source=new, minutes_ago=days_ago * 24 * 60)
        make_article(source=old, minutes_ago=days_ago * 24 * 60)

    rates = articles_per_day(Source.objects.all(), now)

    assert rates[new.pk] == pytest.approx(1.5, abs=0.01) and rates[old.pk] == pytest.approx(3 / 7, abs=0.01)


def test_the_rhythm_is_told_on_the_readers_clock():
    source = make_source()
    noon = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=2)
    make_article(source=source, published_at=noon)

    in_yerevan = rhythm_of(source, ZoneInfo("Asia/Yerevan"), 1.0, timezone.now())

    assert in_yerevan.hours[16] == 1 and sum(in_yerevan.hours) == 1
    assert in_yerevan.weekdays[noon.weekday()] == 1 and in_yerevan.is_known


def test_what_a_source_writes_about_stands_with_its_share():
    source = make_source()
    for category in ("science", "science", "science", "sports"):
        make_article(source=source, category=category)

    assert subjects_of(source, 1.0, timezone.now()) == [("science", 0.75), ("sports", 0.25)]


def test_the_most_told_stories_of_a_source_are_those_of_most_countries_each_once():
    source = make_source(country="FR")
    wide, other = make_article(source=source, title="Wide"), make_article(source=source, title="Wide again")
    narrow = make_article(source=source, title="Narrow")
    make_story(told_by=(narrow, make_article(country="DE")))
    make_story(told_by=(wide, other, make_article(country="DE"), make_article(country="IT")))
    make_article(source=source, title="Alone")

    newest_of_wide = max(wide, other, key=lambda article: (article.published_at, article.pk))
    assert most_told_of(source, Preferences(), timezone.now()) == [newest_of_wide.pk, narrow.pk]
    assert most_told_of(source, Preferences(blocked="'narrow'"), timezone.now()) == [newest_of_wide.pk]


def test_a_profile_says_who_owns_a_source_and_which_register_says_so(client):
    make_source(
        slug="aravot", owner="Aravot Daily LLC", owner_register="State Register of Armenia",
        owner_register_url="https://register.example/aravot",
    )  # fmt: skip
    make_source(slug="other")

    page = client.get("/source/aravot/").content.decode()

    assert "Aravot Daily LLC" in page and '<a href="https://register.example/aravot"' in page
    assert "not looked up yet" in client.get("/source/other/").content.decode()


def test_an_owner_without_a_register_is_refused():
    source = make_source()
    source.owner = "Somebody"

    with pytest.raises(Exception, match="Name the register that says who owns it"):
        source.full_clean()


def test_a_profile_costs_few_queries(client, django_assert_max_num_queries):
    source = make_source(slug="aravot")
    for number in range(20):
        make_story(told_by=(make_article(source=source, minutes_ago=number), make_article(country="DE")))

    with django_assert_max_num_queries(9):
        page = client.get("/source/aravot/").content.decode()

    assert "Its most told stories" in page and "By hour of the day" in page


def test_the_directory_goes_by_name_whatever_the_case_and_is_searched_by_words(client):
    for name in ("Аравот", "the Zebra", "Äther Post", "alpha Post"):
        make_source(name=name)

    names = [source.name for source, _rate in client.get("/source/").context["sources"]]
    found = [source.name for source, _rate in client.get("/source/?q=post alpha").context["sources"]]

    assert names == ["alpha Post", "the Zebra", "Äther Post", "Аравот"] and found == ["alpha Post"]


def test_the_pages_of_the_directory_hold_every_source_once(client, monkeypatch):
    monkeypatch.setattr("aggregator.views.sources.SOURCES_PER_PAGE", 3)
    for number in range(7):
        make_source(name="Same name", slug=f"s{number}")
    seen, after = [], ""

    while True:
        page = client.get("/source/", {"after": after} if after else {}).context
        seen += [source.slug for source, _rate in page["sources"]]
        after = page["page"].next
        if not after:
            break

    assert sorted(seen) == [f"s{number}" for number in range(7)]


def test_older_pages_of_a_source_show_its_articles_alone(client):
    source = make_source(slug="aravot")
    for number in range(31):
        make_article(source=source, minutes_ago=number)
    after = client.get("/source/aravot/").context["listing"].page.next

    page = client.get("/source/aravot/", {"after": after})

    assert len(page.context["articles"]) == 1 and "By hour of the day" not in page.content.decode()
    assert Article.objects.count() == 31
