"""{% article_part "aggregator/_article_head.html" %}: a part of an article's own page (parts.py)."""

from collections.abc import Sequence

from django import template
from django.template.context import Context

from aggregator.models import Article
from aggregator.page_marks import page_marks
from aggregator.reading_marks import Marks
from aggregator.templatetags.own import MARKED
from aggregator.templatetags.parts import Shown, part_tag, shown
from aggregator.templatetags.reading import shown_views
from zisnews.site_address import absolute

register = template.Library()


def shown_article(context: Context) -> Shown:
    """The article of the page, who else tells it, and what the reader did with these."""
    article, tellings, earlier = context["article"], context["tellings"], tuple(context["earlier_headlines"])
    own = own_marks(page_marks(context, article), [article, *tellings])
    marks = marks_from(own)
    here = absolute(context["request"], article.get_absolute_url())
    copied = (article.copy_of.pk, article.copy_of.version) if article.copy_of_id and article.copy_of else ()
    given = {
        "article": article,
        "earlier_headlines": earlier,
        "tellings": tellings,
        "here": here,
        "is_story_followed": marks.has(article, "story_followed"),
    }
    return shown(
        context, given, here, article.pk, article.says, shown_views(article), copied, own,
        tuple((one.title, one.seen_at, one.replaced_at) for one in earlier),
        tuple((telling.pk, telling.version) for telling in tellings),
        marks=marks,
    )  # fmt: skip


def own_marks(marks: Marks, articles: Sequence[Article]) -> tuple[tuple[int, tuple[bool, ...]], ...]:
    """Of each article whether it was read, and which of the marks of a menu it has."""
    return tuple((article.pk, marks.of(article, MARKED)) for article in articles)


def marks_from(own: tuple[tuple[int, tuple[bool, ...]], ...]) -> Marks:
    """Marks that say this and nothing else."""
    names = "read", *MARKED
    marked = {name: {pk for pk, has in own if has[place]} for place, name in enumerate(names)}
    return Marks(frozenset(pk for pk, _has in own), marked)


register.tag("article_part", part_tag(shown_article))
