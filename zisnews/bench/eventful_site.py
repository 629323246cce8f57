"""A site on which three days of invented events stand, for the benchmark of stories: written by COPY, in seconds."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

from zisnews.bench.eventful import KINDS, World, moments, replaced

ACTIVE = 300_000
SOURCES, COUNTRIES = 800, 40
SAMPLE = 2_000  # articles that the frequencies of terms are taken from
DAYS_KNOWN = 10  # a month of articles was counted: so many times three days
PLACED_FROM = 1_000_000_000  # the numbers of stories that are made while the clock runs; the others are their event's


class Site:
    """What stands before the first article is placed."""

    def __init__(self, world: World) -> None:
        from django.db import connection  # noqa: PLC0415  Django is set up by now, not when this module loads

        from feeds.models import Country, Source  # noqa: PLC0415

        self.world, self.connection = world, connection
        self.now = datetime.now(UTC)
        self.events = self.articles = 0
        codes = [f"{chr(65 + n // 26)}{chr(65 + n % 26)}" for n in range(COUNTRIES)]
        Country.objects.bulk_create([Country(iso=code) for code in codes], ignore_conflicts=True)
        Source.objects.bulk_create(
            Source(name=f"Paper {n}", slug=f"paper-{n}", site_url=f"https://p{n}.example/", country_id=codes[n % 40])
            for n in range(SOURCES)
        )
        self.sources = dict(Source.objects.order_by("pk").values_list("pk", "country_id"))
        self.frequencies, self.documents = self.counted()
        self.profiles = [self.profile(kind) for kind in range(KINDS)]

    def counted(self) -> tuple[dict[str, int], int]:
        """In how many articles of a month each term stands, from a sample."""
        from aggregator.finding.features import weigh  # noqa: PLC0415
        from aggregator.frequencies import ALL_DOCUMENTS, add_frequencies  # noqa: PLC0415

        counts: Counter[str] = Counter()
        for event in range(SAMPLE):
            text = self.world.text(event * 7, 0)
            counts.update(weigh(text.title, text.lead, text.body, "en").terms.keys())
        documents = DAYS_KNOWN * ACTIVE
        known = {term: count * documents // SAMPLE if count > 1 else 20 for term, count in counts.items()}
        add_frequencies(known | {ALL_DOCUMENTS: documents})
        return known, documents

    def profile(self, kind: int) -> tuple[str, list[str]]:
        """What a story of this kind is compared and found by, its own words left open."""
        from aggregator.finding.features import features, weigh  # noqa: PLC0415
        from aggregator.finding.profiles import begun, index_terms  # noqa: PLC0415

        text = self.world.text_of_kind(kind, 0)
        found = features(weigh(text.title, text.lead, text.body, "en"), self.frequencies, self.documents)
        profile = begun(found, self.now)
        return json.dumps(profile.as_json()), index_terms(profile)

    def grow_to(self, active: int) -> None:
        """Add stories of the last three days until so many articles stand."""
        from aggregator.looking import hash_of, stretches_between  # noqa: PLC0415
        from aggregator.models import Article, Story  # noqa: PLC0415
        from zisnews.bench.filling.copying import Copier  # noqa: PLC0415

        sizes: list[int] = []
        event = self.events
        while self.articles + sum(sizes) < active:
            sizes += [self.world.size(event + n) for n in range(2_000)]
            event += 2_000
        source_ids = list(self.sources)
        stories: list[tuple[Any, ...]] = []
        articles: list[tuple[Any, ...]] = []
        listed = StringIO()
        times = list(moments(len(sizes), self.now - timedelta(minutes=1), 71))
        for number, (size, at) in enumerate(zip(sizes, times, strict=True)):
            event = self.events + number
            own = self.world.own(event)
            spelled, terms = self.profiles[event % KINDS]
            profile, terms = json.loads(replaced(spelled, own)), [replaced(term, own) for term in terms]
            tellers = [source_ids[(event * 13 + n) % SOURCES] for n in range(size)]
            countries = [self.sources[source] for source in set(tellers)]
            voices = {country: countries.count(country) for country in set(countries)}
            until = min(at + timedelta(minutes=7 * size), self.now)
            stories.append((event + 1, f"Event {event}", "event", "general", size, len(countries), len(voices),
                            voices, at, until, profile, terms))  # fmt: skip
            for n, source in enumerate(tellers):
                articles.append((event + 1, source, "general", f"https://x.example/{event}/{n}", f"Event {event}",
                                 "event", "en", at, at))  # fmt: skip
            for stretch in stretches_between(at, until):
                for term in {hash_of(term) for term in terms}:
                    listed.write(f"{stretch}\t{term}\t{event + 1}\n")
        Copier(Story, ("id", "title", "slug", "category", "article_count", "source_count", "country_count", "voices",
                       "first_at", "newest_at", "profile", "key_terms")).copy(stories)  # fmt: skip
        Copier(Article, ("story", "source", "category", "url", "title", "slug", "language", "published_at",
                         "seen_at")).copy(articles)  # fmt: skip
        listed.seek(0)
        with self.connection.cursor() as cursor:
            cursor.copy_expert("COPY aggregator_storyterm (stretch, term, story_id) FROM STDIN", listed)
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('aggregator_story', 'id'), %s)", [PLACED_FROM + self.events]
            )
            for table in ("story", "article", "storyterm", "documentfrequency"):
                cursor.execute(f"VACUUM ANALYZE aggregator_{table}")
        self.events += len(sizes)
        self.articles += sum(sizes)
