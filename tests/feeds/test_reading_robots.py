"""Pages are read as robots.txt lets us (RFC 9309): closed pages, files that can not be read, one question for many."""

import asyncio
import threading
from datetime import timedelta

import pytest

from feeds import reading
from feeds.clock import database_now
from feeds.fetching import open_fetcher
from feeds.manners.permission import Permissions
from feeds.models import Entry, Host
from tests.documents import page
from tests.feeds.waiting_pages import (
    PAGE,
    ROBOTS,
    SITE,
    TDMREP,
    asked,
    forget_in_this_process,
    read,
    read_again,
    wait_for_page,
)
from tests.web import Answer

pytestmark = pytest.mark.django_db


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
