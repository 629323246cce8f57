"""Sets counts right that differ from the rows, as after somebody was erased. Each row is counted while it is held."""

from django.db import connection, transaction

from aggregator.models import Article
from comments.flags import count_flags
from comments.models import Comment, CommentVote
from comments.states import hold
from comments.votes import store

# Which rows are wrong: found in one pass each, without holding anything.
_ARTICLES = """
    WITH counted AS (
        SELECT article_id AS id, count(*) AS comments FROM comments_comment WHERE state = 'shown' GROUP BY article_id
    )
    SELECT article.id FROM aggregator_article article LEFT JOIN counted USING (id)
    WHERE (article.comment_count > 0 OR counted.id IS NOT NULL) AND article.comment_count <> coalesce(comments, 0)"""
_VOTES = """
    WITH counted AS (
        SELECT comment_id AS id, count(*) FILTER (WHERE is_up) AS up, count(*) FILTER (WHERE NOT is_up) AS down
        FROM comments_commentvote GROUP BY comment_id
    )
    SELECT comment.id FROM comments_comment comment LEFT JOIN counted USING (id)
    WHERE (up_count > 0 OR down_count > 0 OR counted.id IS NOT NULL)
      AND (up_count, down_count) IS DISTINCT FROM (coalesce(up, 0), coalesce(down, 0))"""
_FLAGS = """
    WITH counted AS (
        SELECT comment_id AS id, count(*) AS flags FROM comments_flag WHERE settled_at IS NULL GROUP BY comment_id
    )
    SELECT comment.id FROM comments_comment comment LEFT JOIN counted USING (id)
    WHERE (flag_count > 0 OR counted.id IS NOT NULL) AND flag_count <> coalesce(flags, 0)"""
# From the leaves up: what an answer is counted for may itself be there for its answers alone.
_ANSWERS = """
    WITH counted AS (
        SELECT parent_id AS id, count(*) AS answers FROM comments_comment
        WHERE parent_id IS NOT NULL AND (state = 'shown' OR answer_count > 0) GROUP BY parent_id
    )
    SELECT comment.id FROM comments_comment comment LEFT JOIN counted USING (id)
    WHERE (answer_count > 0 OR counted.id IS NOT NULL) AND answer_count <> coalesce(answers, 0)
    ORDER BY comment.id DESC"""


def recount() -> int:
    """Count anew what is counted wrong, answers first; returns how many rows were."""
    wrong = 0
    counts = ((_ANSWERS, count_answers), (_VOTES, count_votes), (_FLAGS, count_open_flags), (_ARTICLES, count_comments))
    for query, count in counts:
        with connection.cursor() as cursor:
            cursor.execute(query)
            found = [pk for (pk,) in cursor.fetchall()]
        for pk in found:
            count(pk)
        wrong += len(found)
    return wrong


@transaction.atomic
def count_comments(article_id: int) -> None:
    """Count the comments an article shows."""
    article = Article.objects.select_for_update(no_key=True).only("comment_count").get(pk=article_id)
    article.store_counts(comment_count=Comment.objects.shown().filter(article=article).count())


@transaction.atomic
def count_votes(comment_id: int) -> None:
    comment = Comment.objects.select_for_update(no_key=True).get(pk=comment_id)
    votes = list(CommentVote.objects.filter(comment=comment).values_list("is_up", flat=True))
    store(comment, votes.count(True), votes.count(False))


@transaction.atomic
def count_open_flags(comment_id: int) -> None:
    count_flags(hold(comment_id))


def count_answers(comment_id: int) -> None:
    """Count the answers to a comment, and to those above it: one that is there again is an answer too."""
    pk: int | None = comment_id
    while pk is not None:
        with transaction.atomic():
            article_id = Comment.objects.values_list("article_id", flat=True).get(pk=pk)
            Article.objects.select_for_update(no_key=True).only("pk").get(pk=article_id)
            comment = Comment.objects.select_for_update(no_key=True).get(pk=pk)
            comment.answer_count = Comment.objects.there_for(None).filter(parent=comment).count()
            comment.save(update_fields=["answer_count"])
        pk = comment.parent_id
