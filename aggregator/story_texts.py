"""The articles of a story as what aggregator.comparing reads: never more of a text than its source lets us show."""

from collections.abc import Iterable
from dataclasses import replace

from django.db.models.functions import Left

from aggregator.comparing.sections import Id
from aggregator.comparing.tellings import Telling, chosen
from aggregator.models import Article, Story
from feeds.formats.plaintext import excerpt
from feeds.keeping import EXCERPT_WORDS, first_words
from feeds.language_tags import primary_tag
from feeds.models import Display

MOST_ARTICLES = 5_000  # of a story; the newest
CHARACTERS = 5_000  # of a text: comparing reads no more


def tellings_of(story: Story) -> tuple[list[Telling], dict[str, int]]:
    """All articles of a story, and by the names they are told under their sources' ids. Two queries.

    Those articles that are compared word for word have their texts. Two sources of one name have their countries
    beside it.
    """
    fields = "pk", "source", "source__name", "source__country", "language", "published_at", "title"
    rows = Article.objects.filter(story=story.pk).newest_first().values_list(*fields)[:MOST_ARTICLES]
    articles = list(rows)
    names = names_apart({(source, name, country) for _, source, name, country, *_ in articles})
    tellings = [
        Telling(pk, names[source], country, primary_tag(language), published_at, title, "")
        for pk, source, _, country, language, published_at, title in articles
    ]
    looked_at = [telling.article for telling in chosen(tellings)]
    told = Article.objects.filter(pk__in=looked_at).select_related("source").order_by()
    told = told.only("description", "page_display", "max_snippet", "source__display_policy").annotate(
        opening=Left("text", CHARACTERS)
    )
    texts: dict[Id, str] = {article.pk: shown_text(article) for article in told}
    told_by = {name: source for source, name in names.items()}
    return [replace(telling, text=texts.get(telling.article, "")) for telling in tellings], told_by


def names_apart(sources: Iterable[tuple[int, str, str]]) -> dict[int, str]:
    """The names of sources, by their ids; those that share one with their country, or else their number, beside it.

    sources: (id, name, country) of each
    """
    taken: set[str] = set()
    found: dict[int, str] = {}
    for pk, name, country in sorted(sources):
        free = next(one for one in (name, f"{name} ({country})", f"{name} ({pk})") if one not in taken)
        taken.add(free)
        found[pk] = free
    return found


def shown_text(article: Article) -> str:
    """What readers may see of an article's text, plain: all of it, its beginning, or nothing.

    The same as the article's own page shows: its source's policy and what the page itself asks for, the stricter of
    both. The caller has fetched `opening`, the first of its text.
    """
    text: str = article.opening or article.description  # type: ignore[attr-defined]
    match article.display:
        case Display.HEADLINE:
            return ""
        case Display.EXCERPT:
            text = first_words(text, EXCERPT_WORDS)
    if article.max_snippet is None:
        return text
    return excerpt(text, article.max_snippet) if article.max_snippet else ""
