"""Keywords where one reads: blocked from a headline, named where something is shown all the same."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.excluding import Wanted, block, hide_languages, hide_source
from accounts.models import BlockedKeyword
from aggregator.blocked import count_stale, reasons_for
from aggregator.headline_words import words_to_block
from tests.factories import make_article, make_reader, make_source
from tests.readers import KEYWORDS, keywords_of

pytestmark = pytest.mark.django_db


def test_what_is_hidden_by_source_or_language_says_so(client, reader):
    tabloid = make_source(name="The Tabloid")
    make_article(source=tabloid, title="Shock")
    make_article(title="Ernte", language="de")
    hide_source(reader, tabloid, timezone.now())
    hide_languages(reader, ["de"], timezone.now())

    page = client.get("/latest/").content.decode()
    shown = client.get("/latest/?hidden=show").content.decode()

    assert "2 articles hidden by your choices" in page
    assert "Hidden because of: source The Tabloid" in shown and "Hidden because of: language German" in shown


def test_a_word_is_blocked_from_a_headline_and_one_is_back_where_one_was(client, reader):
    article = make_article(title="Champions League: Inter win in Munich")

    page = client.get(f"{KEYWORDS}from/{article.pk}/", {"next": "/latest/"}).content.decode()
    answer = client.post(KEYWORDS + "several/", {"keyword": ["Champions League"], "next": "/latest/"})

    assert 'value="Champions League"' in page and 'name="next" value="/latest/"' in page
    assert answer.headers["Location"] == "/latest/" and keywords_of(reader) == ["Champions League"]
    assert "Inter win" not in client.get("/latest/").content.decode()


@pytest.mark.parametrize(
    ("headline", "offered"),
    [
        ("EU weighs a special envoy for talks with Russia", ["EU", "weighs", "special", "envoy", "talks", "Russia"]),
        ("A new plan by Angela Merkel for the south", ["Angela Merkel", "plan", "Angela", "Merkel", "south"]),
        ("俄乌战争", ["俄乌", "乌战", "战争"]),
        ("— 5 !", []),
    ],
)
def test_the_words_that_say_something_are_offered(headline, offered):
    assert words_to_block(headline) == offered


def test_why_an_article_would_be_hidden_is_known(reader):
    article = make_article(title="Football final in Rome")
    for word in ("football", "rome", "tennis"):
        block(reader, Wanted(word), timezone.now())

    assert sorted(reasons_for(article, reader, timezone.now())) == ["keyword “football”", "keyword “rome”"]


def test_what_keywords_hide_is_counted_again_after_hours(reader):
    now = timezone.now()
    keyword = block(reader, Wanted("football"), now)
    BlockedKeyword.objects.update(counted_at=now - timedelta(hours=7))
    make_article(title="Football final")

    assert count_stale(timezone.now()) == 1 and count_stale(timezone.now()) == 0
    keyword.refresh_from_db()
    assert keyword.hides_count == 1


def test_what_is_shown_all_the_same_says_why_it_is_hidden(client, reader):
    make_article(title="Football final")
    make_article(title="Harvest")
    block(reader, Wanted("football"), timezone.now())

    shown = client.get("/latest/?hidden=show").content.decode()

    assert shown.count("Hidden because of: keyword “football”") == 1 and "Harvest" in shown


def test_a_direct_link_opens_with_a_note_that_can_be_put_away_for_good(client, reader):
    article, other = make_article(title="Football final"), make_article(title="Football again")
    block(reader, Wanted("football"), timezone.now())

    page = client.get(article.get_absolute_url()).content.decode()
    answer = client.post(f"{KEYWORDS}note/{article.pk}/")

    assert "Lists hide this article from you: keyword “football”." in page and "Football final" in page
    assert answer.headers["Location"] == article.get_absolute_url()
    assert "Lists hide this article" not in client.get(article.get_absolute_url()).content.decode()
    assert "Lists hide this article" in client.get(other.get_absolute_url()).content.decode()


def test_a_card_leads_to_blocking_a_word_of_its_headline_for_users_alone(client):
    article = make_article(title="Football final")
    link = f'href="{KEYWORDS}from/{article.pk}/?next=%2Flatest%2F"'
    without = client.get("/latest/").content.decode()

    client.force_login(make_reader())

    assert link not in without and link in client.get("/latest/").content.decode()
