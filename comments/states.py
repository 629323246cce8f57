"""Whether a comment is shown, and the counts that follow from it. Every change of `Comment.state` goes through here.

Whoever changes one holds its article first and then the comment, so that nobody waits in a ring.
"""

from collections.abc import Sequence

from aggregator.models import Article
from comments.models import Comment

State = Comment.State


def hold(comment_id: int) -> Comment:
    """The comment with its article, both kept from others until the transaction ends. Raises Comment.DoesNotExist."""
    article_id = Comment.objects.values_list("article_id", flat=True).get(pk=comment_id)
    article = hold_article(article_id)
    comment = Comment.objects.select_for_update(no_key=True, of=("self",)).select_related("author").get(pk=comment_id)
    comment.article = article
    return comment


def hold_article(article_id: int) -> Article:
    """The article alone, for who changes many of its comments."""
    articles = Article.objects.only("title", "slug", "published_at", "comment_count")
    return articles.select_for_update(no_key=True).get(pk=article_id)


def change_state(comment: Comment, state: str, *, ground: str = "") -> None:
    """Set the state of a comment that is held (see `hold`), and count it anew where that makes a difference."""
    was_shown, was_there = comment.is_shown, comment.is_there
    comment.state, comment.state_reason = State(state), ground
    comment.save(update_fields=["state", "state_reason"])
    if comment.is_shown != was_shown:
        change = comment.is_shown - was_shown
        comment.article.store_counts(comment_count=max(comment.article.comment_count + change, 0))
    if comment.is_there != was_there:
        count_answer(comment.parent_id, comment.is_there - was_there)


def change_states(article: Article, comments: Sequence[Comment], state: str, *, ground: str = "") -> None:
    """The same for many comments of one article, which is held as they are, in a few queries."""
    before = [(comment, comment.is_shown, comment.is_there) for comment in comments]
    Comment.objects.filter(pk__in=[comment.pk for comment in comments]).update(state=state, state_reason=ground)
    for comment in comments:
        comment.state, comment.state_reason = State(state), ground
    change = sum(comment.is_shown - was_shown for comment, was_shown, _was_there in before)
    if change:
        article.store_counts(comment_count=max(article.comment_count + change, 0))
    for comment, _was_shown, was_there in before:
        if comment.is_there != was_there:
            count_answer(comment.parent_id, comment.is_there - was_there)


def count_answer(comment_id: int | None, change: int) -> None:
    """Add to the answers a comment has, 1 or -1. What stood in the thread for its answers alone goes with the last.

    The caller holds the article.
    """
    while comment_id is not None:
        comments = Comment.objects.select_for_update(no_key=True).only("state", "parent_id", "answer_count")
        comment = comments.get(pk=comment_id)
        was_there = comment.is_there
        comment.answer_count = max(comment.answer_count + change, 0)
        comment.save(update_fields=["answer_count"])
        if comment.is_there == was_there:
            return
        comment_id = comment.parent_id
