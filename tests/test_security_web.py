"""What went wrong in readers like ours, and may not go wrong here: section 1 of the security notes, line by line.

pictures by signed address only   there is no proxy: no page takes an address to fetch; ours are files, here
                                  test_no_page_takes_an_address_…, test_pictures.py (formats), test_security_links.py
the check at the connect step     tests/feeds/test_egress_addresses.py, test_egress_doors.py (every feature)
internal pages, constant time     tests/zisnews/test_metrics.py, test_curators.py, here test_an_internal_page_…
`javascript:` links               validated when stored: test_security_links.py
Host headers                      here test_a_forged_host_…, test_mails_…
foreign ids                       here test_another_readers_keyword_…; ids of articles are everybody's
mass assignment                   here test_signing_up_sets_…
secrets in logs                   here test_no_secret_reaches_the_log
throttles, disabled users         here test_guessing_…, test_a_disabled_reader_…; their private lists end too:
                                  test_private_feeds.py; push does not exist yet
NFKC after sanitising             here test_wide_brackets_stay_words_…
"""

import logging
import re

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.urls import get_resolver, reverse

from accounts.excluding import Wanted, block
from accounts.models import BlockedKeyword
from feeds.clock import database_now
from feeds.sanitising import sanitise
from tests.factories import make_article, make_reader, make_story
from tests.mailbox import sends_mail
from zisnews.logs import hide_secrets

pytestmark = pytest.mark.django_db
SITE = "https://news.example"
FORGED = "localhost"  # a host we answer to, as a development server and a health check ask by it
PASSWORD = "a long pass phrase"
ADDRESS = re.compile(r"https?://[^\s\"'<>)]+")


@pytest.fixture
def site(settings) -> str:
    settings.SITE_URL = SITE
    sends_mail(settings)
    return SITE


def pages() -> list[str]:
    story = make_story()
    articles = [make_article(story=story, html="<p>News</p>", text="News") for _ in range(2)]
    named = ["front", "latest", "countries", "sources", "stories", "search", "feed_front", "feed_latest", "robots",
             "sitemap_index", "sitemap_pages", "news_sitemap", "manifest", "sources_policy",
             "feed_sources_opml", "account_login", "account_signup"]  # fmt: skip
    return [
        *map(reverse, named),
        articles[0].get_absolute_url(),
        story.get_absolute_url(),
        reverse("feed_story", args=[story.pk]),
        reverse("source", args=[articles[0].source.slug]),
    ]


def test_a_forged_host_is_named_in_no_page_of_ours(site, client):
    shown = {path: client.get(path, headers={"host": FORGED}) for path in pages()}

    assert {path for path, answer in shown.items() if answer.status_code != 200} == set()
    assert {path for path, answer in shown.items() if FORGED in answer.content.decode()} == set()
    assert sum(SITE in answer.content.decode() for answer in shown.values()) > 5, "else this would prove nothing"


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("what", ["signup", "password/reset"])
def test_mails_lead_to_our_site_whatever_host_was_asked(site, client, what, is_known):
    if is_known:
        make_reader(email="reader@example.org", password=PASSWORD)
    form = {"email": "reader@example.org", "password1": PASSWORD}

    client.post(f"/accounts/{what}/", form, headers={"host": FORGED})

    (sent,) = mail.outbox
    assert FORGED not in sent.subject + sent.body
    assert "news.example" in sent.subject
    assert ADDRESS.findall(sent.body)
    assert {address for address in ADDRESS.findall(sent.body) if not address.startswith(f"{SITE}/")} == set()


def test_the_link_of_a_mail_works(site, client):
    make_reader(email="reader@example.org", password=PASSWORD)
    client.post("/accounts/password/reset/", {"email": "reader@example.org"}, headers={"host": FORGED})
    (link,) = {address for address in ADDRESS.findall(mail.outbox[0].body) if "key" in address}

    assert client.get(link.removeprefix(SITE), headers={"host": "127.0.0.1"}).status_code in (200, 302)


def test_signing_up_sets_an_address_and_a_password_and_nothing_else(client):
    form = {"email": "new@example.org", "password1": PASSWORD}
    forged = {"is_staff": "on", "is_superuser": "true", "is_active": "", "id": "1", "user_permissions": "1",
              "groups": "1", "username": "admin", "date_joined": "2001-01-01", "display_name": "Editor"}  # fmt: skip

    client.post("/accounts/signup/", form | forged)

    user = get_user_model().objects.get(email="new@example.org")
    assert (user.is_staff, user.is_superuser, user.is_active) == (False, False, True)
    assert user.date_joined.year > 2001
    assert getattr(user, "display_name", "") != "Editor"
    assert not user.user_permissions.exists() and not user.groups.exists()


def test_another_readers_keyword_is_as_good_as_none(client):
    theirs = block(make_reader(), Wanted("football"), database_now())
    client.force_login(make_reader())
    path = reverse("keyword", args=[theirs.pk])

    for form in ({"action": "delete"}, {"delete": "1"}, {"remove": "1"}, {"keyword": "tennis", "where": "title"}):
        assert client.post(path, form).status_code in (403, 404)
    assert BlockedKeyword.objects.get().text == "football"


def test_guessing_a_password_is_stopped_and_so_is_asking_for_mails(site, client):
    make_reader(email="reader@example.org", password=PASSWORD)
    wrong = [
        client.post("/accounts/login/", {"login": "reader@example.org", "password": f"no {n}"}).content.decode()
        for n in range(12)
    ]
    assert "Too many failed" in wrong[-1]
    right = client.post("/accounts/login/", {"login": "reader@example.org", "password": PASSWORD})
    assert "_auth_user_id" not in client.session, right.content.decode()[:200]

    for _ in range(30):
        client.post("/accounts/password/reset/", {"email": "reader@example.org"})
    assert 1 <= len(mail.outbox) <= 10


def test_a_disabled_reader_is_out_at_once(client):
    reader = make_reader()
    client.force_login(reader)
    assert client.get(reverse("keywords")).status_code == 200

    reader.is_active = False
    reader.save()

    assert client.get("/accounts/email/").status_code == 302


@pytest.mark.parametrize("name", ["admin:index", "admin_health", "admin:feeds_feed_changelist"])
@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "X-Forwarded-User", "Remote-User", "X-Staff"])
def test_an_internal_page_is_opened_by_no_header(client, name, header):
    answer = client.get(reverse(name), headers={header: "127.0.0.1"})

    assert answer.status_code in (302, 403, 404)
    assert b"Feeds" not in answer.content


def test_no_page_takes_an_address_to_fetch_or_to_lead_on_to(client):
    patterns = " ".join(str(pattern.pattern) for pattern in get_resolver().url_patterns)
    assert "path:url" not in patterns and "<url" not in patterns

    for name in ("url", "u", "next", "to", "src", "image", "redirect"):
        for path in ("/", "/search/", "/accounts/login/", "/preferences/"):
            answer = client.get(path, {name: "https://evil.example/"})
            assert "evil.example" not in answer.headers.get("Location", "")


@pytest.mark.parametrize(
    "field", ["Authorization", "Cookie", "Set-Cookie", "Passwd", "T", "password", "token", "SECRET"]
)
def test_no_secret_reaches_the_log(field):
    said = hide_secrets(logging.getLogger(), "info", {"event": "a request", field: "hunter2", "size": 5})

    assert "hunter2" not in str(said)
    assert said["size"] == 5


@pytest.mark.parametrize("text", ["＜script＞alert(1)＜/script＞", "﹤img src=x onerror=alert(1)﹥", "‹svg onload=a›"])
def test_wide_brackets_stay_words_wherever_they_are_shown(client, text):
    article = make_article(title=f"News {text}", description=text, text=text, html=sanitise(f"<p>{text}</p>"))

    for path in (article.get_absolute_url(), reverse("latest"), reverse("feed_latest")):
        shown = client.get(path).content.decode()
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert "<svg onload" not in shown
