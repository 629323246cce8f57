"""Who publishes the invented articles: sources over many countries, a few of them large."""

import csv
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.utils.text import slugify

from feeds.models import GENERAL, Source
from zisnews.bench.texts import Texts
from zisnews.bench.vocabulary import languages

CATALOGUE = Path(__file__).parents[2] / "catalogue" / "sources.csv"
DOMAIN = "fill.example"  # every address that fill invents ends so; it can never be a real one (RFC 2606)
# What a country's own papers are written in; the catalogue lists its papers in English before others.
OWN_LANGUAGES = {
    **dict.fromkeys(("AR", "ES", "MX", "CO", "CL", "PE", "VE", "UY"), "es"),
    **dict.fromkeys(("FR", "BE", "SN", "CI"), "fr"),
    **dict.fromkeys(("DE", "AT", "CH"), "de"),
    **dict.fromkeys(("RU", "BY", "KZ"), "ru"),
    **dict.fromkeys(("AE", "SA", "EG", "QA", "JO", "LB", "IQ", "MA"), "ar"),
    **dict.fromkeys(("CN", "TW", "HK"), "zh"),
    "IN": "hi",
}
OWN_LANGUAGE_SHARE = 0.7
YEARS = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class Publisher:
    """What composing articles needs of a source. share: how much it publishes, beside others'."""

    id: int
    name: str
    site_url: str
    country: str
    language: str
    category: str
    share: float


def publishers(count: int, seed: int, now: datetime) -> list[Publisher]:
    """Return the first `count` invented sources, in their order; those that are missing are made.

    now: aware; their icons are not looked for, as nobody answers at these addresses
    """
    slugs = [f"fill-{number}" for number in range(count)]
    known = set(Source.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    missing = [number for number, slug in enumerate(slugs) if slug not in known]
    if missing:
        texts, shelves = Texts(seed, count), catalogue_shelves()
        Source.objects.bulk_create(invented(number, texts, shelves, now) for number in missing)
    sources = {source.slug: source for source in Source.objects.filter(slug__in=slugs)}
    return [publisher_of(sources[slug], number) for number, slug in enumerate(slugs)]


def catalogue_shelves() -> list[tuple[str, str, str]]:
    """(country, language, category) of every source we know of: what shares countries really have."""
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        return [(row["country"], row["language"], row["category"]) for row in csv.DictReader(file)]


def invented(number: int, texts: Texts, shelves: list[tuple[str, str, str]], now: datetime) -> Source:
    """One source, not stored yet; the same number of the same seed is the same source."""
    chance = random.Random(f"{texts.seed}/source/{number}")  # noqa: S311  no secret, only the same each time
    country, language, category = chance.choice(shelves)
    if country in OWN_LANGUAGES and chance.random() < OWN_LANGUAGE_SHARE:
        language = OWN_LANGUAGES[country]
    name = texts.name(number)
    return Source(
        name=name,
        slug=f"fill-{number}",
        site_url=f"https://{slugify(name)}-{number}.{DOMAIN}/",
        country_id=country,
        language=language,
        category_id=category,
        mark_after=now + YEARS,
        added_at=now,
    )


def publisher_of(source: Source, number: int) -> Publisher:
    language = source.language.partition("-")[0]
    return Publisher(
        source.pk,
        source.name,
        source.site_url,
        source.country_id,
        language if language in languages() else "en",
        source.category_id or GENERAL,
        1 / (number + 5) ** 0.8,
    )
