"""What a source's country, language and section may be, by what little is known of it. Guesses, for people to mend."""

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from babel.core import get_global

from feeds.catalogues.category_words import CATEGORY_OF_NAME
from feeds.language_tags import primary_tag
from feeds.shelves import COUNTRIES
from feeds.words import normalise

# Domains of countries that all the world uses for other things.
_FOR_ANYBODY = frozenset("ac ag ai bz cc cd co cx dj fm gg io la ly me ms nu pw sc sh st tk to tv vc vg ws".split())
_OTHER_NAMES = {"uk": "GB", "su": "RU"}
# Languages in which papers of many countries are written: they tell none.
_OF_MANY_COUNTRIES = frozenset("en es ar fr pt zh ms sw ur ta".split())
_SAID_BY_SOFTWARE = "en-us"  # what most systems put where nobody chose a language
_PARTS_OF_TITLE = re.compile(r"\s+[-–—|·•:>»]+\s+|\s*[|>»:]\s*")
_WORD_ENDS = re.compile(r"[^\w]+|_")
_FEED_WORDS = frozenset("rss feed feeds xml atom rdf json index html php news latest section category".split())


def country_of(site_url: str, languages: Iterable[str] = ()) -> str:
    """The country a site is likely of: by its domain, else by its language ("pt-BR", "da"); "" where neither tells.

    languages: as feed and page say, the more trustworthy first
    """
    domain = _host(site_url).rpartition(".")[2]
    country = _OTHER_NAMES.get(domain, domain.upper())
    if country in COUNTRIES and domain not in _FOR_ANYBODY:
        return country
    tags = [tag.replace("_", "-") for tag in languages if tag]
    regions = [tag.rpartition("-")[2].upper() for tag in tags if "-" in tag and tag.lower() != _SAID_BY_SOFTWARE]
    homes = [_home_of(primary_tag(tag)) for tag in tags]
    return next((country for country in [*regions, *homes] if country in COUNTRIES), "")


def category_named(name: str) -> str:
    """Our category of that name, in any of the languages we know names in; "" where it is none."""
    normal = normalise(name)
    return CATEGORY_OF_NAME.get(normal) or CATEGORY_OF_NAME.get(normal.removesuffix(" news").strip(), "")


def section_of(feed_url: str, title: str, site_name: str = "") -> str:
    """The category a feed is likely of, by its address and title; "" where it seems to carry everything."""
    for segment in reversed(unquote(urlsplit(feed_url).path).split("/")):
        words = [word for word in _WORD_ENDS.split(segment.lower()) if word and word not in _FEED_WORDS]
        name = " ".join(words)
        if len(name) > 2 and (category := category_named(name)):
            return category
    rest = title.removeprefix(site_name).strip(" -–—|:·") if site_name else title
    parts = [part for part in _PARTS_OF_TITLE.split(rest) if part.strip() and part.strip() != site_name]
    last_words = [part.split()[-1] for part in parts]
    return next(filter(None, map(category_named, [*reversed(parts), *last_words])), "")


def _home_of(language: str) -> str:
    """The country where nearly all papers in a language are made (CLDR's likeliest), or ""."""
    if language in _OF_MANY_COUNTRIES:
        return ""
    return get_global("likely_subtags").get(language, "").rpartition("_")[2]


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removesuffix(".")
    except ValueError:
        return ""
