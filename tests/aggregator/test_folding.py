"""One row for each story in lists."""

import pytest

from tests.factories import make_article, make_story

pytestmark = pytest.mark.django_db


def test_further_articles_of_a_story_fold_under_its_first_and_lead_to_all(client):
    told = [make_article(title=f"Talks {n}", country=iso, minutes_ago=n) for n, iso in enumerate(("GB", "FR", "IN"), 1)]
    story = make_story(told_by=tuple(told), article_count=5)
    make_article(title="Rain", minutes_ago=2)

    page = client.get("/latest/").content.decode()
    rows = page.split('<ul class="rows">')[1]

    assert rows.count('<article class="row"') == 2 and rows.count("data-article=") == 4
    fold = rows.split('<details class="folded">')[1].split("</details>")[0]
    assert "2 more of this story" in fold and "Talks 2" in fold and "Talks 3" in fold and "Talks 1" not in fold
    assert f'href="{story.get_absolute_url()}?tab=all">Show all 5 articles of this story' in fold


def test_on_the_page_of_a_story_nothing_is_folded(client):
    story = make_story(told_by=(make_article(), make_article()))

    assert 'class="folded"' not in client.get(f"{story.get_absolute_url()}?tab=all").content.decode()


def test_a_list_is_cut_before_it_is_folded_and_asks_no_more_for_it(client, django_assert_max_num_queries):
    story = make_story(told_by=tuple(make_article(title=f"Talks {n}", minutes_ago=n) for n in range(1, 41)))

    with django_assert_max_num_queries(3):
        first = client.get("/latest/")
    following = client.get("/latest/", {"after": first.context["listing"].page.next})

    shown = [article.title for page in (first, following) for article in page.context["articles"]]
    assert shown == [f"Talks {n}" for n in range(1, 41)]
    assert first.content.decode().count(f'data-story="{story.pk}"') == 30


def test_the_strip_of_an_article_counts_the_countries_that_tell_its_story(client):
    article = make_article(title="Talks", country="GB")
    make_story(told_by=(article, make_article(country="FR"), make_article(country="FR")))

    strip = client.get(article.get_absolute_url()).content.decode().split('class="others"')[1].split("</section>")[0]

    assert "2 countries · 3 sources · 3 articles" in strip
    assert "flags.svg#fr" in strip and "<span>2</span>" in strip
    assert 'name="what" value="story"' in strip
