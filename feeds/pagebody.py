"""The article on a parsed page: trafilatura finds its body, our own rules the rest. Loads much; see extraction.py."""

from datetime import datetime

import trafilatura
from lxml.etree import LxmlError
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura.htmlprocessing import convert_to_html
from trafilatura.settings import Document

from feeds.errors import NotAPage
from feeds.extraction import MIN_TEXT_LENGTH, Page
from feeds.languages import language_of
from feeds.markup import text_of
from feeds.metadata import Metas, metadata_of
from feeds.pagepolicy import display_of
from feeds.sanitising import sanitise_tree


def read_article(markup: str, *, url: str, robots: str, now: datetime) -> Page:
    """Read the article of a decoded page. Raises NotAPage when there is neither a text nor a title in it."""
    tree = _parsed(markup)
    metas = Metas(tree)
    told = metadata_of(tree, metas, url=url, now=now)
    html = _body(tree, url)
    text = text_of(html)
    if len(text) < MIN_TEXT_LENGTH:
        html = text = ""
    if not text and not told.title:
        raise NotAPage("The page holds no article: neither a text nor a title was found.")
    display, reason = display_of([robots, *metas.all("robots", "googlebot", "googlebot-news")])
    return Page(
        title=told.title,
        author=told.author,
        published_at=told.published_at,
        language=language_of(f"{told.title}\n{text}", hint=told.language),
        canonical_url=told.canonical_url,
        image=told.image,
        text=text,
        html=html,
        tags=told.tags,
        display=display,
        display_reason=reason,
    )


def _parsed(markup: str) -> HtmlElement:
    parser = HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, default_doctype=False
    )
    try:
        return document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except LxmlError as error:
        raise NotAPage("The page's HTML cannot be read.") from error


def _body(tree: HtmlElement, url: str) -> str:
    """Return the article's body as sanitised HTML, or "" where trafilatura finds none."""
    found = trafilatura.bare_extraction(
        tree,
        url=url,
        favor_precision=True,
        include_comments=False,
        include_links=True,
        include_formatting=True,
        include_tables=True,
        output_format="html",
    )
    if not isinstance(found, Document):
        return ""
    return sanitise_tree(convert_to_html(found.body), base=url)
