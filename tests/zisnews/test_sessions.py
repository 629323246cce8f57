"""Who is logged in stays so while Redis is away; a session that is over does not stay."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.tasks import forget_ended_sessions
from tests.factories import make_curator

pytestmark = pytest.mark.django_db


@pytest.fixture
def redis_away(settings) -> None:
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}


def test_a_curator_stays_logged_in_while_redis_is_away(client, request):
    client.force_login(make_curator())
    request.getfixturevalue("redis_away")

    for _ in range(2):
        assert client.get("/admin/").status_code == 200
    assert Session.objects.count() == 1


def test_a_session_that_ended_lets_nobody_in_when_redis_is_away(client, request):
    client.force_login(make_curator())
    Session.objects.all().delete()
    request.getfixturevalue("redis_away")

    assert client.get("/admin/").status_code == 302


def test_sessions_that_are_over_are_forgotten(client):
    client.force_login(make_curator())
    Session.objects.create(session_key="over", session_data="", expire_date=timezone.now() - timedelta(minutes=1))

    forget_ended_sessions()

    assert Session.objects.count() == 1 and client.get("/admin/").status_code == 200
