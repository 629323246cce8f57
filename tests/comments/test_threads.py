"""Discussions as their readers see them: in order, by pages, with what is new, and nothing that is not for them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.excluding import Wanted
from accounts.excluding import block as block_word
from comments.blocking import block
from comments.models import Comment, ThreadVisit
from comments.thread_rows import ANSWERS_SHOWN
from comments.votes import set_vote
from tests.factories import make_article, make_comment, make_reader

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def shown_on(client, article, **query) -> str:
    """The discussion on the page of an article."""
    response = client.get(article.get_absolute_url(), query)
    assert response.status_code == 200
    return discussion_of(response)


def discussion_of(response) -> str:
    page = " ".join(response.content.decode().split())
    return page[page.index('id="comments"') : page.index("</main>")]


def order_of(page: str, *comments: Comment) -> list[Comment]:
    """Those of the comments that are on the page, in its order."""
    places = {comment: page.find(f'id="comment-{comment.pk}"') for comment in comments}
    return sorted((comment for comment in comments if places[comment] >= 0), key=places.__getitem__)


@pytest.fixture
def article():
    return make_article()


@pytest.fixture
def user(client):
    reader = make_reader(display_name="Reads Along")
    client.force_login(reader)
    return reader


def test_an_article_without_comments_says_so_and_how_to_begin(client, article):
    page = shown_on(client, article)

    assert "Nobody has written anything yet." in page
    assert f"?next={article.get_absolute_url()}%23comments" in page and "<textarea" not in page


def test_a_user_finds_a_form_that_works_by_itself(client, article, user):
    page = shown_on(client, article)
    assert f'action="{reverse("post_comment", args=[article.pk])}"' in page
    assert 'name="csrfmiddlewaretoken"' in page and 'name="body"' in page


def test_answers_are_lists_within_the_item_of_what_they_answer(client, article):
    root = make_comment(article, author=make_reader(display_name="Anna"))
    answer = make_comment(article, parent=root, author=make_reader(display_name="Boris"))

    page = shown_on(client, article)

    assert "2 comments" in page and "1 answer" in page
    assert f'<li id="comment-{answer.pk}" data-under="{root.pk}">' in page
    assert 'aria-label="Comment by Boris"' in page


def test_the_best_stand_first_or_the_newest_or_the_oldest(client, article):
    first, second, third = (make_comment(article, minutes_ago=minutes) for minutes in (30, 20, 10))
    set_vote(make_reader(), second.pk, "up")
    three = (first, second, third)

    assert order_of(shown_on(client, article), *three) == [second, third, first]
    assert order_of(shown_on(client, article, sort="newest"), *three) == [third, second, first]
    assert order_of(shown_on(client, article, sort="oldest"), *three) == [first, second, third]
    assert order_of(shown_on(client, article, sort="; DROP"), *three) == [second, third, first]


def test_of_answers_the_best_come_first_and_of_equals_the_earlier(client, article):
    root = make_comment(article)
    answers = [make_comment(article, parent=root) for _number in range(3)]
    set_vote(make_reader(), answers[2].pk, "up")

    page = shown_on(client, article)

    assert order_of(page, *answers) == [answers[2], answers[0], answers[1]]


@pytest.mark.parametrize("sort", ["best", "newest", "oldest"])
def test_pages_hold_thirty_threads_each_and_every_thread_once(client, article, sort):
    roots = [make_comment(article) for _number in range(65)]
    for number, root in enumerate(roots[:40]):
        Comment.objects.filter(pk=root.pk).update(score=number // 3)
    found, query, pages = [], {"sort": sort}, 0
    while True:
        response = client.get(article.get_absolute_url(), query)
        page = discussion_of(response)
        found += order_of(page, *roots)
        pages += 1
        if 'rel="next"' not in page:
            break
        after = page.partition("&amp;after=")[2].partition("#")[0].replace("%7E", "~")
        query = {"sort": sort, "after": after}

    assert pages == 3 and len(found) == 65 and set(found) == set(roots)


def test_a_position_that_is_none_of_ours_is_refused(client, article):
    make_comment(article)
    for sort, after in (("best", "a~b"), ("newest", "1" * 40), ("oldest", "\0")):
        assert client.get(article.get_absolute_url(), {"sort": sort, "after": after}).status_code == 400


def test_a_long_thread_goes_on_on_a_page_of_its_own(client, article):
    root = make_comment(article)
    answers = [make_comment(article, parent=root) for _number in range(ANSWERS_SHOWN + 90)]

    page = shown_on(client, article)
    assert order_of(page, *answers) == answers[:ANSWERS_SHOWN]
    assert reverse("comment_thread", args=[root.pk]) in page

    address = reverse("comment_thread", args=[root.pk])
    whole = client.get(address).content.decode()
    assert order_of(whole, root, *answers) == [root, *answers[:99]]
    rest = client.get(address, {"after": answers[98].path}).content.decode()
    assert order_of(rest, root, *answers) == [root, *answers[99:]]
    assert client.get(address, {"after": "zzz"}).status_code == 400


def test_a_permanent_address_finds_a_comment_wherever_it_would_come(client, article):
    root = make_comment(article)
    answers = [make_comment(article, parent=root) for _number in range(120)]
    deep = make_comment(article, parent=answers[100])
    for _number in range(40):
        set_vote(make_reader(), make_comment(article).pk, "up")

    response = client.get(deep.get_absolute_url())
    assert response.url == f"{article.get_absolute_url()}?comment={deep.pk}#comment-{deep.pk}"
    page = shown_on(client, article, comment=deep.pk)

    assert order_of(page, root, answers[100], deep, answers[0]) == [root, answers[100], deep]
    assert 'class="comment chosen"' in page and "The whole thread" in page
    assert page.count('id="comment-') > 30


def test_a_permanent_address_of_what_is_gone_or_not_for_one_is_no_page(client, article, user):
    for state in ("held", "hidden", "removed", "deleted"):
        comment = make_comment(article, state=state)
        for name in ("comment", "comment_thread"):
            assert client.get(reverse(name, args=[comment.pk])).status_code == 404
        assert f'id="comment-{comment.pk}"' not in shown_on(client, article, comment=comment.pk)
    assert client.get(reverse("comment", args=[2**70])).status_code == 404


@pytest.mark.parametrize("number", ["0", "x", "-1", "9" * 5_000, "\u0661"])
def test_a_number_that_is_no_comment_leaves_the_discussion_as_it_is(client, article, number):
    comment = make_comment(article)
    assert order_of(shown_on(client, article, comment=number), comment) == [comment]


def test_one_sees_ones_own_comment_that_is_held_and_nobody_else_does(client, article, user):
    make_comment(article, author=user, state="held", body="Mine to see")

    page = shown_on(client, article)
    assert "Mine to see" in page and "Until then only you see it" in page

    for other in (None, make_reader()):
        client.logout()
        if other:
            client.force_login(other)
        assert "Mine to see" not in shown_on(client, article)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("deleted", "Deleted by its author"),
        ("removed", "Removed by a moderator"),
        ("hidden", "Not shown until a moderator has looked"),
    ],
)
def test_of_an_answered_comment_that_is_gone_the_place_stays_but_not_a_word(client, article, user, state, words):
    gone = make_comment(article, state=state, body="Bad words", author=make_reader(display_name="Gone Author"))
    make_comment(article, parent=gone, body="An answer")

    page = shown_on(client, article)

    assert words in page and "An answer" in page
    assert "Bad words" not in page and "Gone Author" not in page


def test_what_came_since_the_last_visit_is_new_but_nothing_on_the_first(client, article, user):
    make_comment(article, minutes_ago=600)
    assert 'class="fresh"' not in shown_on(client, article)
    ThreadVisit.objects.update(began_at=NOW - timedelta(hours=2))
    late = make_comment(article, minutes_ago=45)
    make_comment(article, minutes_ago=40, author=user)

    for _look in range(2):
        page = shown_on(client, article)
        assert page.count('class="fresh">new') == 1 and "1 new since your last visit" in page
        assert f'href="#comment-{late.pk}"' in page

    ThreadVisit.objects.update(began_at=NOW - timedelta(minutes=31))
    assert 'class="fresh"' not in shown_on(client, article)


def test_who_keeps_no_history_leaves_no_visit(client, article, user):
    make_comment(article)
    user.keeps_history = False
    user.save()

    shown_on(client, article)

    assert not ThreadVisit.objects.exists()


def test_comments_of_somebody_one_blocks_are_collapsed_to_a_line(client, article, user):
    comment = make_comment(article, body="Noise")
    block(user, comment.author, now=NOW)

    page = shown_on(client, article)

    assert "By somebody whose comments you do not want" in page
    assert page.index("<details") < page.index("Noise")


def test_keywords_collapse_comments_for_who_wants_that(client, article, user):
    make_comment(article, body="Nothing but football again", author=make_reader(display_name="Fan"))
    block_word(user, Wanted("football"), NOW)

    assert "Hidden by your keywords" not in shown_on(client, article)
    user.filters_comments = True
    user.save()
    assert "Hidden by your keywords" in shown_on(client, article)


def test_an_answer_that_can_not_stand_under_what_it_answers_says_whom_it_answers(client, article):
    line = [make_comment(article, author=make_reader(display_name="Anna"))]
    for name in ("B", "C", "D", "Eve", "F"):
        line.append(make_comment(article, parent=line[-1], author=make_reader(display_name=name)))

    page = shown_on(client, article)

    assert page.count("in answer to") == 1 and "in answer to Eve" in page


def test_a_page_of_fifty_comments_costs_a_user_four_queries_more_than_a_page_of_one(
    client, article, user, django_assert_max_num_queries
):
    def queries() -> int:
        with django_assert_max_num_queries(100) as captured:
            shown_on(client, article)
        return len(captured)

    without = queries()
    roots = [make_comment(article) for _number in range(10)]
    queries()
    few = queries()
    for number in range(40):
        make_comment(article, parent=roots[number % 10])
    many = queries()

    assert many == few
    assert many - without <= 3  # answers, the visit; roots are asked for either way


def test_a_name_or_a_text_can_not_break_out_of_the_page(client, article):
    author = make_reader(display_name='"><script>alert(1)</script>')
    make_comment(article, author=author, body='"><img src=x onerror=alert(1)>\n[x](javascript:alert(1))')

    page = shown_on(client, article)

    assert (
        "<script>alert" not in page
        and "<img src=x" not in page
        and "javascript:" not in page.replace("(javascript:alert(1))", "")
    )
