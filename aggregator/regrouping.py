"""Moves articles between stories, with all that hangs on a story: what merging, splitting, correcting have in common.

All run in the caller's transaction, under the lock of stories: who is killed in the middle changed nothing. A story
left without articles becomes part of the one they went to; its row stays, for its address and for taking it back.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db.models import F, Q
from django.utils.translation import gettext as _

from aggregator import looking
from aggregator.finding import profiles
from aggregator.finding.features import features, weigh
from aggregator.finding.profiles import Profile
from aggregator.finding.splitting import Member
from aggregator.followed_stories import go_along_with_merges, go_along_with_split, go_back_with
from aggregator.frequencies import ALL_DOCUMENTS, frequencies_of
from aggregator.models import Article, KeptApart, KeptTogether, Story
from aggregator.slugs import slug_of
from aggregator.stories import voices_of
from aggregator.storylines import measure_lines
from zisnews.kept_pages import EVERYTHING, outdate

MOST_STRETCHES = 5  # in which a story that lasts long can be found, its last ones
MOST_READ = 200  # of a story, its newest articles: what it is compared by is made of no more


class CanNotChange(Exception):
    """What was asked for is not possible now; the sentence says why, for a curator."""


def unite(story: Story, into: Story, now: datetime) -> list[int]:
    """Make a standing story part of another; returns the numbers of its articles.

    Whoever followed it follows the other, its address leads there, and what it was kept apart from the other is too.
    """
    moved = list(Article.objects.filter(story=story).order_by("pk").values_list("pk", flat=True))
    Article.objects.filter(pk__in=moved).update(story=into)
    profile = profiles.joined(Profile.from_json(into.profile), Profile.from_json(story.profile))
    became_part(story, into, now)
    keep_line(story, into)
    write_profile(into, profile)
    count_anew([into])
    return moved


def became_part(story: Story, into: Story, now: datetime) -> None:
    """Let the address, the followers and the partings of a story without articles go to another."""
    Story.objects.filter(pk=story.pk).update(merged_into=into, version=F("version") + 1)
    story.merged_into = into
    go_along_with_merges()
    keep_apart((pair for pair in partners_of(story.pk) if pair != into.pk), into, now, via=story)
    KeptApart.objects.filter(pair_of(story.pk, into.pk)).delete()


def keep_line(story: Story, into: Story) -> None:
    """Let a story that took another in go on in its storyline, where it has none itself."""
    lines = {line for line in (story.storyline_id, into.storyline_id) if line}
    Story.objects.filter(pk=story.pk).update(storyline=None)
    if into.storyline_id is None and story.storyline_id is not None:
        Story.objects.filter(pk=into.pk).update(storyline=story.storyline_id)
        into.storyline_id = story.storyline_id
    measure_lines(lines)


def part(story: Story, articles: Collection[int], now: datetime) -> Story:
    """Make a story of some articles of another, which keeps the rest.

    The new one is kept apart from the other, and from all that the other was kept apart from; who follows the other
    follows it too. Raises CanNotChange.
    """
    going = story_articles(story, articles)
    first = going[0]
    made = Story.objects.create(
        title=first.title,
        slug=slug_of(first.title),
        category_id=story.category_id,
        first_at=first.published_at,
        newest_at=going[-1].published_at,
    )
    Article.objects.filter(pk__in=[article.pk for article in going]).update(story=made)
    keep_apart([*partners_of(story.pk), story.pk], made, now)
    look_anew([story, made])
    go_along_with_split(story, made)
    return made


def story_articles(story: Story, articles: Collection[int]) -> list[Article]:
    """These articles of a story, the earliest first. Raises CanNotChange where there are none, or that would be all."""
    fields = Article.objects.only("title", "published_at").filter(story=story)
    found = list(fields.filter(pk__in=list(articles)).order_by("published_at", "pk"))
    if not found:
        raise CanNotChange(_("None of these articles is in this story any more."))
    if not fields.exclude(pk__in=[article.pk for article in found]).exists():
        raise CanNotChange(_("These are all articles of the story: at least one has to stay."))
    return found


def bring(articles: Collection[int], into: Story, now: datetime) -> list[int]:
    """Bring articles to a standing story from wherever they are.

    A story that loses its last one becomes part of the one they come to. Returns the numbers of the stories they left.
    """
    left = sorted(
        set(Article.objects.filter(pk__in=list(articles)).exclude(story=into).values_list("story", flat=True)) - {None}
    )
    Article.objects.filter(pk__in=list(articles)).update(story=into)
    stories = {pk: story for pk in left if (story := Story.objects.filter(pk=pk).first())}
    kept = [story for story in stories.values() if Article.objects.filter(story=story).exists()]
    look_anew([into, *kept])
    for story in stories.values():
        if story not in kept:
            became_part(story, into, now)
            keep_line(story, into)
    return left


def revive(story: Story, articles: Collection[int], now: datetime) -> list[int]:
    """Let a story that became part of another stand again with those of its articles that are still there.

    What became part of it before is part of it again, and who chose it follows
    it. Raises CanNotChange where none of the articles is left.
    """
    if story.merged_into is None:
        raise CanNotChange(_("This story stands by itself already."))
    host = story.that_stands()
    back = list(Article.objects.filter(pk__in=list(articles), story=host).order_by("pk").values_list("pk", flat=True))
    if not back:
        raise CanNotChange(_("None of these articles is where it was put: they were moved again, or have left."))
    if not Article.objects.filter(story=host).exclude(pk__in=back).exists():
        raise CanNotChange(_("The other story has no other articles any more: it can not be parted from this one."))
    KeptApart.objects.filter(via=story).delete()
    Story.objects.filter(pk=story.pk).update(merged_into=None)
    story.merged_into = None
    Article.objects.filter(pk__in=back).update(story=story)
    keep_apart([host.pk], story, now)
    go_back_with(story, host)
    look_anew([host, story])
    return back


def look_anew(stories: Iterable[Story]) -> None:
    """Work out anew from their articles what stories are compared by, their counts and, unless pinned, headlines."""
    stories = list(stories)
    for story in stories:
        members, profile = read_articles(story)
        write_profile(story, profile)
        is_said = Article.objects.filter(story=story, title=story.title).exists()
        if members and not story.is_title_pinned and not is_said:
            first = (
                Article.objects.filter(story=story).order_by("published_at", "pk").values_list("title", flat=True)[0]
            )
            Story.objects.filter(pk=story.pk).update(title=first, slug=slug_of(first))
    count_anew(stories)
    measure_lines({story.storyline_id for story in stories if story.storyline_id})
    outdate(EVERYTHING)


def read_articles(story: Story) -> tuple[list[Member], Profile]:
    """The newest articles of a story as finding/ compares them, in order of time, and what they make together."""
    fields = Article.objects.only("title", "description", "text", "language", "published_at", "source_id").filter(
        story=story
    )
    articles = sorted(fields.order_by("-published_at", "-pk")[:MOST_READ], key=lambda one: (one.published_at, one.pk))
    weights = [weigh(one.title, one.description, one.text, one.language, str(one.source_id)) for one in articles]
    frequencies = frequencies_of({term for one in weights for term in one.terms})
    documents = frequencies.pop(ALL_DOCUMENTS, 0)
    members: list[Member] = []
    profile = Profile()
    for article, one in zip(articles, weights, strict=True):
        member = Member(article.pk, features(one, frequencies, documents), article.published_at)
        profile = (
            profiles.grown(profile, member.features, member.at)
            if members
            else profiles.begun(member.features, member.at)
        )
        members.append(member)
    return members, profile


def write_profile(story: Story, profile: Profile) -> None:
    story.profile, story.key_terms = profile.as_json(), profiles.index_terms(profile)
    Story.objects.filter(pk=story.pk).update(profile=story.profile, key_terms=story.key_terms)


def count_anew(stories: Sequence[Story]) -> None:
    """Write the counts of stories, a version more, and under what they are found."""
    counts = voices_of([story.pk for story in stories])
    for story in stories:
        if story.pk in counts:
            Story.objects.filter(pk=story.pk).update(**counts[story.pk], version=F("version") + 1)
            for name, value in counts[story.pk].items():
                setattr(story, name, value)
    looking.list_stories(
        (story.pk, looking.stretches_between(story.first_at, story.newest_at)[-MOST_STRETCHES:], story.key_terms)
        for story in stories
        if story.pk in counts
    )


def pair_of(one: int, other: int) -> Q:
    return Q(one=min(one, other), other=max(one, other))


def partners_of(pk: int) -> list[int]:
    """The numbers of the stories that one is kept apart from."""
    pairs = KeptApart.objects.filter(Q(one=pk) | Q(other=pk)).values_list("one", "other")
    return sorted({other if one == pk else one for one, other in pairs})


def keep_apart(others: Iterable[int], story: Story, now: datetime, via: Story | None = None) -> None:
    pairs = sorted((min(pk, story.pk), max(pk, story.pk)) for pk in set(others) if pk != story.pk)
    KeptApart.objects.bulk_create(
        [KeptApart(one_id=one, other_id=other, since=now, via=via) for one, other in pairs], ignore_conflicts=True
    )


def are_kept_apart(one: int, other: int) -> bool:
    return KeptApart.objects.filter(pair_of(one, other)).exists()


def keep_together(articles: Iterable[int], now: datetime) -> list[int]:
    """Let these articles stay in their story whatever the machine thinks; returns those that were not kept before."""
    wanted = sorted(set(articles))
    before = set(KeptTogether.objects.filter(article__in=wanted).values_list("article", flat=True))
    new = [pk for pk in wanted if pk not in before]
    KeptTogether.objects.bulk_create((KeptTogether(article_id=pk, since=now) for pk in new), ignore_conflicts=True)
    return new


def figures(story: Story, other: Story | None = None) -> dict[str, object]:
    """What a curator wants to know of stories as they were before a change."""
    found: dict[str, object] = {"title": story.title, "articles": story.article_count, "sources": story.source_count}
    if other is not None:
        found |= {
            "other_title": other.title,
            "other_articles": other.article_count,
            "other_sources": other.source_count,
        }
    return found
