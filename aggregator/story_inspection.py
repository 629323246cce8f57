"""Articles as JSON lines, in order of arrival → the story and the storyline of each. Reads and writes no row.

What the site does in Postgres, in memory by the same pure code: each article finds its story as it comes, passes merge
and split as hours and days go by in the articles' own time, and the last ones are made once all are read.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from aggregator.finding.chaining import continues
from aggregator.finding.features import weigh
from aggregator.finding.streaming import Arrival, Standing, Stream
from aggregator.inspection import Answer
from aggregator.storylines import LONGEST_SILENCE, WEIGHED

MOST_CHARACTERS = 100_000  # of one text
AHEAD = timedelta(minutes=5)  # an article of the future is one of now, as it is on the site


def inspect_stories(questions: Iterable[Mapping[str, Any]], *, now: datetime) -> Iterator[Answer]:
    """Answer {"id", "title", "description", "text", "source", "language", "published_at"} with
    {"id", "story", "storyline"}, in order, once all are read.

    A story has the number of the line that began it, a storyline that of its first story. A moment that is absent or
    can not be read is that of the line before. A line that is none is answered by {"ok": false, "error": a sentence}.
    """
    stream = Stream()
    asked: list[tuple[Any, str]] = []
    at = now
    for number, question in enumerate(questions, 1):
        asked.append((question.get("id"), str(question.get("fault", ""))))
        if "fault" in question:
            continue
        at = min(moment_of(question) or at, now + AHEAD)
        title, description, text, language = (text_of(question, name) for name in TEXTS)
        source = text_of(question, "source") or text_of(question, "publisher")
        stream.add(Arrival(number, weigh(title, description, text, language, source), at, source))
    stream.finish()
    stories = {number: story for story in stream.stories.values() for number in members_of(story)}
    lines = lines_of(stream.stories.values())
    for number, (name, fault) in enumerate(asked, 1):
        if fault:
            yield {"id": name, "ok": False, "error": fault}
        else:
            story = stories[number]
            yield {
                "id": name,
                "ok": True,
                "error": None,
                "story": min(members_of(story)),
                "storyline": min(members_of(stream.stories[lines[story.id]])),
            }


TEXTS = ("title", "description", "text", "language")


def members_of(story: Standing) -> Iterator[int]:
    return (member.id for member in story.members)


def lines_of(stories: Iterable[Standing]) -> dict[int, int]:
    """The first story of the storyline of each, by number: its own where it continues none."""
    lines: dict[int, int] = {}
    known: dict[int, Standing] = {}
    by_term: defaultdict[str, list[int]] = defaultdict(list)
    for story in sorted(stories, key=lambda story: (story.oldest_at, story.id)):
        shared = Counter(other for term in story.terms for other in by_term[term])
        near = [
            known[other]
            for other, count in shared.most_common()
            if count > 1 and known[other].newest_at >= story.oldest_at - LONGEST_SILENCE
        ][:WEIGHED]
        later = story.candidate()
        surest = max(((continues(later, other.candidate()), -other.id) for other in near), default=(0.0, 0))
        lines[story.id] = lines[-surest[1]] if surest[0] else story.id
        known[story.id] = story
        for term in story.terms:
            by_term[term].append(story.id)
    return lines


def text_of(question: Mapping[str, Any], name: str) -> str:
    found = question.get(name)
    return found[:MOST_CHARACTERS] if isinstance(found, str) else ""


def moment_of(question: Mapping[str, Any]) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text_of(question, "published_at") or text_of(question, "published"))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
