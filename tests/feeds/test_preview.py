"""The preview of a source's rule in the admin."""

import pytest
from celery import current_app
from django.urls import reverse

from feeds import previews, tasks
from feeds.models import Source
from tests.factories import make_curator, make_entry, make_feed, make_reader, make_source
from tests.web import Answer
from zisnews.processes import wait_until

pytestmark = pytest.mark.django_db
URL = "https://paper.example/news/2026/bridge"
SENTENCE = (
    "The harbour bridge opened to traffic again on Saturday, eleven weeks after cracks were found in two girders."
)
PAGE = (
    "<html><head><title>Bridge reopens</title></head><body><article><h1>Bridge reopens</h1>"
    f"<div class=story><p>{SENTENCE}</p><p>{SENTENCE.replace('Saturday', 'Sunday')}</p>"
    "<p class=plea>Please subscribe to our wonderful newsletter, which comes twice a day and costs nothing.</p></div>"
    f"<div class=other><p>{SENTENCE.replace('harbour', 'railway')}</p></div></article></body></html>"
)


@pytest.fixture
def source(web) -> Source:
    web[URL] = PAGE
    source = make_source(site_url="https://www.paper.example/")
    make_entry(feed=make_feed(source=source), url=URL, title="Bridge reopens")
    return source


@pytest.fixture
def curator(client):
    client.force_login(make_curator())
    return client


@pytest.fixture
def queue(monkeypatch):
    """The orders sent to the worker, as keys: a test carries them out when it wants."""
    sent: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, arguments, **how: sent.extend(arguments))
    return sent


def page_of(source: Source) -> str:
    return reverse("admin:feeds_source_preview", args=[source.pk])


def rule(**fields: str) -> dict[str, str]:
    return {"text_selector": ".story", "clutter_selector": ".plea", "page": URL} | fields


def test_a_curator_sees_a_page_with_and_without_the_rule_once_a_worker_has_fetched_it(web, curator, source, queue):
    answer = curator.post(page_of(source), rule())
    waiting = curator.get(answer.url).content.decode()
    assert 'http-equiv="refresh"' in waiting
    assert not web.asked_for(URL), "the web process asks nobody"

    tasks.make_preview(queue[0])
    page = curator.get(answer.url)

    without, with_rule = (html for _, _, html in page.context["sides"])
    assert "railway bridge" in without
    assert "railway bridge" not in with_rule
    assert "newsletter" not in with_rule
    assert with_rule in page.content.decode()
    assert page.context["form"].initial == {"text_selector": ".story", "clutter_selector": ".plea", "page": URL}
    assert 'http-equiv="refresh"' not in page.content.decode()


def test_the_preview_is_reached_from_the_source_and_begins_with_its_rule(curator, source):
    Source.objects.update(text_selector="#story")
    assert page_of(source) in curator.get(reverse("admin:feeds_source_change", args=[source.pk])).content.decode()
    page = curator.get(page_of(source)).content.decode()
    assert 'value="#story"' in page
    assert "Bridge reopens" in page


def test_a_page_that_does_not_come_is_said_in_a_sentence(web, curator, source, queue):
    web[URL] = Answer(404)
    answer = curator.post(page_of(source), rule())
    tasks.make_preview(queue[0])
    page = curator.get(answer.url)
    assert page.context["preview"].error in page.content.decode().replace("&#x27;", "'")
    assert "404" in page.context["preview"].error


def test_a_page_that_robots_txt_closes_is_not_fetched_for_a_preview_either(web, curator, source, queue):
    web["https://paper.example/robots.txt"] = b"User-agent: *\nDisallow: /news/\n"
    answer = curator.post(page_of(source), rule())
    tasks.make_preview(queue[0])
    assert "robots.txt" in curator.get(answer.url).context["preview"].error
    assert not web.asked_for(URL)


def test_a_rule_that_finds_nothing_says_so_beside_what_is_read_without_it(curator, source, queue):
    answer = curator.post(page_of(source), rule(text_selector=".moved"))
    tasks.make_preview(queue[0])
    page = curator.get(answer.url)
    assert "found nothing on this page" in page.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("text_selector", "div[[", "no CSS selector"),
        ("text_selector", "* ~ * ~ * ~ *", "too long on a large page"),
        ("clutter_selector", "p::before", "Pseudo-elements"),
        ("address", "https://elsewhere.example/news", "another site"),
        ("address", "ftp://paper.example/news", "Only http"),
    ],
)
def test_what_can_not_be_tried_is_refused_in_a_sentence_and_not_sent_to_a_worker(  # noqa: PLR0917
    curator, source, queue, field, value, reason
):
    answer = curator.post(page_of(source), rule(**{field: value}))
    assert answer.status_code == 200
    assert reason in " ".join(answer.context["form"].errors[field])
    assert not queue


def test_a_selector_that_is_none_is_refused_on_the_sources_own_page_too(curator, source):
    form = curator.get(reverse("admin:feeds_source_change", args=[source.pk])).context["adminform"].form
    bound = type(form)({"text_selector": "div[["}, instance=source)
    assert "no CSS selector" in " ".join(bound.errors["text_selector"])


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_makes_the_preview(source, worker, curator):
    answer = curator.post(page_of(source), rule())
    assert wait_until(lambda: curator.get(answer.url).context["sides"], 120)


def test_a_rule_is_saved_from_its_preview(curator, source):
    answer = curator.post(page_of(source), rule(save="1", page=""))
    assert answer.status_code == 302
    saved = Source.objects.get(pk=source.pk)
    assert saved.page_rule == {"text_selector": ".story", "clutter_selector": ".plea"}


def test_nobody_but_staff_who_may_change_sources_sees_a_preview(client, source):
    assert client.get(page_of(source)).status_code == 302
    client.force_login(make_reader(is_staff=True))
    assert client.get(page_of(source)).status_code == 403
    client.force_login(make_reader())
    assert client.get(page_of(source)).status_code == 302


def test_a_preview_of_another_source_is_not_shown_here(curator, source, queue):
    answer = curator.post(page_of(source), rule())
    key = answer.url.partition("=")[2]
    page = curator.get(f"{page_of(make_source())}?result={key}")
    assert page.context["preview"] is None
    assert "no longer kept" in page.content.decode()


def test_an_order_sent_twice_fetches_once(web, source, queue):
    previews.order(source.pk, URL, text_selector=".story", clutter_selector="")
    tasks.make_preview(queue[0])
    tasks.make_preview(queue[0])
    assert len(web.asked_for(URL)) == 1
