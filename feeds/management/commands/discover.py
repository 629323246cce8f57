"""./zis manage discover URL: the feeds behind a home page or any address. Nothing is added."""

import json
import sys
from datetime import UTC
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from feeds.discovery import find_feeds
from feeds.finding.adding import known_feeds
from feeds.finding.results import Discovery, FoundFeed
from feeds.models import Feed


class Command(BaseCommand):
    help = "Look for the feeds behind a home page, or any address, and show their latest items. Nothing is added."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("url", help="a home page, an article or a feed; https:// may be left out")
        parser.add_argument("--json", action="store_true", help="print what was found as JSON")

    def handle(self, *, url: str, **options: Any) -> None:
        found = find_feeds(url, report=self.say_progress if sys.stderr.isatty() else None)
        if sys.stderr.isatty():
            self.stderr.write("\r\033[K", ending="")
        known = known_feeds([feed.url for feed in found.feeds])
        if options["json"]:
            values = found.as_dict()
            for feed in values["feeds"]:
                here = known.get(feed["url"])
                feed["known_as"] = {"feed": here.pk, "source": here.source.slug} if here else None
            self.stdout.write(json.dumps(values, cls=DjangoJSONEncoder, ensure_ascii=False))
        else:
            for feed in found.feeds:
                self.show(feed, known.get(feed.url))
        if not found.feeds:
            raise CommandError(self.sentence_of_nothing(found))

    def say_progress(self, url: str) -> None:
        self.stderr.write(f"\r\033[KAsking {printable(url)[:100]} …", ending="")
        self.stderr.flush()

    def show(self, feed: FoundFeed, here: Feed | None) -> None:
        preview = feed.preview
        rate = "" if preview.per_day is None else f"{preview.per_day:g} a day, "
        self.stdout.write(printable(f"{feed.url}\n  {preview.title or '–'}"))
        self.stdout.write(printable(f"  {rate}{preview.item_count} items, {preview.language or '–'}, {preview.format}"))
        for item in preview.latest:
            at = (
                f"{item.published_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if item.published_at else "no date" + " " * 13
            )
            self.stdout.write(printable(f"  {at}  {item.title}"))
        for problem in preview.problems:
            self.stdout.write(printable(f"  ! {problem}"))
        if here:
            self.stdout.write(printable(f"  Here already, under {here.source}."))

    def sentence_of_nothing(self, found: Discovery) -> str:
        if found.failure:
            return printable(f"{found.asked}: {found.failure}")
        asked = "1 address was asked" if len(found.tried) == 1 else f"{len(found.tried)} addresses were asked"
        return printable(f"No feed was found behind {found.asked}; {asked}. Look on the site for “RSS”, or ask it.")


def printable(text: str) -> str:
    """Without what would command a terminal: the words are strangers'."""
    return "".join(character if character.isprintable() or character == "\n" else " " for character in text)
