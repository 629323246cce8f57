"""Comments come to be, change and go, each once, and every count agrees with the rows."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from aggregator.models import Article
from comments.discussion import edit, post, remove, restore, wipe_deleted
from comments.errors import CommentError
from comments.models import Comment, CommentVote, Reaction
from comments.models.comments import DEPTH_MAX
from comments.reactions import set_reaction
from comments.recounting import recount
from comments.votes import score, set_vote
from tests.factories import make_article, make_comment, make_reader

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LONG_AGO = NOW - timedelta(days=30)
HOUR = timedelta(hours=1)


def reader(**fields) -> User:
    """Somebody who has been here for long, and whose comments nothing holds back."""
    return make_reader(date_joined=LONG_AGO, **fields)


def count_of(article: Article) -> int:
    return Article.objects.values_list("comment_count", flat=True).get(pk=article.pk)


def fresh(comment: Comment) -> Comment:
    return Comment.objects.get(pk=comment.pk)


def test_a_comment_is_shown_counted_and_stored_as_typed_and_as_html():
    article = make_article()

    comment = post(reader(), article, "It is **so**.", parent=None, now=NOW)

    assert (comment.body, comment.html) == ("It is **so**.", "<p>It is <strong>so</strong>.</p>")
    assert comment.is_shown and comment.depth == 0 and count_of(article) == 1


def test_a_form_that_is_sent_twice_makes_one_comment():
    article, author = make_article(), reader()

    first = post(author, article, "Once is enough", parent=None, now=NOW)
    again = post(author, article, "Once  is enough!", parent=None, now=NOW)

    assert again.pk == first.pk and count_of(article) == 1


def test_answers_stand_under_what_they_answer_and_beside_it_where_it_gets_too_deep():
    article = make_article()
    line = [make_comment(article)]
    for _step in range(DEPTH_MAX + 2):
        line.append(post(reader(), article, f"Answer {len(line)}", parent=line[-1], now=NOW))

    assert [comment.depth for comment in line] == [0, 1, 2, 3, 4, 4, 4]
    assert all(after.path.startswith(before.path) for before, after in pairwise(line[:5]))
    assert line[5].parent_id == line[4].pk and line[5].path[:-11] == line[4].path[:-11]
    assert [comment.pk for comment in Comment.objects.order_by("path")] == [comment.pk for comment in line]
    assert fresh(line[5]).answer_count == 1


def test_what_is_gone_can_not_be_answered():
    parent = make_comment(state="removed")
    elsewhere = make_comment()

    for gone in (parent, elsewhere):
        with pytest.raises(CommentError):
            post(reader(), parent.article, "But no", parent=gone, now=NOW)
    assert count_of(parent.article) == 0


def test_a_change_is_silent_for_five_minutes_marked_for_six_hours_and_then_too_late():
    comment = make_comment(author=reader())
    posted_at = comment.posted_at

    assert edit(comment, "Better", posted_at + timedelta(minutes=5)).edited_at is None
    assert edit(comment, "Best", posted_at + timedelta(minutes=6)).edited_at
    with pytest.raises(CommentError):
        edit(comment, "Too late", posted_at + timedelta(hours=6))

    assert (fresh(comment).body, fresh(comment).html) == ("Best", "<p>Best</p>")


def test_an_edit_can_not_bring_back_what_moderators_or_flags_took_away():
    for state in ("removed", "hidden", "deleted"):
        with pytest.raises(CommentError):
            edit(make_comment(author=reader(), state=state), "Here again", NOW)


def test_a_deleted_comment_keeps_its_place_for_its_answers_and_goes_with_the_last():
    article = make_article()
    root = make_comment(article, author=reader())
    answer = post(reader(), article, "An answer", parent=root, now=NOW)

    remove(root, NOW)
    assert count_of(article) == 1
    assert list(Comment.objects.there_for(None).order_by("path")) == [root, answer]

    remove(answer, NOW)
    assert count_of(article) == 0
    assert not Comment.objects.there_for(None).exists() and fresh(root).answer_count == 0


def test_deleting_twice_and_undoing_twice_count_once():
    comment = make_comment(author=reader())
    for _time in range(2):
        remove(comment, NOW)
    assert count_of(comment.article) == 0

    for _time in range(2):
        restore(comment, NOW + timedelta(minutes=59))

    assert fresh(comment).state == "shown" and count_of(comment.article) == 1


@pytest.mark.parametrize("state", ["held", "hidden"])
def test_deleting_and_undoing_does_not_slip_past_a_moderator(state):
    comment = make_comment(author=reader(), state=state, state_reason="links")

    remove(comment, NOW)
    restore(comment, NOW)

    assert (fresh(comment).state, fresh(comment).state_reason) == (state, "links")
    assert count_of(comment.article) == 0


def test_who_was_suspended_meanwhile_can_not_undo_a_deletion():
    comment = make_comment(author=reader())
    remove(comment, NOW)
    User.objects.update(suspended_at=NOW)

    with pytest.raises(CommentError):
        restore(comment, NOW)


def test_an_hour_after_its_deletion_nothing_of_a_comment_is_left_but_its_place():
    comment = make_comment(author=reader(), body="A secret")
    kept = make_comment(body="Not deleted")
    remove(comment, NOW)

    assert wipe_deleted(NOW + timedelta(minutes=59)) == 0
    assert wipe_deleted(NOW + HOUR) == 1
    assert wipe_deleted(NOW + HOUR) == 0

    wiped = fresh(comment)
    assert (wiped.body, wiped.html, wiped.author, wiped.tokens) == ("", "", None, "")
    assert fresh(kept).body == "Not deleted"


def test_a_vote_counts_once_changes_over_and_is_taken_back():
    comment, voter = make_comment(), make_reader()

    assert set_vote(voter, comment.pk, "up") == set_vote(voter, comment.pk, "up")
    assert (fresh(comment).up_count, fresh(comment).score) == (1, score(1, 0))
    set_vote(voter, comment.pk, "down")
    assert (fresh(comment).up_count, fresh(comment).down_count, fresh(comment).score) == (0, 1, 0)
    set_vote(voter, comment.pk, "none")
    assert (fresh(comment).down_count, CommentVote.objects.count()) == (0, 0)


def test_nobody_votes_on_their_own_comment_nor_on_what_is_not_shown_nor_suspended():
    comment = make_comment(author=reader())
    with pytest.raises(CommentError):
        set_vote(comment.author, comment.pk, "up")
    with pytest.raises(CommentError):
        set_vote(make_reader(suspended_at=NOW), comment.pk, "up")
    with pytest.raises(Comment.DoesNotExist):
        set_vote(make_reader(), make_comment(state="held").pk, "up")


def test_the_score_is_the_lower_bound_of_wilsons_interval_at_80_percent():
    """By hand from Wilson 1927, as Evan Miller spells it: 10 of 10, 60 of 100, 1 of 1, 40 of 20 more."""
    assert score(1, 0) == pytest.approx(378_000, abs=1_000)
    assert score(60, 40) == pytest.approx(535_000, abs=2_000)
    assert score(10, 0) > score(60, 40) > score(1, 0) > score(0, 5) == score(0, 0) == 0


@pytest.mark.django_db(transaction=True)
def test_200_people_who_like_comment_vote_and_unlike_one_article_at_once_lose_nothing_and_wait_for_nobody_in_a_ring():
    article = make_article()
    root = make_comment(article)
    people = User.objects.bulk_create(
        User(email=f"person{number}@example.org", display_name=f"P{number}", date_joined=LONG_AGO)
        for number in range(200)
    )
    begin = threading.Barrier(16)

    def act(person: User) -> None:
        if person.pk <= people[15].pk:
            begin.wait()
        deeds = [
            lambda: set_reaction(person, article.pk, "like"),
            lambda: post(person, article, f"I am {person.pk}", parent=root if person.pk % 2 else None, now=NOW),
            lambda: set_vote(person, root.pk, "up" if person.pk % 3 else "down"),
            lambda: set_reaction(person, article.pk, "none" if person.pk % 2 else "dislike"),
        ]
        for deed in deeds:
            deed()
        if person.pk % 5 == 0:
            remove(Comment.objects.get(author=person), NOW)
        connection.close()

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(act, people))

    article.refresh_from_db()
    assert Comment.objects.exclude(author=root.author).count() == 200
    assert article.comment_count == Comment.objects.shown().count() == 161
    assert article.like_count == Reaction.objects.filter(kind="like").count() == 0
    assert article.dislike_count == Reaction.objects.filter(kind="dislike").count() == 100
    counted = fresh(root)
    assert counted.up_count + counted.down_count == CommentVote.objects.count() == 200
    assert counted.answer_count == Comment.objects.shown().filter(parent=root).count()
    assert recount() == 0


@pytest.mark.django_db(transaction=True)
def test_a_double_click_in_eight_tabs_at_once_makes_one_comment():
    article, author = make_article(), reader()
    begin = threading.Barrier(8)

    def click(_tab: int) -> int:
        begin.wait()
        try:
            return post(author, article, "All at once", parent=None, now=NOW).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(click, range(8)))) == 1
    assert count_of(article) == Comment.objects.count() == 1


def test_what_was_counted_wrong_is_counted_anew():
    article = make_article()
    root = make_comment(article, state="deleted")
    middle = make_comment(article, parent=root, state="deleted")
    make_comment(article, parent=middle)
    voted = make_comment(article)
    set_vote(make_reader(), voted.pk, "up")
    Article.objects.update(comment_count=7)
    Comment.objects.update(up_count=3, down_count=2, score=5, answer_count=0)

    assert recount() > 0
    assert recount() == 0

    assert count_of(article) == 2
    assert [fresh(comment).answer_count for comment in (root, middle)] == [1, 1]
    assert (fresh(voted).up_count, fresh(voted).down_count, fresh(voted).score) == (1, 0, score(1, 0))


def test_when_the_author_leaves_the_comment_stays_without_a_name():
    comment = make_comment()
    with transaction.atomic():
        comment.author.delete()
    assert fresh(comment).author is None and fresh(comment).is_shown
