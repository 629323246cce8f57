"""What is asked of a server, and what it answers, as fetching.py hands them on."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from feeds.net.headers import Headers

REDIRECT_STATUSES = {301, 302, 303, 307, 308}
SAME_METHOD_STATUSES = {307, 308}

Permission = Callable[[str], Awaitable[float]]
Refusal = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked, of one address after the other until a document comes. With a form it is a POST.

    gap: seconds each host on the way is left alone afterwards
    permission: is asked about each URL on the way: raises where it may not be fetched, else gives the gap after it
    refusal:    a Content-Type → why such a document is not read, or ""
    """

    headers: dict[str, str]
    max_bytes: int
    gap: float
    form: bytes | None = None
    permission: Permission | None = None
    refusal: Refusal | None = None

    @property
    def method(self) -> str:
        return "GET" if self.form is None else "POST"

    def is_sent_on_by(self, status: int) -> bool:
        return status in (REDIRECT_STATUSES if self.form is None else SAME_METHOD_STATUSES)

    def is_answered_by(self, status: int) -> bool:
        return status in {200, 203} if self.form is None else 200 <= status <= 299

    def without_conditions(self) -> "Request":
        """The same for another host: what one told us to ask is no other's business."""
        kept = {name: value for name, value in self.headers.items() if name in {"Accept", "Content-Type"}}
        return replace(self, headers=kept)


@dataclass(frozen=True, slots=True)
class Answer:
    """location: the URL we are sent on to, or empty."""

    status: int
    headers: Headers
    location: str = ""
    body: bytes = b""


@dataclass(slots=True)
class Way:
    """What happened on the way to a document: redirects as (status, URL it led to), and seconds spent on requests."""

    redirects: list[tuple[int, str]]
    seconds: float = 0.0
