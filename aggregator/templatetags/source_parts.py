"""{% source_part "aggregator/_source_rail.html" %}: a part of a source's own page (parts.py)."""

from dataclasses import dataclass

from django import template
from django.template.context import Context

from accounts.models import User
from aggregator.followables import is_followed
from aggregator.models import Article
from aggregator.page_marks import page_marks
from aggregator.templatetags.parts import Shown, part_tag, shown

register = template.Library()


@dataclass(frozen=True, slots=True)
class ToldWidely:
    """An article whose story many countries tell, as the page of its source shows it."""

    title: str
    language: str
    address: str
    countries: int


def shown_source(context: Context) -> Shown:
    """The source of the page, and how it publishes where that is told."""
    source = context["source"]
    about = {
        "is_hidden": context["is_hidden"],
        "is_followed": is_followed_by_reader(context),
        "rate": context.get("rate"),
        "rhythm": context.get("rhythm"),
        "subjects": context.get("subjects"),
        "most_told": tuple(told_widely(article) for article in context.get("most_told") or ()),
    }
    return shown(context, {"source": source, **about}, source.pk, source.says, *about.values())


def is_followed_by_reader(context: Context) -> bool:
    """Whether the reader follows the source; what marks its articles on the page says it too."""
    user, articles = context.get("user"), context["articles"]
    if not (user and user.is_authenticated):
        return False
    if articles:
        return page_marks(context, articles[0]).has(articles[0], "followed")
    return isinstance(user, User) and is_followed(user, context["source"])


def told_widely(article: Article) -> ToldWidely:
    story = article.story
    assert story is not None  # those without were left out
    return ToldWidely(article.title, article.language, story.get_absolute_url(), story.country_count)


register.tag("source_part", part_tag(shown_source))
