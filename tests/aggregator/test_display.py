"""What pages show of an article is what its page allows, and curators are told why."""

import pytest
from django.urls import reverse

from aggregator.models import Article, KeptComparison
from aggregator.publishing import publish_ready
from aggregator.templatetags.reading import body, standfirst, summary
from feeds import reading
from feeds.clock import database_now
from feeds.manners.robots import NAME
from feeds.models import Entry
from feeds.sanitising import sanitise
from tests.documents import PARAGRAPH, page
from tests.factories import make_article, make_entry

pytestmark = pytest.mark.django_db
PAGE = "https://paper.example/news/1"
MARKED = '<meta name="robots" content="noarchive, max-snippet:60">'


def publish_page(web, head: str, **fields) -> Article:
    web[PAGE] = page("Lock to close", head=head)
    now = database_now()
    make_entry(url=PAGE, title="Lock to close", seen_at=now, read_after=now, **fields)
    reading.read_due_pages()
    publish_ready()
    return Article.objects.get()


def test_an_excerpt_is_no_longer_than_its_page_lets_it_be_wherever_it_is_shown(web, client):
    article = publish_page(web, MARKED, description="The council has voted. " * 10)

    assert (article.display, article.max_snippet) == ("excerpt", 60)
    assert len(summary(article)) <= 60
    assert len(body(article).removeprefix("<p>").removesuffix("</p>")) <= 60
    assert standfirst(article) == ""
    (card,) = Article.objects.cards()
    assert len(summary(card)) <= 60
    for shown in (client.get(article.get_absolute_url()), client.get(reverse("latest"))):
        assert PARAGRAPH[:100] not in shown.content.decode()


def test_an_article_is_shown_by_what_its_page_allows_when_read_again(web):
    publish_page(web, "")
    web[PAGE] = page("Lock to close", head=MARKED)
    Entry.objects.all().read_again(database_now())
    reading.read_due_pages()
    publish_ready()
    article = Article.objects.get()
    assert (article.display, article.max_snippet) == ("excerpt", 60)


def test_every_reason_for_showing_less_is_kept_for_curators_the_strictest_first(web):
    reason = publish_page(web, '<meta name="robots" content="noarchive, nosnippet">').page_display_reason
    assert reason.index("nosnippet") < reason.index("noarchive")


def test_an_article_without_a_limit_is_shown_as_far_as_its_source_allows():
    text = f"{PARAGRAPH}\n\n{PARAGRAPH}"
    article = make_article(text=text, html=sanitise(f"<p>{PARAGRAPH}</p>" * 2), description="What happened.")
    assert body(article).count("harbour council") == 2
    assert summary(article) == "What happened."


def test_publishers_are_told_our_name_and_what_we_keep_to(client):
    shown = client.get(reverse("sources_policy")).content.decode()
    for word in (NAME, "robots.txt", "Crawl-delay", "max-snippet", "/.well-known/tdmrep.json", "X-Robots-Tag"):
        assert f"<code>{word}</code>" in shown


def test_what_a_page_no_longer_lets_be_quoted_is_compared_no_more(web):
    article = publish_page(web, MARKED)
    assert article.story is not None
    KeptComparison.objects.create(story=article.story, tried_at=database_now(), made_at=database_now(), data="{}")
    web[PAGE] = page("Lock to close", head=MARKED.replace("60", "20"))

    Entry.objects.all().read_again(database_now())
    reading.read_due_pages()
    publish_ready()

    assert Article.objects.get().max_snippet == 20
    assert not KeptComparison.objects.exists()
