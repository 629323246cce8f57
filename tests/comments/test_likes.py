"""The list of what a user likes, and liking from a list."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import excluding
from comments.models import Reaction
from comments.reactions import set_reaction
from tests.factories import make_article, make_reader

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


def titles(page) -> list[str]:
    return [article.title for article in page.context["articles"]]


def test_what_a_user_likes_stands_in_their_list_the_last_first(client):
    user, other = make_reader(), make_reader()
    for title in ("First", "Second"):
        set_reaction(user, make_article(title=title).pk, "like")
    set_reaction(user, make_article(title="Not this").pk, "dislike")
    set_reaction(other, make_article(title="Somebody else's").pk, "like")
    client.force_login(user)

    page = client.get(reverse("likes"))

    assert titles(page) == ["Second", "First"]
    assert "no-store" in page["Cache-Control"]


def test_a_like_is_taken_back_and_comes_back_by_undo(client):
    user, article = make_reader(), make_article()
    set_reaction(user, article.pk, "like")
    client.force_login(user)

    undo = client.post(reverse("reaction", args=[article.pk]), {"kind": "none"}, headers=JSON).json()["undo"]
    assert titles(client.get(reverse("likes"))) == []
    client.post(undo["url"], undo["fields"])

    assert Reaction.objects.get().kind == "like"


def test_from_a_list_one_comes_back_to_it_with_words_and_a_way_back(client):
    article = make_article()
    client.force_login(make_reader())

    page = client.post(reverse("reaction", args=[article.pk]), {"kind": "like", "next": "/latest/"}, follow=True)

    assert page.redirect_chain == [("/latest/", 303)]
    assert "You like this article." in page.content.decode()
    assert '<input type="hidden" name="kind" value="none">' in page.content.decode()


def test_a_keyword_beats_a_like(client):
    user = make_reader()
    client.force_login(user)
    set_reaction(user, make_article(title="Football final").pk, "like")
    excluding.block(user, excluding.Wanted("football"), timezone.now())

    page = client.get(reverse("likes"))

    assert titles(page) == []
    assert 'data-hidden="1"' in page.content.decode()


def test_who_is_not_logged_in_has_no_such_list(client):
    assert client.get(reverse("likes")).url.startswith(reverse("account_login"))


@pytest.mark.parametrize("after", ["nonsense", "2026-01-01", "2026-01-01T00:00:00+00:00~x"])
def test_what_is_no_position_is_refused(client, after):
    client.force_login(make_reader())

    assert client.get(reverse("likes"), {"after": after}).status_code == 400
