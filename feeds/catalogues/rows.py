"""One feed as a catalogue names it: the plain value that OPML and CSV are read to and written from."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from feeds.errors import FeedsError

# Statuses a catalogue may give: their feeds are added paused, so that nobody adds them again, but not asked.
DEAD, PAUSED = "dead", "paused"


class NotACatalogue(FeedsError):
    """The file is neither a CSV with our columns nor OPML; the sentence says what is missing."""


@dataclass(frozen=True, slots=True)
class Row:
    """One feed as a catalogue names it; "" where it says nothing of something.

    line:   where it stands, for the report
    source: the name of its source, where the catalogue tells feeds and sources apart (our own exports do)
    fault:  why it can not be read, in a sentence;  remark: what was read but not understood
    only_adds: what it says is for new feeds only (another program's list should not rename what is here)
    """

    line: int
    name: str
    feed_url: str
    site_url: str = ""
    country: str = ""
    language: str = ""
    category: str = ""
    status: str = ""
    source: str = ""
    fault: str = ""
    remark: str = ""
    only_adds: bool = False

    @property
    def publisher(self) -> tuple[str, str, str]:
        """What the feeds of a publisher share: their source, else host, country and first telling word of the name."""
        if self.source:
            return self.site_url, self.country, self.source
        words = [word for word in self.name.lower().split() if word != "the"] or [self.name.lower()]
        try:
            host = urlsplit(self.site_url or self.feed_url).hostname or ""
        except ValueError:
            host = ""
        return host.removeprefix("www."), self.country, words[0]
