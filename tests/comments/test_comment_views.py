"""The forms that readers send: as a page, as a part of one, as JSON; once each, and for nobody else's comments."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comments.models import Comment, CommentVote
from tests.factories import make_article, make_comment, make_reader

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(days=30)
PART = {"HTTP_HX_REQUEST": "true"}
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def article():
    return make_article()


@pytest.fixture
def user(client):
    reader = make_reader(display_name="Anna", date_joined=LONG_AGO)
    client.force_login(reader)
    return reader


def path(name: str, thing) -> str:
    return reverse(name, args=[thing.pk])


def test_a_comment_is_posted_and_its_author_led_to_it(client, article, user):
    response = client.post(path("post_comment", article), {"body": "I *agree*"})

    comment = Comment.objects.get()
    assert (response.status_code, response.url) == (
        303,
        f"{article.get_absolute_url()}?comment={comment.pk}#comment-{comment.pk}",
    )
    page = client.get(response.url).content.decode()
    assert "I <em>agree</em>" in page and "Your comment is posted." in page


def test_an_answer_names_what_it_answers(client, article, user):
    root = make_comment(article)
    client.post(path("post_comment", article), {"body": "No", "parent": root.pk})
    assert Comment.objects.get(author=user).parent == root


def test_a_script_is_given_the_comment_and_a_program_json(client, article, user):
    part = client.post(path("post_comment", article), {"body": "In place"}, **PART).content.decode()
    assert "<html" not in part and "In place" in part and 'data-words="Your comment is posted."' in part

    Comment.objects.update(posted_at=LONG_AGO)
    answer = client.post(path("post_comment", article), {"body": "By a program"}, **JSON).json()
    assert (answer["state"], answer["html"]) == ("shown", "<p>By a program</p>")
    assert answer["url"] == Comment.objects.get(pk=answer["id"]).get_absolute_url()


@pytest.mark.parametrize("body", ["", "a" * 10_001])
def test_what_can_not_be_taken_comes_back_in_the_form_with_the_reason(client, article, user, body):
    response = client.post(path("post_comment", article), {"body": body})

    page = response.content.decode()
    assert response.status_code == 422 and 'role="alert"' in page and f">{body}</textarea>" in page
    refused = client.post(path("post_comment", article), {"body": body}, **JSON)
    assert refused.status_code == 422 and refused.json()["error"]["message"]
    assert not Comment.objects.exists()


def test_who_writes_too_fast_keeps_their_text(client, article, user):
    client.post(path("post_comment", article), {"body": "First"})
    response = client.post(path("post_comment", article), {"body": "Second, at once"})
    assert response.status_code == 422 and "Second, at once</textarea>" in response.content.decode()


def test_a_preview_shows_the_text_and_posts_nothing(client, article, user):
    response = client.post(path("post_comment", article), {"body": "So **it** looks", "preview": "yes"})

    page = response.content.decode()
    assert "<strong>it</strong>" in page and "So **it** looks</textarea>" in page
    assert not Comment.objects.exists()


@pytest.mark.parametrize("parent", ["x", "-1", "9" * 30, "0"])
def test_a_number_that_is_no_comment_can_not_be_answered(client, article, user, parent):
    response = client.post(path("post_comment", article), {"body": "Hm", "parent": parent})
    assert response.status_code in {400, 404} and not Comment.objects.exists()


def test_what_was_written_before_logging_in_is_posted_then(client, article):
    make_reader(email="ani@example.org", password="correct horse 1", date_joined=LONG_AGO)
    assert client.post(path("post_comment", article), {"body": "x"}, **JSON).status_code == 401

    to_login = client.post(path("post_comment", article), {"body": "Do not lose me"}).url
    answer = client.post(to_login, {"login": "ani@example.org", "password": "correct horse 1"})

    assert answer.url == f"{article.get_absolute_url()}#comments"
    assert [comment.body for comment in Comment.objects.all()] == ["Do not lose me"]


def test_the_form_to_answer_shows_what_is_answered(client, article, user):
    root = make_comment(article, body="The claim", author=make_reader(display_name="Boris"))

    page = client.get(path("answer_comment", root)).content.decode()

    assert "Answer Boris" in page and "The claim" in page and f'name="parent" value="{root.pk}"' in page
    assert "<html" not in client.get(path("answer_comment", root), **PART).content.decode()


def test_the_author_changes_a_comment_and_a_late_change_is_marked(client, article, user):
    comment = make_comment(article, author=user, minutes_ago=10)
    form = client.get(path("edit_comment", comment)).content.decode()
    assert f">{comment.body}</textarea>" in form

    client.post(path("edit_comment", comment), {"body": "Put better"})

    page = client.get(article.get_absolute_url()).content.decode()
    assert "Put better" in page and "edited" in page and "5 h left" in page


def test_a_change_too_late_is_refused_with_the_text_kept(client, article, user):
    comment = make_comment(article, author=user, minutes_ago=400)
    response = client.post(path("edit_comment", comment), {"body": "Too late"})
    assert response.status_code == 422 and ">Too late</textarea>" in response.content.decode()
    assert path("edit_comment", comment) not in client.get(article.get_absolute_url()).content.decode()


def test_deleting_can_be_undone_from_the_notice(client, article, user):
    comment = make_comment(article, author=user, body="To and fro")
    page = client.post(path("delete_comment", comment), {"next": article.get_absolute_url()}, follow=True)
    text = page.content.decode()
    assert "Your comment is deleted." in text and path("restore_comment", comment) in text
    assert "To and fro" not in text

    client.post(path("restore_comment", comment))
    assert "To and fro" in client.get(article.get_absolute_url()).content.decode()


def test_a_vote_is_taken_as_form_as_part_and_as_json(client, article, user):
    comment = make_comment(article)
    address = path("vote_on_comment", comment)

    page = client.post(address, {"vote": "up", "next": article.get_absolute_url()})
    assert (page.status_code, page.url) == (303, f"{article.get_absolute_url()}#comment-{comment.pk}")
    assert 'aria-pressed="true"' in client.post(address, {"vote": "up"}, **PART).content.decode()
    assert client.post(address, {"vote": "down"}, **JSON).json() == {"up": 0, "down": 1, "vote": "down"}
    assert client.post(address, {"vote": "sideways"}).status_code == 400
    assert CommentVote.objects.count() == 1


def test_votes_are_limited(client, article, user):
    comment = make_comment(article)
    codes = {client.post(path("vote_on_comment", comment), {"vote": "up"}).status_code for _time in range(61)}
    assert codes == {303, 429}


def test_a_stranger_can_neither_change_nor_delete_nor_restore_nor_see_what_is_not_theirs(client, article, user):
    for state in ("shown", "held", "deleted"):
        comment = make_comment(article, state=state, body="Not yours")
        for name in ("edit_comment", "delete_comment", "restore_comment"):
            for response in (client.get(path(name, comment)), client.post(path(name, comment), {"body": "Mine now"})):
                assert response.status_code == 404
        comment.refresh_from_db()
        assert (comment.state, comment.body) == (state, "Not yours")
    held = make_comment(article, state="held")
    for name in ("vote_on_comment", "answer_comment"):
        assert client.get(path(name, held)).status_code == 404
    assert client.post(path("post_comment", article), {"body": "Hm", "parent": held.pk}).status_code == 404


def test_every_change_asks_for_a_token(article, user):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    comment = make_comment(article, author=user)
    names = ("edit_comment", "delete_comment", "restore_comment", "vote_on_comment")
    addresses = [path("post_comment", article), *(path(name, comment) for name in names)]
    assert {strict.post(address, {"body": "x", "vote": "up"}).status_code for address in addresses} == {403}


def test_my_comments_are_listed_with_their_articles_newest_first_and_only_mine(client, article, user):
    old = make_comment(article, author=user, minutes_ago=90, body="Older one")
    make_comment(article, author=user, minutes_ago=5, body="Newer one", state="held")
    make_comment(article, author=user, body="Gone one", state="deleted")
    make_comment(article, body="Of another")

    page = client.get(reverse("my_comments")).content.decode()

    assert page.index("Newer one") < page.index("Older one") and article.title in page
    assert "Gone one" not in page and "Of another" not in page
    assert path("delete_comment", old) in page


def test_my_comments_say_what_to_do_where_there_are_none_and_are_for_users(client, user):
    assert "You have not written a comment yet" in client.get(reverse("my_comments")).content.decode()
    client.logout()
    assert client.get(reverse("my_comments")).status_code == 302


def test_my_comments_cost_the_same_whatever_their_number(client, user, django_assert_max_num_queries):
    def queries() -> int:
        with django_assert_max_num_queries(60) as captured:
            client.get(reverse("my_comments"))
        return len(captured)

    make_comment(author=user)
    one = queries()
    for _number in range(8):
        make_comment(author=user)
    assert queries() == one


def test_private_answers_are_never_cached(client, article, user):
    comment = make_comment(article, author=user)
    for address in (reverse("my_comments"), path("edit_comment", comment), path("answer_comment", comment)):
        assert "no-store" in client.get(address)["Cache-Control"]
