"""An invented story of 200 articles from 40 countries, and how long its comparison and its pages take.

Each country has words of its own, numbers, names and ways to cut what was said: every section of the page is full.
"""

import random
import time
from collections.abc import Iterator
from datetime import timedelta
from statistics import median
from typing import Any

from zisnews.bench import Line
from zisnews.bench.pages import Meter, p95
from zisnews.bench.surroundings import answer_of
from zisnews.bench.vocabulary import Vocabulary, capitalised

COUNTRIES, SOURCES_EACH, ARTICLES = 40, 3, 200
COMPARED, VISITS = 5, 20  # how often each is measured
SENTENCES = 26  # of a text: some 2,600 characters
BAR_COMPARE, BAR_PAGE, BAR_JSON = 1.5, 60, 50
SEED = 40


def measure() -> Iterator[Line]:
    """What a worker takes to compare it; what its page takes as a user, made anew and kept; its JSON."""
    story = make_story()
    cpu, wall = answer_of(compared, story.pk)
    yield Line("stories.compare", median(cpu), "s", {"wall": median(wall), "first": cpu[0], "bar": BAR_COMPARE})
    story.refresh_from_db()  # its headline is another now, and so its address
    yield from answer_of(visited, story.pk, story.get_absolute_url())


def visited(story: int, address: str) -> list[Line]:
    """How long its pages and its JSON take, in a process that has loaded what a web process has, and nothing else: what
    the benchmark made before would be looked through for garbage.
    """
    from zisnews.warming import warm_up  # noqa: PLC0415  after django.setup()

    warm_up()
    meter = Meter()
    meter.client.force_login(somebody())
    return [
        line_of(meter, name, asked, bar, is_kept=is_kept)
        for name, asked, is_kept, bar in (
            ("page", address, False, BAR_PAGE),
            ("page.kept", address, True, BAR_PAGE),
            ("page.section", f"{address}?tab=words", False, BAR_PAGE),
            ("json", f"/story/{story}.json", False, BAR_JSON),
        )
    ]


def line_of(meter: Meter, name: str, address: str, bar: int, *, is_kept: bool) -> Line:
    """How long an address takes, after it was asked for until all code and templates were loaded."""
    for _ in range(3):
        meter.visit(address, is_kept=is_kept)
    before = meter.cpu_seconds()
    visits = [meter.visit(address, is_kept=is_kept) for _ in range(VISITS)]
    cpu = (meter.cpu_seconds() - before) / VISITS * 1000
    times = [visit.ms for visit in visits]
    detail = {"p50": round(median(times), 1), "cpu": round(cpu, 1), "queries": visits[-1].queries}
    return Line(f"stories.{name}", round(p95(times), 1), "ms", detail | {"bytes": visits[-1].bytes, "bar": bar})


def compared(story: int) -> tuple[list[float], list[float]]:
    """Seconds of CPU and by the clock of a worker that compares the story, again and again; it is kept at the end."""
    from aggregator.comparing_stories import keep_comparison_of  # noqa: PLC0415  after django.setup()
    from aggregator.models import KeptComparison, Story  # noqa: PLC0415
    from feeds.clock import database_now  # noqa: PLC0415

    cpu, wall = [], []
    for _ in range(COMPARED):
        KeptComparison.objects.filter(story=story).delete()
        found = Story.objects.get(pk=story)
        found.tried_at = None  # type: ignore[attr-defined]  # as comparing_stories.due() says of one never tried
        began, clock = time.process_time(), time.perf_counter()
        keep_comparison_of(found, database_now())
        cpu.append(round(time.process_time() - began, 3))
        wall.append(round(time.perf_counter() - clock, 3))
    return cpu, wall


def somebody() -> Any:
    from accounts.models import User  # noqa: PLC0415  after django.setup()

    return User.objects.create_user("story@fill.example")


def make_story() -> Any:
    """The story's rows, its articles of the last two days."""
    from django.utils import timezone  # noqa: PLC0415  after django.setup()

    from aggregator.models import Article, Story  # noqa: PLC0415
    from feeds.models import GENERAL, Country, Source  # noqa: PLC0415

    now, world = timezone.now(), Texts()
    codes = [f"{chr(65 + n // 26)}{chr(65 + n % 26)}" for n in range(COUNTRIES)]
    Country.objects.bulk_create([Country(iso=code) for code in codes], ignore_conflicts=True)
    sources = Source.objects.bulk_create(
        Source(
            name=f"Told {n}", slug=f"told-{n}", site_url=f"https://told{n}.example/", country_id=codes[n % COUNTRIES]
        )
        for n in range(COUNTRIES * SOURCES_EACH)
    )
    moments = [now - timedelta(minutes=14 * (ARTICLES - n)) for n in range(ARTICLES)]
    voices = dict.fromkeys(codes, SOURCES_EACH)
    story = Story.objects.create(
        title="An invented story", slug="told", category_id=GENERAL, article_count=ARTICLES,
        source_count=len(sources), country_count=COUNTRIES, voices=voices, first_at=moments[0], newest_at=moments[-1],
    )  # fmt: skip
    Article.objects.bulk_create(
        Article(
            story=story, source=sources[n % len(sources)], category_id=GENERAL, url=f"https://told.example/{n}",
            title=title, slug=f"told-{n}", description=text[:300], text=text, language="en",
            published_at=moments[n], seen_at=moments[n],
        )
        for n, (title, text) in enumerate(world.article(n % COUNTRIES) for n in range(ARTICLES))
    )  # fmt: skip
    return story


class Texts:
    """What the sources write: prose, with what a story has of names, numbers and quotations in between."""

    def __init__(self) -> None:
        self.chance = random.Random(SEED)  # noqa: S311  no secret, only the same each time
        self.vocabulary = Vocabulary(self.chance, invented=20_000)
        rare = [word for word in self.vocabulary.words[300:] if len(word) > 4]
        names = [capitalised(word) for word in self.chance.sample(rare, 60)]
        self.people = [f"{one} {other}" for one, other in zip(names[:30], names[30:], strict=True)]
        self.sayings = [self.vocabulary.pick(self.chance, 18) for _ in range(25)]
        self.own = [self.chance.sample(rare, 4) for _ in range(COUNTRIES)]
        self.subject = self.chance.sample(rare, 8)

    def article(self, country: int) -> tuple[str, str]:
        """A headline and a text."""
        chance = self.chance
        head = [*chance.sample(self.subject, 4), chance.choice(self.own[country]), *self.vocabulary.pick(chance, 4)]
        chance.shuffle(head)
        return capitalised(" ".join(head)), " ".join(self.sentence(country) for _ in range(SENTENCES))

    def sentence(self, country: int) -> str:
        chance = self.chance
        said = self.vocabulary.pick(chance, chance.randrange(10, 22))
        for place in range(0, len(said), 5):
            said[place] = chance.choice(self.subject)
        if chance.random() < 0.3:
            said[2] = chance.choice(self.own[country])
        kind = chance.random()
        if kind < 0.2:
            saying = " ".join(chance.choice(self.sayings)[chance.randrange(4) :])
            return f'"{saying}," said {chance.choice(self.people)}.'
        if kind < 0.35:
            said[3:3] = [f"{chance.randrange(20, 60) * 10 + country}", chance.choice(["people", "homes", "soldiers"])]
        elif kind < 0.6:
            own = f"{capitalised(self.own[country][0])} {capitalised(self.own[country][1])}"
            said.insert(4, chance.choice([own, *self.people]))
        return capitalised(" ".join(said)) + "."
