"""Whether a comment is shown: the one place that changes it, so that all counts stay right."""

from django.db import transaction

from aggregator.models import Article
from comments.models import Comment


def article_held(article_id: int) -> Article:
    """The row of an article, held until the transaction ends. Whoever changes its comments holds it first."""
    return Article.objects.select_for_update(no_key=True).only("comment_count", "published_at").get(pk=article_id)


@transaction.atomic
def set_state(comment_id: int, state: str, *, reason: str = "") -> Comment:
    """Give a comment a state, with the counts of its article and of what it answers; said twice, it counts once.

    Returns the comment as it is now. Raises Comment.DoesNotExist.
    """
    article = article_held(Comment.objects.values_list("article_id", flat=True).get(pk=comment_id))
    comment = Comment.objects.select_for_update(no_key=True).get(pk=comment_id)
    was_shown, was_there = comment.is_shown, comment.is_there
    comment.state, comment.state_reason = state, reason
    comment.save(update_fields=["state", "state_reason"])
    if comment.is_shown != was_shown:
        article.store_counts(comment_count=max(article.comment_count + comment.is_shown - was_shown, 0))
    if comment.is_there != was_there:
        count_answer(comment.parent_id, 1 if comment.is_there else -1)
    return comment


def count_answer(comment_id: int | None, change: int) -> None:
    """Add to the answers of a comment. One that was kept in the thread for its answers alone may go with the last.

    The caller holds the article.
    """
    while comment_id is not None:
        comment = Comment.objects.select_for_update(no_key=True).get(pk=comment_id)
        was_there = comment.is_there
        comment.answer_count = max(comment.answer_count + change, 0)
        comment.save(update_fields=["answer_count"])
        if comment.is_there == was_there:
            return
        comment_id = comment.parent_id
