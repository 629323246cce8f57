"""What a page says about its article beside the text: title, author, date, language, address, tags. Pure.

Said in JSON-LD or microdata (feeds/pages/structured.py), in <meta>, or shown on the page; in this order, since what is
written for machines is seldom wrong. No rule here knows a site.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from urllib.parse import urlsplit

from lxml.html import HtmlElement
from trafilatura.metadata import extract_author

from feeds.formats.dates import parse_date
from feeds.items import Picture
from feeds.pages.days import shown_day
from feeds.pages.headings import headings_of
from feeds.pages.pictures import lead_pictures
from feeds.pages.structured import Node, first_string, is_paid, strings, structured_articles
from feeds.pages.titles import headline
from feeds.pages.versions import address_of

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST = timedelta(days=1)  # after now: a page of tomorrow's date may be read from a time zone ahead
MAX_TAGS, MAX_TAG_LENGTH, MAX_AUTHOR_LENGTH, MAX_METAS = 20, 80, 200, 500

DATE_NAMES = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.created",
    "dc.date",
    "dc.date.created",
    "datepublished",
    "date_published",
    "publish-date",
    "publish_date",
    "publication_date",
    "publicationdate",
    "article.published",
    "article:published",
    "pubdate",
    "pub_date",
    "published_at",
    "publishdate",
    "og:datepublished",
    "dcterms.issued",
    "dcterms.date",
    "cxenseparse:recs:publishtime",
    "date",
)
AUTHOR_NAMES = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl")
TITLE_NAMES = ("og:title", "twitter:title", "dc.title", "parsely-title", "sailthru.title")
SITE_NAMES = ("og:site_name", "al:android:app_name", "al:ios:app_name")
TAG_NAMES = ("article:tag", "news_keywords", "keywords", "parsely-tags", "sailthru.tags")

_BY = re.compile(r"^\s*(?:by|von|par|por|di|door|av|af|od|автор:?)\s+", re.IGNORECASE)
_NO_NAME = re.compile(
    r"https?:|www\.|@|\.(?:com|org|net)\b|^\W*$|^\(|^(?:admin|editor|author|no author|unknown|n/?a)$", re.IGNORECASE
)
_MARKED_TIME = "//time[@datetime][@pubdate or contains(@itemprop, 'datePublished')]/@datetime"
_SHOWN_TIME = "(//article//time | //main//time | //header//time | //*[contains(@class, 'date')]//time)/@datetime"
_URL_DATE = re.compile(r"/(20[0-4]\d|199\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?:\D|$)")


_URL_MONTH = re.compile(r"/(20[0-4]\d|199\d)/(0[1-9]|1[0-2])/")


@dataclass(frozen=True, slots=True)
class Metadata:
    title: str
    author: str  # names, comma-separated
    published_at: datetime | None  # aware, in the zone the page says
    language: str  # as declared, a BCP-47 tag, or ""
    canonical_url: str  # absolute, of the same site
    images: tuple[Picture, ...]  # the best first
    tags: tuple[str, ...]
    body: str  # the article's text as JSON-LD tells it, or ""
    is_paid: bool  # structured data say that it is not free for everybody


class Metas:
    """The <meta> elements of a page by name, in lower case, as they come."""

    def __init__(self, tree: HtmlElement) -> None:
        self._contents: dict[str, list[str]] = {}
        for element in tree.xpath("//meta[@content][@name or @property or @itemprop]")[:MAX_METAS]:
            name = (element.get("property") or element.get("name") or element.get("itemprop")).strip().lower()
            if content := element.get("content").strip():
                self._contents.setdefault(name, []).append(content)

    def all(self, *names: str) -> Iterator[str]:
        for name in names:
            yield from self._contents.get(name, ())

    def first(self, *names: str) -> str:
        return next(self.all(*names), "")


def metadata_of(tree: HtmlElement, metas: Metas, *, url: str, now: datetime) -> Metadata:
    """Read a page's metadata. url: where it was found; now: aware, later dates are taken for mistakes."""
    site_names = [*metas.all(*SITE_NAMES), urlsplit(url).hostname or ""]
    headings = headings_of(tree)
    told = [*metas.all(*TITLE_NAMES), tree.xpath("string(//title[not(ancestor::svg)])")]
    articles = structured_articles(tree)
    article = _article_of_page(articles, [*(heading.text for heading in headings), *told], url)
    language = _declared_language(tree, metas, article)
    return Metadata(
        title=headline(headings, strings(article.get("headline")), told, site_names=site_names),
        author=_author(tree, metas, article),
        published_at=_published_at(tree, metas, article, url=url, language=language, now=now),
        language=language,
        canonical_url=address_of(tree, metas, url),
        images=tuple(lead_pictures(tree, metas, article, url=url)),
        tags=_tags(metas, article),
        body=_structured_body(article),
        is_paid=is_paid(article) or (not article and bool(articles) and all(map(is_paid, articles))),
    )


def _article_of_page(articles: list[Node], titles: Iterable[str], url: str) -> Node:
    """Choose among the articles a page describes: the one it is, not those it lists beside it."""
    path, shown = urlsplit(url).path.rstrip("/"), {_letters(title) for title in titles if title}
    for article in articles:
        addresses = strings(article.get("url")) + strings(article.get("mainEntityOfPage")) + strings(article.get("@id"))
        if path and any(urlsplit(address).path.rstrip("/") == path for address in addresses):
            return article
    for article in articles:
        name = _letters(first_string(article.get("headline")))
        if name and any(name in title or title in name for title in shown if title):
            return article
    return articles[0] if len(articles) == 1 else {}


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text.casefold())


def _author(tree: HtmlElement, metas: Metas, article: Node) -> str:
    """Names of the people, or of the agency, who wrote it."""
    told = (strings(article.get("author")), strings(article.get("creator")), list(metas.all(*AUTHOR_NAMES)))
    for names in told:
        if people := _people(names):
            return people
    shown = (extract_author(tree) or "").split(";")  # slow, so only where nothing is told
    return _people(name for name in shown if 2 <= len(name.split()) <= 5)


def _people(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(filter(None, map(_name, names))))[:MAX_AUTHOR_LENGTH]


def _name(text: str) -> str:
    name = _BY.sub("", " ".join(text.split())).strip(" ,;|-–—•")
    return "" if _NO_NAME.search(name) or len(name) > 100 else name


def _published_at(
    tree: HtmlElement, metas: Metas, article: Node, *, url: str, language: str, now: datetime
) -> datetime | None:
    """When it was published: as told, else as shown, else by the address, else as htmldate reads the page."""
    told = strings(article.get("datePublished")) or strings(article.get("dateCreated"))
    texts = [*told, *metas.all(*DATE_NAMES), *tree.xpath(_MARKED_TIME)[:3]] or tree.xpath(_SHOWN_TIME)[:1]
    candidates = []
    for text in texts[:20]:
        moment = parse_date(text, language=language)
        if moment and EARLIEST <= moment <= now + LATEST:
            candidates.append((moment, ":" in text))
    if candidates:
        return _settled(candidates)
    if found := _URL_DATE.search(urlsplit(url).path):
        day = parse_date("-".join(found.groups()))
        shown = (parse_date(text, language=language) for text in tree.xpath("//time/@datetime")[:5])
        return next((moment for moment in shown if moment and day and abs(moment - day) < timedelta(days=2)), day)
    earliest, latest = _span_of(url, now)
    return shown_day(tree, earliest=earliest, latest=latest)


def _span_of(url: str, now: datetime) -> tuple[datetime, datetime]:
    """The days between which a page can have been published, naive; an address with year and month tells them."""
    earliest, latest = EARLIEST, now + LATEST
    if found := _URL_MONTH.search(urlsplit(url).path):
        month = datetime(int(found[1]), int(found[2]), 1, tzinfo=UTC)
        if EARLIEST <= month <= latest:
            earliest, latest = month - timedelta(days=2), min(latest, month + timedelta(days=33))
    return earliest.replace(tzinfo=None), latest.replace(tzinfo=None)


def _settled(candidates: list[tuple[datetime, bool]]) -> datetime:
    """Choose among moments told for one event, each with whether it has a time of day.

    The first is believed; of others within a day of it, one with a time beats one without, and the earliest counts:
    local time written as if it were UTC, or with a wrong offset, is the usual mistake.
    """
    first = candidates[0][0]
    near = [candidate for candidate in candidates if abs(candidate[0] - first) <= timedelta(days=1)]
    return min([moment for moment, has_time in near if has_time] or [first])


def _declared_language(tree: HtmlElement, metas: Metas, article: Node) -> str:
    """The language a page says it is in. The root's attribute is often a template's, so JSON-LD goes before it."""
    root = tree.xpath("string(/html/@lang)") or tree.xpath("string(/html/@*[local-name() = 'lang'])")
    candidates = (
        first_string(article.get("inLanguage")),
        root,
        metas.first("og:locale", "language", "dc.language", "content-language"),
    )
    for candidate in candidates:
        tag = candidate.strip().replace("_", "-")
        if re.fullmatch(r"[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8})*", tag):
            return tag
    return ""


def _tags(metas: Metas, article: Node) -> tuple[str, ...]:
    """The words a publisher files the article under, the first spelling of each."""
    told = chain(strings(article.get("keywords")), metas.all(*TAG_NAMES))
    tags: dict[str, str] = {}
    for text in told:
        for part in re.split(r"[,;،、]", text):
            tag = " ".join(part.split())
            if tag and len(tag) <= MAX_TAG_LENGTH and "://" not in tag:
                tags.setdefault(tag.casefold(), tag)
    return tuple(tags.values())[:MAX_TAGS]


def _structured_body(article: Node) -> str:
    return "\n\n".join(strings(article.get("articleBody")))
