"""What a page's own headers say is heeded, and what is no page is not downloaded."""

import pytest

from tests.documents import PARAGRAPH, page
from tests.feeds.waiting_pages import PAGE, read, wait_for_page
from tests.web import Answer

pytestmark = pytest.mark.django_db


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
