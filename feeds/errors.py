"""What can go wrong between a publisher's site and an entry of ours. Each says, in a sentence, what and why."""

import re


class FeedsError(Exception):
    """The root of everything feeds raises on purpose; anything else is a bug, and surfaces."""


class FetchError(FeedsError):
    """The URL gave no document.

    permanent:   asking again will not help (404, 410, a refused address)
    status:      the HTTP status, or None where no answer came
    retry_after: seconds the server asked us to stay away (429, 503), or None
    spent_seconds: on the requests that led to it, without waiting for our turn
    """

    spent_seconds: float = 0.0

    def __init__(
        self,
        url: str,
        reason: str,
        *,
        permanent: bool = False,
        status: int | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(url, reason)
        self.url, self.reason = url, reason
        self.permanent, self.status, self.retry_after = permanent, status, retry_after

    @property
    def reason_of_one_try(self) -> str:
        """The reason where nobody asks a second time: a search, a preview."""
        return re.sub(r"(; |,? and )we ask again later\.$", ".", self.reason)

    def __str__(self) -> str:
        return f"{self.url}: {self.reason}"


class AddressRefused(FetchError):
    """The URL leads where we do not go: another scheme, our own network, a reserved address."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason, permanent=True)


class HostOnHold(FetchError):
    """Its host is not to be asked now, or can not be before we would stop waiting; ask again after ``seconds``.

    No fault of the URL: it counts neither as a failure nor as an attempt. ``status`` is 429 or 503 where this very
    request was answered so (and put its host on hold), None where nothing was asked.
    """

    def __init__(
        self, url: str, reason: str, *, seconds: int = 0, status: int | None = None, retry_after: int | None = None
    ) -> None:
        super().__init__(url, reason, status=status, retry_after=retry_after)
        self.seconds = seconds


class RobotsUnread(HostOnHold):
    """The robots.txt of its host can not be read, so nothing of the host's may be fetched for now."""


class RobotsRefused(FetchError):
    """The robots.txt of its host does not let us fetch the URL."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason, permanent=True)


class NotAFeed(FeedsError):
    """The bytes are no feed at all; the sentence says what they are instead."""


class NotAPage(FeedsError):
    """The bytes hold no article we could read; the sentence says why."""


class NotAPicture(FeedsError):
    """The bytes are no picture we show; the sentence says why."""


class SandboxError(FeedsError):
    """A document was too much for the limited process that read it: memory, time, or a crash."""


class BadSelector(FeedsError):
    """This is no CSS selector, or none we can afford; the sentence says why."""


class FileNotKept(FeedsError):
    """Our disk did not take a file; the sentence says why. No fault of what was in it."""
