"""Which pages the benchmark of traffic asks for, and who asks: readers who are there for as long as it lasts."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from zisnews.bench.pages import Meter

READERS = "traffic-"  # how the addresses of our readers begin
KEYWORDS = (0, 20, 200, 1000)
SHARES = {0: 0.0, 20: 0.05, 200: 0.3, 1000: 0.5}  # of the newest articles that so many keywords hide
# Requests a second at eight at once (performance.md): of lists by how many keywords their reader blocks, of others.
LIST_BARS = {0: 600, 20: 550, 200: 450, 1000: 120}
LISTS = ("latest", "category", "country", "source")
BARS = {"article": 250, "search.one": 150, "search.three": 150}
KEPT_BAR = 2500
COMMENTS, COMMENTERS = 50, 10


@dataclass(frozen=True, slots=True)
class Asked:
    """A page and who asks for it. is_kept: whether the web process keeps pages for readers without an account.

    queries: of the database, for one answer made anew
    """

    name: str
    path: str
    cookie: str = ""
    is_kept: bool = False
    bar: int | None = None
    queries: int = 0


@contextmanager
def asking(only: str = "") -> Iterator[Iterator[Asked]]:
    """The pages in whose name `only` stands; their readers and comments are gone after the block."""
    from accounts.models import User  # noqa: PLC0415  Django is set up by now, not when this module loads

    try:
        with discussed(newest()):
            yield pages(only)
    finally:
        User.objects.filter(email__startswith=READERS).delete()


def newest() -> Any:
    from aggregator.models import Article  # noqa: PLC0415

    return Article.objects.select_related("source").newest_first()[0]


def size_in_words(articles: int) -> str:
    """Such as "10k", "460k", "1m"."""
    return f"{articles / 1_000_000:.3g}m" if articles >= 999_500 else f"{articles / 1_000:.3g}k"


def pages(only: str) -> Iterator[Asked]:
    """Every kind of page as every kind of reader asks for it; a reader is made for the first that is wanted."""
    from aggregator.models import Article  # noqa: PLC0415

    size, paths = size_in_words(Article.objects.count()), addresses()
    for name, path in paths.items():
        kept = Asked(f"{size}.kept.{name}", path, is_kept=True, bar=KEPT_BAR)
        yield from (one for one in (kept, Asked(f"{size}.anew.{name}", path)) if only in one.name)
    for keywords in KEYWORDS:
        names = {name: f"{size}.user.{keywords}.{name}" for name in paths}
        wanted = {name: full for name, full in names.items() if only in full}
        cookie = cookie_of(keywords) if wanted else ""
        for name, full in wanted.items():
            bar = LIST_BARS[keywords] if name in LISTS else BARS.get(name)
            yield Asked(full, paths[name], cookie, bar=bar)


@contextmanager
def discussed(article: Any) -> Iterator[None]:
    """An article with COMMENTS comments by COMMENTERS readers, some of them answers, while the block lasts."""
    from django.utils import timezone  # noqa: PLC0415

    from accounts.models import User  # noqa: PLC0415
    from aggregator.models import Article  # noqa: PLC0415
    from comments.discussion import post  # noqa: PLC0415
    from comments.models import Comment  # noqa: PLC0415

    now, stamp = timezone.now(), time.time_ns()
    authors = User.objects.bulk_create(
        User(
            email=f"{READERS}author-{number}-{stamp}@fill.example",
            display_name=f"Reader {number} {stamp}",
            name_key=f"reader-{number}-{stamp}",
            date_joined=now - timedelta(days=300),
        )
        for number in range(COMMENTERS)
    )
    posted: list[Any] = []
    try:
        for number in range(COMMENTS):
            parent = posted[number // 3] if number % 3 == 2 else None
            words = f"This is what I think of it, and I have thought of it {number + 1} times. " * 3
            moment = now - timedelta(minutes=COMMENTS - number)  # nobody may comment in haste
            posted.append(post(authors[number % COMMENTERS], article, words, parent=parent, now=moment))
        yield
    finally:
        Comment.objects.filter(pk__in=[one.pk for one in posted]).delete()
        Article.objects.filter(pk=article.pk).update(comment_count=article.comment_count)


def addresses() -> dict[str, str]:
    """An address of each kind of page, about the newest article and a story that many tell."""
    from django.urls import reverse  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from aggregator.models import Story  # noqa: PLC0415

    article = newest()
    story = Story.objects.active(timezone.now()).order_by("-article_count", "pk").first()
    words = [word for word in article.title.split() if word.isalnum()][:3]
    return {
        "front": reverse("front"),
        "latest": reverse("latest"),
        "category": f"{reverse('category', args=['politics'])}?tab=latest",
        "country": reverse("country", args=[article.source.country_id.lower()]),
        "source": reverse("source", args=[article.source.slug]),
        "countries": reverse("countries"),
        "sources": reverse("sources"),
        "stories": reverse("stories"),
        **({"story": story.get_absolute_url()} if story else {}),
        "article": article.get_absolute_url(),
        "search.one": f"{reverse('search')}?q={words[0]}",
        "search.three": f"{reverse('search')}?q={'+'.join(words)}",
    }


def queries_of(asked: Asked) -> int:
    """How many queries one answer takes that is made anew, by a process that has made it before."""
    meter = Meter()
    if asked.cookie:
        name, _, value = asked.cookie.partition("=")
        meter.client.cookies[name] = value
    else:
        asked = replace(asked, path=f"{asked.path}{'&' if '?' in asked.path else '?'}anew=")  # what is never kept
    meter.visit(asked.path, is_kept=True)
    return meter.visit(asked.path, is_kept=True).queries


def cookie_of(keywords: int) -> str:
    """The cookie of somebody who is logged in and blocks so many keywords; made anew for each benchmark."""
    from django.conf import settings  # noqa: PLC0415
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from accounts import excluding  # noqa: PLC0415
    from accounts.models import User  # noqa: PLC0415
    from aggregator import left_over  # noqa: PLC0415
    from zisnews.bench.keywords import chosen, words_of_newest  # noqa: PLC0415
    from zisnews.sessions import SessionStore  # noqa: PLC0415

    reader = User.objects.create_user(f"{READERS}{keywords}-{time.time_ns()}@fill.example")
    if keywords:
        words = chosen(words_of_newest(), keywords, SHARES[keywords])
        excluding.block_all(reader, map(excluding.Wanted, words), timezone.now())
        left_over.renew(reader.pk, timezone.now())
    session = SessionStore()
    session[SESSION_KEY] = str(reader.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = reader.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
