"""That somebody looked at a discussion is known to them alone, goes with their history, and holds no article back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from aggregator import history
from aggregator.models import Article
from aggregator.retention import let_old_leave
from comments.models import ThreadVisit
from comments.thread_visits import ONE_VISIT, note_visit
from tests.factories import make_article, make_comment, make_reader

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def test_looks_within_half_an_hour_are_one_visit():
    user, article = make_reader(), make_article()
    assert note_visit(user, article.pk, NOW) is None
    assert note_visit(user, article.pk, NOW + timedelta(minutes=29)) is None
    later = NOW + ONE_VISIT
    assert note_visit(user, article.pk, later) == NOW
    assert note_visit(user, article.pk, later + timedelta(minutes=1)) == NOW
    assert ThreadVisit.objects.count() == 1


def test_who_clears_their_history_is_forgotten_here_too():
    user, other, article = make_reader(), make_reader(), make_article()
    for reader in (user, other):
        note_visit(reader, article.pk, NOW)

    history.clear(user)

    assert [visit.user for visit in ThreadVisit.objects.all()] == [other]


@pytest.mark.django_db(transaction=True)
def test_a_look_holds_no_article_back_and_a_comment_does():
    looked_at, answered = (make_article(minutes_ago=60 * 24 * 90) for _number in range(2))
    note_visit(make_reader(), looked_at.pk, NOW)
    make_comment(answered)

    let_old_leave(30)

    assert list(Article.objects.all()) == [answered]
