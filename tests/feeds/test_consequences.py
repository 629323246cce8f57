"""What any look at a feed, whatever came of it, means for when it is asked next."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from feeds.attempts import Attempt
from feeds.consequences import apply_attempt
from feeds.errors import FetchError, NotAFeed
from feeds.items import FeedHints, FeedItem, ParsedFeed
from feeds.models import Feed

URL = "https://paper.example/feed"
moments = st.datetimes(datetime(2015, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
seconds = st.none() | st.integers(0, 10**9)
hints = st.builds(
    FeedHints,
    ttl_seconds=seconds,
    skip_hours=st.lists(st.integers(0, 23), max_size=24).map(tuple),
    skip_days=st.lists(st.integers(0, 6), max_size=7).map(tuple),
)
items = st.lists(st.none() | moments, max_size=12).map(
    lambda dates: [FeedItem(str(n), "T", "", date, None, "", "", "", (), None) for n, date in enumerate(dates)]
)
documents = st.none() | items.map(lambda found: ParsedFeed("rss2.0", "", "", "", found, []))
errors = st.sampled_from([500, 410, 404]).map(lambda status: FetchError(URL, "No.", status=status, retry_after=10**9))
looks: st.SearchStrategy[dict] = st.one_of(
    st.builds(dict, parsed=documents, hints=hints, fresh_seconds=seconds, moved_to=st.sampled_from(["", URL])),
    st.builds(dict, error=errors | st.just(NotAFeed("No feed."))),
    st.builds(dict, hold_seconds=st.floats(0, 10**9)),
)


@given(
    st.lists(st.tuples(looks, st.integers(0, 1_000), moments), min_size=1, max_size=8),
    st.integers(1, 10**9),
    st.integers(0, 10**6),
    st.none() | moments,
)
def test_the_next_look_is_never_at_once_and_never_never_however_the_clock_jumps(history, pk, followers, trusted_until):
    feed = Feed(pk=pk, url=URL, push_trusted_until=trusted_until)
    for look, new_count, now in history:
        apply_attempt(Attempt(feed, **look), new_count, now, followers)

        wait = feed.next_check_at - now
        sleeps = bool(feed.skip_hours or feed.skip_days)
        assert wait >= timedelta(minutes=2) or look.get("hold_seconds") is not None
        assert wait <= timedelta(days=9 if sleeps else 1.1)
        assert len(feed.last_error) < 1_200
        assert 0 <= feed.moved_count <= 100


@given(moments, st.integers(1, 100))
def test_no_number_of_failures_makes_us_give_up_and_one_success_forgets_them(now, failures):
    feed = Feed(pk=7, url=URL)
    for _ in range(failures):
        apply_attempt(Attempt(feed, error=FetchError(URL, "No.", status=500)), 0, now)
        assert not feed.is_paused
        assert feed.next_check_at <= now + timedelta(days=1.1)

    apply_attempt(Attempt(feed, status=200), 0, now)
    assert (feed.failure_count, feed.last_error) == (0, "")
