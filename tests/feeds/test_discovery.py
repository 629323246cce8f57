"""From a home page, or any address, to the feeds behind it: over real HTTP."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from html import escape
from time import monotonic

import pytest
from django.core.management import CommandError, call_command

from feeds import discovery
from feeds.discovery import find_feeds
from feeds.finding.links import read_site_page
from tests.documents import item, rss
from tests.factories import make_feed, make_source
from tests.web import Answer

HOME = "https://courier.example/"
NOW = datetime.now(UTC)


def home(head: str = "", body: str = "", *, lang: str = "en-GB", title: str = "The Courier | News") -> bytes:
    return (
        f"<!doctype html><html lang='{lang}'><head><meta charset='utf-8'><title>{title}</title>"
        f"<meta property='og:site_name' content='The Courier'>{head}</head><body>{body}</body></html>"
    ).encode()


def link(href: str, *, kind: str = "application/rss+xml", title: str = "", rel: str = "alternate") -> str:
    return f'<link rel="{rel}" type="{kind}" title="{escape(title)}" href="{escape(href)}">'


def feed(name: str = "news", *, title: str = "The Courier", items: int = 7, site: str = HOME) -> bytes:
    """A feed with items of its own, one every six hours, the newest an hour old."""
    return rss(
        *(
            item(f"{name} {n}", link=f"{site}{name}/{n}", published_at=NOW - timedelta(hours=1 + 6 * n))
            for n in range(items)
        ),
        title=title,
    ).replace(b"https://paper.example/</link>", f"{site}</link>".encode())


def urls_of(found) -> list[str]:
    return [found_feed.url for found_feed in found.feeds]


def test_the_feed_a_home_page_announces_is_found_and_previewed_with_its_last_five_items(web):
    web[HOME] = home(link("/rss"))
    web[f"{HOME}rss"] = feed()

    found = find_feeds("https://courier.example")

    [only] = found.feeds
    preview = only.preview
    assert (only.url, only.how, preview.format, preview.title) == (f"{HOME}rss", "announced", "rss2.0", "The Courier")
    assert [latest.title for latest in preview.latest] == [f"news {n}" for n in range(5)]
    assert preview.latest[0].url == f"{HOME}news/0"
    assert (preview.item_count, preview.per_day, preview.problems) == (7, 4.0, ())
    assert (found.name, found.language, found.country, found.failure) == ("The Courier", "en-GB", "GB", "")


@pytest.mark.parametrize(
    "typed", ["courier.example", " courier.example/ ", "<https://courier.example/>", "HTTPS://courier.example/"]
)
def test_however_the_address_is_typed(web, typed):
    web[HOME] = home(link("/rss"))
    web[f"{HOME}rss"] = feed()
    assert urls_of(find_feeds(typed)) == [f"{HOME}rss"]


@pytest.mark.parametrize(
    "typed", ["https://courier.example/rss", "feed://courier.example/rss", "feed:https://courier.example/rss"]
)
def test_the_address_of_a_feed_itself_gives_that_feed_first_and_the_sites_name(web, typed):
    web[HOME] = home(link("/all.xml"))
    web["http://courier.example/rss"] = web["https://courier.example/rss"] = feed("sport", title="Sport")
    web[f"{HOME}all.xml"] = feed()

    found = find_feeds(typed)

    assert found.feeds[0].how == "asked"
    assert found.feeds[0].preview.title == "Sport"
    assert f"{HOME}all.xml" in urls_of(found)
    assert (found.site_url, found.name) == (HOME, "The Courier")


def test_an_article_leads_to_the_feeds_of_its_site(web):
    web[f"{HOME}2026/news.html"] = home(body="<p>What happened.</p>")
    web[HOME] = home(link("/rss"))
    web[f"{HOME}rss"] = feed()
    found = find_feeds(f"{HOME}2026/news.html")
    assert urls_of(found) == [f"{HOME}rss"]
    assert found.site_url == HOME


@pytest.mark.parametrize(
    "tag",
    [
        link("https://courier.example/rss", kind="text/xml"),
        link("/rss", kind="APPLICATION/RSS+XML; charset=utf-8"),
        '<base href="https://courier.example/deep/"><link rel="alternate" type="application/atom+xml" href="../rss">',
        '<LINK REL="Alternate Home" HREF="rss" TYPE="application/rss+xml">',
        '<link rel="feed" href="/rss">',
        link("feed:https://courier.example/rss"),
        link("feed://courier.example/rss"),
    ],
)
def test_a_link_tag_is_understood_however_it_is_written(web, tag):
    web[HOME] = home(tag)
    web["https://courier.example/rss"] = web["http://courier.example/rss"] = feed()
    assert [url.partition(":")[2] for url in urls_of(find_feeds(HOME))] == ["//courier.example/rss"]


def test_what_only_resembles_an_announced_feed_is_not_asked(web):
    web[HOME] = home(
        link("/oembed?url=x", kind="application/json+oembed")
        + link("/fr/feed", kind="").replace("<link", '<link hreflang="fr"')
        + link("javascript:alert(1)")
        + link("http://[")
        + link("/style.css", kind="text/css", rel="stylesheet")
        + link("/rss")
    )
    web[f"{HOME}rss"] = feed()
    find_feeds(HOME)
    assert [request.path for request in web.requests] == ["/", "/rss"]


def test_feeds_of_comments_are_left_out_where_there_is_another(web):
    web[HOME] = home(link("/comments/feed/") + link("/feed/"))
    web[f"{HOME}feed/"] = feed()
    web[f"{HOME}comments/feed/"] = feed("comments", title="Comments on: The Courier")
    assert urls_of(find_feeds(HOME)) == [f"{HOME}feed/"]


def test_rss_and_atom_of_the_same_news_are_one_feed_and_so_are_two_spellings_of_its_address(web):
    web[HOME] = home(
        link("/rss") + link("/atom") + link("http://courier.example/rss/") + link("https://www.courier.example/rss")
    )
    web[f"{HOME}rss"] = web[f"{HOME}atom"] = feed()

    found = find_feeds(HOME)

    assert urls_of(found) == [f"{HOME}rss"]
    assert found.feeds[0].also_at == (f"{HOME}atom",)
    assert len(web.requests) == 3


def test_a_feed_that_moved_for_good_is_offered_at_its_new_address_and_else_at_the_one_announced(web):
    web[HOME] = home(link("/old") + link("/temporary"))
    web[f"{HOME}old"] = Answer(301, headers={"Location": "/new"})
    web[f"{HOME}new"] = feed("new")
    web[f"{HOME}temporary"] = Answer(302, headers={"Location": "/today"})
    web[f"{HOME}today"] = feed("today")
    assert urls_of(find_feeds(HOME)) == [f"{HOME}new", f"{HOME}temporary"]


def test_links_in_the_text_are_followed_by_their_address_or_their_icon_and_lists_of_feeds_one_level_deep(web):
    web[HOME] = home(
        body='<a href="/world/feed.xml">World</a> <a href="/feedback">Feedback</a>'
        '<a href="/services"><img src="/i/rss.png" alt="RSS"></a>'
        '<a href="https://twitter.com/courier/rss">x</a>'
    )
    web[f"{HOME}world/feed.xml"] = feed("world", title="The Courier: World")
    web[f"{HOME}services"] = home(
        body='<a href="/sport.rss">Sport</a> <a href="/money.rss">Money</a> <a href="/">x</a>'
    )
    web[f"{HOME}sport.rss"] = feed("sport", title="The Courier: Sport")
    web[f"{HOME}money.rss"] = feed("money", title="The Courier: Money")

    found = find_feeds(HOME)

    assert {found_feed.url: found_feed.section for found_feed in found.feeds} == {
        f"{HOME}world/feed.xml": "world", f"{HOME}sport.rss": "sports", f"{HOME}money.rss": "business"
    }  # fmt: skip
    assert not {"/feedback", "/courier/rss"} & {request.path for request in web.requests}


def test_well_known_addresses_are_tried_only_where_nothing_is_said_and_only_until_one_answers(web):
    web[HOME] = home()
    web[f"{HOME}rss.xml"] = feed()

    found = find_feeds(HOME)

    assert urls_of(found) == [f"{HOME}rss.xml"]
    assert [request.path for request in web.requests] == ["/", "/feed", "/rss", "/rss.xml"]


def test_a_page_at_a_well_known_address_that_lists_feeds_is_read(web):
    web[HOME] = home()
    web[f"{HOME}rss"] = home(body='<a href="/x/1.rss">All</a>')
    web[f"{HOME}x/1.rss"] = feed()
    assert urls_of(find_feeds(HOME)) == [f"{HOME}x/1.rss"]


def test_a_home_page_that_turns_us_away_does_not_hide_a_feed_in_a_usual_place(web):
    web[HOME] = Answer(403)
    web[f"{HOME}feed"] = feed()
    found = find_feeds("courier.example")
    assert urls_of(found) == [f"{HOME}feed"]
    assert "403" in found.tried[0].outcome


def test_the_whole_sites_feed_stands_before_those_of_sections(web):
    web[HOME] = home(link("/sport/rss", title="Sport") + link("/rss"))
    web[f"{HOME}sport/rss"] = feed("sport", title="The Courier - Sport")
    web[f"{HOME}rss"] = feed()
    assert urls_of(find_feeds(HOME)) == [f"{HOME}rss", f"{HOME}sport/rss"]


def test_a_feed_that_is_stale_empty_or_without_dates_says_so(web):
    old = NOW - timedelta(days=95, hours=1)
    web[HOME] = home(link("/stale") + link("/empty") + link("/undated"))
    web[f"{HOME}stale"] = rss(item("Old", published_at=old))
    web[f"{HOME}empty"] = rss()
    web[f"{HOME}undated"] = rss(item("When?", link="https://courier.example/when"))
    problems = {feed.url.rpartition("/")[2]: " ".join(feed.preview.problems) for feed in find_feeds(HOME).feeds}
    assert "Nothing new for 95 days." in problems["stale"]
    assert "no items" in problems["empty"]
    assert "no dates" in problems["undated"]


def test_a_search_ends_after_so_many_feeds_and_says_what_it_did_not_look_at(web):
    web[HOME] = home("".join(link(f"/{n}.rss") for n in range(30)))
    for n in range(30):
        web[f"{HOME}{n}.rss"] = feed(str(n))
    found = find_feeds(HOME)
    assert len(found.feeds) == discovery.MOST_FEEDS
    assert len(found.not_looked_at) == 18
    assert len(web.requests) == 1 + discovery.MOST_FEEDS


def test_a_search_asks_no_more_than_its_number_of_addresses(web):
    web[HOME] = home("".join(link(f"/{n}.rss") for n in range(60)))
    find_feeds(HOME)
    assert len(web.requests) <= discovery.MOST_REQUESTS


def test_a_search_ends_in_time_however_slow_the_site_is(web, monkeypatch):
    monkeypatch.setattr(discovery, "MOST_SECONDS", 1.0)
    web[HOME] = home(link("/slow") + link("/slower"))
    web[f"{HOME}slow"] = web[f"{HOME}slower"] = Answer(is_silent=True)
    begun = monotonic()
    found = find_feeds(HOME)
    assert monotonic() - begun < 15
    assert not found.feeds
    assert "over" in found.tried[-1].outcome


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "no address"),
        ("javascript:alert(1)", "not a web address"),
        ("http://127.0.0.1/", "this machine itself"),
        ("https://user:pass@courier.example/", "user name or password"),
        ("https://courier.example:22/", "Port 22"),
        ("The Courier", "a blank"),
    ],
)
def test_an_address_we_do_not_go_to_is_refused_with_its_reason_and_nothing_is_asked(web, settings, typed, sentence):
    if "22" in typed:
        settings.ZIS_FETCH_HOST_MAP = ""  # where a map decides on ports, none is judged
    found = find_feeds(typed)
    assert sentence in found.failure
    assert not web.requests


def test_a_host_that_does_not_answer_and_a_document_that_is_no_page_are_named(web):
    assert find_feeds("nobody.example").failure
    web[HOME] = Answer(headers={"Content-Type": "application/pdf"}, body=b"%PDF-1.7 ...")
    assert "PDF" in find_feeds(HOME).failure


def test_a_hostile_page_costs_nothing_but_itself(web):
    web[HOME] = home(body="<div>" * 100_000 + '<a href="/rss">x</a>' * 50_000)
    assert not find_feeds(HOME).feeds
    web[HOME] = b"<html>\x00\xff\xfe" + bytes(range(256)) * 500
    assert not find_feeds(HOME).failure


def test_a_channel_with_a_handle_is_found_by_what_its_page_says(web):
    channel = "UCNye-wNBqNL5ZzHSJj3l8Bg"
    videos = f"https://www.youtube.com/feeds/videos.xml?channel_id={channel}"
    web["https://www.youtube.com/@aljazeera"] = home(body=f'<script>{{"externalId":"{channel}"}}</script>')
    web[videos] = feed("video", title="Al Jazeera", site="https://www.youtube.com/")
    assert urls_of(find_feeds("youtube.com/@aljazeera")) == [videos]  # only www. answers in this web


def test_real_pages_of_publishers_are_read_without_harm_and_most_announce_a_feed(corpus):
    rows = [json.loads(line) for line in (corpus / "pages" / "gold.jsonl").read_text("utf-8").splitlines()][::7]
    pages = [
        read_site_page(gzip.decompress((corpus / "pages" / row["file"]).read_bytes()), url=row["url"]) for row in rows
    ]
    assert all(
        link.url.startswith(("http://", "https://")) for page in pages for link in (*page.announced, *page.linked)
    )
    assert sum(bool(page.announced or page.linked) for page in pages) > len(pages) / 3
    assert sum(bool(page.name) for page in pages) > len(pages) * 0.8


@pytest.mark.django_db
def test_the_command_shows_what_was_found_and_whether_it_is_here(web, capsys):
    web[HOME] = home(link("/rss"))
    web[f"{HOME}rss"] = feed("\x1b[31mnews")
    make_feed(url=f"{HOME}rss", source=make_source(name="The Old Courier"))

    call_command("discover", "courier.example")
    said = capsys.readouterr().out
    assert "4 a day, 7 items" in said
    assert "Here already, under The Old Courier." in said
    assert "\x1b" not in said

    call_command("discover", "courier.example", "--json")
    [only] = json.loads(capsys.readouterr().out)["feeds"]
    assert (only["url"], only["known_as"]["source"][:15]) == (f"{HOME}rss", "the-old-courier")
    assert len(only["preview"]["latest"]) == 5


@pytest.mark.django_db
def test_the_command_fails_with_a_sentence_where_there_is_no_feed(web):
    web[HOME] = home()
    with pytest.raises(CommandError, match=r"No feed was found behind courier\.example; 13 addresses were asked"):
        call_command("discover", "courier.example")
    with pytest.raises(CommandError, match="this machine itself"):
        call_command("discover", "http://127.0.0.1/")
    with pytest.raises(CommandError) as refused:
        call_command("discover", "https://nowhere.example/")
    assert "again later" not in str(refused.value)
