"""The feeds of the invented publishers, as RSS and as Atom. Pure."""

from collections.abc import Sequence
from email.utils import format_datetime
from xml.sax.saxutils import escape

from zisnews.bench.texts import Item, Paper


def feed_of(paper: Paper, items: Sequence[Item]) -> bytes:
    """The publisher's feed; every fourth publisher prefers Atom."""
    return (atom if paper.publisher % 4 == 3 else rss)(paper, items).encode()


def rss(paper: Paper, items: Sequence[Item]) -> str:
    entries = "".join(
        f"<item><title>{escape(item.title)}</title><link>{paper.url(item)}?utm_source=rss</link>"
        f'<guid isPermaLink="false">{paper.host}-{item.number}</guid><dc:creator>{escape(item.author)}</dc:creator>'
        f"<pubDate>{format_datetime(item.published_at)}</pubDate><category>{item.section}</category>"
        f"<description><![CDATA[<p>{escape(item.summary)}</p>]]></description>"
        f'<media:content url="https://{paper.host}/pictures/{item.number}.jpg" width="640" height="360"/></item>\n'
        for item in items
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:media="http://search.yahoo.com/mrss/">'
        f"<channel><title>{escape(paper.name)}</title><link>https://{paper.host}/</link>"
        f"<description>News</description><language>en-GB</language>\n{entries}</channel></rss>\n"
    )


def atom(paper: Paper, items: Sequence[Item]) -> str:
    entries = "".join(
        f"<entry><title>{escape(item.title)}</title><id>tag:{paper.host},2026:{item.number}</id>"
        f'<link href="{paper.url(item)}"/><author><name>{escape(item.author)}</name></author>'
        f"<updated>{item.published_at.isoformat()}</updated><published>{item.published_at.isoformat()}</published>"
        f'<category term="{item.section}"/><summary type="html">{escape(escape(item.summary))}</summary></entry>\n'
        for item in items
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">'
        f"<title>{escape(paper.name)}</title><id>https://{paper.host}/</id><updated>2026-01-01T00:00:00Z</updated>"
        f'<link href="https://{paper.host}/"/>\n{entries}</feed>\n'
    )
