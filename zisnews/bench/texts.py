"""Invented publishers and what they print: names, events, items, article pages. Deterministic by seed; pure."""

import html
import json
import random
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from zisnews.bench.vocabulary import Vocabulary

SECTIONS = ["World", "Politics", "Business", "Technology", "Science", "Health", "Sport", "Culture"]
RETOLD_SHARE = 0.25  # of all items: events that several publishers report
SENTENCES = 3_000
INVENTED_WORDS = 20_000


@dataclass(frozen=True, slots=True)
class Item:
    """One article of a publisher. number: from 0, the oldest; it never changes."""

    publisher: int
    number: int
    title: str
    summary: str
    author: str
    section: str
    published_at: datetime

    @property
    def path(self) -> str:
        return f"/{self.section.lower()}/{self.number}-{'-'.join(self.title.lower().split()[:5])}"


class Texts:
    """All the words of a world."""

    def __init__(self, seed: int, publishers: int) -> None:
        self.seed, self.publishers = seed, publishers
        chance = _chance(f"{seed}/words")
        self.vocabulary = Vocabulary(chance, invented=INVENTED_WORDS)
        self.words = self.vocabulary.words
        self.sentences = [self._sentence(chance) for _ in range(SENTENCES)]

    def name(self, publisher: int) -> str:
        chance = _chance(f"{self.seed}/name/{publisher}")
        first, second = (chance.choice(self.words[200:]).capitalize() for _ in range(2))
        return f"{first} {second} {chance.choice(['Times', 'Post', 'Courier', 'Herald', 'Wire'])}"

    def item(self, publisher: int, number: int, published_at: datetime) -> Item:
        chance = _chance(f"{self.seed}/item/{publisher}/{number}")
        is_retold = chance.random() < RETOLD_SHARE
        event = chance.randrange(max(1, self.publishers // 20))  # so each is told by about five publishers
        teller = _chance(f"{self.seed}/event/{number}/{event}") if is_retold else chance
        title, summary = self.vocabulary.pick(teller, 9), self._prose(teller, 4)
        if is_retold:  # in the publisher's own words
            title[chance.randrange(len(title))] = chance.choice(self.words)
        return Item(
            publisher,
            number,
            " ".join(title).capitalize(),
            summary,
            " ".join(word.capitalize() for word in chance.choices(self.words[100:], k=2)),
            chance.choice(SECTIONS),
            published_at,
        )

    def paragraphs(self, item: Item) -> list[str]:
        """The article's text, some 9,000 characters."""
        chance = _chance(f"{self.seed}/text/{item.publisher}/{item.number}")
        return [item.summary, *(self._prose(chance, chance.randrange(3, 7)) for _ in range(18))]

    def _sentence(self, chance: random.Random) -> str:
        return self.vocabulary.sentence(self.vocabulary.pick(chance, chance.randrange(9, 24)))

    def _prose(self, chance: random.Random, sentences: int) -> str:
        return " ".join(chance.choices(self.sentences, k=sentences))


def _chance(seed: str) -> random.Random:
    return random.Random(seed)  # noqa: S311  no secret, only the same each time


class Paper:
    """How one publisher dresses its articles: layout, and what stands around the text (some 45 KB)."""

    def __init__(self, texts: Texts, publisher: int) -> None:
        self.texts, self.publisher = texts, publisher
        self.host = f"paper-{publisher}.example"
        self.name = texts.name(publisher)
        self.layout = LAYOUTS[publisher % len(LAYOUTS)]

    def url(self, item: Item) -> str:
        return f"https://{self.host}{item.path}"

    def page(self, item: Item) -> bytes:
        """The article's page, about 60 KB."""
        title, url = html.escape(item.title), self.url(item)
        head, top, bottom = self._surroundings
        facts = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": item.title,
            "datePublished": item.published_at.isoformat(),
            "author": {"@type": "Person", "name": item.author},
        }
        text = "\n".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in self.texts.paragraphs(item))
        body = self.layout.format(title=title, author=html.escape(item.author), text=text, at=item.published_at)
        return (
            f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title} - {self.name}</title>'
            f'<link rel="canonical" href="{url}"><meta property="og:title" content="{title}">'
            f'<meta property="og:type" content="article"><meta property="og:url" content="{url}">'
            f'<meta name="description" content="{html.escape(item.summary[:200])}">'
            f'<script type="application/ld+json">{json.dumps(facts)}</script>{head}</head>'
            f"<body>{top}{body}{bottom}</body></html>"
        ).encode()

    @cached_property
    def _surroundings(self) -> tuple[str, str, str]:
        chance = _chance(f"{self.texts.seed}/paper/{self.publisher}")

        def words(count: int) -> str:
            return " ".join(self.texts.vocabulary.pick(chance, count))

        style = "".join(
            f".{chance.choice(self.texts.words)}-{n}{{margin:{chance.randrange(40)}px;display:flex;"
            f"color:#{chance.randrange(16**6):06x}}}\n"
            for n in range(170)
        )
        script = "".join(
            f"window.z{n}=function(a){{return a.map(x=>x*{chance.randrange(999)})}};\n" for n in range(180)
        )
        links = "".join(f'<li><a href="/{words(1)}/{n}">{words(2)}</a></li>' for n in range(70))
        teasers = "".join(
            f'<div class="teaser"><a href="/t/{n}"><h4>{words(8)}</h4></a><p>{words(16)}</p></div>' for n in range(45)
        )
        comments = "".join(f'<div class="comment"><b>{words(1)}</b><p>{words(30)}</p></div>' for _ in range(18))
        imprint = "".join(f'<a href="/about/{n}">{words(2)}</a> ' for n in range(60))
        return (
            f"<style>{style}</style><script>{script}</script>",
            f'<header><a href="/">{self.name}</a><nav><ul>{links}</ul></nav></header>',
            f"<aside><h3>More</h3>{teasers}</aside><section class='comments'>{comments}</section>"
            f"<footer>{imprint}</footer>",
        )


LAYOUTS = [
    "<article><h1>{title}</h1><p class='byline'>By {author}, <time datetime='{at:%Y-%m-%d}'>{at:%d %B %Y}</time></p>"
    "<div class='story-body'>{text}</div></article>",
    "<main id='content'><div class='post'><h1 class='entry-title'>{title}</h1><span class='author'>{author}</span>"
    "<div class='entry-content'>{text}<div class='share'>Share this</div></div></div></main>",
    "<div itemscope itemtype='https://schema.org/NewsArticle'><h1 itemprop='headline'>{title}</h1>"
    "<div itemprop='articleBody'>{text}</div><p>Written by {author}</p></div>",
    "<table width='100%'><tr><td class='left'>Sections</td><td class='main'><h1>{title}</h1><i>{author}</i>{text}</td>"
    "</tr></table>",
    "<div id='page'><div class='c12'><header><h1>{title}</h1></header><section><div class='w'>{text}</div></section>"
    "<p class='tags'>{author}</p></div></div>",
]
