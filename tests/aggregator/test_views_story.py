"""The page of one story: its headline, its columns, who was first, and why it stands where it does."""

import gzip
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.preferences import Preferences
from aggregator.models import Article, Headline, Story, Storyline
from aggregator.templatetags.places import flags
from tests.aggregator.demo_stories import compared, told_in_the_demo
from tests.factories import make_article, make_source, make_story

pytestmark = pytest.mark.django_db

QUERIES = 5


def page_of(client: Client, story: Story, query: str = "") -> str:
    return client.get(story.get_absolute_url() + query).content.decode()


@pytest.fixture
def hide_football(monkeypatch) -> None:
    """Every reader blocks one keyword."""
    monkeypatch.setattr("aggregator.lists.preferences_of", lambda request: Preferences(blocked="'football'"))


def test_a_story_has_a_column_for_each_country(client):
    told = [make_article(country=iso, title=f"As told in {iso}") for iso in ("RU", "PL", "PL")]

    page = page_of(client, make_story(told_by=tuple(told)))

    assert page.index('id="pl"') < page.index('id="ru"')
    assert 'href="#pl" aria-label="Poland, 2 articles"' in page and 'href="#ru" aria-label="Russia, 1 article"' in page
    assert page.count("As told in PL") >= 2


def test_a_story_says_who_was_first(client):
    first = make_article(source=make_source(name="Politico"), published_at=datetime(2026, 1, 14, 18, 2, tzinfo=UTC))
    later = make_article(source=make_source(name="Later"), published_at=datetime(2026, 1, 15, 9, 0, tzinfo=UTC))

    page = page_of(client, make_story(told_by=(first, later)))

    said = page[page.index("First reported by") :]
    assert said.index("<bdi>Politico</bdi>") < said.index("Jan 14, 18:02") < said.index("</p>")


def test_a_story_without_its_words_in_the_address_leads_to_the_one_with_them(client):
    story = make_story(told_by=(make_article(), make_article()), title="Talks in Geneva")

    for address in (f"/story/{story.pk}/", f"/story/{story.pk}/old-words/"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/story/{story.pk}/talks-in-geneva/")


def test_what_was_asked_of_a_story_by_an_old_address_is_answered_at_the_present_one(client):
    story = make_story(told_by=(make_article(), make_article()), title="Talks in Geneva")

    answer = client.get(f"/story/{story.pk}/an-earlier-title/?tab=all")

    assert answer.headers["Location"] == f"/story/{story.pk}/talks-in-geneva/?tab=all"


def test_a_merged_story_leads_to_the_one_that_stands(client):
    standing = make_story(told_by=(make_article(), make_article()))
    between = make_story(merged_into=standing)
    merged = make_story(merged_into=between)

    for address in (merged.get_absolute_url(), f"/story/{merged.pk}/"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (302, standing.get_absolute_url())


def test_a_story_hidden_from_a_reader_does_not_give_its_headline_away(client, hide_football):
    story = make_story(told_by=(make_article(title="Football final"), make_article(title="Football night")))

    page = page_of(client, story)

    assert "Nothing left to show" in page and "Football" not in page
    assert "Your keywords and hidden sources hide every article of this story" in page
    assert "Football final" in page_of(client, story, "?hidden=show")


def test_a_story_partly_hidden_stands_under_a_headline_the_reader_may_see(client, hide_football):
    told = make_article(title="Football final", country="GB"), make_article(title="A quiet night", country="FR")

    for query in ("", "?tab=all", "?why"):
        page = page_of(client, make_story(told_by=told, title="Football final"), query)
        assert "A quiet night</h1>" in page
        assert "Football" not in page


def test_a_story_whose_articles_left_says_so(client):
    page = page_of(client, make_story(title="Long ago"))

    assert "Nothing left to show" in page and "no longer kept" in page and "Long ago" not in page


def test_the_headline_is_one_that_readers_of_the_page_can_read(client):
    german = make_article(title="Gespräche in Genf", country="DE", language="de", minutes_ago=50)
    english = make_article(title="Talks in Geneva", country="GB", minutes_ago=40)

    page = page_of(client, make_story(told_by=(german, english), title="Gespräche in Genf"))
    alone = page_of(client, make_story(told_by=(german,), title="Gespräche in Genf"))

    assert '<h1 lang="en" dir="auto">Talks in Geneva</h1>' in page
    assert '<h1 lang="de" dir="auto">Gespräche in Genf</h1>' in alone


def test_the_timeline_has_a_mark_for_each_source_and_says_the_same_as_a_list(client):
    paper = make_source(country="RU", name="First Paper")
    told = [make_article(source=paper, minutes_ago=90), make_article(source=paper, minutes_ago=10)]
    told.append(make_article(source=make_source(country="PL", name="Second Paper"), minutes_ago=50))

    page = page_of(client, make_story(told_by=tuple(told)))

    assert page.count("<circle") == 2 and page.count('class="first"') == 1
    assert 'aria-label="Who published when: 2 sources; First Paper reported first, Second Paper last.' in page
    drawn = page[page.index('<figure class="timeline">') :]
    listed = drawn[drawn.index("<details>") : drawn.index("</details>")]
    assert listed.index("First Paper") < listed.index("Second Paper") and listed.count("<li>") == 2
    assert f'href="{told[0].get_absolute_url()}"' in listed


def test_a_story_says_where_its_sources_have_it_from_with_their_sentences(client, hide_football):
    own = make_article(source=make_source(name="BBC News", country="GB"), title="Bridge closed", minutes_ago=90)
    told = [
        make_article(
            country="FR", title="Closed", text="The mayor told Reuters so. The BBC reported it.", minutes_ago=60
        ),
        make_article(country="DE", title="Football", text="According to Reuters it is closed.", minutes_ago=50),
    ]
    story = compared(make_story(told_by=(own, *told)))

    page = page_of(client, story)
    part = page[page.index('id="origins"') : page.index('id="countries"')]

    assert part.index(">Reuters</b>") < part.index("No report of its own") < part.index("named by 2 sources")
    assert "The mayor told <mark>Reuters</mark> so." in part and "According to" not in part
    assert "1 sentence hidden by your choices" in part
    bbc = part[part.index(">BBC</b>") :]
    assert bbc.index(own.get_absolute_url()) < bbc.index("named by 1 source<") < bbc.index("<mark>BBC</mark>")
    assert '<a href="#origins">' in page
    rows = client.get(f"/story/{story.pk}.csv").content.decode().splitlines()
    assert [row.split(",")[1:8] for row in rows if row.startswith("origin,")] == [
        ["1", "", "", "Reuters", "", "", ""], ["2", "", "", "BBC", "", "", ""]
    ]  # fmt: skip
    assert sum(row.startswith("origin: sentence,") for row in rows) == 3


def test_the_timeline_runs_from_right_to_left_where_text_does(client):
    story = make_story(told_by=(make_article(minutes_ago=90), make_article(minutes_ago=10)))

    rightwards = page_of(client, story)
    leftwards = client.get(story.get_absolute_url(), headers={"Accept-Language": "ar"}).content.decode()

    assert rightwards.index('cx="1.5%" cy="0" r=".34em" class="first"')
    assert leftwards.index('cx="98.5%" cy="0" r=".34em" class="first"')


def test_all_articles_of_a_long_story_are_listed_page_by_page(client):
    story = make_story(told_by=tuple(make_article(title=f"Report {n:02}", minutes_ago=n) for n in range(35)))

    first = client.get(story.get_absolute_url() + "?tab=all")
    second = client.get(story.get_absolute_url(), {"tab": "all", "after": first.context["listing"].page.next})

    listed = [article.title for page in (first, second) for article in page.context["articles"]]
    assert listed == [f"Report {n:02}" for n in range(35)]


def test_a_column_shows_its_newest_and_says_how_many_more_there_are(client):
    paper = make_source(country="GB")
    told = tuple(make_article(source=paper, title=f"Report {n:02}", minutes_ago=n) for n in range(8))

    page = page_of(client, make_story(told_by=told))

    assert "Report 04" in page and "Report 05</a></h4>" not in page and "and 3 more" in page


def test_why_tells_the_numbers_behind_a_storys_place(client):
    other = make_story(told_by=tuple(make_article(country=iso) for iso in ("GB", "FR", "IN", "JP")))
    story = make_story(told_by=(make_article(country="GB", minutes_ago=30), make_article(country="FR", minutes_ago=40)))
    Article.objects.filter(story=story).update(view_count=30, like_count=2, dislike_count=1, comment_count=2)

    page = page_of(client, story, "?why")
    first = page_of(client, other, "?why")

    assert "It stands in place 2 now." in page and "It stands in place 1 now." in first
    assert "2 countries, 2 sources" in page and "2 sources within its fastest three hours" in page
    assert "read 60 times, 6 likes and dislikes, 4 comments" in page
    assert "Why this story stands" not in page_of(client, story)


def test_why_tells_the_numbers_of_a_story_that_is_not_ranked(client):
    story = make_story(told_by=(make_article(minutes_ago=60 * 24 * 9),))
    Story.objects.filter(pk=story.pk).update(newest_at=timezone.now() - timedelta(days=9))

    assert "It is not among the first 60 now." in page_of(client, story, "?why")


def test_a_story_costs_the_same_however_many_tell_it(client, django_assert_num_queries):
    for count in (2, 9):
        told = tuple(
            make_article(country=iso) for iso in ("GB", "FR", "IN", "JP", "RU", "PL", "AZ", "US", "CA")[:count]
        )
        story = make_story(told_by=told)
        with django_assert_num_queries(QUERIES):
            client.get(story.get_absolute_url())


def test_a_story_the_whole_world_tells_stays_a_page_of_bearable_size(client):
    countries = [iso.upper() for iso in sorted(flags())][:80]
    told = tuple(
        make_article(
            country=iso, title=f"Told in {iso} again {n}", description="Some words of it. " * 20, minutes_ago=20 * n
        )
        for iso in countries
        for n in (1, 2, 3)
    )

    answer = client.get(make_story(told_by=told).get_absolute_url())

    assert answer.content.count(b'class="side"') == 80
    assert answer.content.count(b"<circle") == 100
    assert len(gzip.compress(answer.content)) < 40_000


def test_nothing_hostile_in_a_name_or_a_headline_becomes_markup(client):
    hostile = '"><script>alert(1)</script>'
    told = make_article(source=make_source(name=hostile), title=hostile, minutes_ago=90), make_article(country="FR")
    story = make_story(told_by=told, title=hostile)

    for address in (story.get_absolute_url() + "?why", story.get_absolute_url() + "?tab=all", "/stories/", "/"):
        assert "<script>alert" not in client.get(address).content.decode()


def part(page: str, name: str) -> str:
    """The section of this id."""
    begin = page.index(f'id="{name}"')
    return page[begin : page.index("</section>\n", page.index('class="how"', begin))]


def test_a_story_shows_how_its_sides_differ_each_figure_with_its_sentences(client):
    page = page_of(client, told_in_the_demo("accelerator-export-rule"))

    heads = ["countries", "words", "quotes", "speakers", "only", "numbers", "copied"]
    assert sorted(heads, key=lambda name: page.index(f'<section class="finding" id="{name}"')) == heads
    assert all(f'href="#{name}"' in page[: page.index('id="countries"')] for name in heads)
    assert page.count("How is this computed?") == len(heads)
    loophole = part(page, "words")
    loophole = loophole[loophole.index(">loophole</b>") :]
    assert "5 sentences · 2 sources · 0 elsewhere</summary>" in loophole
    assert "shuts a <mark>loophole</mark> through which" in loophole[: loophole.index("</details>")]
    quoted = part(page, "quotes")
    assert "This is a fence with gates, not a wall</blockquote>" in quoted
    assert '<del><span class="unseen">left out: </span>This is</del> a fence with gates' in quoted
    spoken = part(page, "speakers")
    assert ">Darlene Fitch</b>" in spoken and "15 words · 1 sentence</summary>" in spoken
    only = part(page, "only")
    assert ">11 inspectors</b>" in only and "2 of 2 sources · 0 of 8 elsewhere" in only
    numbers = part(page, "numbers")
    assert "sold to <mark>42</mark> countries" in numbers and ">Japan</li>" in numbers
    copied = part(page, "copied")
    assert copied.index("Potomac Chronicle") < copied.index("Gulf Beacon") < copied.index("96%")
    assert "Compared " in page and ".json" in page and ".csv" in page


def test_no_word_of_a_hidden_article_is_on_the_page_yet_it_counts(client, monkeypatch):
    story = told_in_the_demo("accelerator-export-rule")
    monkeypatch.setattr(
        "aggregator.lists.preferences_of", lambda request: Preferences(blocked="'illinoi' | 'illinois'")
    )

    whole, page = page_of(client, story, "?hidden=show"), page_of(client, story)

    for words in ("I am for national", "opens a waiting line", "let designers stop one step"):
        assert words in whole and words not in page
    assert "5 sentences · 2 sources · 0 elsewhere</summary>" in page and "sentence hidden by your choices" in page
    assert 'href="#us" aria-label="United States, 3 articles"' in page and 'data-collapsed="1"' in page


def test_two_countries_stand_next_to_one_another(client):
    story = told_in_the_demo("accelerator-export-rule")

    page = page_of(client, story, "?a=us&b=KR")

    assert '<option value="us" selected>United States</option>' in page
    assert '<option value="kr" selected>South Korea</option>' in page
    for words in ("Who tells it, and since when", "Headlines", "How each side words it", "Same quote", "Only here"):
        assert f"{words}" in page[page.index('class="filters"') :]
    assert page.count('<h3 class="whose">') % 2 == 0 and "For one quarter it will look like a gift" in page
    assert "Nagoya" not in page and 'class="jumps"' not in page
    assert "Numbers differ" not in page_of(client, story, "?a=us&b=in")
    assert "Numbers differ" in page_of(client, story, "?a=us&b=jp")
    copied = page_of(client, story, "?a=us&b=ae")
    assert "United Arab Emirates: 1 source, which quotes nobody by name in a text of its own" in copied
    assert "United Arab Emirates: 1 source, whose numbers, names and quotations other countries have too" in copied
    for query in ("?a=US&b=US", "?a=US", "?a=XX&b=KR"):
        assert "Choose two different countries" in page_of(client, story, query)


def test_a_comparison_older_than_the_story_says_of_when_it_is(client):
    story = told_in_the_demo("zarsu-dam")
    before = page_of(client, story)
    Story.objects.filter(pk=story.pk).update(version=story.version + 1)

    after = page_of(client, story)

    assert "As of" not in before and "As of" in after and "with 6 articles" in after
    assert 'id="quotes"' in after


def test_a_story_that_is_not_compared_yet_says_so_calmly(client):
    page = page_of(client, make_story(told_by=(make_article(country="GB"), make_article(country="FR"))))

    assert "is worked out in the background" in page and "How is this computed?" not in page


def test_a_changed_headline_stands_with_those_before_it(client):
    now = timezone.now()
    article = make_article(title="Bridge reopens", country="GB", updated_at=now)
    Headline.objects.create(article=article, title="Bridge closed", seen_at=article.seen_at, replaced_at=now)

    page = page_of(client, make_story(told_by=(article, make_article(country="FR"))))

    assert page.index("1 earlier headline</summary>") < page.index("Bridge closed</li>")


def test_the_events_of_a_longer_story_are_told_in_order_but_not_what_a_reader_hides(client, monkeypatch):
    line = Storyline.objects.create(first_at=timezone.now(), newest_at=timezone.now())
    _, story, _ = (
        make_story(told_by=(make_article(title=title, minutes_ago=age),), storyline=line)
        for title, age in (("Football final", 3000), ("The inquiry", 1500), ("The verdict", 10))
    )

    page = page_of(client, story)
    assert page.index("Football final</a>") < page.index("This event") < page.index("The verdict</a>")

    monkeypatch.setattr("aggregator.lists.preferences_of", lambda request: Preferences(blocked="'football'"))
    page = page_of(client, story)
    assert "Football" not in page and "football" not in page
    assert page.index("Hidden by your choices</a>") < page.index("The verdict</a>")


def test_the_headline_is_of_the_article_nearest_the_centre_unless_a_curator_wrote_one(client):
    told = tuple(
        make_article(country=iso, title=title, text=text, minutes_ago=age)
        for iso, title, text, age in (
            ("GB", "What a day", "A bridge fell in Genoa and the mayor wept.", 90),
            ("FR", "Bridge falls in Genoa", "The Morandi bridge in Genoa fell; the mayor of Genoa wept.", 80),
            ("IT", "Genoa bridge falls", "In Genoa the Morandi bridge fell.", 70),
        )
    )
    story = compared(make_story(told_by=told, title="What a day"))

    assert "What a day</h1>" not in page_of(client, story)
    Story.objects.filter(pk=story.pk).update(title="The bridge of Genoa", is_title_pinned=True)
    assert "The bridge of Genoa</h1>" in page_of(client, story)


def own_words(iso: str) -> str:
    """Two hundred letters that no other country's texts have, so that none is a copy."""
    return " ".join(f"{iso.lower()}w{n} told" for n in range(25)) + "."


def test_of_many_sides_the_page_shows_the_first_and_leads_to_each_section_in_full(client):
    said = "“We will open the gate at dawn and let every boat pass before noon,” said Anna Keller."
    told = tuple(
        make_article(country=iso, text=f"{own_words(iso)} {said} They counted {110 * 2**n} lanterns. {own_words(iso)}")
        for n, iso in enumerate(sorted(flag.upper() for flag in flags() if len(flag) == 2)[:15])
    )
    story = compared(make_story(told_by=told))

    page = page_of(client, story)

    assert part(page, "quotes").count('class="by"') == 6 and "and 9 more</span>" in part(page, "quotes")
    assert part(page, "only").count('class="side"') == 12
    assert '3 more countries<span class="dot"> </span><a class="more" href="?tab=only">' in part(page, "only")
    quotes, first, second = (page_of(client, story, f"?tab={asked}") for asked in ("quotes", "only", "only&after=12"))
    assert quotes.count('class="by"') == 15 and "In full, with" not in quotes
    assert first.count('class="side"') == 12 and 'rel="next" href="?tab=only&amp;after=12"' in first
    assert second.count('class="side"') == 3 and 'rel="next"' not in second
    for beyond in ("15", "x", "1~2", "-1"):
        assert client.get(f"{story.get_absolute_url()}?tab=only&after={beyond}").status_code == 400
    assert 'id="countries"' in page_of(client, story, "?tab=numbers")  # a section that it has not
