"""Stored comments are made HTML anew from what was typed, after the rules for that have changed."""

from comments.markup import html_of
from comments.models import Comment

COMMENTS_PER_BATCH = 500


def render_batch(after: int) -> tuple[int | None, int]:
    """Make the next comments by number anew; returns the last number seen (None: no more) and how many changed.

    A comment that is edited at the same moment keeps its new text: only what was read is replaced.
    """
    written = Comment.objects.filter(pk__gt=after).exclude(body="").order_by("pk")
    batch = list(written.values_list("pk", "body", "html")[:COMMENTS_PER_BATCH])
    changed = 0
    for pk, body, html in batch:
        if (fresh := html_of(body)) != html:
            changed += Comment.objects.filter(pk=pk, body=body).update(html=fresh)
    return (batch[-1][0] if batch else None), changed
