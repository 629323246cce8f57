"""Finds the picture a site puts on whatever has none of its own: its logo, a stock photograph, a columnist's face.

No address tells it. But articles about different things that all show the same picture show nothing of theirs.
"""

from collections.abc import Sequence

from django.db import connection

from aggregator.models import Article

RECENT = 200  # articles of a source among which its usual picture is sought: read by an index, whatever its age
SHARED_BY = 4  # different stories of one source; fewer may well share the photograph of a person or a place

# A picture that was given up as shared is known by the reason noted: the article may show another by now.
SHARERS = """
SELECT wanted.id
FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS wanted (id, source_id, url)
CROSS JOIN LATERAL (
    SELECT id, story_id, picture_url, picture_error FROM aggregator_article
    WHERE source_id = wanted.source_id ORDER BY published_at DESC, id DESC LIMIT %s
) AS recent
WHERE recent.picture_url = wanted.url OR strpos(recent.picture_error, wanted.url || ': ' || %s) > 0
GROUP BY wanted.id HAVING count(DISTINCT coalesce(recent.story_id, -recent.id)) >= %s
"""
REASON = "It is the site's own picture, which its articles about different things share."


def shared_pictures(articles: Sequence[Article]) -> set[int]:
    """Return the ids of those articles whose picture is their site's own."""
    if not articles:
        return set()
    columns = ([article.pk for article in articles], [article.source_id for article in articles],
               [article.picture_url for article in articles])  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(SHARERS, [*columns, RECENT, REASON, SHARED_BY])
        return {pk for (pk,) in cursor.fetchall()}


def sharers_of(article: Article) -> set[int]:
    """Return the ids of the source's recent articles that show, or want, the same picture; itself among them."""
    recent = Article.objects.filter(source=article.source_id).newest_first().values_list("pk", "picture_url")[:RECENT]
    return {article.pk, *(pk for pk, url in recent if url == article.picture_url)}
