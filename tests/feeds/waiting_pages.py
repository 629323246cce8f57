"""Pages of one paper that wait to be read, for tests of how hosts let us read them."""

from collections import Counter

from feeds import reading
from feeds.clock import database_now
from feeds.manners import permission
from feeds.models import Entry
from tests.factories import make_entry
from tests.web import Web

SITE = "https://paper.example"
ROBOTS, TDMREP = f"{SITE}/robots.txt", f"{SITE}/.well-known/tdmrep.json"
PAGE = f"{SITE}/news/1"


def wait_for_page(url: str = PAGE, **fields) -> Entry:
    """An entry that was just seen, whose page waits to be read."""
    now = database_now()
    return make_entry(url=url, **{"seen_at": now, "read_after": now, **fields})


def read() -> Entry:
    """Read what is due; returns the only entry."""
    reading.read_due_pages()
    return Entry.objects.get()


def read_again() -> Entry:
    Entry.objects.update(state="new", attempts=0, read_after=database_now(), leased_until=None, page=None)
    return read()


def asked(web: Web) -> Counter[str]:
    return Counter(request.url for request in web.requests)


def forget_in_this_process() -> None:
    """As another machine is, which knows only the rows."""
    permission.book.clear()
