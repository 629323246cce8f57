"""./zis manage fill: bulk synthetic articles for measurements."""

import os
import time

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from aggregator.models import Article
from feeds.clock import database_now
from zisnews.bench.filling.filling import WORDS, Plan, fill, real_sources
from zisnews.bench.filling.readers import add_readers
from zisnews.prepare import migrate

MOST_PROCESSES = 8


class Command(BaseCommand):
    help = (
        "Add invented articles to an empty site, for measurements: sources of many countries, stories, several "
        "languages and scripts, words as frequent as in real texts, pictures. Called again, it adds more. "
        "Never fill a site that people read: its articles would stand between the real ones."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--articles", type=int, required=True, metavar="N", help="how many articles to add")
        parser.add_argument("--sources", type=int, default=500, metavar="N", help="how many publish them (500)")
        parser.add_argument("--days", type=int, default=30, metavar="D", help="the days they spread over (30)")
        parser.add_argument("--words", type=int, default=WORDS, metavar="W", help=f"in a text, more or less ({WORDS})")
        parser.add_argument("--users", type=int, default=0, metavar="N", help="how many accounts to add")
        parser.add_argument("--keywords", type=int, default=0, metavar="K", help="how many words each of them blocks")
        parser.add_argument("--password", help="of these accounts; without it nobody can sign in to them")
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="the same one gives the same articles (1)")
        parser.add_argument("--no-search", action="store_true", help="leave the words for search to catching up")
        parser.add_argument("--processes", type=int, metavar="N", help="how many compose articles (one a core)")
        parser.add_argument("--force", action="store_true", help="fill even a site that has articles of real sources")

    def handle(self, **options) -> None:
        for name in ("articles", "sources", "days", "words"):
            if options[name] < 1:
                raise CommandError(f"fill: --{name} must be at least 1.", returncode=2)
        for name in ("users", "keywords"):
            if options[name] < 0:
                raise CommandError(f"fill: --{name} can not be less than 0.", returncode=2)
        migrate()  # a folder may be new
        if not options["force"] and (names := real_sources()):
            raise CommandError(
                f"This site has articles of real sources ({', '.join(names)} …); readers could not tell invented ones "
                "from them. Fill a site of its own: ./zis manage --data FOLDER fill … with a new folder, or say "
                "--force if this one may be thrown away."
            )
        plan = Plan(
            articles=options["articles"],
            sources=options["sources"],
            days=options["days"],
            seed=options["seed"],
            now=database_now(),
            standing=Article.objects.count(),
            with_search=not options["no_search"],
            words=options["words"],
        )
        processes = options["processes"] or min(os.cpu_count() or 1, MOST_PROCESSES)
        began = time.monotonic()
        with tqdm(total=plan.articles, desc="articles", unit="", disable=None, leave=False) as bar:
            fill(plan, processes=processes, progress=bar.update)
        seconds = time.monotonic() - began
        if options["users"]:
            add_readers(options["users"], plan.seed, options["password"], keywords=options["keywords"])
            self.stdout.write(f"{options['users']} accounts added.")
        self.stdout.write(
            f"{plan.articles} articles of {plan.sources} sources added to {plan.standing}, over {plan.days} days, "
            f"in {seconds:.1f} s: {plan.articles / seconds:.0f} a second."
        )
