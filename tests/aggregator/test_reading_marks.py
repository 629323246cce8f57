"""What is read is marked on every list, for its reader alone."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import following
from aggregator import history, saving
from aggregator.models import Article, ReadUpTo
from aggregator.page_marks import articles_in
from aggregator.search import documents
from tests.factories import make_article, make_reader, make_source, make_story

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


def read(user, article) -> None:
    history.remember(user, article.pk, first_at=timezone.now(), at=timezone.now())


def read_titles(page) -> set[str]:
    """The headlines a page shows as read."""
    found = re.findall(
        r'class="(?:[\w-]+ )*headline read"[^>]*>(?:<a [^>]*>)?([^<]*)', re.sub("</?mark>", "", page.content.decode())
    )
    return {title.strip() for title in found}


def world():
    """Two stories of six articles each, told by four countries, enough for every kind of page."""
    articles: list[Article] = []
    for story in range(2):
        told = tuple(
            make_article(title=f"S{story} {country}", country=country, category="world", minutes_ago=10 * place + 5)
            for place, country in enumerate(("GB", "FR", "DE", "RU"))
        )
        make_story(told_by=told, category="world")
        articles += told
    documents.renew(articles)
    return articles


def pages_of(article) -> dict[str, str]:
    return {
        "front": "/",
        "latest": "/latest/",
        "category": "/category/world/",
        "category, newest": "/category/world/?tab=latest",
        "country": f"/country/{article.source.country_id.lower()}/",
        "source": f"/source/{article.source.slug}/",
        "story": article.story.get_absolute_url(),
        "search": f"/search/?q={article.title.split()[0]}&sort=date",
    }


def test_a_read_article_is_marked_on_every_page_that_lists_it_for_its_reader_alone(client):
    articles = world()
    user, article = make_reader(), articles[0]
    read(user, article)

    for name, address in pages_of(article).items():
        client.logout()
        assert read_titles(client.get(address)) == set(), name
        client.force_login(user)
        page = client.get(address)
        assert read_titles(page) == {article.title}, name
        assert re.findall(r'class="unseen"> · (\w+)<', page.content.decode()), name
        client.force_login(make_reader())
        assert read_titles(client.get(address)) == set(), name


def test_marks_cost_one_query_however_many_articles_a_page_has(client):
    articles = world()
    user = make_reader()
    for address in pages_of(articles[0]).values():
        counted = {}
        for who in ("nobody", "user"):
            client.logout()
            if who == "user":
                client.force_login(user)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            counted[who] = [one["sql"] for one in queries if "aggregator_visit" in one["sql"]]
        assert counted["nobody"] == [], address
        assert len(counted["user"]) == 1, address


def test_the_lists_on_an_articles_page_are_marked(client):
    articles = world()
    user = make_reader()
    read(user, articles[1])
    client.force_login(user)

    page = client.get(articles[0].get_absolute_url())

    assert read_titles(page) == {articles[1].title}


def test_every_article_a_page_was_given_is_found_wherever_it_stands():
    one, two, three = make_article(), make_article(), make_article()

    found = articles_in(Context({"a": [one, (two,)], "b": {"c": {"d": three}}, "words": "text", "n": 3}))

    assert {article.pk for article in found} == {one.pk, two.pk, three.pk}


def test_a_part_that_is_the_same_for_all_never_bears_a_mark(rf):
    user, article = make_reader(), make_article()
    read(user, article)
    request = rf.get("/")
    request.user = user
    page = Context({"request": request, "article": article, "user": user})
    part = Template(
        '{% load cards shared %}{% same_for_all article=article %}{% headline article "h2" %}{% endsame_for_all %}'
    )
    plain = Template('{% load cards %}{% headline article "h2" %}')

    assert "headline read" not in part.render(page)
    assert "headline read" in plain.render(page)


def test_being_through_with_a_list_marks_what_it_had_until_then_and_undo_takes_it_back(client):
    world()
    user = make_reader()
    client.force_login(user)
    page = client.get("/latest/")
    shown = {article.title for article in page.context["articles"]}
    assert read_titles(page) == set()
    moment = re.search(r'name="moment" value="([^"]+)"', page.content.decode())[1]

    undo = client.post(reverse("read_up_to"), {"scope": "all", "moment": moment}, headers=JSON).json()["undo"]
    assert read_titles(client.get("/latest/")) == shown
    make_article(title="Newer", minutes_ago=0.1)
    assert "Newer" not in read_titles(client.get("/latest/"))
    client.post(undo["url"], undo["fields"])

    assert read_titles(client.get("/latest/")) == set()
    assert not ReadUpTo.objects.exists()


@pytest.mark.parametrize("kind", ["category", "country", "source"])
def test_being_through_with_one_list_marks_its_articles_everywhere_and_no_others(client, kind):
    source = make_source(country="FR")
    inside = make_article(title="Inside", source=source, category="science", minutes_ago=30)
    make_article(title="Outside", country="GB", category="sports", minutes_ago=40)
    scope = {"category": "category:science", "country": "country:FR", "source": f"source:{source.slug}"}[kind]
    client.force_login(make_reader())

    client.post(reverse("read_up_to"), {"scope": scope, "moment": inside.published_at.isoformat()})

    assert read_titles(client.get("/latest/")) == {"Inside"}


def test_an_older_tab_does_not_take_back_what_a_newer_one_said(client):
    user, now = make_reader(), timezone.now()
    client.force_login(user)
    newer, older = now - timedelta(hours=1), now - timedelta(hours=5)

    for moment in (newer, older, older):
        client.post(reverse("read_up_to"), {"scope": "all", "moment": moment.isoformat()})

    assert ReadUpTo.objects.get().moment == newer


@pytest.mark.parametrize(
    "scope", ["", "everything", "category:nonsense", "country:XX", "source:", "source:nobody", "x:y"]
)
def test_there_is_no_such_list(client, scope):
    client.force_login(make_reader())

    assert client.post(reverse("read_up_to"), {"scope": scope, "moment": ""}).status_code == 400
    assert not ReadUpTo.objects.exists()


def test_no_list_is_read_before_it_was_written(client):
    client.force_login(make_reader())

    client.post(reverse("read_up_to"), {"scope": "all", "moment": "2999-01-01T00:00:00+00:00"})

    assert ReadUpTo.objects.get().moment <= timezone.now()


def test_readers_without_account_see_no_such_button_and_can_not_send_it(client):
    make_article()

    assert "Mark all read" not in client.get("/latest/").content.decode()
    assert client.post(reverse("read_up_to"), {"scope": "all"}).url.startswith(reverse("account_login"))


def test_a_card_says_what_was_saved_and_liked(client):
    user, article = make_reader(), make_article()
    saving.save(user, article.pk, timezone.now())
    client.force_login(user)
    client.post(reverse("reaction", args=[article.pk]), {"kind": "like"})

    page = client.get("/latest/").content.decode()

    assert re.search(r'name="saved" value="no"[^>]*aria-pressed="true"', page)
    assert re.search(r'name="kind" value="none"[^>]*aria-pressed="true"', page)
    assert '<span class="unseen"> like</span>' in page


def test_being_through_with_ones_own_list_marks_it_there_and_not_in_everybodys(client):
    user, article = make_reader(), make_article(title="Followed")
    following.follow(user, article.source, timezone.now())
    client.force_login(user)
    sent = re.search(r'name="scope" value="mine"><input type="hidden" name="moment" value="([^"]+)"', own_list(client))

    client.post(reverse("read_up_to"), {"scope": "mine", "moment": sent[1]})

    assert read_titles(client.get("/?feed=mine")) == {"Followed"}
    assert read_titles(client.get("/latest/")) == set()


def own_list(client) -> str:
    return client.get("/?feed=mine").content.decode()
