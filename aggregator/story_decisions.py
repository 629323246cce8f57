"""What a curator's form asks for, read and checked, before and after it is confirmed. Changes nothing itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from aggregator import corrections
from aggregator.corrections import LONGEST_HEADLINE, Decision
from aggregator.models import Article, Story, StoryChange
from aggregator.regrouping import CanNotChange
from aggregator.story_lookup import stories_named
from feeds.formats.characters import without_forbidden

MERGE, SPLIT, MOVE, HEADLINE = (kind.value for kind in StoryChange.Kind)
NEEDS_ARTICLES, NEEDS_TARGET = {SPLIT, MOVE}, {MERGE, MOVE}
LARGEST_CHOICE = 500


@dataclass(slots=True)
class Wanted:
    """What a form asks of a story. targets: the stories that may be meant where another one is needed.

    error: why it can not be done so, in a sentence; "" where it can
    """

    act: str
    story: Story
    articles: Sequence[Article] = ()
    said: str = ""
    targets: list[Story] = field(default_factory=list)
    title: str = ""
    reason: str = ""
    error: str = ""

    @property
    def target(self) -> Story | None:
        return self.targets[0] if len(self.targets) == 1 else None

    @property
    def others(self) -> int:
        """How many articles stay."""
        return self.story.article_count - len(self.articles)


def wanted_by(form: QueryDict, story: Story, now: datetime) -> Wanted:
    """What the form asks for. Raises KeyError where it asks for nothing we know."""
    act = form.get("act", "")
    if act not in {MERGE, SPLIT, MOVE, HEADLINE}:
        raise KeyError(act)
    wanted = Wanted(act, story, reason=typed(form, "reason"))
    if act in NEEDS_ARTICLES:
        numbers = [int(pk) for pk in form.getlist("article") if pk.isascii() and pk.isdigit() and len(pk) < 19]
        chosen = Article.objects.filter(story=story, pk__in=numbers[:LARGEST_CHOICE]).select_related("source")
        wanted.articles = list(chosen.only("title", "slug", "published_at", "source__name").newest_first())
    if act in NEEDS_TARGET:
        wanted.said = typed(form, "target") or typed(form, "said")
        wanted.targets = [found for found in stories_named(wanted.said, now) if found != story] if wanted.said else []
    if act == HEADLINE:
        wanted.title = " ".join(typed(form, "title").split())
    wanted.error = what_is_missing(wanted)
    return wanted


def typed(form: QueryDict, name: str) -> str:
    """What was typed in a field, without characters that no row can hold."""
    return without_forbidden(form.get(name, "")).strip()


def what_is_missing(wanted: Wanted) -> str:
    """The first thing that keeps it from being done, in a sentence; "" where nothing does."""
    needs_articles, needs_target = wanted.act in NEEDS_ARTICLES, wanted.act in NEEDS_TARGET
    missing = {
        _("This story is part of another one by now."): wanted.story.merged_into_id is not None,
        _("Tick the articles first; those you ticked may have left this story meanwhile."): (
            needs_articles and not wanted.articles
        ),
        _("These are all articles of the story: at least one has to stay."): wanted.act == SPLIT and wanted.others < 1,
        _("Say which other story you mean: its number, its address, or words of its headline."): (
            needs_target and not wanted.said
        ),
        _("No other story was found for “%s”.") % wanted.said[:100]: needs_target and not wanted.targets,
        _("Write the headline."): wanted.act == HEADLINE and not wanted.title,
        _("A headline has %d characters at most.") % LONGEST_HEADLINE: len(wanted.title) > LONGEST_HEADLINE,
    }
    return next((sentence for sentence, is_so in missing.items() if is_so), "")


def carry_out(wanted: Wanted, decision: Decision) -> StoryChange:
    """Do what was confirmed. Raises CanNotChange."""
    if wanted.error:
        raise CanNotChange(wanted.error)
    if not decision.reason:
        raise CanNotChange(_("Say why, in a few words: other curators read it."))
    if wanted.act in NEEDS_TARGET and wanted.target is None:
        raise CanNotChange(_("Choose which of these stories you mean."))
    return ACTS[wanted.act](wanted, decision)


def merge(wanted: Wanted, decision: Decision) -> StoryChange:
    return corrections.merge(wanted.story.pk, wanted.targets[0].pk, decision)


def split(wanted: Wanted, decision: Decision) -> StoryChange:
    return corrections.split_off(wanted.story.pk, [article.pk for article in wanted.articles], decision)


def move(wanted: Wanted, decision: Decision) -> StoryChange:
    articles = [article.pk for article in wanted.articles]
    return corrections.move(wanted.story.pk, articles, wanted.targets[0].pk, decision)


def headline(wanted: Wanted, decision: Decision) -> StoryChange:
    return corrections.pin_headline(wanted.story.pk, wanted.title, decision)


ACTS: dict[str, Callable[[Wanted, Decision], StoryChange]] = {
    MERGE: merge,
    SPLIT: split,
    MOVE: move,
    HEADLINE: headline,
}
