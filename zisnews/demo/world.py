"""What has been published so far: the stories and briefs laid out in time. Pure; the clock is an argument.

Everything follows from one moment, when the world began: written stories of the 36 hours before it, then
something new every 40 to 90 seconds for ever. A world of the same beginning is the same world.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import islice
from typing import NamedTuple
from unicodedata import normalize

from zisnews.demo.briefs import Newsroom, Template, tell
from zisnews.demo.chance import dice
from zisnews.demo.publishers import Publisher
from zisnews.demo.stories import Story, Telling

PAST_HOURS = 36
SHARE_BROKEN = 0.8  # of the written stories, before the world began
RETITLED_AFTER = timedelta(minutes=20)
PAST_HASTE = 60  # times as fast as they were told
FIRST_RETITLED = timedelta(minutes=3)
RHYTHM_SECONDS, JITTER_SECONDS = 65, 12  # of what is new: 41 to 89 seconds apart
LIVE_HASTE = 4  # a story that runs while people watch runs this many times as fast
PAST_BRIEFS = 60  # fewer than one for each template: look-alikes on one front page would be taken for one event
PAST_BRIEF_SECONDS = PAST_HOURS * 3600 / PAST_BRIEFS
SHARE_OF_BRIEFS_WITH_PICTURES = 0.6
REMEMBERED_BRIEFS = 2500  # how far back a feed looks for its newest items
BRIEF_IDS = 80_000_000  # page numbers of briefs count from here, those of written stories stay below


class Motif(NamedTuple):
    """What a picture is of: a story, its category, and a scene (pictures.py), "" to choose one by category."""

    story: str
    category: str
    scene: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A telling as published: at an address, at a time.

    picture: the name of its illustration, `<story>/<publisher>`, "" for none
    retitled_at: when its later headline takes the place of the first; None for never
    """

    publisher: Publisher
    number: int
    path: str
    category: str
    telling: Telling
    published_at: datetime
    picture: str
    motif: Motif
    retitled_at: datetime | None = None

    @property
    def url(self) -> str:
        return self.publisher.site_url + self.path

    @property
    def picture_url(self) -> str:
        return f"{self.publisher.site_url}/media/{self.picture}.jpg"

    def is_retitled(self, now: datetime) -> bool:
        return self.retitled_at is not None and now >= self.retitled_at

    def headline(self, now: datetime) -> str:
        return self.telling.later_headline if self.is_retitled(now) else self.telling.headline

    def updated_at(self, now: datetime) -> datetime:
        return self.retitled_at if self.retitled_at and self.is_retitled(now) else self.published_at


class World:
    """The demonstration world since `began_at` (aware)."""

    def __init__(
        self,
        began_at: datetime,
        publishers: Mapping[str, Publisher],
        stories: list[Story],
        templates: list[Template],
    ) -> None:
        self.began_at = began_at
        self.publishers = publishers
        self.newsroom = Newsroom(publishers, templates, seed=began_at.isoformat())
        self.written: dict[str, list[Item]] = {slug: [] for slug in publishers}
        self.taken: list[int] = []
        self._lay_out(stories)
        self.by_address = {(item.publisher.slug, item.path): item for item in self.all_written()}
        self.motifs = {item.motif.story: item.motif for item in self.all_written()}
        self.categories = {template.slug: template.category for template in templates}

    def all_written(self) -> list[Item]:
        """The tellings of the written stories, those still to come included, by publisher."""
        return [item for items in self.written.values() for item in items]

    def newest(self, publisher: Publisher, now: datetime, *, count: int = 30) -> list[Item]:
        """What a publisher's feed lists at a moment, newest first."""
        written = [item for item in self.written[publisher.slug] if item.published_at <= now]
        briefs = islice(self._briefs_of(publisher, now), count)
        items = [*written, *briefs]
        return sorted(items, key=lambda item: item.published_at, reverse=True)[:count]

    def find(self, publisher: Publisher, path: str, now: datetime) -> Item | None:
        """Return what stands at a path of a publisher's site at a moment, if anything does."""
        item = self.by_address.get((publisher.slug, path))
        if item is None and (number := re.search(r"\d{8,12}", path)) and int(number[0]) >= BRIEF_IDS:
            brief = self._brief(int(number[0]) - BRIEF_IDS)
            item = brief if brief.publisher == publisher and brief.path == path else None
        return item if item and item.published_at <= now else None

    def motif_of(self, picture: str) -> Motif | None:
        """Say what the picture of that name is of, if there can be one of that name."""
        story, _, publisher = picture.partition("/")
        template, _, number = story.rpartition("-")
        if publisher not in self.publishers:
            return None
        if template in self.categories and number.isdecimal():
            return Motif(story, self.categories[template])
        return self.motifs.get(story)

    def next_at(self, now: datetime) -> datetime:
        """When something new is published next."""
        return self._slot_at(self._next_slot(now))

    def _next_slot(self, now: datetime) -> int:
        slot = max(0, int((now - self.began_at).total_seconds() // RHYTHM_SECONDS) - 1)
        while self._slot_at(slot) <= now:
            slot += 1
        return slot

    # A slot is a moment at which something is published once the world runs; written stories take those they are due
    # in, briefs fill the others.

    def _slot_at(self, slot: int) -> datetime:
        jitter = dice("slot", slot).uniform(-JITTER_SECONDS, JITTER_SECONDS)
        return self.began_at + timedelta(seconds=round(20 + slot * RHYTHM_SECONDS + jitter))

    def _lay_out(self, stories: list[Story]) -> None:
        due = sorted(
            (
                (minutes, story, telling)
                for story, broke in break_minutes(stories)
                for telling in story.tellings
                for minutes in [told_minutes(broke, telling.after_minutes)]
            ),
            key=lambda row: (row[0], row[1].slug, row[2].publisher),
        )
        slot = 0
        for minutes, story, telling in due:
            at = self.began_at + timedelta(seconds=round(minutes * 60))
            if minutes > 0:
                while self._slot_at(slot) < at:
                    slot += 1
                at = self._slot_at(slot)
                self.taken.append(slot)
                slot += 1
            self.written[telling.publisher].append(self._written_item(story, telling, at))

    def _written_item(self, story: Story, telling: Telling, at: datetime) -> Item:
        publisher = self.publishers[telling.publisher]
        own = [one for one in story.tellings if one.publisher == publisher.slug]
        name = f"{story.slug}/{publisher.slug}" + f"/{own.index(telling)}" * (telling is not own[0])
        number = 1_000_000 + int(sha256(name.encode()).hexdigest(), 16) % 70_000_000
        words = slugify(telling.headline) or story.slug
        path = path_of(publisher, number, words, story.category, at)
        picture = f"{story.slug}/{publisher.slug}"
        motif = Motif(story.slug, story.category, story.scene)
        retitled_at = self._retitled_at(at) if telling.later_headline else None
        return Item(publisher, number, path, story.category, telling, at, picture, motif, retitled_at)

    def _retitled_at(self, published_at: datetime) -> datetime:
        """When a telling of that time gets its later headline.

        Those told before the world began get it while people watch, the newest first, within 40 minutes: who begins to
        read when the world begins would never see the headline that stood before.
        """
        age = self.began_at - published_at
        if age >= timedelta():
            return self.began_at + FIRST_RETITLED + age / PAST_HASTE
        return published_at + RETITLED_AFTER / LIVE_HASTE

    def _brief_at(self, position: int) -> datetime:
        """When the brief telling at a position of the newsroom's sequence is published."""
        if position < PAST_BRIEFS:
            jitter = dice("past", position).uniform(0, PAST_BRIEF_SECONDS)
            seconds = round((position - PAST_BRIEFS) * PAST_BRIEF_SECONDS + jitter)
            return self.began_at + timedelta(seconds=seconds)
        slot = position - PAST_BRIEFS
        for taken in self.taken:
            if taken > slot:
                break
            slot += 1
        return self._slot_at(slot)

    def _briefs_until(self, now: datetime) -> int:
        """How many brief tellings have been published by a moment."""
        if now < self.began_at:
            return sum(self._brief_at(position) <= now for position in range(PAST_BRIEFS))
        slot = self._next_slot(now)
        return PAST_BRIEFS + slot - bisect_left(self.taken, slot)

    def _briefs_of(self, publisher: Publisher, now: datetime) -> Iterator[Item]:
        """A publisher's briefs until a moment, newest first."""
        if publisher.slug not in self.newsroom.publishers:
            return
        until = self._briefs_until(now)
        for position in range(until - 1, max(-1, until - 1 - REMEMBERED_BRIEFS), -1):
            brief, which = self.newsroom.teller(position)
            if brief.tellers[which] == publisher.slug:
                item = self._brief(position)
                if item.published_at <= now:
                    yield item

    def _brief(self, position: int) -> Item:
        brief, which = self.newsroom.teller(position)
        at = self._brief_at(position)
        publisher = self.publishers[brief.tellers[which]]
        telling = tell(brief, which, publisher, published_at=at)
        number = BRIEF_IDS + position
        path = path_of(publisher, number, f"{slugify(telling.headline)}-{number}", brief.template.category, at)
        motif = Motif(f"{brief.template.slug}-{brief.number}", brief.template.category)
        has_picture = dice(*motif).random() < SHARE_OF_BRIEFS_WITH_PICTURES
        picture = f"{motif.story}/{publisher.slug}" if has_picture else ""
        return Item(publisher, number, path, brief.template.category, telling, at, picture, motif)


def break_minutes(stories: list[Story]) -> list[tuple[Story, float]]:
    """Say when each story breaks, in minutes since the world began; most before it, the newest closest together."""
    order = sorted(stories, key=lambda story: sha256(story.slug.encode()).hexdigest())
    past = round(len(order) * SHARE_BROKEN)
    breaks = []
    for place, story in enumerate(order):
        if place < past:
            age = (place + 1) / past
            breaks.append((story, -(25 + age**1.8 * (PAST_HOURS * 60 - 25))))
        else:
            breaks.append((story, 2 + (place - past) * 5))
    return breaks


def told_minutes(broke: float, after: float) -> float:
    """When a telling that comes `after` minutes into a story is published: the live part runs faster."""
    at = broke + after
    if at <= 0:
        return at
    return max(broke, 0) + (at - max(broke, 0)) / LIVE_HASTE


def path_of(publisher: Publisher, number: int, words: str, category: str, at: datetime) -> str:
    """Return an article's path, in the shape the publisher's site gives its addresses."""
    day = at.astimezone(publisher.zone)
    match publisher.layout:
        case "broadsheet":
            return f"/{category}/{day:%Y/%m/%d}/{words}"
        case "agency":
            return f"/news/{number}-{words.removesuffix(f'-{number}')}"
        case "cards":
            return f"/{category}/{words}.html"
        case "magazine":
            return f"/{day:%Y/%m}/{words}/"
        case _:
            return f"/a/{number}"


def slugify(headline: str) -> str:
    """Make an address part of a headline's Latin words; "" where there are too few of them."""
    plain = normalize("NFKD", headline.lower()).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    slug = "-".join(words[:9])
    return slug if sum(map(len, words)) > len(headline) / 2 else ""
