"""The moderators' page: what is on it, for whom, what its buttons do, and that nothing on it is markup but ours."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from comments import waiting
from comments.flags import flag
from comments.models import Comment, ModerationAction
from tests.factories import make_article, make_comment, make_curator, make_reader

pytestmark = pytest.mark.django_db
QUEUE, JUDGE = "/admin/comments/comment/queue/", "/admin/comments/comment/queue/judge/"
HOSTILE = "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)> \"' </blockquote>"


def make_moderator(**fields) -> User:
    """Staff who may judge comments and nothing else."""
    moderator = make_curator(**fields)
    User.objects.filter(pk=moderator.pk).update(is_superuser=False)
    moderator.refresh_from_db()
    moderator.user_permissions.add(Permission.objects.get(codename="moderate"))
    return moderator


@pytest.fixture
def moderator(client) -> User:
    moderator = make_moderator()
    client.force_login(moderator)
    return moderator


def judge(client, act: str, *comments: Comment, **fields):
    data = {"act": act, "comment": [comment.pk for comment in comments], **fields}
    return client.post(JUDGE, data, headers={"accept": "application/json"})


def state_of(comment: Comment) -> str:
    comment.refresh_from_db()
    return comment.state


def ids_on(page) -> list[int]:
    return [case.comment.pk for section in page.context["sections"] for case in section["cases"]]


def test_what_is_not_shown_comes_first_then_what_is_flagged_each_by_age(client, moderator):
    flagged = make_comment(minutes_ago=500)
    flag(make_reader(), flagged.pk, "spam", now=timezone.now())
    held, hidden = make_comment(state="held", state_reason="links"), make_comment(state="hidden", state_reason="flags")
    make_comment(), make_comment(state="removed"), make_comment(state="deleted")

    page = client.get(QUEUE)

    assert ids_on(page) == [held.pk, hidden.pk, flagged.pk]
    text = page.content.decode()
    assert "Among the first comments of a new account, with a link" in text and "Reported by several readers" in text


def test_a_case_has_its_thread_its_author_and_the_flags_with_notes(client, moderator):
    author = make_reader(display_name="Ada Quill", date_joined=timezone.now() - timedelta(days=40))
    parent = make_comment(body="The bridge is fine")
    comment = make_comment(parent.article, parent=parent, author=author, body="The bridge is not fine")
    make_comment(author=author, state="removed")
    flag(make_reader(), comment.pk, "abuse", note="He means me", now=timezone.now())

    page = client.get(QUEUE)
    [case] = page.context["sections"][1]["cases"]
    text = page.content.decode()

    assert [one.pk for one in case.above] == [parent.pk]
    assert case.record == waiting.Record(shown=1, removed=1, waiting=0) and case.ground == "abuse"
    for words in ("Ada Quill", "1\xa0month", "The bridge is fine", "He means me", "1 shown, 1 removed, 0 waiting"):
        assert words in text


def test_hostile_text_is_text(client, moderator):
    article = make_article(title=HOSTILE)
    comment = make_comment(article, body=HOSTILE, state="held", author=make_reader(display_name="<b onclick=x>"))
    flag_able = make_comment(article)
    flag(make_reader(display_name="<i>"), flag_able.pk, "other", note=HOSTILE, now=timezone.now())

    for address in (QUEUE, "/admin/comments/comment/", f"/admin/comments/comment/{comment.pk}/change/"):
        text = client.get(address).content.decode()
        for bad in ("<script>alert", "<img src=x", "<b onclick", "<i>", 'href="javascript:'):
            assert bad not in text, (address, bad)


@pytest.mark.parametrize(("act", "state"), [("approve", "shown"), ("remove", "removed"), ("purge", "removed")])
def test_each_judgement_is_one_press_and_one_press_takes_it_back(client, moderator, act, state):
    comment = make_comment(state="held", state_reason="links")

    answer = judge(client, act, comment, ground="hate").json()
    assert state_of(comment) == state and answer["judged"] == [comment.pk]
    client.post(answer["undo"]["url"], answer["undo"]["fields"])

    assert state_of(comment) == "held"
    assert ModerationAction.objects.filter(moderator=moderator).exists()


def test_what_somebody_else_has_judged_already_is_said_and_done_once(client, moderator):
    comment = make_comment(state="held")
    judge(client, "approve", comment)

    again = judge(client, "approve", comment).json()

    assert again["message"] == "Somebody has dealt with this already." and again["undo"] is None
    assert ModerationAction.objects.count() == 1


def test_many_are_judged_together_and_taken_back_together(client, moderator):
    comments = [make_comment(state="held") for _ in range(5)]

    answer = judge(client, "remove", *comments).json()
    assert {state_of(comment) for comment in comments} == {"removed"} and "5 comments" in answer["message"]
    client.post(answer["undo"]["url"], answer["undo"]["fields"])

    assert {state_of(comment) for comment in comments} == {"held"}


def test_without_script_the_page_says_what_was_done_with_a_button_to_take_it_back(client, moderator):
    comment = make_comment(state="held")

    page = client.post(JUDGE, {"act": "approve", "comment": comment.pk, "next": QUEUE}, follow=True)

    text = page.content.decode()
    assert page.redirect_chain == [(QUEUE, 303)]
    assert "1 comment is approved." in text and 'name="action"' in text and "No comment waits for you." in text


def test_a_purge_names_its_author_and_takes_all_their_comments_off_the_page(client, moderator):
    author = make_reader(display_name="Spam King")
    comments = [make_comment(author=author, state="held") for _ in range(3)]

    answer = judge(client, "purge", comments[0]).json()

    assert answer["judged"] == [comment.pk for comment in comments]
    assert answer["message"] == "Spam King: suspended, and 3 comments removed."


def test_who_works_here_is_not_purged_and_nothing_else_is_done(client, moderator):
    ours, other = make_comment(author=make_reader(is_staff=True)), make_comment()

    answer = judge(client, "purge", other, ours)

    assert answer.status_code == 422 and "belongs to the staff" in answer.json()["error"]["message"]
    assert state_of(ours) == state_of(other) == "shown" and not ModerationAction.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        {"act": "praise", "comment": "1"},
        {"act": "remove", "comment": "1", "ground": "taste"},
        {"act": "remove", "comment": "x"},
        {"act": "remove", "comment": "9" * 30},
        {"act": "remove", "comment": [str(number) for number in range(200)]},
    ],
)
def test_what_is_no_judgement_is_refused(client, moderator, data):
    assert client.post(JUDGE, data).status_code == 400


def test_staff_without_the_permission_and_readers_with_it_see_and_do_nothing(client):
    comment = make_comment(state="held", body="Waits")
    curator = make_moderator()
    curator.user_permissions.clear()
    curator.user_permissions.add(*Permission.objects.filter(codename__in=["view_comment", "change_comment"]))
    reader = make_reader()
    reader.user_permissions.add(Permission.objects.get(codename="moderate"))
    action = ModerationAction.objects.create(action="held", comment=comment)
    addresses = [
        QUEUE,
        JUDGE,
        reverse("admin:comments_comment_undo"),
        reverse("admin:comments_comment_suspended"),
        "/admin/comments/comment/",
        f"/admin/comments/comment/{comment.pk}/change/",
        "/admin/comments/moderationaction/",
        f"/admin/comments/moderationaction/{action.pk}/change/",
    ]

    for person in (curator, reader):
        client.force_login(person)
        for address in addresses:
            for answer in (client.get(address), client.post(address, {"act": "approve", "comment": comment.pk})):
                assert answer.status_code in (302, 403), (person, address)
                assert "Waits" not in answer.content.decode()
        assert "to be judged" not in client.get("/admin/").content.decode()
    assert state_of(comment) == "held"


def test_what_was_done_can_be_read_and_not_be_changed(client, moderator):
    comment = make_comment(state="held")
    judge(client, "approve", comment)
    action = ModerationAction.objects.get()
    client.force_login(make_curator())

    assert "approved" in client.get("/admin/comments/moderationaction/").content.decode()
    address = f"/admin/comments/moderationaction/{action.pk}/"
    assert client.get(f"{address}change/").status_code == 200
    assert client.post(f"{address}change/", {"reason": "x"}).status_code == 403
    assert client.post(f"{address}delete/", {"post": "yes"}).status_code == 403
    assert client.post("/admin/comments/moderationaction/add/").status_code == 403
    assert client.post(f"/admin/comments/comment/{comment.pk}/delete/", {"post": "yes"}).status_code == 403


def test_somebody_suspended_is_listed_and_let_in_again(client, moderator):
    comment = make_comment()
    judge(client, "purge", comment)
    assert comment.author
    address = reverse("admin:comments_comment_suspended")
    assert str(comment.author) in client.get(address).content.decode()

    client.post(address, {"reader": comment.author.pk})

    comment.author.refresh_from_db()
    assert comment.author.suspended_at is None
    assert "Nobody is suspended." in client.get(address).content.decode()


def test_a_long_queue_is_cut_into_pages(client, moderator, monkeypatch):
    monkeypatch.setattr(waiting, "PAGE_SIZE", 2)
    comments = [make_comment(state="held").pk for _ in range(5)]

    seen, after = [], ""
    while True:
        page = client.get(QUEUE, {"show": "waiting", "after": after})
        seen += ids_on(page)
        after = page.context["sections"][0]["page"].next
        if not after:
            break

    assert seen == comments
    assert client.get(QUEUE, {"show": "waiting", "after": "x"}).status_code == 400


def test_the_page_costs_as_many_queries_for_twenty_comments_as_for_two(
    client, moderator, django_assert_max_num_queries
):
    def asked() -> int:
        with django_assert_max_num_queries(30) as queries:
            client.get(QUEUE)
        return len(queries)

    def more(number: int) -> None:
        for _ in range(number):
            parent = make_comment()
            comment = make_comment(parent.article, parent=parent)
            flag(make_reader(), comment.pk, "spam", now=timezone.now())
            make_comment(state="held")

    more(2)
    few = asked()
    more(10)
    assert asked() == few


def test_how_many_wait_is_said_where_curators_look_first_and_where_operators_do(client, moderator, capsys):
    make_comment(state="held"), make_comment(state="hidden")
    flag(make_reader(), make_comment().pk, "spam", now=timezone.now())

    index = client.get("/admin/").content.decode()
    metrics = client.get("/metrics").content.decode()

    assert "2 wait" in index and "1 reported and shown" in index
    assert "zis_comments_waiting 2.0" in metrics and "zis_comments_flagged 1.0" in metrics
    assert "zis_comments_waiting_seconds 3" in metrics  # an hour and a moment
    call_command("status", "--json")
    counts = json.loads(capsys.readouterr().out)["counts"]
    assert (counts["comments_waiting"], counts["comments_flagged"]) == (2, 1)


def test_a_selection_of_the_list_is_approved_by_the_admins_own_way(client, moderator):
    comments = [make_comment(state="held") for _ in range(2)]

    client.post(
        "/admin/comments/comment/",
        {"action": "approve", "_selected_action": [comment.pk for comment in comments]},
    )

    assert {state_of(comment) for comment in comments} == {"shown"}
