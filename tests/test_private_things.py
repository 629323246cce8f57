"""What a reader keeps to themselves, nobody else sees, changes or learns of: every address is tried by a stranger.

Ann has something of everything, all of it with a word of its own. Bob, who has an account, and somebody without one ask
for every address of ours, as a browser, a script and a program do. An address that names something by an id stands in
one of two tables below: in PRIVATE with how to come by an id of Ann's, and then the answer must be the one that an id
gets which never was; or in PUBLIC with the reason why everybody may know. A new address that stands in neither fails.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts import excluding, following
from accounts.models import BlockedKeyword, Notification, PrivateFeed, User
from aggregator import history, reading_marks, saving
from aggregator.models import Article
from aggregator.views import private_feeds
from comments.models import BlockedReader, Comment
from comments.reactions import set_reaction
from tests.factories import make_article, make_comment, make_reader, make_source

pytestmark = pytest.mark.django_db

PASSWORD = "long enough for everybody"
LANGUAGES = {"html": {"accept": "text/html"}, "json": {"accept": "application/json"}, "part": {"hx-request": "true"}}
NEVER = 987_654_321  # an id that nothing has

# Words that occur in Ann's things and nowhere else.
SECRETS = (
    "xanthippe", "zanzibar", "quokka", "pangolin", "axolotl", "okapi", "narwhal", "ann-very-private",
    "203.0.113.77", "Annavia/7",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Private:
    """of: from Ann's things to the id in the address. posts: what is sent there besides GET. instead: an id that looks
    the same to everybody but Ann, where the id itself is no secret
    """

    of: Callable[["Things"], int]
    posts: tuple[Mapping[str, str], ...] = ({},)
    instead: Callable[["Things"], int] = lambda things: NEVER


@dataclass(frozen=True, slots=True)
class Things:
    """What Ann has."""

    ann: User
    opened: Article
    unopened: Article
    keyword: BlockedKeyword
    notice: Notification
    held: Comment
    shown: Comment
    key: Authenticator
    session: UserSession
    feed: PrivateFeed


# --- one line for each address that names a thing by an id --------------------------------------------------------

PRIVATE: dict[str, list[Private]] = {
    "settings/keywords/<int:pk>/": [
        Private(
            lambda things: things.keyword.pk, ({"do": "remove"}, {"do": "pause"}, {"do": "resume"}, {"do": "where"})
        )
    ],
    "history/<int:pk>/": [
        Private(lambda things: things.opened.pk, ({"kept": "no"},), instead=lambda things: things.unopened.pk)
    ],
    "notices/<int:pk>/": [Private(lambda things: things.notice.pk, ({}, {"read": "yes"}, {"read": "no"}))],
    "settings/apps/<int:pk>/": [
        Private(lambda things: things.feed.pk, ({"revoked": "yes"}, {"revoked": "no"}, {"name": "Mine now"}))
    ],
    "comment/<int:pk>/": [Private(lambda things: things.held.pk)],
    "comment/<int:pk>/thread/": [Private(lambda things: things.held.pk)],
    "comment/<int:pk>/answer/": [Private(lambda things: things.held.pk)],
    "comment/<int:pk>/vote/": [Private(lambda things: things.held.pk, ({"vote": "up"},))],
    "comment/<int:pk>/flag/": [Private(lambda things: things.held.pk, ({"reason": "spam"},))],
    **{
        f"comment/<int:pk>/{deed}/": [
            Private(lambda things: things.held.pk, ({"body": "Mine now"},)),
            Private(lambda things: things.shown.pk, ({"body": "Mine now"},)),
        ]
        for deed in ("edit", "delete", "restore")
    },
    "accounts/2fa/webauthn/keys/<int:pk>/remove/": [Private(lambda things: things.key.pk)],
    "accounts/2fa/webauthn/keys/<int:pk>/edit/": [Private(lambda things: things.key.pk, ({"name": "Mine now"},))],
}

A_PAGE, OWN_DEED = "a page of everybody's", "changes what the asker has themselves, of a thing of everybody's"
A_TOKEN = "what it names can not be guessed"
PUBLIC: dict[str, str] = {
    "article/<int:pk>/reaction/": OWN_DEED,
    "article/<int:pk>/comments/": OWN_DEED,
    "article/<int:pk>/save/": OWN_DEED,
    "source/<slug:slug>/hide/": OWN_DEED,
    "reader/<int:pk>/block/": OWN_DEED,
    "settings/keywords/from/<int:pk>/": OWN_DEED,
    "settings/keywords/note/<int:pk>/": OWN_DEED,
    "settings/keywords/keywords.<slug:kind>": "the asker's own keywords; what is named is the kind of file",
    "category/<slug:slug>/": A_PAGE,
    "country/<slug:iso>/": A_PAGE,
    "source/<slug:slug>/": A_PAGE,
    "story/<int:pk>/": A_PAGE,
    "story/<int:pk>/<str:slug>/": A_PAGE,
    "story/<int:pk>.json": A_PAGE,
    "story/<int:pk>.csv": A_PAGE,
    "stories/matrix/<slug:teller>/<slug:subject>/": A_PAGE,
    "article/<int:pk>/": A_PAGE,
    "article/<int:pk>/<str:slug>/": A_PAGE,
    "feed/category/<slug:slug>/": A_PAGE,
    "feed/country/<slug:iso>/": A_PAGE,
    "feed/source/<slug:slug>/": A_PAGE,
    "feed/story/<int:pk>/": A_PAGE,
    "sitemap/stories-<slug:day>.xml": A_PAGE,
    "ad/<int:pk>/": A_PAGE,
    **{f"feed/u/<slug:token>/{place}": A_TOKEN for place, _view in private_feeds.LISTS.values()},
    r"^media/(?P<path>[\w/-]+\.webp)$": A_PAGE,
    r"^websub/(?P<token>[A-Za-z0-9_-]{43})/$": A_TOKEN,
    r"accounts/^confirm-email/(?P<key>[-:\w]+)/$": A_TOKEN,
    r"accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": A_TOKEN,
}

# Forms that name a thing of Ann's by a field: the address's name, the field, and the thing.
NAMED: list[tuple[str, Mapping[str, str], str, Callable[[Things], int]]] = [
    ("usersessions_list", {}, "session", lambda things: things.session.pk),
    ("post_comment", {"body": "Hello"}, "parent", lambda things: things.held.pk),
]


# --- the walk ------------------------------------------------------------------------------------------------------


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """Every route of ours but the admin's, whose door is the staff's."""
    for one in (resolver or get_resolver()).url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(one, route)
        elif not route.startswith("admin/"):
            yield route


def names_something(route: str) -> bool:
    return "<" in route


@pytest.fixture
def things() -> Things:
    now = timezone.now()
    ann = make_reader(email="ann-very-private@example.org", password=PASSWORD)
    long_ago = {"minutes_ago": 60 * 24 * 400, "source": make_source(name="Old paper", country="AM")}
    opened = make_article(title="Zanzibar moth found", **long_ago)
    unopened = make_article(title="Another moth", **long_ago)
    source = make_source(name="Followed paper")
    saving.save(ann, opened.pk, now)
    history.remember(ann, opened.pk, first_at=now, at=now)
    set_reaction(ann, opened.pk, "like")
    reading_marks.read_up_to(ann, "all", now)
    keyword = excluding.block(ann, excluding.Wanted("xanthippe"), now)
    excluding.hide_source(ann, make_source(name="Hidden paper"), now)
    following.follow(ann, source, now)
    following.save_search(ann, "q=quokka", now, name="quokka")
    notice = Notification.objects.create(
        user=ann, kind="answer", key="pangolin", url="/pangolin/", data={"title": "pangolin"}
    )
    stranger = make_reader()
    BlockedReader.objects.create(user=ann, blocked=stranger)
    UserSession.objects.all().delete()
    client = Client(headers={"user-agent": "Annavia/7"}, REMOTE_ADDR="203.0.113.77")
    assert client.post(reverse("account_login"), {"login": ann.email, "password": PASSWORD}).status_code == 302
    return Things(
        ann=ann,
        opened=opened,
        unopened=unopened,
        keyword=keyword,
        notice=notice,
        held=make_comment(opened, author=ann, body="axolotl", state=Comment.State.HELD),
        shown=make_comment(opened, author=ann, body="An honest word"),
        key=Authenticator.objects.create(user=ann, type=Authenticator.Type.WEBAUTHN, data={"name": "okapi"}),
        session=UserSession.objects.get(user=ann),
        feed=PrivateFeed.objects.create(user=ann, name="narwhal", digest=b"1" * 32),
    )


@pytest.fixture
def strangers(things) -> dict[str, Callable[[], Client]]:
    """Bob, who has just said his password again, and somebody without account: each a browser as it was at first."""
    bob = make_reader(email="bob@example.org", password=PASSWORD)
    logged_in = Client()
    for page in ("account_login", "account_reauthenticate"):
        assert logged_in.post(reverse(page), {"login": bob.email, "password": PASSWORD}).status_code == 302

    def browser_of_bob() -> Client:
        fresh = Client()
        for name, cookie in logged_in.cookies.items():
            if "session" in name:
                fresh.cookies[name] = cookie.value
        return fresh

    return {"bob": browser_of_bob, "nobody": Client}


def private_rows(ann: User) -> dict[str, list[dict[str, Any]]]:
    """Every row that points at Ann, and her own."""
    found: dict[str, list[dict[str, Any]]] = {"user": list(User.objects.filter(pk=ann.pk).values())}
    for model in apps.get_models():
        for one in model._meta.concrete_fields:
            if one.related_model is User:
                rows = model._base_manager.filter(**{one.name: ann}).order_by("pk")
                found[f"{model.__name__}.{one.name}"] = list(rows.values())
    found["sessions"] = list(Session.objects.filter(session_key__in=[
        row["session_key"] for row in found["UserSession.user"]
    ]).values("session_key"))  # fmt: skip
    return found


def path_of(route: str, pk: int) -> str:
    return "/" + re.sub(r"<[^>]+>", str(pk), route)


def said(response: Any, pk: int) -> tuple[int, str, str]:
    """What an answer tells, without what differs each time: the status, where it leads, the body."""
    body = b"" if response.streaming else response.content
    text = re.sub(r'(csrfmiddlewaretoken" value=|csrfToken":\s*)"[^"]+"', "TOKEN", body.decode(errors="replace"))
    in_addresses = rf"(?<=/){pk}(?=/)"
    where = re.sub(in_addresses, "ID", unquote(response.headers.get("Location", "")))
    return response.status_code, where, re.sub(in_addresses, "ID", unquote(text))


def ask(client: Client, path: str, fields: Mapping[str, str] | None, headers: Mapping[str, str]) -> Any:
    if fields is None:
        return client.get(path, headers=headers)
    cache.clear()  # limits are not what is asked about here
    return client.post(path, fields, headers=headers)


def test_every_address_that_names_something_is_in_a_table():
    ours = {route for route in routes() if names_something(route)}

    assert ours - set(PRIVATE) - set(PUBLIC) == set(), "say of each whether what it names is a reader's own (see above)"
    assert set(PRIVATE) & set(PUBLIC) == set()
    assert (set(PRIVATE) | set(PUBLIC)) - ours == set(), "these are gone"


def test_the_words_are_there_to_be_found(things):
    """Else the walk below would find nothing, and prove nothing."""
    client = Client()
    client.force_login(things.ann)
    pages = ["keywords", "saved", "history", "likes", "usersessions_list", "my_comments", "account_email"]
    shown = " ".join(client.get(reverse(name)).content.decode().lower() for name in pages)

    for secret in ("xanthippe", "zanzibar", "axolotl", "203.0.113.77", "ann-very-private"):
        assert secret in shown, secret


def test_no_page_shows_a_stranger_anything_of_another_reader(things, strangers):
    for _number in range(35):
        make_article()  # what is listed as the newest of everybody
    for route in routes():
        if names_something(route):
            continue
        for who, browser in strangers.items():
            for kind, headers in LANGUAGES.items() if who == "bob" else [("html", LANGUAGES["html"])]:
                response = ask(browser(), f"/{route}", None, headers)
                body = b"".join(response.streaming_content) if response.streaming else response.content
                found = [one for one in SECRETS if one.lower().encode() in body.lower()]
                assert not found, f"/{route} shows {who} {found} as {kind}"


@pytest.mark.parametrize("route", PRIVATE)
def test_what_is_anothers_answers_as_what_is_not_there_and_stays_as_it_is(route, things, strangers):
    before = private_rows(things.ann)
    for private in PRIVATE[route]:
        theirs, instead = private.of(things), private.instead(things)
        for who, browser in strangers.items():
            for kind, headers in LANGUAGES.items():
                for fields in (None, *private.posts):
                    answers = [
                        said(ask(browser(), path_of(route, pk), fields, headers), pk) for pk in (theirs, instead)
                    ]
                    assert answers[0] == answers[1], f"{who}, {kind}, {fields}"
                    assert instead != NEVER or answers[0][0] != 200, f"{who}, {kind}, {fields}"
    assert private_rows(things.ann) == before


@pytest.mark.parametrize("name", [name for name, *_others in NAMED])
def test_a_form_that_names_anothers_thing_answers_as_for_what_is_not_there(name, things, strangers):
    before = private_rows(things.ann)
    _name, fields, field, of = next(one for one in NAMED if one[0] == name)
    path = reverse(name, args=[things.opened.pk] if name == "post_comment" else [])
    for who, browser in strangers.items():
        for headers in LANGUAGES.values():
            answers = [
                said(ask(browser(), path, {**fields, field: str(pk)}, headers), pk) for pk in (of(things), NEVER)
            ]
            assert answers[0] == answers[1], who
    assert private_rows(things.ann) == before


def test_no_form_without_an_id_reaches_another_readers_things(things, strangers):
    """Each form is sent empty and with the words that clear, stop and delete, as Bob: it may do so to his own only."""
    before = private_rows(things.ann)
    everything = {"do": "stop_and_clear", "action": "delete", "user": str(things.ann.pk), "email": things.ann.email}
    skipped = {"accounts/logout/", "metrics"}
    for route in routes():
        if names_something(route) or route in skipped:
            continue
        for fields in ({}, everything):
            ask(strangers["bob"](), f"/{route}", fields, LANGUAGES["json"])
    after = private_rows(things.ann)

    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}


def test_what_bob_can_infer_of_ann_is_nothing(things, strangers):
    """Not by what is counted either: what she saved, opened, blocked and follows leaves no number on a public page."""
    address = things.opened.get_absolute_url()
    page = said(strangers["bob"]().get(address), NEVER)
    saving.unsave(things.ann, things.opened.pk)
    history.clear(things.ann)
    excluding.unblock(things.ann, [things.keyword.pk], timezone.now())

    assert said(strangers["bob"]().get(address), NEVER) == page
