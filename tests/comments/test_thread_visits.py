"""That somebody looked at a discussion is known to them alone, goes with their history, and holds no article back."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from aggregator import history
from aggregator.models import Article
from aggregator.retention import let_old_leave
from comments.models import ThreadVisit
from comments.thread_visits import ONE_VISIT, Visit, note_visit
from tests.factories import make_article, make_comment, make_reader

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def look(user: User, article: Article, at: datetime) -> datetime | None:
    """When the reader's visit before this look was."""
    row = ThreadVisit.objects.filter(user=user, article=article).first()
    return note_visit(user, article.pk, at, Visit(row.began_at, row.before_at) if row else Visit())


def test_looks_within_half_an_hour_are_one_visit():
    user, article = make_reader(), make_article()
    assert look(user, article, NOW) is None
    assert look(user, article, NOW + timedelta(minutes=29)) is None
    later = NOW + ONE_VISIT
    assert look(user, article, later) == NOW
    assert look(user, article, later + timedelta(minutes=1)) == NOW
    assert ThreadVisit.objects.count() == 1


def test_who_clears_their_history_is_forgotten_here_too():
    user, other, article = make_reader(), make_reader(), make_article()
    for reader in (user, other):
        look(reader, article, NOW)

    history.clear(user)

    assert [visit.user for visit in ThreadVisit.objects.all()] == [other]


@pytest.mark.django_db(transaction=True)
def test_a_look_holds_no_article_back_and_a_comment_does():
    looked_at, answered = (make_article(minutes_ago=60 * 24 * 90) for _number in range(2))
    look(make_reader(), looked_at, NOW)
    make_comment(answered)

    let_old_leave(30)

    assert list(Article.objects.all()) == [answered]
