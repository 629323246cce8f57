"""How an entry becomes an article."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aggregator.models import Article, DocumentFrequency, Story
from aggregator.publishing import Standing, drafts_of, publish_ready
from feeds.models import Entry, Feed
from tests.factories import A_WEDNESDAY, make_entry, make_feed, make_source, numbers

pytestmark = pytest.mark.django_db
TEXT = "The harbour council voted on Tuesday to close the old lock for repairs. " * 8


def page_of(url: str = "https://paper.example/news/1", **fields) -> dict:
    """What extraction leaves in Entry.page."""
    empty: dict = {
        "title": "", "author": "", "published_at": None, "language": "en", "image": None, "tags": [],
        "display": "full_text", "display_reason": "",
    }  # fmt: skip
    return empty | {"canonical_url": url, "text": TEXT, "html": f"<p>{TEXT}</p>"} | fields


def ready(**fields) -> Entry:
    return make_entry(state="ready", **fields)


def test_a_ready_entry_becomes_an_article_with_what_feed_and_page_know_best():
    ready(
        title="Old lock closes",
        description="Repairs until spring.",
        url="https://paper.example/news/1?utm_source=rss",
        categories=["Harbour"],
        page=page_of(
            author="Ada Quill",
            tags=["harbour", "Repairs"],
            image={"url": "https://paper.example/lock.jpg", "caption": "The lock", "credit": "B. Lens"},
        ),
    )

    report = publish_ready()

    article = Article.objects.get()
    assert (report.entries, report.articles_new, report.stories_new) == (1, 1, 1)
    assert (article.title, article.description, article.author) == (
        "Old lock closes", "Repairs until spring.", "Ada Quill",
    )  # fmt: skip
    assert article.url == "https://paper.example/news/1"
    assert article.tags == ["Harbour", "Repairs"]
    assert (article.picture_url, article.picture_caption, article.picture_credit) == (
        "https://paper.example/lock.jpg", "The lock", "B. Lens",
    )  # fmt: skip
    assert article.text == TEXT
    assert article.word_count > 90
    assert Entry.objects.get().state == "published"


def test_an_entry_without_a_page_is_published_with_what_the_feed_gave():
    ready(title="Short", description="All there is.", content_html="<p>All <b>there</b> is.<script>x()</script></p>")
    publish_ready()
    article = Article.objects.get()
    assert article.html == "<p>All <b>there</b> is.</p>"
    assert article.text == "All there is."


def test_the_feeds_own_text_is_taken_where_it_says_clearly_more_than_the_page():
    long = "<p>" + "Every word of the report is in the feed itself. " * 40 + "</p>"
    ready(content_html=long, page=page_of())
    publish_ready()
    assert "Every word of the report" in Article.objects.get().text


def test_the_same_page_announced_by_two_feeds_is_one_article():
    for _ in range(2):
        ready(url="https://paper.example/news/1", page=page_of())
    publish_ready()
    assert Article.objects.count() == 1
    assert not Entry.objects.exclude(state="published").exists()


def test_pages_that_all_name_one_canonical_address_stay_articles_of_their_own():
    feed = make_feed()
    for title in ("One", "Two", "Three"):
        ready(feed=feed, title=title, page=page_of("https://paper.example/all"))
    publish_ready()
    assert Article.objects.count() == 3


def test_a_re_titled_entry_renews_its_article_in_place():
    entry = ready(title="Talks begin", url="https://paper.example/news/1", page=page_of())
    publish_ready()
    before = Article.objects.get()
    Entry.objects.filter(pk=entry.pk).update(title="Talks fail", state="ready")

    report = publish_ready()

    article = Article.objects.get()
    assert (report.articles_new, article.pk, article.title) == (0, before.pk, "Talks fail")
    assert (article.published_at, article.text) == (before.published_at, before.text)
    assert article.updated_at is not None
    assert Article.objects.extra(where=["tokens @@ 'fail'::tsquery"]).exists()


def test_publishing_twice_changes_nothing():
    ready()
    publish_ready()
    assert publish_ready().entries == 0
    assert Article.objects.count() == 1


def test_an_entry_that_can_not_be_published_is_set_aside_with_the_reason_and_costs_no_other():
    ready(title="Broken", page={"canonical_url": "https://paper.example/x", "text": 17})
    ready(title="Whole", page=page_of("https://paper.example/whole"))

    publish_ready()

    assert list(Article.objects.values_list("title", flat=True)) == ["Whole"]
    refused = Entry.objects.get(state="refused")
    assert "our fault" in refused.read_error


@pytest.mark.parametrize(
    ("of_page", "of_feed", "of_source", "expected"),
    [("de", "en", "fr", "de"), ("", "en-GB", "fr", "en"), ("", "", "pt-BR", "pt")],
)
def test_the_language_is_the_pages_then_the_feeds_then_the_sources(of_page, of_feed, of_source, expected):
    feed = make_feed(source=make_source(language=of_source))
    ready(feed=feed, language=of_feed, page=page_of(language=of_page))
    publish_ready()
    assert Article.objects.get().language == expected


def test_a_time_the_feed_did_not_give_is_taken_from_the_page():
    told_at = A_WEDNESDAY - timedelta(hours=5)
    ready(published_at=A_WEDNESDAY, seen_at=A_WEDNESDAY, page=page_of(published_at=told_at.isoformat()))
    publish_ready()
    assert Article.objects.get().published_at == told_at


def test_what_the_page_allows_is_kept_beside_what_the_source_allows():
    feed = make_feed(source=make_source(display_policy="full_text"))
    ready(feed=feed, page=page_of(display="excerpt", display_reason="The page says noarchive."))
    publish_ready()
    assert Article.objects.get().display == "excerpt"


@pytest.mark.parametrize(
    ("source", "page", "shown"),
    [
        ("", "full_text", "full_text"),
        ("excerpt", "full_text", "excerpt"),
        ("full_text", "headline", "headline"),
        ("headline", "excerpt", "headline"),
    ],
)
def test_the_stricter_of_source_and_page_decides_what_is_shown(source, page, shown):
    ready(feed=make_feed(source=make_source(display_policy=source)), page=page_of(display=page))
    publish_ready()
    assert Article.objects.get().display == shown


def told_by(country: str, title: str, text: str, hours: float = 0) -> Entry:
    feed: Feed = make_feed(source=make_source(country=country))
    number = next(numbers)
    return ready(
        feed=feed,
        title=title,
        description=text,
        published_at=A_WEDNESDAY + timedelta(hours=hours),
        page=page_of(f"https://paper.example/{number}", text=text * 3, html=f"<p>{text * 3}</p>"),
    )


def test_articles_of_two_countries_about_one_event_are_one_story_and_another_event_is_not():
    for title, text in (
        ("Rain stops the regatta", "Sailors waited ashore as rain drenched the regatta at Cowes."),
        ("Bank keeps rates", "The central bank of Norland left its key rate unchanged at four percent."),
        ("New museum opens", "A museum of glass opened its doors in Venice to long queues."),
    ):
        told_by("IT", title, text)
    told_by("GB", "Ferry Aurora runs aground off Skerra", "The ferry Aurora ran aground off Skerra with 212 aboard.")
    told_by(
        "NO",
        "Aurora ferry aground near Skerra",
        "The Aurora, a ferry with 212 people aboard, struck rocks at Skerra.",
        2,
    )

    publish_ready()

    story = Story.objects.get(article_count=2)
    assert (story.source_count, story.country_count) == (2, 2)
    assert {article.source.country_id for article in story.articles.all()} == {"GB", "NO"}
    assert Story.objects.count() == 4


def test_the_same_words_a_month_later_are_another_story():
    told_by("GB", "Ferry Aurora runs aground off Skerra", "The ferry Aurora ran aground off Skerra with 212 aboard.")
    told_by(
        "GB",
        "Ferry Aurora runs aground off Skerra",
        "The ferry Aurora ran aground off Skerra with 212 aboard.",
        24 * 30,
    )
    publish_ready()
    assert Story.objects.count() == 2


def test_publishing_counts_in_how_many_articles_each_word_occurs():
    ready(title="Ferry aground", description="", page=None)
    ready(title="Ferry afloat", description="", page=None)
    publish_ready()
    counts = dict(DocumentFrequency.objects.values_list("term", "document_count"))
    assert (counts["ferry"], counts["aground"], counts[""]) == (2, 1, 2)


@pytest.mark.parametrize("title", ["", "\u200b\u200b", "\u202e", "\u0301\u0301"])
def test_an_entry_whose_headline_shows_nothing_takes_one_from_its_text_or_is_set_aside(title):
    ready(title=title, page=page_of(title="What the page says"))
    bare = ready(title=title, url="", description="", content_html="")

    publish_ready()

    assert Article.objects.get().title == "What the page says"
    bare.refresh_from_db()
    assert (bare.state, bare.read_error) == ("refused", "It has no headline, and no text to take one from.")


@pytest.mark.parametrize("title", ["🙂", "…", "漢", "ok"])
def test_a_headline_of_signs_alone_is_one(title):
    ready(title=title)
    publish_ready()
    assert Article.objects.get().title == title


def test_articles_are_looked_up_by_address_under_the_condition_of_the_index():
    """Postgres derives it from up to 100 addresses; for more it would read the whole table."""
    with CaptureQueriesContext(connection) as queries:
        Standing(list(drafts_of([make_entry(state="ready")])))
    by_address = next(query["sql"] for query in queries if '"url" IN' in query["sql"])
    assert """NOT ("aggregator_article"."url" = '')""" in by_address
