"""What a reader may have so many of: tabs that ask at the same moment do not pass the limit between them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone

from accounts import excluding, following, private_feeds
from accounts.models import User
from aggregator import followed_stories, saving
from tests.factories import make_article, make_reader, make_source, make_story

pytestmark = pytest.mark.django_db(transaction=True)

TABS, LIMIT = 8, 3
NOW = timezone.now()
REFUSALS = (excluding.KeywordError, following.TooMuchFollowed, saving.TooMuchSaved, private_feeds.CannotMake)


def each_tab(user: User) -> dict[str, tuple[str, Callable[[int], object]]]:
    """What is counted → where the rows are, and how a tab adds the one of its number."""
    articles = [make_article() for _n in range(TABS)]
    stories, sources = [make_story() for _n in range(TABS)], [make_source() for _n in range(TABS)]
    tickets = [private_feeds.ticket_for_form() for _n in range(TABS)]
    return {
        "saving.MOST_SAVED": ("saved", lambda n: saving.save(user, articles[n].pk, NOW)),
        "excluding.MOST_KEYWORDS": (
            "blocked_keywords",
            lambda n: excluding.block(user, excluding.Wanted(f"word{n}"), NOW),
        ),
        "following.MOST_FOLLOWED": ("follows", lambda n: following.follow(user, sources[n], NOW)),
        "following.MOST_SEARCHES": ("saved_searches", lambda n: following.save_search(user, f"q={n}", NOW, name="x")),
        "followed_stories.MOST_STORIES": (
            "followed_stories",
            lambda n: followed_stories.follow_story(user, stories[n], NOW),
        ),
        "private_feeds.MOST_FEEDS": ("private_feeds", lambda n: private_feeds.make(user, "", tickets[n], NOW)),
    }


def test_no_limit_is_passed_by_tabs_at_once_and_none_of_the_room_is_wasted(monkeypatch):
    modules = {
        "saving": saving,
        "excluding": excluding,
        "following": following,
        "followed_stories": followed_stories,
        "private_feeds": private_feeds,
    }
    user = make_reader()
    for limit, (rows, add) in each_tab(user).items():
        module, name = limit.split(".")
        monkeypatch.setattr(modules[module], name, LIMIT)
        together = Barrier(TABS)

        def press(n: int, add: Callable[[int], object] = add, together: Barrier = together) -> None:
            try:
                together.wait()
                with suppress(*REFUSALS):
                    add(n)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(TABS) as tabs:
            list(tabs.map(press, range(TABS)))

        assert getattr(user, rows).count() == LIMIT, limit


def test_what_is_saved_is_saved_again_also_where_there_is_no_room(monkeypatch):
    user, article = make_reader(), make_article()
    saving.save(user, article.pk, NOW)
    monkeypatch.setattr(saving, "MOST_SAVED", 1)

    saving.save(user, article.pk, NOW)

    with pytest.raises(saving.TooMuchSaved):
        saving.save(user, make_article().pk, NOW)
