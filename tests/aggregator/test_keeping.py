"""What a page forbids us to show is not kept and not mined; what a curator does not want shown is kept."""

from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from aggregator.models import Article, SearchDocument
from aggregator.publishing import publish_ready
from aggregator.templatetags.reading import body
from feeds import reading
from feeds.clock import database_now
from feeds.keeping import EXCERPT_WORDS, kept_text
from feeds.models import Entry, Source
from tests.documents import PARAGRAPH, page
from tests.factories import make_article, make_entry

pytestmark = pytest.mark.django_db
PAGE = "https://paper.example/news/1"
LAST_WORDS = "the ferryman of Skerra waved goodbye"
TEXT = f"{PARAGRAPH}\n\n{PARAGRAPH[::-1].title()}\n\n{PARAGRAPH.upper()}\n\nAt last {LAST_WORDS}."
FEED_HTML = "".join(f"<p>{part}</p>" for part in TEXT.split("\n\n")) * 3
TDM = '<meta name="tdm-reservation" content="1">'
NOARCHIVE = '<meta name="robots" content="noarchive">'
PAID = '<meta property="article:content_tier" content="locked">'
NOSNIPPET = '<meta name="robots" content="nosnippet">'


def read_and_publish(web, head: str, **fields) -> Article:
    web[PAGE] = page("Lock to close", *TEXT.split("\n\n"), head=head)
    now = database_now()
    make_entry(url=PAGE, title="Lock to close", seen_at=now, read_after=now, **fields)
    reading.read_due_pages()
    held = Entry.objects.get().page
    assert LAST_WORDS not in str(held) or not head
    publish_ready()
    return Article.objects.get()


@pytest.mark.parametrize("head", [TDM, NOARCHIVE, PAID, NOSNIPPET])
def test_of_a_page_that_forbids_it_no_whole_text_is_kept_anywhere(web, head):
    article = read_and_publish(web, head, content_html=FEED_HTML, description="The lock closes.")
    entry = Entry.objects.get()

    assert (article.html, article.sketch, article.word_count) == ("", [], 0)
    assert len(article.text.split()) <= EXCERPT_WORDS
    assert (article.title, article.description) == ("Lock to close", "The lock closes.")
    assert LAST_WORDS not in f"{article.text} {entry.page} {entry.content_html}"
    assert "ferryman" not in SearchDocument.objects.get().words
    assert "ferryman" not in str(article.story.profile)


def test_of_a_page_that_allows_no_part_of_it_not_even_the_feeds_copy_of_its_beginning_is_kept(web):
    article = read_and_publish(web, NOSNIPPET, content_html=FEED_HTML, description="")

    assert (article.text, article.description) == ("", "")


def test_a_page_without_such_wishes_is_kept_whole_and_mined(web):
    article = read_and_publish(web, "")

    assert LAST_WORDS in article.text
    assert "ferryman" in SearchDocument.objects.get().words


@pytest.mark.parametrize("policy", ["excerpt", "headline"])
def test_what_a_curator_alone_does_not_want_shown_is_kept(web, policy):
    article = read_and_publish(web, "")
    Source.objects.update(display_policy=policy)
    article = Article.objects.get(pk=article.pk)

    assert LAST_WORDS not in body(article)
    assert LAST_WORDS in article.text
    Source.objects.update(display_policy="full_text")
    assert LAST_WORDS in body(Article.objects.get(pk=article.pk))


def test_the_rest_goes_when_a_page_read_again_forbids_what_it_allowed(web):
    article = read_and_publish(web, "")
    assert article.html
    web[PAGE] = page("Lock to close", *TEXT.split("\n\n"), head=TDM)
    Entry.objects.all().read_again(database_now())
    reading.read_due_pages()
    publish_ready()

    article = Article.objects.get()
    assert (article.html, article.sketch) == ("", [])
    assert LAST_WORDS not in article.text
    assert not article.is_changed, "its publisher changed no word of it"
    assert "ferryman" not in SearchDocument.objects.get().words


def test_a_feed_that_brings_the_whole_text_later_does_not_overrule_the_page(web):
    read_and_publish(web, NOARCHIVE)
    Entry.objects.update(content_html=FEED_HTML, page=None, state=Entry.State.READY)
    publish_ready()

    article = Article.objects.get()
    assert article.html == ""
    assert LAST_WORDS not in article.text
    assert Entry.objects.get().content_html == ""


def test_what_was_stored_before_goes(django_assert_max_num_queries):
    entry = make_entry(content_html=FEED_HTML)
    fields = {"text": TEXT, "html": FEED_HTML, "sketch": [1, 2, 3]}
    article = make_article(entry=entry, page_display="excerpt", page_display_reason="noarchive", **fields)
    whole = make_article(**fields)
    migration = import_module("aggregator.migrations.0015_keep_what_pages_allow")

    for _ in range(2):
        migration.forget_what_may_not_be_shown(apps, None)

        article.refresh_from_db()
        whole.refresh_from_db()
        entry.refresh_from_db()
        assert (article.html, article.sketch, entry.content_html) == ("", [], "")
        assert article.text == kept_text(TEXT, display="excerpt")
        assert (whole.html, whole.text) == (FEED_HTML, TEXT)


@pytest.mark.parametrize("text", [TEXT, "部长周二表示，这座桥将关闭维修，直到夏末。" * 50, "x" * 5_000, "short", ""])
@pytest.mark.parametrize("max_snippet", [None, 40, 0])
def test_what_is_kept_of_what_is_kept_is_the_same_and_is_short(text, max_snippet):
    kept = kept_text(text, display="excerpt", max_snippet=max_snippet)

    assert kept_text(kept, display="excerpt", max_snippet=max_snippet) == kept
    assert len(kept) <= (2_400 if max_snippet is None else max_snippet)
    assert kept == text or len(kept) < len(text)


def test_an_excerpt_in_a_script_without_spaces_is_no_longer_than_one_with_them():
    assert len(kept_text("部长周二表示，这座桥将关闭维修，直到夏末。" * 50, display="excerpt")) <= 180


def test_publishers_are_told(client):
    assert "we do not keep either" in client.get(reverse("sources_policy")).content.decode()
