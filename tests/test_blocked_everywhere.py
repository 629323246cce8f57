"""What a user blocks stands on none of their pages: every address that answers a GET is asked, and a new one must be
entered here before the tests pass. Counts tell of what is left.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts import private_feeds
from accounts.excluding import Wanted, block, change
from accounts.following import follow
from accounts.models import User
from aggregator import about
from aggregator.comparing_stories import compare_grown
from aggregator.models import Article, FollowedStory, Saved, Story, Visit
from aggregator.search import documents
from comments.reactions import set_reaction
from feeds.models import Source
from tests.factories import make_article, make_comment, make_reader, make_source, make_story

pytestmark = pytest.mark.django_db

WORD = "Quixotball"
ELSEWHERE = ("admin/", "accounts/", "^media/", "^websub/")  # curators' pages, allauth's, files, and what hubs call


@dataclass
class World:
    """A site whose every list has articles, and a user who saved, opened, likes and follows all of it."""

    user: User
    source: Source
    blocked: Article
    seen: Article
    story: Story
    token: str


@pytest.fixture
def world(client: Client) -> World:
    user, source = make_reader(), make_source(country="GB", name="Morning Paper")
    hidden = [
        make_article(
            source=source,
            category="world",
            title=f"{WORD} final {n}",
            description="A harvest of rain.",
            minutes_ago=n + 3,
        )
        for n in range(3)
    ]
    hidden.append(make_article(source=source, category="world", title="A match", description=f"Of {WORD} and harvest."))
    seen = [
        make_article(source=make_source(country=iso), category="world", title=f"Harvest {iso}", minutes_ago=9)
        for iso in ("GB", "FR", "IN", "JP", "DE")
    ]
    own = make_article(source=source, category="world", title="Harvest here", minutes_ago=9)
    story = make_story(told_by=(*seen, own, *hidden), title="Harvest GB", category="world")
    documents.catch_up(budget_seconds=60)
    compare_grown()
    story.refresh_from_db()  # it may be headed by another article now
    about.note(((article, ["FR"]) for article in (*hidden, *seen, own)), timezone.now())
    for article in (*hidden, *seen):
        Saved.objects.create(user=user, article=article)
        Visit.objects.create(user=user, article=article)
        set_reaction(user, article.pk, "like")
    FollowedStory.objects.create(user=user, story=story)
    follow(user, source, timezone.now())
    make_comment(hidden[0], author=user, body="As I said.")
    block(user, Wanted(WORD.lower()), timezone.now())
    client.force_login(user)
    token = private_feeds.make(user, "Phone", private_feeds.ticket_for_form(), timezone.now())[1]
    return World(user, source, hidden[0], seen[0], story, token)


# name of an address → the addresses to ask, filled with what the world has; "lists" ones must show what is left
LISTS = {
    "front": ["/", "/?feed=mine"],
    "latest": ["/latest/"],
    "category": ["/category/world/", "/category/world/?tab=latest"],
    "country": ["/country/gb/"],
    "source": ["/source/{source}/"],
    "stories": ["/stories/", "/stories/?side=growing", "/stories/?country=gb"],
    "matrix_cell": ["/stories/matrix/gb/fr/"],
    "story": ["/story/{story}/{story_slug}/" + asked for asked in ("", "?tab=all", "?tab=only", "?a=gb&b=fr")],
    "story_json": ["/story/{story}.json"],
    "story_csv": ["/story/{story}.csv"],
    "search": ["/search/?q=harvest", "/search/?q=harvest&sort=date", "/search/"],
    "article": ["/article/{seen}/{seen_slug}/"],
    "saved": ["/saved/"],
    "history": ["/history/"],
    "likes": ["/likes/"],
    "feed_front": ["/feed/"],
    "feed_latest": ["/feed/latest/"],
    "feed_category": ["/feed/category/world/"],
    "feed_country": ["/feed/country/gb/"],
    "feed_source": ["/feed/source/{source}/"],
    "feed_story": ["/feed/story/{story}/"],
    "feed_stories": ["/feed/stories/"],
    "feed_search": ["/feed/search/?q=harvest"],
    "private_front": ["/feed/u/{token}/"],
    "private_saved": ["/feed/u/{token}/saved/"],
    "private_top": ["/feed/u/{token}/top/"],
    "private_latest": ["/feed/u/{token}/latest/"],
    "private_category": ["/feed/u/{token}/category/world/"],
    "private_country": ["/feed/u/{token}/country/gb/"],
    "private_source": ["/feed/u/{token}/source/{source}/"],
    "private_story": ["/feed/u/{token}/story/{story}/"],
    "private_stories": ["/feed/u/{token}/stories/"],
    "private_search": ["/feed/u/{token}/search/?q=harvest"],
}
OTHERS = {
    "countries": ["/country/"],
    "matrix": ["/stories/matrix/"],
    "sources": ["/source/"],
    "welcome": ["/welcome/"],
    "following": ["/settings/following/"],
    "notices": ["/notices/"],
    "my_comments": ["/comments/mine/"],
    "settings": ["/settings/"],
    "account_settings": ["/settings/account/"],
    "reading": ["/settings/reading/"],
    "notification_settings": ["/settings/notifications/"],
    "blocked_readers": ["/settings/readers/"],
    "your_data": ["/settings/data/"],
    "feed_search_opml": ["/feed/search.opml?q=harvest"],
    "feed_sources_opml": ["/feed/sources.opml"],
    "apps": ["/settings/apps/"],
    "private_opml": ["/feed/u/{token}/following.opml"],
    "following_opml": ["/settings/following/sources.opml"],
    "comment_rules": ["/rules/"],
    "about": ["/about/"],
    "privacy": ["/privacy/"],
    "terms": ["/terms/"],
    "app": ["/app/"],
    "sources_policy": ["/sources-policy/"],
    "offline": ["/offline/"],
}
# Addresses that may say the word, each with the reason.
MAY_SAY_IT = {
    "keywords": "the user's own keywords, and what one would hide",
    "keyword_preview": "what a keyword would hide, asked for",
    "keywords_export": "the user's own keywords",
    "block_from_headline": "the words of one headline, asked for by its number",
    "comment": "leads to the article its comment stands under",
    "comment_thread": "what is said under one article, asked for by its number",
    "answer_comment": "the same",
    "edit_comment": "the user's own words",
    "flag_comment": "what is said under one article, asked for by its number",
    "export_data": "all that is kept of the user, in a file of theirs",
    "notice": "leads to what the notice tells of",
    "ad": "leads away, to who advertises",
    "erase_account": "asks for the password first",
    "account_erased": "said once, to who is logged out",
    "robots": "for machines, without accounts",
    "sitemap_index": "for machines, without accounts",
    "sitemap_pages": "for machines, without accounts",
    "sitemap_stories": "for machines, without accounts",
    "news_sitemap": "for machines, without accounts",
    "manifest": "for machines, without accounts",
    "styleguide": "for who builds this, where DEBUG is on",
}
# Addresses that only take a POST, with their arguments.
CHANGES = {
    "reaction": ["{blocked}"],
    "post_comment": ["{blocked}"],
    "delete_comment": ["1"],
    "restore_comment": ["1"],
    "vote_on_comment": ["1"],
    "block_reader": ["1"],
    "hide_source": ["{source}"],
    "follow": [],
    "save_search": [],
    "save_article": ["{blocked}"],
    "keywords_several": [],
    "keywords_undo": [],
    "keyword": ["1"],
    "put_note_away": ["{blocked}"],
    "private_feed": ["1"],
    "follow_list": [],
    "hide_languages": [],
    "visit": ["{blocked}"],
    "read_up_to": [],
    "notices_read": [],
    "notices_unread": [],
    "close_ad": [],
    "preferences": [],
}
NAMELESS = {
    "story/<int:pk>/": "leads to the address with words",
    "article/<int:pk>/": "leads to the address with words",
    "favicon.ico": "a picture",
    ".well-known/change-password": "leads to another page",
    ".well-known/security.txt": "for machines",
    "sw.js": "for machines",
    "healthz": "for operators",
    "readyz": "for operators",
    "metrics": "for operators",
}


def addresses(of: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(name, address) for name, found in of.items() for address in found]


def filled(address: str, world: World) -> str:
    return address.format(
        source=world.source.slug,
        token=world.token,
        story=world.story.pk,
        story_slug=world.story.slug,
        seen=world.seen.pk,
        blocked=world.blocked.pk,
        seen_slug=world.seen.slug,
    )


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route, pattern


def test_every_address_is_entered_here():
    known = {*LISTS, *OTHERS, *MAY_SAY_IT, *CHANGES}
    missing = [
        f"{route} ({pattern.name})"
        for route, pattern in routes(get_resolver().url_patterns)
        if not route.startswith(ELSEWHERE) and pattern.name not in known and route not in NAMELESS
    ]

    assert not missing, "Enter them in LISTS, OTHERS, MAY_SAY_IT or CHANGES, and see that they ask visible_to."


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_what_only_changes_something_shows_nothing(client, world, name):
    arguments = CHANGES[name]
    path = reverse(name, args=[filled(argument, world) for argument in arguments])

    assert client.get(path).status_code in {301, 302, 404, 405}


@pytest.mark.parametrize(("name", "address"), addresses(LISTS | OTHERS))
def test_what_is_blocked_stands_on_no_page(client, world, name, address):
    answer = client.get(filled(address, world))
    page = answer.content.decode()

    assert answer.status_code == 200
    assert WORD not in page and "A match" not in page and f'data-article="{world.blocked.pk}"' not in page
    if name in LISTS:
        assert "Harvest" in page, "what is not blocked is missing too: this proves nothing"


@pytest.mark.parametrize(("name", "address"), addresses(LISTS))
def test_it_is_there_as_soon_as_the_keyword_is_paused(client, world, name, address):
    change(world.user.blocked_keywords.get(), timezone.now(), is_paused=True)

    page = client.get(filled(address, world)).content.decode()

    told_by_one = name in {"front", "stories", "article", "feed_front", "feed_stories", "search"}
    told_by_one = told_by_one or name in {"private_top", "private_stories"}
    assert WORD in page or "A match" in page or told_by_one


def test_counts_tell_of_what_is_left(client, world):
    """Of four hidden articles and six others. A story's own counts stay: they tell what the countries did."""
    context = client.get("/search/?q=harvest").context["results"]
    told = {country.pk: count for country, count in client.get("/country/").context["shelves"]}
    story = client.get(filled("/story/{story}/{story_slug}/", world)).context["told"]

    assert (context.total, context.hidden) == (6, 4)
    assert told == {"GB": 2, "FR": 1, "IN": 1, "JP": 1, "DE": 1}
    assert {column.country: column.count for column in story.columns} == {"GB": 6, "FR": 1, "IN": 1, "JP": 1, "DE": 1}
    assert story.hidden == 4
    for address in ("/latest/", "/source/{source}/", "/category/world/?tab=latest", "/country/gb/"):
        assert client.get(filled(address, world)).context["listing"].hidden == 4, address


def test_on_the_page_of_a_story_what_is_hidden_is_one_line_of_its_column(client, world):
    page = client.get(filled("/story/{story}/{story_slug}/", world)).content.decode()
    side = page[page.index('id="gb"') :]

    assert '<details class="quiet" data-collapsed="4">' in side and "4 articles hidden by your keywords · show" in side
    assert f"/article/{world.blocked.pk}/-/" in side and "6 articles" in side


def test_a_keyword_beats_a_follow_and_a_like(client, world):
    make_comment(article=world.blocked, author=make_reader(), body="Well.")

    for address in ("/?feed=mine", "/likes/", "/saved/"):
        assert WORD not in client.get(address).content.decode(), address


def test_search_tells_why_it_hid_something(client, world):
    page = client.get("/search/?q=harvest").content.decode()
    shown = client.get(f"/search/?q={WORD}&hidden=show").content.decode()

    assert 'data-hidden="4"' in page and f"keyword “{WORD.lower()}”: 4" in page and WORD not in page
    assert f"Hidden because of: keyword “{WORD.lower()}”" in shown
