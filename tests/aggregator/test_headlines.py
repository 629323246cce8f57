"""What an article keeps, and what it shows, when its source changes it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.preferences import Preferences
from aggregator.headlines import MOST_HEADLINES, is_reworded, is_rewritten
from aggregator.models import Article, Headline
from aggregator.publishing import publish_ready
from feeds.clock import database_now
from feeds.models import Entry
from tests.aggregator.test_publishing import TEXT, page_of
from tests.factories import make_entry, make_feed, make_source

PAGE = "https://paper.example/news/1"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Talks begin", "Talks fail", True),
        ("Eight dead in Perm", "Six dead in Perm", True),
        ("18 dead in Perm", "19 dead in Perm", True),
        ("Norland beats Oxland", "Oxland beats Norland", True),
        ("Vote is legal", "Vote is illegal", True),
        ("Talks to begin", "Talks begin", True),
        ("船闸关闭", "船闸开放", True),
        ("Talks begin", "Talks begin!", False),
        ("TALKS BEGIN", "Talks begin", False),
        ("Mutiple firefighters hurt", "Multiple firefighters hurt", False),
        ("Headline | Teleradyo", "Headline | TeleRadyo", False),
    ],
)
def test_a_headline_is_another_when_it_says_something_else(before, after, expected):
    assert is_reworded(before, after) is expected


def test_a_text_clearly_changed_when_more_than_a_clock_or_a_counter_did():
    assert not is_rewritten(TEXT, TEXT.replace("Tuesday", "Monday", 1) + "Last updated 12:31, 14 comments.")
    assert is_rewritten(TEXT, TEXT + "The mayor said that the insurers had declined to renew their cover this winter.")


def announced(title: str, **fields) -> Entry:
    """An entry that is published as an article."""
    entry = make_entry(state="ready", title=title, url=PAGE, page=page_of(PAGE), **fields)
    publish_ready()
    return entry


def changed(entry: Entry, **fields) -> Article:
    """What becomes of the entry's article when its feed changes these fields of it."""
    Entry.objects.filter(pk=entry.pk).update(state="ready", **fields)
    publish_ready()
    return Article.objects.get()


@pytest.mark.django_db
def test_earlier_headlines_are_kept_with_the_times_they_stood():
    begun = database_now()
    entry = announced("Talks begin")
    changed(entry, title="Talks fail")
    article = changed(entry, title="Talks resume")

    first, second = article.earlier_headlines.order_by("seen_at")
    assert (first.title, first.seen_at, second.title) == ("Talks begin", article.seen_at, "Talks fail")
    assert begun <= first.replaced_at == second.seen_at <= second.replaced_at == article.updated_at


@pytest.mark.django_db
def test_a_mended_slip_of_the_pen_is_shown_and_is_no_news():
    article = changed(announced("Mutiple gates cracked"), title="Multiple gates cracked")
    assert (article.title, article.updated_at) == ("Multiple gates cracked", None)
    assert not Headline.objects.exists()


@pytest.mark.django_db
def test_a_headline_that_goes_to_and_fro_is_kept_once():
    entry = announced("Talks begin")
    for _ in range(4):
        changed(entry, title="Talks fail")
        changed(entry, title="Talks begin")
    assert list(Headline.objects.order_by("seen_at").values_list("title", flat=True)) == ["Talks begin", "Talks fail"]


@pytest.mark.django_db
def test_of_very_many_headlines_the_first_and_the_latest_are_kept():
    entry = announced("Count 0 begins")
    for number in range(1, MOST_HEADLINES + 5):
        changed(entry, title=f"Count {number} goes on")
    titles = list(Headline.objects.order_by("seen_at").values_list("title", flat=True))
    assert len(titles) == MOST_HEADLINES
    assert (titles[0], titles[-1]) == ("Count 0 begins", f"Count {MOST_HEADLINES + 3} goes on")


@pytest.mark.django_db
def test_two_feeds_of_one_source_that_name_a_page_differently_do_not_change_it_in_turn():
    source = make_source()
    announced("As the world page has it", feed=make_feed(source=source))
    other = make_entry(state="ready", title="As the front has it", url=PAGE, feed=make_feed(source=source))
    publish_ready()
    assert changed(other, title="As the front has it now").title == "As the world page has it"
    assert not Headline.objects.exists()


@pytest.mark.django_db
def test_two_items_of_one_document_that_name_a_page_differently_do_not_change_it_in_turn():
    first = announced("As the top item has it")
    make_entry(state="ready", title="As a list has it", url=PAGE, feed=first.feed)
    publish_ready()
    assert Article.objects.get().title == "As the top item has it"


@pytest.mark.django_db
def test_a_page_that_its_feed_announces_anew_follows_the_later_announcement():
    first = announced("Storm warning for Monday")
    seen_at = first.seen_at + timedelta(hours=3)
    later = make_entry(state="ready", title="Gale warning for Tuesday", url=PAGE, feed=first.feed, seen_at=seen_at)
    publish_ready()
    article = changed(first, title="Storm warning for Monday night")
    assert (article.title, article.entry) == ("Gale warning for Tuesday", later)
    assert Headline.objects.get().title == "Storm warning for Monday"


@pytest.mark.django_db
def test_a_page_read_again_may_bring_the_picture_that_was_missing_and_takes_none_away():
    entry = announced("Talks begin")
    image = {"url": "https://paper.example/a.jpg", "caption": "The lock", "credit": "B. Lens"}
    article = changed(entry, page=page_of(PAGE, image=image))
    assert (article.picture_url, article.picture_caption) == ("https://paper.example/a.jpg", "The lock")
    assert article.picture_after is not None
    assert changed(entry, page=page_of(PAGE)).picture_url == "https://paper.example/a.jpg"


@pytest.mark.django_db
def test_keywords_go_by_the_headline_an_article_has_now():
    preferences = Preferences(blocked="'football'")
    entry = announced("Football talks begin")
    assert not Article.objects.visible_to(preferences).exists()
    changed(entry, title="Talks begin")
    assert Article.objects.visible_to(preferences).exists()
    changed(entry, title="Football is off")
    assert not Article.objects.visible_to(preferences).exists()


@pytest.mark.django_db
def test_a_page_read_again_brings_its_new_text_even_where_it_is_shorter():
    entry = announced("Talks begin")
    corrected = TEXT[: len(TEXT) // 2]
    article = changed(entry, page=page_of(PAGE, text=corrected, html=f"<p>{corrected}</p>"))
    assert (article.text, article.html) == (corrected, f"<p>{corrected}</p>")
    assert article.updated_at is not None


@pytest.mark.django_db
def test_a_barrier_in_place_of_the_page_does_not_cost_the_text_we_had():
    entry = announced("Talks begin")
    article = changed(entry, title="Talks fail", page=page_of(PAGE, text="Please subscribe.", html="<p>…</p>"))
    assert (article.title, article.text) == ("Talks fail", TEXT)


@pytest.mark.django_db
def test_a_page_read_again_may_ask_to_be_shown_less():
    entry = announced("Talks begin")
    article = changed(entry, page=page_of(PAGE, display="headline", display_reason="The page says nosnippet."))
    assert (article.page_display, article.page_display_reason) == ("headline", "The page says nosnippet.")


@pytest.mark.django_db
def test_an_article_whose_entry_is_no_more_is_renewed_by_the_next_of_its_source():
    entry = announced("Talks begin")
    feed = make_feed(source=entry.feed.source)
    entry.delete()
    make_entry(state="ready", title="Talks fail", url=PAGE, page=page_of(PAGE), feed=feed)
    publish_ready()
    article = Article.objects.get()
    assert (article.title, article.entry.feed) == ("Talks fail", feed)


@pytest.mark.django_db
def test_the_article_page_shows_when_it_was_updated_and_its_earlier_headlines_from_the_first_on(client):
    entry = announced("Talks begin", language="en")
    changed(entry, title="Talks fail & falter")
    article = changed(entry, title="Talks resume")
    Headline.objects.filter(title="Talks begin").update(seen_at=article.updated_at - timedelta(hours=5))

    page = client.get(article.get_absolute_url()).content.decode()

    part = page[page.index('id="headlines"') :]
    assert "Updated" in page
    assert part.index("Talks begin") < part.index("Talks fail &amp; falter")
    assert 'href="#headlines"' in page
    assert part.count("<time") >= 4


@pytest.mark.django_db
def test_an_article_that_never_changed_costs_no_query_for_such_a_part(client, django_assert_max_num_queries):
    announced("Talks begin")
    article = Article.objects.get()
    with django_assert_max_num_queries(6) as queries:
        page = client.get(article.get_absolute_url()).content.decode()
    assert 'id="headlines"' not in page
    assert not any("aggregator_headline" in query["sql"] for query in queries.captured_queries)


@pytest.mark.django_db
def test_a_card_says_that_an_article_was_updated_since_it_came_here(client):
    entry = announced("Talks begin")
    assert "card-updated" not in client.get(reverse("latest")).content.decode()
    changed(entry, title="Talks fail")
    assert "card-updated" in client.get(reverse("latest")).content.decode()
