"""./zis manage refresh: one whole pass in the foreground, from feeds to stories."""

import json
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count, Min
from tqdm import tqdm

from aggregator.passing import Pass, run_pass
from feeds.clock import database_now
from feeds.models import Feed, FeedQuerySet, Source

MOST_REASONS = 5


class Command(BaseCommand):
    help = (
        "Fetch feeds, read their new pages, publish articles and find stories: one pass, in the foreground. "
        "At a terminal a line counts what is done, stage by stage (feeds, pages, articles, pictures); "
        "elsewhere, and with --json, only the report at the end is written."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--all", action="store_true", help="every feed that is not paused, due or not")
        which.add_argument("--due", action="store_true", help="the feeds whose time has come (the default)")
        which.add_argument("--source", metavar="SLUG", help="the feeds of one source, due or not")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, **options) -> None:
        feeds = Feed.objects.all()
        if options["source"]:
            feeds = feeds.filter(source=self.source(options["source"]))
        with tqdm(desc="feeds", unit="", disable=True if options["json"] else None, leave=False) as bar:

            def show(stage: str, done: int) -> None:
                bar.set_description_str(stage)
                bar.update(done)

            began = database_now()
            report = run_pass(feeds, check_now=bool(options["all"] or options["source"]), progress=show)
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report)))
            return
        for line in reasons(feeds.filter(checked_at__gte=began).exclude(last_error="")):
            self.stderr.write(line)
        self.stdout.write(sentences(report))

    def source(self, slug: str) -> Source:
        try:
            return Source.objects.get(slug=slug)
        except Source.DoesNotExist:
            near = Source.objects.filter(slug__contains=slug[:4]).values_list("slug", flat=True)[:5]
            hint = f" Did you mean {', '.join(near)}?" if near else " The admin lists them."
            raise CommandError(f"There is no source {slug!r}.{hint}") from None


def reasons(failed: FeedQuerySet) -> list[str]:
    """The commonest reasons why feeds failed, each with a feed it struck."""
    found = failed.order_by().values("last_error").annotate(feeds=Count("pk"), url=Min("url")).order_by("-feeds", "url")
    return [
        f"{row['url']}{' and others' if row['feeds'] > 1 else ''} ({row['feeds']}): {row['last_error']}"
        for row in found[:MOST_REASONS]
    ]


def sentences(report: Pass) -> str:
    """The report as a person reads it."""
    seconds = ", ".join(f"{stage} {value:.1f} s" for stage, value in report.seconds.items())
    return (
        f"{report.feeds} feeds: {report.unchanged} unchanged, {report.failed} failed. "
        f"{report.entries_new} new entries, {report.articles_new} new articles, {report.stories_new} new stories. "
        f"Took {seconds}."
    )
