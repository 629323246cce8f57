"""The lists of stories: those most countries tell, and those of one side."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.preferences import Preferences
from aggregator.comparing_stories import compare_grown
from aggregator.models import Story, UsualTelling
from tests.factories import give_picture, make_article, make_feed, make_source, make_story

pytestmark = pytest.mark.django_db

QUERIES = 8


def tell(title: str, *countries: str, category: str = "world", **fields) -> Story:
    articles = tuple(
        make_article(title=f"{title}, told in {iso}", country=iso, category=category, minutes_ago=5 + n, **fields)
        for n, iso in enumerate(countries)
    )
    return make_story(told_by=articles, title=title, category=category)


def titles(page) -> list[str]:
    return [told.story.title for told in page.context["listing"].told]


@pytest.fixture
def hide_football(monkeypatch) -> None:
    """Every reader blocks one keyword."""
    monkeypatch.setattr("aggregator.lists.preferences_of", lambda request: Preferences(blocked="'football'"))


def test_the_stories_most_countries_tell_stand_first(client):
    tell("Two", "GB", "FR")
    tell("Four", "GB", "FR", "IN", "JP")
    tell("Two and many sources", "GB", "FR", "FR")

    assert titles(client.get("/stories/")) == ["Four", "Two and many sources", "Two"]


def test_a_story_of_one_country_stands_among_those_of_one_side_only(client):
    tell("Dam", "KZ", "KZ", "KZ")
    tell("Talks", "KZ", "RU", "RU")
    tell("Too few", "KZ", "KZ")

    assert titles(client.get("/stories/")) == ["Talks"]
    assert titles(client.get("/stories/?side=one")) == ["Dam"]


def test_stories_of_one_category(client):
    tell("Final", "GB", "FR", category="sports")
    tell("Talks", "GB", "FR", "IN", category="politics")

    assert titles(client.get("/stories/?category=sports")) == ["Final"]
    assert client.get("/stories/?category=gardening").status_code == 404


def test_a_story_nobody_added_to_for_two_days_is_not_told_now(client):
    Story.objects.filter(pk=tell("Old", "GB", "FR").pk).update(newest_at=timezone.now() - timedelta(hours=49))

    page = client.get("/stories/")

    assert titles(page) == []
    assert "No story of several countries yet" in page.content.decode()


def test_a_merged_story_stands_in_no_list(client):
    kept = tell("Kept", "GB", "FR")
    Story.objects.filter(pk=tell("Merged", "GB", "FR").pk).update(merged_into=kept)

    assert titles(client.get("/stories/")) == ["Kept"]


def test_a_row_tells_who_tells_the_story_and_since_when(client):
    story = tell("Talks", "RU", "RU", "PL")

    page = client.get("/stories/").content.decode()

    assert "2 countries · 3 sources · 3 articles" in page and "first reported" in page
    assert 'aria-label="Russia: 2 sources, Poland: 1 source"' in page
    assert "flags.svg#ru" in page and "flags.svg#pl" in page
    assert f'href="{story.get_absolute_url()}"' in page


def test_a_headline_in_the_language_of_the_page_stands_for_a_story(client):
    german = make_article(title="Gespräche", country="DE", language="de", minutes_ago=1)
    make_story(told_by=(german, make_article(title="Talks", country="GB", minutes_ago=60)))

    assert [told.article.title for told in client.get("/stories/").context["listing"].told] == ["Talks"]


def test_no_source_speaks_twice_in_a_row_where_another_can(client):
    loud = make_source(country="GB")
    for number in range(3):
        first = make_article(source=loud, title=f"Loud {number}", description="A picture and words win otherwise.")
        give_picture(first)
        make_story(told_by=(first, make_article(country="IE", title=f"Quiet {number}")))

    sources = [told.article.source for told in client.get("/stories/").context["listing"].told]

    assert len(sources) == 3 and sources[1] != loud and sources[0] == sources[2] == loud


def test_what_a_reader_blocked_stands_in_no_list_of_stories(client, hide_football):
    tell("Football final", "GB", "FR", "IN")
    half = (make_article(title="Football tonight", country="GB"), make_article(title="A match", country="FR"))
    make_story(told_by=half, title="A match")
    tell("Rain", "GB", "FR")

    page = client.get("/stories/")

    assert [told.article.title for told in page.context["listing"].told] == ["Rain, told in GB", "A match"]
    assert "Football" not in page.content.decode()
    assert "1 story hidden by your keywords" in page.content.decode()
    assert "Football" in client.get("/stories/?hidden=show").content.decode()


def test_a_story_goes_with_its_headline_or_with_more_than_half_of_its_articles(client, hide_football):
    others = [make_article(title=f"A match {number}", country=iso) for number, iso in enumerate(("FR", "IN", "GB"))]
    make_story(told_by=(make_article(title="Football tonight"), *others), title="Football tonight")
    mostly = [make_article(title=f"Football {number}", country=iso) for number, iso in enumerate(("GB", "FR", "IN"))]
    evening, out = make_article(title="An evening", country="JP"), make_article(title="Out")
    make_story(told_by=(evening, *mostly, out), title="Out")
    tell("Rain", "GB", "FR")

    for address in ("/stories/", "/"):
        page = client.get(address).content.decode()
        assert "Rain, told in" in page, address
        assert 'data-story="' in page
    told = client.get("/stories/").context["listing"]
    assert [one.story.title for one in told.told] == ["Rain"] and told.hidden == 2
    assert len(client.get("/stories/?hidden=show").context["listing"].told) == 3
    front = client.get("/").context["front"]
    assert [one.story.title for one in [front.lead, *front.top] if one.story] == ["Rain"]


def test_more_stories_begin_where_the_page_before_ended(client):
    expected = [tell(f"Story {n}", *["GB", "FR", "IN", "JP"][: 2 + n % 3]).pk for n in range(35)]

    first = client.get("/stories/")
    following = client.get("/stories/", {"after": first.context["listing"].page.next})

    rows = [told.story for page in (first, following) for told in page.context["listing"].told]
    assert sorted(story.pk for story in rows) == sorted(expected)
    assert [story.country_count for story in rows] == sorted((story.country_count for story in rows), reverse=True)
    assert following.context["listing"].page.next == ""


@pytest.mark.parametrize("after", ["x", "1~2", "1~2~3~4", "-1~2~3", "1~2~99999999999999999999", "²~1~1", "1~2~\0"])
def test_a_position_that_is_not_ours_is_refused(client, after):
    assert client.get("/stories/", {"after": after}).status_code == 400


@pytest.mark.parametrize("address", ["/stories/", "/stories/?side=one"])
def test_a_list_of_stories_costs_the_same_however_long_it_is(client, django_assert_num_queries, address):
    for count in (2, 12):
        for number in range(count):
            tell(f"Story {number}", "GB", "FR", "IN")
            tell(f"Dam {number}", "KZ", "KZ", "KZ")
        with django_assert_num_queries(QUERIES):
            client.get(address)


def test_the_fastest_growing_stand_first_with_how_many_sources_joined(client):
    old = [make_article(title=f"Talks {n}", country="GB", minutes_ago=600) for n in range(4)]
    make_story(told_by=(*old, make_article(title="Talks", minutes_ago=9), make_article(minutes_ago=8)), title="Talks")
    tell("Quake", "JP", "GB", "FR")
    tell("Slow", "GB", "FR")
    Story.objects.filter(title="Slow").update(newest_at=timezone.now() - timedelta(hours=5))
    repeated = make_source()
    make_story(
        told_by=tuple(make_article(source=repeated, minutes_ago=n) for n in (1, 2, 300)),
        title="One source",
        source_count=2,
    )

    page = client.get("/stories/?side=growing")

    assert titles(page)[:2] == ["Quake", "Talks"] and "One source" not in titles(page)
    assert "1 country · 6 sources · 6 articles, 2 more sources in 3 hours" in page.content.decode()
    assert "3 countries · 3 sources · 3 articles, all within 3 hours" in page.content.decode()
    in_arabic = client.get("/stories/?side=growing", headers={"accept-language": "ar"}).content.decode()
    assert "3 مقالات، كلها خلال 3 ساعات" in in_arabic and "مقالات, " not in in_arabic


def test_the_fastest_growing_are_paged_without_gap_or_double(client):
    for number in range(35):
        tell(f"Story {number}", *["GB", "FR", "IN", "JP"][: 2 + number % 3])

    first = client.get("/stories/?side=growing")
    following = client.get("/stories/", {"side": "growing", "after": first.context["listing"].page.next})

    assert len(titles(first)) == 30
    assert sorted(titles(first) + titles(following)) == sorted(f"Story {number}" for number in range(35))


def test_the_stories_of_a_country_are_looked_for_once_in_some_minutes_and_paged_by_key(
    client, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr("aggregator.told.PAGE_SIZE", 3)
    for number in range(7):
        tell(f"Story {number}", *("FR", "GB", "IN", "DE")[: 2 + number % 3])
    tell("Elsewhere", "GB", "IN")

    first = client.get("/stories/?country=fr")
    seen = titles(first)
    gone = Story.objects.get(title=seen[-1])  # the page after it begins where it stood
    Story.objects.filter(pk=gone.pk).update(merged_into=Story.objects.get(title="Elsewhere"))
    with django_assert_num_queries(QUERIES + 1):  # one for the name of the country
        client.get("/stories/?country=fr")
    page = first
    while after := page.context["listing"].page.next:
        page = client.get(f"/stories/?country=fr&after={after}")
        seen += titles(page)

    assert sorted(seen) == [f"Story {number}" for number in range(7)]
    counts = list(Story.objects.in_bulk().values())
    by_title = {story.title: story.country_count for story in counts}
    assert [by_title[title] for title in seen] == sorted((by_title[title] for title in seen), reverse=True)
    assert client.get("/stories/?country=fr&after=x").status_code == 400


def test_stories_that_a_country_tells(client):
    tell("Talks", "GB", "FR")
    tell("Final", "GB", "IN")
    tell("Dam", "KZ", "KZ", "KZ")
    tell("Bridge", "GB", "GB", "GB")

    assert titles(client.get("/stories/?country=fr")) == ["Talks"]
    assert titles(client.get("/stories/?side=one&country=kz")) == ["Dam"]
    assert titles(client.get("/stories/?side=growing&country=in")) == ["Final"]
    assert client.get("/stories/?country=qq").status_code == 404


def test_what_a_country_has_nothing_on_is_large_and_a_day_old(client):
    six = ("GB", "FR", "IN", "JP", "KZ", "DE")
    tell("Summit", *six)
    tell("Told by Spain too", *six, "ES")
    tell("Fresh", *six)
    tell("Small", "GB", "FR")
    Story.objects.exclude(title="Fresh").update(first_at=timezone.now() - timedelta(hours=30))
    for number in range(8):
        make_feed(source=make_source(country="ES", name=f"Diario {number}"), succeeded_at=timezone.now())

    page = client.get("/stories/?side=silent&country=es")
    countries = client.get("/stories/?side=silent").context["silent"]

    assert titles(page) == ["Summit"] and "8 sources of Spain were asked" in page.content.decode()
    assert [(one.country, one.polled, one.missing, one.of) for one in countries] == [("ES", 8, 1, 2)]
    assert "censor" not in page.content.decode().lower()


def test_what_a_country_usually_tells_stands_beside_its_silence_as_on_the_storys_page(client):
    told = [make_article(country=iso, minutes_ago=60 * 30) for iso in ("GB", "FR", "IN", "JP", "KZ", "DE")]
    story = make_story(told_by=tuple(told), category="world")
    usual = {"category_id": "world", "size": 5, "stories": 40, "since": timezone.now() - timedelta(days=60)}
    UsualTelling.objects.create(country_id="ES", telling=[5] * 40, counted_at=timezone.now(), **usual)
    for number in range(8):
        make_feed(source=make_source(country="ES", name=f"Diario {number}"), succeeded_at=timezone.now())

    before = client.get("/stories/?side=silent&country=es").content.decode()
    compare_grown()
    after = client.get("/stories/?side=silent&country=es").content.decode()

    assert "Spain had something on 40 of 40 stories like this." in before
    said = "0 of 8 polled sources · usually 5 sources tell a story like this (counted over 40 stories)"
    assert f"Spain: {said}. Nothing at all would be expected of fewer than one such story in a hundred." in after
    assert said in client.get(story.get_absolute_url()).content.decode()


def test_a_headline_that_a_curator_pinned_stands_in_the_list_too(client, monkeypatch):
    Story.objects.filter(pk=tell("Bridge", "GB", "FR").pk).update(title="Football bridge", is_title_pinned=True)

    shown = client.get("/stories/").content.decode()
    monkeypatch.setattr("aggregator.lists.preferences_of", lambda request: Preferences(blocked="'football'"))
    hidden = client.get("/stories/?country=gb").content.decode()

    assert ">Football bridge</a>" in shown
    assert "Football bridge" not in hidden
