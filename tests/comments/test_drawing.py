"""Comments as they are drawn: once for all who see the same of them, and anew for whoever sees something else."""

import pytest

from accounts.models import User
from comments.models import BlockedReader, Comment
from comments.votes import set_vote
from tests.factories import make_article, make_comment, make_reader

pytestmark = pytest.mark.django_db


def drawn_for(client, reader: User | None, comment: Comment) -> str:
    """The comment on the page of its article."""
    client.logout()
    if reader:
        client.force_login(reader)
    page = client.get(comment.article.get_absolute_url(), headers={"accept": "text/html", "cache-control": "no-cache"})
    return page.content.decode().partition(f'<li id="comment-{comment.pk}"')[2].partition("</li>")[0]


def test_one_readers_vote_and_blocks_are_on_no_other_readers_page(client):
    voter, blocker, other, author = (make_reader() for _ in range(4))
    comment = make_comment(make_article(), author=author)
    plain = drawn_for(client, other, comment)
    BlockedReader.objects.create(user=blocker, blocked=author)
    set_vote(voter, comment.pk, "up")

    assert 'aria-pressed="true"' in drawn_for(client, voter, comment)
    assert 'class="aside"' in drawn_for(client, blocker, comment)
    after = drawn_for(client, other, comment)

    assert 'aria-pressed="true"' not in after and 'class="aside"' not in after
    assert after == plain.replace("</svg></button>", "</svg>1</button>", 1)


@pytest.mark.parametrize("change", ["text", "name", "edited"])
def test_a_comment_that_was_drawn_before_is_drawn_as_it_is_now(client, change):
    author, reader = make_reader(), make_reader()
    comment = make_comment(make_article(), author=author, body="Before")
    drawn_for(client, reader, comment)

    if change == "name":
        User.objects.filter(pk=author.pk).update(display_name="Renamed")
    elif change == "text":
        Comment.objects.filter(pk=comment.pk).update(html="<p>Renamed</p>")
    else:
        Comment.objects.filter(pk=comment.pk).update(edited_at=comment.posted_at)

    assert ("edited" if change == "edited" else "Renamed") in drawn_for(client, reader, comment)
