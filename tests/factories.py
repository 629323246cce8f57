"""Rows for tests: plain functions that make one row each. A test names only the fields it is about."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import F
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.text import slugify
from PIL import Image

from accounts.ad_version import new_version
from accounts.models import Ad, User
from aggregator.models import Article, Story
from comments.discussion import next_id, place, write
from comments.markup import html_of
from comments.models import Comment
from feeds.models import GENERAL, Country, Entry, Feed, FetchRecord, Source
from feeds.tsvector import tsvector_literal

numbers = count(1)

A_WEDNESDAY = datetime(2026, 1, 14, 15, 59, tzinfo=UTC)


def make_source(*, country: str = "GB", **fields: Any) -> Source:
    """A source; its country's row is made where it is missing."""
    number = next(numbers)
    name = fields.setdefault("name", f"Paper {number}")
    fields.setdefault("slug", slugify(f"{name} {number}"))
    fields.setdefault("site_url", f"https://paper{number}.example/")
    fields.setdefault("language", "en")
    return Source.objects.create(country=Country.objects.get_or_create(iso=country)[0], **fields)


def make_feed(*, source: Source | None = None, **fields: Any) -> Feed:
    fields.setdefault("url", f"https://paper{next(numbers)}.example/feed.xml")
    return Feed.objects.create(source=source or make_source(), **fields)


def make_entry(*, feed: Feed | None = None, **fields: Any) -> Entry:
    number = next(numbers)
    defaults = {
        "identity": f"entry-{number}",
        "url": f"https://paper.example/news/{number}",
        "title": f"Headline {number}",
        "published_at": A_WEDNESDAY,
        "seen_at": A_WEDNESDAY,
        "read_after": A_WEDNESDAY,
        "content_hash": str(number),
    }
    return Entry.objects.create(feed=feed or make_feed(), **defaults | fields)


def make_story(*, category: str = GENERAL, told_by: tuple[Article, ...] = (), **fields: Any) -> Story:
    """A story; its articles join it and its counts and times are theirs."""
    title = fields.setdefault("title", told_by[0].title if told_by else f"Story {next(numbers)}")
    fields.setdefault("slug", slugify(title, allow_unicode=True)[:80])
    times = [article.published_at for article in told_by] or [timezone.now()]
    fields.setdefault("first_at", min(times))
    fields.setdefault("newest_at", max(times))
    fields.setdefault("article_count", len(told_by))
    fields.setdefault("source_count", len({article.source_id for article in told_by}))
    sides = Counter(country for _, country in {(article.source_id, article.source.country_id) for article in told_by})
    fields.setdefault("country_count", len(sides))
    fields.setdefault("voices", dict(sides))
    story = Story.objects.create(category_id=category, **fields)
    for article in told_by:
        article.story = story
        article.save(update_fields=["story"])
    return story


def make_article(
    *, source: Source | None = None, country: str = "GB", category: str = GENERAL, minutes_ago: float = 5, **fields: Any
) -> Article:
    """An article of a new source of `country`, unless a source is given; its tokens are those of its own words."""
    number = next(numbers)
    title = fields.setdefault("title", f"Headline {number}")
    fields.setdefault("slug", slugify(title, allow_unicode=True)[:80])
    fields.setdefault("url", f"https://paper.example/{number}")
    fields.setdefault("language", source.language if source else "en")
    fields.setdefault("published_at", timezone.now() - timedelta(minutes=minutes_ago))
    fields.setdefault("seen_at", fields["published_at"])
    fields.setdefault("word_count", len(fields.get("text", "").split()))
    source = source or make_source(country=country)
    words = tsvector_literal(title=title, description=fields.get("description", ""), source_name=source.name)
    tokens = RawSQL("%s::tsvector", [words])
    return Article.objects.create(source=source, category_id=category, tokens=tokens, **fields)


def give_picture(article: Article, *, width: int = 1280, height: int = 800, colour: str = "#3b5a6b") -> None:
    """Store a plain picture for an article, in the widths pages ask for."""
    name = f"pictures/{article.pk % 1000:03d}/{article.pk}"
    for size in [size for size in (320, 640, 1280) if size <= width]:
        file = BytesIO()
        Image.new("RGB", (size, size * height // width), colour).save(file, "WEBP")
        default_storage.save(f"{name}-{size}.webp", ContentFile(file.getvalue()))
    article.picture, article.picture_width, article.picture_height = name, width, height
    article.picture_colour = colour
    article.save(update_fields=["picture", "picture_width", "picture_height", "picture_colour"])


def make_reader(**fields: Any) -> User:
    fields.setdefault("email", f"reader{next(numbers)}@example.org")
    reader = User.objects.create_user(**fields)
    if reader.is_staff:  # the admin lets nobody in without a second factor
        Authenticator.objects.create(user=reader, type=Authenticator.Type.TOTP, data={"secret": "A" * 32})
    return reader


def make_curator(**fields: Any) -> User:
    return make_reader(is_staff=True, is_superuser=True, **fields)


def make_comment(
    article: Article | None = None, *, author: User | None = None, minutes_ago: float = 60, **fields: Any
) -> Comment:
    """A comment as it stands in its thread, counted where it is shown; nobody was asked whether it may."""
    article = article or make_article()
    text = fields.pop("body", f"Comment {next(numbers)}")
    parent = fields.get("parent")
    fields |= {"pk": fields.get("pk") or next_id(), "posted_at": timezone.now() - timedelta(minutes=minutes_ago)}
    comment = Comment(article=article, author=author or make_reader(), **fields)
    comment.path, comment.depth = place(comment.pk, parent)
    write(comment, text, html_of(text))
    comment.save(force_insert=True)
    if comment.is_shown:
        Article.objects.filter(pk=article.pk).update(comment_count=F("comment_count") + 1)
        Comment.objects.filter(pk=comment.parent_id or 0).update(answer_count=F("answer_count") + 1)
    return comment


def make_record(feed: Feed, *, minutes_ago: float = 1, **fields: Any) -> FetchRecord:
    """A look at a feed; it was polled and found unchanged unless told otherwise."""
    fields.setdefault("status", 304)
    return FetchRecord.objects.create(feed=feed, at=timezone.now() - timedelta(minutes=minutes_ago), **fields)


def make_ad(slot: str = "list", **fields: Any) -> Ad:
    """An ad that is in force everywhere unless told otherwise."""
    number = next(numbers)
    fields.setdefault("starts_at", timezone.now() - timedelta(hours=1))
    defaults = {"name": f"Ad {number}", "headline": f"Offer {number}", "link": f"https://shop{number}.example/"}
    ad = Ad.objects.create(slot=slot, **defaults | fields)
    new_version()  # a test's transaction may never be committed
    return ad
