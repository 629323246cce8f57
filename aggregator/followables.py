"""Whatever a reader can follow, spoken of in one way: a source, category, country, story, or a search."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from django.urls import reverse
from django.utils.text import Truncator

from accounts import following
from accounts.models import SavedSearch, User
from aggregator import followed_stories
from aggregator.models import Story
from aggregator.search.addresses import asked_by, query_string_of
from feeds.models import Category, Country, Source
from zisnews.pagination import LARGEST_ID

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Search:
    """A search as its address asks it (aggregator.search.addresses)."""

    query: str

    @property
    def words(self) -> str:
        return asked_by(self.query).get("q", "")


Thing: TypeAlias = Source | Category | Country | Story | Search


class NoSuchThing(LookupError):
    """Nothing of this kind and name is there to be followed."""


def find(what: str, key: str) -> Thing:
    """The thing that a form names: a source or category by its slug, a country by its code, a story by its number, a
    search by its query string. Raises NoSuchThing.
    """
    found: Thing | None = None
    if what == "source":
        found = Source.objects.filter(slug=key).first()
    elif what == "category":
        found = Category.objects.sections().filter(pk=key).first()
    elif what == "country":
        found = Country.objects.filter(pk=key.upper(), sources__isnull=False).first()
    elif what == "story" and key.isascii() and key.isdigit() and len(key) < len(str(LARGEST_ID)):
        found = Story.objects.defer("profile", "key_terms").filter(pk=int(key)).first()
        found = found and found.that_stands()
    elif what == "search":
        query = query_string_of(asked_by(key))
        found = Search(query) if query else None
    if found is None:
        raise NoSuchThing(f"There is no {what[:20]} of this name.")
    return found


def reference_of(thing: Thing) -> tuple[str, str]:
    """What and id, by which a form names it."""
    if isinstance(thing, Source):
        return "source", thing.slug
    if isinstance(thing, Search):
        return "search", thing.query
    return type(thing).__name__.lower(), str(thing.pk)


def name_of(thing: Thing) -> str:
    name = thing.words if isinstance(thing, Search) else str(thing)
    return Truncator(name).chars(LONGEST_NAME)


def address_of(thing: Thing) -> str:
    """The page where it is seen."""
    if isinstance(thing, Search):
        return f"{reverse('search')}?{thing.query}"
    if isinstance(thing, Story):
        return thing.get_absolute_url()
    what, key = reference_of(thing)
    return reverse(what, args=[key.lower()])


def feed_of(thing: Thing) -> str:
    """Its Atom feed."""
    if isinstance(thing, Search):
        return f"{reverse('feed_search')}?{thing.query}"
    what, key = reference_of(thing)
    return reverse(f"feed_{what}", args=[key.lower()])


def set_followed(user: User, thing: Thing, is_wanted: bool, now: datetime) -> None:
    """Follow a thing, or let it go; said twice, it counts once. Raises TooMuchFollowed.

    A search that is followed is kept; let go, it stays among the kept ones.
    """
    if isinstance(thing, Search):
        if is_wanted:
            following.save_search(user, thing.query, now, name=thing.words, is_followed=True)
        else:
            following.unfollow_search(user, thing.query)
    elif isinstance(thing, Story):
        if is_wanted:
            followed_stories.follow_story(user, thing, now)
        else:
            followed_stories.unfollow_story(user, thing)
    elif is_wanted:
        following.follow(user, thing, now)
    else:
        following.unfollow(user, thing)


def is_followed(user: User, thing: Thing) -> bool:
    """One query."""
    if isinstance(thing, Search):
        return SavedSearch.objects.filter(user=user, query=thing.query, is_followed=True).exists()
    if isinstance(thing, Story):
        return followed_stories.is_story_followed(user, thing)
    return following.is_followed(user, thing)
