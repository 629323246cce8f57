"""Stories as the demonstration world tells them, with what sets their sides apart, for tests of their pages."""

from aggregator.comparing_stories import compare_grown
from aggregator.models import Story
from tests.factories import make_article, make_source, make_story
from zisnews.demo.publishers import load_publishers
from zisnews.demo.stories import load_stories


def compared(story: Story) -> Story:
    """The story, with its comparison made and kept as a worker does."""
    compare_grown()
    return Story.objects.get(pk=story.pk)


def told_in_the_demo(slug: str) -> Story:
    """A written story of the demonstration world, with its publishers."""
    publishers, sources = load_publishers(), {}
    told = []
    for telling in next(story for story in load_stories() if story.slug == slug).tellings:
        one = publishers[telling.publisher]
        if one.slug not in sources:
            sources[one.slug] = make_source(name=one.name, country=one.country, language=one.language)
        told.append(
            make_article(
                source=sources[one.slug],
                language=one.language,
                title=telling.headline,
                description=telling.summary,
                text=telling.body,
                minutes_ago=1800 - telling.after_minutes,
            )
        )
    return compared(make_story(told_by=tuple(told)))
