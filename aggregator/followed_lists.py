"""All that a reader follows, keeps and hides, in sections that can be looked through and paged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Follow, HiddenSource, SavedSearch, User
from aggregator.followables import Search, Thing, address_of, feed_of, name_of, reference_of
from aggregator.followed_stories import News, news_of, stories_followed_by
from aggregator.models import FollowedStory
from aggregator.templatetags.places import category_name, country_name, language_name
from feeds.models import Source
from zisnews.pagination import Page, alphabetical_page, newest_page

IN_OVERVIEW, ON_OWN_PAGE = 12, 100


@dataclass(frozen=True, slots=True)
class Row:
    """One thing a reader follows, keeps or hides. country: whose flag stands beside it; is_followed: of a search."""

    thing: Thing
    note: str = ""
    country: str = ""
    is_followed: bool = True

    @property
    def name(self) -> str:
        return name_of(self.thing)

    @property
    def address(self) -> str:
        return address_of(self.thing)

    @property
    def feed(self) -> str:
        return feed_of(self.thing)

    @property
    def what(self) -> str:
        return reference_of(self.thing)[0]

    @property
    def key(self) -> str:
        return reference_of(self.thing)[1]


@dataclass(frozen=True, slots=True)
class Section:
    """kind: one of KINDS. total: of all rows, not only those of this page. next: where the following page begins."""

    kind: str
    total: int
    rows: Sequence[Row] = field(default_factory=list)
    next: str = ""


Lister: TypeAlias = Callable[[User, str, str, int], Section]


def sources_listed(user: User, sought: str, after: str, size: int) -> Section:
    return of_sources("sources", Source.objects.filter(follows__user=user), sought, after, size)


def hidden_listed(user: User, sought: str, after: str, size: int) -> Section:
    hidden = HiddenSource.objects.filter(user=user).values("source")
    return of_sources("hidden", Source.objects.filter(pk__in=hidden), sought, after, size)


def of_sources(kind: str, found: QuerySet[Source], sought: str, after: str, size: int) -> Section:
    page: Page[Source] = alphabetical_page(found.filter(name__icontains=sought), after, key="sort_key", size=size)
    rows = [
        Row(source, f"{country_name(source.country_id)} · {language_name(source.language)}", source.country_id)
        for source in page.rows
    ]
    return Section(kind, found.count(), rows, page.next)


def stories_listed(user: User, sought: str, after: str, size: int) -> Section:
    found = stories_followed_by(user)
    some = found.filter(story__title__icontains=sought).select_related("story")
    some = some.defer("story__profile", "story__key_terms")
    page: Page[FollowedStory] = newest_page(some, after, moment="followed_at", size=size)
    rows = [Row(row.story, words_of(news_of(row))) for row in page.rows]
    return Section("stories", found.count(), rows, page.next)


def words_of(news: News) -> str:
    """What came to a story since it was looked at, such as "3 new articles · 1 new country"."""
    if not news.has_any:
        return _("Nothing new since you last looked")
    parts = [ngettext("%(n)d new article", "%(n)d new articles", news.articles) % {"n": news.articles}]
    if news.sources:
        parts.append(ngettext("%(n)d new source", "%(n)d new sources", news.sources) % {"n": news.sources})
    if news.countries:
        parts.append(ngettext("%(n)d new country", "%(n)d new countries", news.countries) % {"n": news.countries})
    return " · ".join(parts)


def searches_listed(user: User, sought: str, after: str, size: int) -> Section:
    found = SavedSearch.objects.filter(user=user)
    page: Page[SavedSearch] = newest_page(found.filter(name__icontains=sought), after, moment="added_at", size=size)
    rows = [Row(NamedSearch(row.query, row.name), is_followed=row.is_followed) for row in page.rows]
    return Section("searches", found.count(), rows, page.next)


@dataclass(frozen=True, slots=True)
class NamedSearch(Search):
    """A search under the name its reader gave it."""

    name: str = ""

    @property
    def words(self) -> str:
        return self.name


def categories_listed(user: User, sought: str, after: str, size: int) -> Section:
    """All of them on one page: there are a dozen."""
    found = [row.category for row in shelves(user, "category").order_by("category__position") if row.category]
    rows = [Row(one) for one in found if sought.casefold() in category_name(one.slug).casefold()]
    return Section("categories", len(found), rows)


def countries_listed(user: User, sought: str, after: str, size: int) -> Section:
    """By name in the language of the page, which the database does not know; some 200 at most."""
    found = sorted(
        (row.country for row in shelves(user, "country") if row.country), key=lambda one: one.name.casefold()
    )
    wanted = [one for one in found if sought.casefold() in one.name.casefold()]
    rest = [one for one in wanted if one.name.casefold() > after]
    rows = [Row(one, country=one.pk) for one in rest[:size]]
    return Section("countries", len(found), rows, rest[size - 1].name.casefold() if len(rest) > size else "")


def shelves(user: User, kind: str) -> QuerySet[Follow]:
    return Follow.objects.filter(user=user, **{f"{kind}__isnull": False}).select_related(kind)


def all_followed(user: User) -> list[Thing]:
    """Each thing a reader follows: sources by name, then what is larger, stories, and searches. Three queries."""
    rows = Follow.objects.filter(user=user).select_related("source", "category", "country").order_by("source__sort_key")
    stories = stories_followed_by(user).select_related("story").order_by("-followed_at")
    stories = stories.only("story__title", "story__slug")
    searches = SavedSearch.objects.filter(user=user, is_followed=True).order_by("-added_at")
    return [
        *(thing for row in rows if (thing := row.source or row.category or row.country)),
        *(row.story for row in stories),
        *(NamedSearch(row.query, row.name) for row in searches),
    ]


KINDS: dict[str, Lister] = {
    "sources": sources_listed,
    "categories": categories_listed,
    "countries": countries_listed,
    "stories": stories_listed,
    "searches": searches_listed,
    "hidden": hidden_listed,
}


def overview(user: User, sought: str) -> list[Section]:
    """The beginning of each section; where something is sought, of what is found."""
    return [section_of(user, kind, sought, "", IN_OVERVIEW) for kind in KINDS]


def section_of(user: User, kind: str, sought: str, after: str, size: int = ON_OWN_PAGE) -> Section:
    return KINDS[kind](user, sought, after, size)
