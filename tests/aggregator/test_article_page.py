"""What stands around the text of an article: times, tools, reasons, neighbours. And what stands where there is none."""

import pytest
from django.utils import timezone

from accounts.preferences import Preferences
from aggregator.models import Article
from aggregator.templatetags.reading import direction
from tests.factories import A_WEDNESDAY, make_article, make_source, make_story

pytestmark = pytest.mark.django_db

MOST_QUERIES = 15  # the article, tellings, three for related articles, two neighbours, headlines, the navigation


def page_of(client, article: Article) -> str:
    response = client.get(article.get_absolute_url())
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_sources_own_time_stands_beside_the_readers(client):
    client.cookies["tz"] = "Asia/Kolkata"

    page = page_of(client, make_article(source=make_source(country="RU"), published_at=A_WEDNESDAY))

    assert ">Jan 14, 2026 21:29 IST</time>" in page
    assert "own time: <bdi>Jan 14, 2026 18:59 MSK, Moscow</bdi>" in page


def test_a_source_with_the_readers_clock_has_no_second_time(client):
    client.cookies["tz"] = "Europe/Istanbul"

    page = page_of(client, make_article(source=make_source(country="RU"), published_at=A_WEDNESDAY))

    assert "own time" not in page


def test_the_sources_own_time_follows_its_summer(client):
    article = make_article(source=make_source(country="US"), published_at=A_WEDNESDAY.replace(month=7))

    assert "Jul 14, 2026 11:59 EDT, New York" in page_of(client, article)


@pytest.mark.parametrize(
    ("size", "smaller", "larger"),
    [
        ("small", "small", "medium"),
        ("medium", "small", "large"),
        ("largest", "larger", "largest"),
        ("?", "small", "large"),
    ],
)
def test_the_text_is_one_of_five_sizes(client, size, smaller, larger):
    client.cookies["text"] = size

    page = page_of(client, make_article(text="Words."))

    assert f'name="text" value="{smaller}"' in page and f'name="text" value="{larger}"' in page
    assert f'data-text="{size if size != "?" else "medium"}"' in page
    assert page.count('aria-disabled="true"') == (size in {"small", "largest"})


def test_a_size_is_remembered_without_javascript(client):
    article = make_article(text="Words.")

    answer = client.post("/preferences/", {"text": "larger", "next": article.get_absolute_url()})

    assert (answer.status_code, answer.headers["Location"]) == (303, article.get_absolute_url())
    assert 'data-text="larger"' in page_of(client, article)
    assert client.post("/preferences/", {"text": "gigantic"}).status_code == 400


def test_an_article_is_shared_by_plain_links_that_carry_headline_and_address(client):
    page = page_of(client, make_article(title="Fish & ships: 50% more?", slug="fish"))

    for start in ("mailto:?subject=", "https://wa.me/?text=", "https://t.me/share/url?url=", "https://x.com/intent/"):
        assert f'href="{start}' in page
    for place in ("facebook.com", "joinmastodon.org", "bsky.app"):
        assert place in page
    assert "Fish%20%26%20ships%3A%2050%25%20more%3F%20http%3A%2F%2Ftestserver%2Farticle%2F" in page


def test_views_are_shown_from_ten_on_as_people_write_numbers(client):
    article = make_article()
    for count, shown in ((9, False), (10, True), (1234, True)):
        Article.objects.update(view_count=count)
        assert (f"{count:,} views" in page_of(client, article)) == shown


@pytest.mark.parametrize(
    ("display", "reason", "told"),
    [
        ("headline", "The page asks that no part of its text be shown (nosnippet).", "no part of its text be shown"),
        ("headline", "The page asks … (max-snippet:0).", "no part of its text be shown"),
        ("excerpt", "The page asks that only an excerpt be shown (max-snippet:60).", "no more than the beginning"),
        (
            "excerpt",
            "… not free for everybody (isAccessibleForFree). … kept (noarchive).",
            "publisher&#x27;s subscribers",
        ),
        ("excerpt", "The publisher reserves text and data mining (TDMRep), so …", "use of its texts by machines"),
    ],
)
def test_a_page_that_asked_for_less_is_named_as_the_reason(client, display, reason, told):
    article = make_article(text="Words. " * 90, page_display=display, page_display_reason=reason)

    assert told in page_of(client, article)


def test_what_the_source_is_shown_as_by_our_choice_is_not_laid_at_the_pages_door(client):
    source = make_source(display_policy="headline")
    page = page_of(client, make_article(source=source, page_display="excerpt", page_display_reason="… (noarchive)."))

    assert "no more than the beginning" not in page and "How much we show, and why" in page


def test_an_excerpt_leads_to_the_rest_and_a_headline_has_no_empty_text(client):
    excerpt = make_article(source=make_source(name="RT", display_policy="excerpt"), text="Words. " * 90)
    headline = make_article(source=make_source(display_policy="headline"), text="Words.")

    assert "Read the rest at RT" in page_of(client, excerpt)
    page = page_of(client, headline)
    assert 'class="body' not in page and 'name="text"' not in page


@pytest.mark.parametrize(
    ("language", "expected"), [("ar", "rtl"), ("ur", "rtl"), ("en", "ltr"), ("ja", "ltr"), ("", "auto")]
)
def test_a_text_runs_as_its_language_is_written(client, language, expected):
    page = page_of(client, make_article(language=language, html="<p>BBC قالت</p>"))

    assert direction(language) == expected
    assert f'lang="{language}" dir="{expected}"><p>' in page


def test_the_neighbours_are_the_articles_of_the_same_source_before_and_after(client):
    source, now = make_source(), timezone.now()
    first, second, same_moment, fourth = (
        make_article(source=source, title=title, published_at=now.replace(minute=minute))
        for title, minute in (("First", 1), ("Second", 2), ("Same moment", 2), ("Fourth", 4))
    )
    make_article(title="Of another source", published_at=now.replace(minute=3))

    page = page_of(client, second)
    assert f'rel="prev" href="{first.get_absolute_url()}"' in page
    assert f'rel="next" href="{same_moment.get_absolute_url()}"' in page
    assert f'rel="next" href="{fourth.get_absolute_url()}"' in page_of(client, same_moment)
    assert 'rel="prev"' not in page_of(client, first) and 'rel="next"' not in page_of(client, fourth)


def test_a_neighbour_that_the_reader_does_not_want_is_passed_over(client, monkeypatch):
    source = make_source()
    make_article(source=source, title="Rain", minutes_ago=30)
    make_article(source=source, title="Football", minutes_ago=20)
    article = make_article(source=source, title="Snow", minutes_ago=10)
    monkeypatch.setattr("aggregator.views.articles.preferences_of", lambda request: Preferences(blocked="'football'"))

    page = page_of(client, article)

    assert "Rain" in page and "Football" not in page


def test_other_countries_are_named_beside_how_they_tell_it(client):
    ours, theirs = make_article(country="RU"), make_article(source=make_source(country="PL", name="Gazeta"))
    make_story(told_by=(ours, theirs))

    page = page_of(client, ours)

    said = '<b>Poland</b><span class="dot"> </span><bdi>Gazeta</bdi>'
    assert said in page and theirs.title in page


def test_an_address_without_words_leads_to_the_full_one(client):
    article = make_article()

    answer = client.get(f"/article/{article.pk}/")

    assert (answer.status_code, answer.headers["Location"]) == (302, article.get_absolute_url())


def test_where_there_is_no_article_the_page_says_so_and_how_long_they_stay(client, settings):
    settings.ZIS_RETENTION_DAYS = 90

    answer = client.get("/article/404404/lock-to-close/")

    assert answer.status_code == 404
    assert "There is no article here" in answer.content.decode() and "stay for 90 days" in answer.content.decode()
    assert client.get("/article/404404/").status_code == 404
    assert client.get(f"/article/{10**30}/x/").status_code == 404


def test_tags_stay_text(client):
    page = page_of(client, make_article(tags=["<i>talks</i>", 'a "quoted" one']))

    assert "&lt;i&gt;talks&lt;/i&gt;" in page and "<i>talks" not in page


def test_a_page_with_everything_costs_few_queries(client, django_assert_max_num_queries):
    source = make_source()
    told = tuple(make_article(source=source if iso == "GB" else None, country=iso) for iso in ("GB", "FR", "IN"))
    make_story(told_by=told, key_terms=["lock", "oberau"])
    for minutes in (1, 90):
        make_article(source=source, minutes_ago=minutes)
    Article.objects.filter(pk=told[0].pk).update(updated_at=timezone.now(), copy_of=told[1])

    with django_assert_max_num_queries(MOST_QUERIES):
        client.get(told[0].get_absolute_url())


def test_where_no_other_country_tells_it_the_countrys_other_sources_do(client):
    ours, neighbour = make_article(country="PL"), make_article(country="PL", title="As told next door")
    make_story(told_by=(ours, neighbour))

    assert "As told next door" in page_of(client, ours)


def test_of_a_country_one_article_stands_there_in_the_readers_language(client):
    ours = make_article(country="RU", title="Ours")
    for title, language, minutes in (("In English", "en", 50), ("Po polsku", "pl", 10), ("Older", "en", 90)):
        make_article(country="PL", title=title, language=language, minutes_ago=minutes)
    beside = make_article(country="RU", title="Beside us")
    make_story(told_by=tuple(Article.objects.all()))

    page = page_of(client, ours)
    assert "In English" in page and "Po polsku" not in page and "Older" not in page and beside.title not in page


def test_what_a_reader_rules_out_tells_nothing_elsewhere(client, monkeypatch):
    ours, football = make_article(country="RU", title="Ours"), make_article(country="PL", title="Football")
    make_story(told_by=(ours, football))
    monkeypatch.setattr("aggregator.views.articles.preferences_of", lambda request: Preferences(blocked="'football'"))

    assert "Football" not in page_of(client, ours)
