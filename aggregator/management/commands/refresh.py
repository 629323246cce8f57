"""./zis manage refresh: one whole pass in the foreground, from feeds to stories."""

import json
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from aggregator.passing import Pass, run_pass
from feeds.models import Feed, Source


class Command(BaseCommand):
    help = "Fetch feeds, read their new pages, publish articles and find stories: one pass, in the foreground."

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

            report = run_pass(feeds, check_now=bool(options["all"] or options["source"]), progress=show)
        self.stdout.write(json.dumps(asdict(report)) if options["json"] else sentences(report))

    def source(self, slug: str) -> Source:
        try:
            return Source.objects.get(slug=slug)
        except Source.DoesNotExist:
            near = Source.objects.filter(slug__contains=slug[:4]).values_list("slug", flat=True)[:5]
            hint = f" Did you mean {', '.join(near)}?" if near else " `status` lists none that are alike."
            raise CommandError(f"There is no source {slug!r}.{hint}") from None


def sentences(report: Pass) -> str:
    """The report as a person reads it."""
    seconds = ", ".join(f"{stage} {value:.1f} s" for stage, value in report.seconds.items())
    return (
        f"{report.feeds} feeds: {report.unchanged} unchanged, {report.failed} failed. "
        f"{report.entries_new} new entries, {report.articles_new} new articles, {report.stories_new} new stories. "
        f"Took {seconds}."
    )
