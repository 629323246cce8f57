"""One row for each story in a list of articles: further ones of the same page fold under the first. Pure.

A page is cut before it is folded, so nothing is lost or comes twice from one page to the next, and no question is asked
of the database.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from aggregator.models import Article


@dataclass(frozen=True, slots=True)
class Folded:
    """An article that has a row, and those of its story that stand under it."""

    article: Article
    more: list[Article] = field(default_factory=list)


def folded(articles: Iterable[Article]) -> list[Folded]:
    """The articles of a page in their order, the first of each story with the others under it."""
    rows: list[Folded] = []
    of_story: dict[int, Folded] = {}
    for article in articles:
        story = article.story_id
        if story in of_story:
            of_story[story].more.append(article)
            continue
        rows.append(Folded(article))
        if story:
            of_story[story] = rows[-1]
    return rows
