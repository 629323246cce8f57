"""Pages are read as their hosts let us: robots.txt, delays, reservations, holds and kinds of documents."""

import asyncio
import json
import threading
from collections import Counter
from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest

from feeds import ingestion, reading
from feeds.clock import database_now
from feeds.fetching import open_fetcher
from feeds.manners import permission
from feeds.manners.permission import Permissions
from feeds.models import Entry, Host
from tests.documents import PARAGRAPH, item, page, rss
from tests.factories import make_entry, make_feed, make_source
from tests.web import Answer, Web

pytestmark = pytest.mark.django_db
SITE = "https://paper.example"
ROBOTS, TDMREP = f"{SITE}/robots.txt", f"{SITE}/.well-known/tdmrep.json"
PAGE = f"{SITE}/news/1"


def wait_for_page(url: str = PAGE, **fields) -> Entry:
    """An entry that was just seen, whose page waits to be read."""
    now = database_now()
    return make_entry(url=url, **{"seen_at": now, "read_after": now, **fields})


def read() -> Entry:
    """Read what is due; returns the only entry."""
    reading.read_due_pages()
    return Entry.objects.get()


def read_again() -> Entry:
    Entry.objects.update(state="new", attempts=0, read_after=database_now(), leased_until=None, page=None)
    return read()


def asked(web: Web) -> Counter[str]:
    return Counter(request.url for request in web.requests)


def forget_in_this_process() -> None:
    """As another machine is, which knows only the rows."""
    permission.book.clear()


# robots.txt


def test_twenty_pages_of_a_host_cost_one_robots_txt_and_one_tdmrep(web):
    for number in range(20):
        web[f"{SITE}/news/{number}"] = page(f"Headline {number}")
        wait_for_page(f"{SITE}/news/{number}")

    while reading.read_due_pages():
        pass

    assert Entry.objects.filter(state="ready", read_error="").count() == 20
    requests = asked(web)
    assert (requests.pop(ROBOTS), requests.pop(TDMREP)) == (1, 1)
    assert set(requests.values()) == {1}
    assert len(requests) == 20
    assert [request.url for request in web.requests[:2]] == [ROBOTS, TDMREP]  # before any page


def test_what_a_host_said_holds_for_a_day_on_every_machine(web):
    web[PAGE] = page()
    wait_for_page()
    read()
    forget_in_this_process()
    read_again()
    assert (len(web.asked_for(ROBOTS)), len(web.asked_for(TDMREP)), len(web.asked_for(PAGE))) == (1, 1, 2)

    day = timedelta(hours=24, minutes=1)
    Host.objects.update(robots_asked_at=database_now() - day, reservations_at=database_now() - day)
    forget_in_this_process()
    read_again()
    assert (len(web.asked_for(ROBOTS)), len(web.asked_for(TDMREP)), len(web.asked_for(PAGE))) == (2, 2, 3)


def test_a_page_closed_to_us_is_not_fetched_and_its_entry_goes_on_with_the_feeds_words(web):
    web[ROBOTS] = "User-agent: zisnews\nDisallow: /news/\n"
    web[PAGE] = page()
    wait_for_page()

    entry = read()

    assert (entry.state, entry.page) == ("ready", None)
    assert entry.read_error == "robots.txt of paper.example does not let readers like ours fetch this page."
    assert asked(web) == {ROBOTS: 1}
    host = Host.objects.get()
    assert (host.name, host.robots_status) == ("paper.example", 200)
    assert "Disallow: /news/" in host.robots


def test_a_redirect_to_a_page_closed_to_us_is_not_followed(web):
    web["https://short.example/a"] = Answer(301, {"Location": PAGE})
    web[ROBOTS] = "User-agent: *\nDisallow: /news\n"
    web[PAGE] = page()
    wait_for_page("https://short.example/a")

    assert "robots.txt of paper.example does not let" in read().read_error
    assert not web.asked_for(PAGE)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_robots_txt_in_the_400s_closes_nothing(web, status):
    web[ROBOTS] = Answer(status)
    web[PAGE] = page()
    wait_for_page()
    assert read().page["title"] == "A headline"
    assert Host.objects.get().robots_status == status


def test_a_robots_txt_behind_five_redirects_counts_and_behind_more_counts_as_absent(web):
    for number in range(1, 8):
        web[f"https://hop{number}.example/robots.txt"] = Answer(
            302, {"Location": f"https://hop{number + 1}.example/robots.txt"}
        )
    web["https://hop8.example/robots.txt"] = "User-agent: *\nDisallow: /\n"
    for first, is_closed in ((4, True), (1, False)):
        host = f"https://from{first}.example"
        web[f"{host}/robots.txt"] = Answer(301, {"Location": f"https://hop{first}.example/robots.txt"})
        web[f"{host}/a"] = page()
        entry = wait_for_page(f"{host}/a")
        reading.read_due_pages()
        entry.refresh_from_db()
        assert bool(entry.read_error) is is_closed, first


@pytest.mark.parametrize("answer", [Answer(500), Answer(502), Answer(body=b"User-agent: *", cut=3), Answer(raw=b"")])
def test_while_robots_txt_can_not_be_read_pages_are_left_alone_and_lose_no_attempt(web, answer):
    web[ROBOTS] = answer
    web[PAGE] = page()
    wait_for_page()

    entry = read()

    assert (entry.state, entry.attempts, entry.leased_until) == ("new", 0, None)
    assert timedelta(minutes=4) < entry.read_after - database_now() <= timedelta(minutes=5)
    assert entry.read_error.startswith("robots.txt of paper.example can not be read")
    assert not web.asked_for(PAGE)
    host = Host.objects.get()
    assert host.robots_failing_since
    assert host.robots_error


def test_a_robots_txt_that_can_be_read_again_opens_the_pages(web):
    web[ROBOTS] = Answer(500)
    web[PAGE] = page()
    wait_for_page()
    read()
    web[ROBOTS] = "User-agent: *\nDisallow: /private\n"
    Host.objects.update(robots_asked_at=database_now() - timedelta(minutes=6))
    forget_in_this_process()

    assert read_again().page

    host = Host.objects.get()
    assert (host.robots_failing_since, host.robots_error, host.robots_status) == (None, "", 200)


def test_what_robots_txt_said_before_holds_while_it_can_not_be_read(web):
    web[ROBOTS] = "User-agent: *\nDisallow: /private\n"
    web[PAGE] = web[f"{SITE}/private/1"] = page()
    wait_for_page()
    read()
    web[ROBOTS] = Answer(503)
    Host.objects.update(robots_asked_at=database_now() - timedelta(days=2))
    forget_in_this_process()
    closed = wait_for_page(f"{SITE}/private/1")
    Entry.objects.update(state="new", read_after=database_now())

    reading.read_due_pages()

    closed.refresh_from_db()
    assert "does not let" in closed.read_error
    assert Entry.objects.exclude(pk=closed.pk).get().page


def test_a_robots_txt_that_could_not_be_read_for_a_month_closes_nothing_any_more(web):
    web[ROBOTS] = Answer(500)
    web[PAGE] = page()
    wait_for_page()
    read()
    for days, has_page in ((29, False), (30, True)):
        silent_since = database_now() - timedelta(days=days, seconds=5)
        Host.objects.update(robots_failing_since=silent_since)
        forget_in_this_process()
        assert bool(read_again().page) is has_page


def test_news_does_not_wait_for_a_robots_txt_longer_than_news_keeps(web):
    web[ROBOTS] = Answer(500)
    web[PAGE] = page()
    wait_for_page(seen_at=database_now() - reading.PATIENCE + timedelta(minutes=1))

    entry = read()

    assert (entry.state, entry.page) == ("ready", None)
    assert entry.read_error.endswith("We do not wait for it: the article has what the feed says of it.")


def test_readers_in_several_threads_ask_a_host_once(web):
    web[ROBOTS] = Answer(body=b"User-agent: *\nDisallow: /private\n", delay=0.3)
    permissions = [Permissions([PAGE], what="page", with_reservations=True) for _ in range(4)]

    async def ask_five_times(permissions: Permissions) -> None:
        async with open_fetcher() as fetcher:
            await asyncio.gather(*(permissions.at(fetcher)(PAGE) for _ in range(5)))

    threads = [threading.Thread(target=asyncio.run, args=(ask_five_times(each),)) for each in permissions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert asked(web) == {ROBOTS: 1, TDMREP: 1}


def test_a_reader_that_is_stopped_while_it_asks_leaves_the_question_to_the_next(web):
    web[ROBOTS] = Answer(is_silent=True)
    permissions = Permissions([PAGE], what="page")

    async def give_up_then_ask() -> float:
        async with open_fetcher() as fetcher:
            ask = permissions.at(fetcher)
            first, waiting = asyncio.ensure_future(ask(PAGE)), asyncio.ensure_future(ask(PAGE))
            await asyncio.sleep(0.3)
            web[ROBOTS] = "User-agent: *\nCrawl-delay: 7\n"
            first.cancel()
            return await asyncio.wait_for(waiting, 10)

    assert asyncio.run(give_up_then_ask()) == 7


# Delays and holds


@pytest.mark.parametrize(
    ("said", "of_source", "gap"),
    [("0.4", None, 0.4), ("0.1", 1, 1.0), ("600", None, 60.0), ("2", 1, 2.0), ("", 1, 1.0)],
)
def test_the_longer_of_the_delays_that_host_and_curator_wish_is_kept(web, said, of_source, gap):
    web[ROBOTS] = f"User-agent: *\nCrawl-delay: {said}\n"
    permissions = Permissions([PAGE], what="page")

    async def ask() -> float:
        async with open_fetcher() as fetcher:
            return await permissions.at(fetcher, delay_seconds=of_source)(PAGE)

    assert asyncio.run(ask()) == gap


def test_pages_of_a_host_that_asks_for_a_delay_are_read_that_far_apart(web):
    web[ROBOTS] = "User-agent: *\nCrawl-delay: 0.5\n"
    for number in range(4):
        web[f"{SITE}/news/{number}"] = page()
        wait_for_page(f"{SITE}/news/{number}")

    reading.read_due_pages()

    times = [request.at for request in web.requests if "/news/" in request.url]
    assert all(later - earlier >= 0.5 for earlier, later in pairwise(times))
    assert len(times) == 4


def test_a_curators_delay_for_a_source_is_kept(web):
    feed = make_feed(source=make_source(crawl_delay_seconds=1))
    for number in range(2):
        web[f"{SITE}/news/{number}"] = page()
        wait_for_page(f"{SITE}/news/{number}", feed=feed)

    reading.read_due_pages()

    first, second = (request.at for request in web.requests if "/news/" in request.url)
    assert second - first >= 1


def test_a_page_whose_turn_comes_too_late_waits_without_losing_an_attempt(web, monkeypatch):
    web[ROBOTS] = "User-agent: *\nCrawl-delay: 60\n"
    for number in range(4):
        web[f"{SITE}/news/{number}"] = page()
        wait_for_page(f"{SITE}/news/{number}")

    monkeypatch.setattr(reading, "open_fetcher", partial(open_fetcher, patience_seconds=0.5))

    reading.read_due_pages()

    waiting = Entry.objects.filter(state="new")
    assert (Entry.objects.filter(state="ready", read_error="").count(), waiting.count()) == (1, 3)
    assert {entry.attempts for entry in waiting} == {0}
    assert all(entry.read_after > database_now() for entry in waiting)


def test_a_host_that_asks_for_rest_gets_it_and_its_pages_lose_no_attempt(web):
    web[PAGE] = Answer(429, {"Retry-After": "600"})
    wait_for_page()

    entry = read()

    assert (entry.state, entry.attempts) == ("new", 0)
    assert timedelta(minutes=9) < entry.read_after - database_now() <= timedelta(minutes=10)


def test_a_host_that_asks_for_a_day_of_rest_costs_its_news_no_day(web):
    web[PAGE] = Answer(429, {"Retry-After": "86400"})
    wait_for_page()
    entry = read()
    assert (entry.state, entry.page) == ("ready", None)
    assert "We do not wait for it" in entry.read_error


# Reservations


def tdmrep(*rules: dict) -> Answer:
    return Answer(headers={"Content-Type": "application/json"}, body=json.dumps(rules).encode())


@pytest.mark.parametrize(
    ("of_host", "of_document", "of_page", "display"),
    [
        (None, None, None, "full_text"),
        (1, None, None, "excerpt"),
        (1, 0, None, "full_text"),
        (1, 0, 1, "excerpt"),
        (0, 1, None, "excerpt"),
        (None, 1, 0, "full_text"),
        (None, None, 1, "excerpt"),
    ],
)
def test_a_reservation_counts_from_the_host_the_header_and_the_page_the_later_before_the_earlier(
    web, of_host, of_document, of_page, display
):
    if of_host is not None:
        web[TDMREP] = tdmrep({"location": "/news/*", "tdm-reservation": of_host})
    headers = {"Content-Type": "text/html"} | ({"tdm-reservation": str(of_document)} if of_document is not None else {})
    head = f'<meta name="tdm-reservation" content="{of_page}">' if of_page is not None else ""
    web[PAGE] = Answer(headers=headers, body=page(head=head))
    wait_for_page()

    found = read().page

    assert found["display"] == display
    assert ("TDMRep" in found["display_reason"]) == (display == "excerpt")


def test_a_hosts_reservations_are_kept_on_its_row_with_their_terms(web):
    rule = {"location": "/", "tdm-reservation": 1, "tdm-policy": f"{SITE}/terms"}
    web[TDMREP] = tdmrep(rule)
    web[PAGE] = page()
    wait_for_page()
    assert f"{SITE}/terms" in read().page["display_reason"]
    assert Host.objects.get().reservations == [rule]


def test_a_tdmrep_that_robots_txt_closes_or_that_fails_keeps_no_page_from_being_read(web):
    for number, (robots, answer) in enumerate(
        [("User-agent: *\nDisallow: /.well-known/\n", tdmrep()), ("", Answer(500)), ("", b"[" * 100_000)]
    ):
        host = f"https://paper{number}.example"
        web[f"{host}/robots.txt"], web[f"{host}/.well-known/tdmrep.json"] = robots, answer
        web[f"{host}/a"] = page()
        wait_for_page(f"{host}/a")
    reading.read_due_pages()
    assert Entry.objects.filter(state="ready", read_error="").count() == 3
    assert not web.asked_for("https://paper0.example/.well-known/tdmrep.json")


# Headers and kinds of documents


def test_rules_in_several_headers_are_read_one_by_one(web):
    answer = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Robots-Tag: googlebot: nosnippet\r\n"
        b"X-Robots-Tag: max-snippet:80\r\n\r\n"
    )
    web[PAGE] = Answer(raw=answer + page("A headline", PARAGRAPH))
    wait_for_page()
    found = read().page
    assert (found["display"], found["max_snippet"]) == ("excerpt", 80)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("application/pdf", "a PDF document"),
        ("audio/mpeg", "a sound recording"),
        ("video/mp4; codecs=x", "a video"),
        ("image/jpeg", "a picture"),
        ("application/json", "JSON"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "an office document"),
    ],
)
def test_what_is_no_page_is_told_by_its_type_and_not_downloaded(web, kind, words):
    web[PAGE] = Answer(headers={"Content-Type": kind}, body=b"x" * 100_000, is_endless=True)
    wait_for_page()

    entry = read()

    assert (entry.state, entry.page) == ("ready", None)
    assert words in entry.read_error
    assert entry.read_error.endswith("the article has what the feed says of it.")
    assert len(web.asked_for(PAGE)) == 1


def test_news_of_a_host_that_is_on_hold_for_a_day_is_published_without_its_page(web):
    now = database_now()
    for name, hours in (("long.example", 24), ("short.example", 0.2)):
        Host.objects.create(name=name, held_until=now + timedelta(hours=hours))
        wait_for_page(f"https://{name}/a")

    assert reading.read_due_pages() == 0

    assert dict(Entry.objects.values_list("host", "state")) == {"long.example": "ready", "short.example": "new"}
    assert "left alone for longer than news keeps" in Entry.objects.get(state="ready").read_error
    assert not web.requests


def test_feeds_are_polled_although_robots_txt_closes_them_but_not_closer_together_than_it_asks(web):
    web[ROBOTS] = "User-agent: *\nDisallow: /\nCrawl-delay: 0.5\n"
    wait_for_page(feed=make_feed(is_paused=True))
    reading.read_due_pages()
    feeds = [f"{SITE}/{name}.xml" for name in ("one", "two", "three")]
    for url in feeds:
        web[url] = rss(item(guid=url))
        make_feed(url=url)

    assert ingestion.refresh_due().failed == 0

    times = sorted(web.asked_for(url)[0].at for url in feeds)
    assert all(later - earlier >= 0.5 for earlier, later in pairwise(times))


def test_a_server_that_keeps_us_waiting_keeps_no_other_page_from_being_read(web):
    slow = "https://slow.example/a"
    web[slow] = Answer(body=page(), delay=8)
    wait_for_page(slow)
    others = [f"https://paper{number}.example/a" for number in range(reading.PAGES_PER_BATCH + 30)]
    for url in others:
        web[url] = Answer(410)
        wait_for_page(url)

    assert reading.keep_reading(seconds=10) == len(others) + 1

    answered_at = web.asked_for(slow)[0].at + 8
    assert all(web.asked_for(url)[0].at < answered_at for url in others)
    assert not Entry.objects.filter(state="new").exists()
