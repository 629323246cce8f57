"""Under which headline a story stands: in every list, on its page, in feeds and for curators the same.

A curator's pinned headline goes before all. Else it is that of the article nearest the centre of the story, as its last
comparison found it: in the reader's language where an article has it, of all articles elsewhere and for curators. Until
a story was compared, and where a reader hides that article, another one that they see stands in.
"""

from collections.abc import Iterable

from aggregator.comparing.sections import Id, Summary
from aggregator.models import Article, Story
from aggregator.slugs import slug_of


def head_by(story: Story, found: Summary) -> None:
    """Let a story stand under the headlines that its comparison found.

    Its version stays: nothing that is made of its articles changes by it. An article that left meanwhile heads nothing.
    """
    headlines: dict[str, Id] = {head.language: head.article for head in found.heads} | {"": found.headline}
    title = Article.objects.filter(pk=found.headline, story=story.pk).values_list("title", flat=True).first()
    if title is None:
        return
    Story.objects.filter(pk=story.pk).update(headlines=headlines)
    unpinned = Story.objects.filter(pk=story.pk, is_title_pinned=False).exclude(title=title)
    unpinned.update(title=title, slug=slug_of(title))


def headlines_of(stories: Iterable[Story], language: str) -> dict[int, tuple[str, str]]:
    """By story, the headline that it has for readers of a language, and the language that is in; "" of a curator's.

    As its page has it for who hides nothing, once it was compared; before, the one that is stored. One query.
    """
    told = list(stories)
    heads = {story.pk: head for story in told if not story.is_title_pinned and (head := head_of(story, language))}
    rows = Article.objects.filter(pk__in=heads.values()).values_list("pk", "story", "title", "language")
    found = {pk: (story, title, spoken) for pk, story, title, spoken in rows}
    headlines: dict[int, tuple[str, str]] = {}
    for story in told:
        head_story, title, spoken = found.get(heads.get(story.pk, 0), (None, "", ""))
        headlines[story.pk] = (title, spoken) if head_story == story.pk else (story.title, "")
    return headlines


def head_of(story: Story, language: str) -> int | None:
    """The number of the article whose headline is the story's for readers of a language; None before it is compared.

    Whether this reader may see that article, and whether it still is in the story, whoever shows it has to ask.
    """
    found: int | None = story.headlines.get(language) or story.headlines.get("")
    return found
