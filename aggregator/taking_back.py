"""How what a curator corrected in stories is taken back, kind by kind: once it was, that too is for good.

In the caller's transaction, under the lock of stories; all raise CanNotChange where it is not possible any more.
"""

from collections.abc import Callable
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from aggregator.models import Article, KeptApart, KeptTogether, Story, StoryChange
from aggregator.regrouping import CanNotChange, bring, keep_together, look_anew, pair_of, revive, unite
from aggregator.slugs import slug_of
from zisnews.kept_pages import EVERYTHING, outdate

Kind = StoryChange.Kind


def part_again(row: StoryChange, now: datetime) -> None:
    """Take a merge back: the story stands again, for good."""
    release(row)
    revive(both(row)[1], row.articles, now)


def join_again(row: StoryChange, now: datetime) -> None:
    """Take a split back: what it made is in the story again, for good; its articles, if it is part of a third."""
    story, other = both(row)
    host, guest = story.that_stands(), other.that_stands()
    if host == guest:
        raise CanNotChange(_("They are one story already."))
    if guest == other:
        unite(other, host, now)
    else:
        back = [pk for pk in articles_of(guest) if pk in set(row.articles)]
        if not back:
            raise CanNotChange(_("None of these articles is where it was put: they were moved again, or have left."))
        bring(back, host, now)
    keep_together(articles_of(host), now)


def move_back(row: StoryChange, now: datetime) -> None:
    """Take a move back: the articles are in the story they came from, for good."""
    into, origin = both(row)
    if origin.merged_into_id and origin.that_stands() == into.that_stands():
        release(row)
        revive(origin, row.articles, now)
        return
    back = [pk for pk in articles_of(into.that_stands()) if pk in set(row.articles)]
    if not back:
        raise CanNotChange(_("None of these articles is where it was put: they were moved again, or have left."))
    release(row)
    home = origin.that_stands()
    bring(back, home, now)
    if not row.numbers.get("were_kept_apart"):
        KeptApart.objects.filter(pair_of(origin.pk, into.pk)).delete()
    keep_together(articles_of(home), now)


def head_back(row: StoryChange, now: datetime) -> None:
    """Take a headline back, if nobody gave the story another one since."""
    story = both(row)[0].that_stands()
    if story.title != row.numbers.get("pinned"):
        raise CanNotChange(_("The story has another headline by now."))
    head(story, row.numbers["title"], is_pinned=row.numbers["was_pinned"])
    look_anew([story])


TAKE_BACK: dict[StoryChange.Kind, Callable[[StoryChange, datetime], None]] = {
    Kind.MERGE: part_again,
    Kind.SPLIT: join_again,
    Kind.MOVE: move_back,
    Kind.HEADLINE: head_back,
}


def found(pk: int) -> Story:
    """The story of this number. Raises CanNotChange."""
    story = Story.objects.filter(pk=pk).first()
    if story is None:
        raise CanNotChange(_("There is no story of number %d.") % pk)
    return story


def both(row: StoryChange) -> tuple[Story, Story]:
    """The stories of a change as they are now; of a headline the same one twice."""
    assert row.story_id is not None
    story = found(row.story_id)
    return story, found(row.other_id) if row.other_id else story


def articles_of(story: Story) -> list[int]:
    return list(Article.objects.filter(story=story).order_by("pk").values_list("pk", flat=True))


def head(story: Story, title: str, *, is_pinned: bool) -> None:
    Story.objects.filter(pk=story.pk).update(
        title=title, slug=slug_of(title), is_title_pinned=is_pinned, version=F("version") + 1
    )
    outdate(EVERYTHING)


def release(row: StoryChange) -> None:
    """Let go of the articles that this change alone kept where they are."""
    KeptTogether.objects.filter(article__in=row.numbers.get("kept", [])).delete()
