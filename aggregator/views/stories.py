"""One story, country by country."""

from collections import defaultdict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from aggregator.lists import preferences_for_list
from aggregator.models import Article, Story
from aggregator.views.lists import within_bigint

STORY_ARTICLES = 300  # the newest of a story; its columns hold no more
PER_COLUMN = 5


def story(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """One story: its headlines, in a column for each country."""
    found = get_object_or_404(Story.objects.defer("centroid", "key_terms"), pk=within_bigint(pk))
    if found.merged_into_id or slug != (found.slug or "-"):
        return redirect(standing_story(found), permanent=not found.merged_into_id)
    visible = Article.objects.visible_to(preferences_for_list(request)).filter(story=found)
    articles = list(visible.cards().newest_first()[:STORY_ARTICLES])
    context = {
        "section": found.category_id,
        "story": found,
        "title": title_of(found, articles),
        "columns": columns_by_country(articles),
        "first": articles[-1] if articles else None,
        "hidden": max(0, min(found.article_count, STORY_ARTICLES) - len(articles)),
    }
    return render(request, "aggregator/story.html", context)


def standing_story(found: Story) -> Story:
    """The story that this one was merged into, or itself. Chains are short: a merge points at a standing story."""
    for _ in range(10):
        if found.merged_into is None:
            break
        found = found.merged_into
    return found


def title_of(found: Story, visible: list[Article]) -> str:
    """The story's headline if this reader may see an article under it, else one they may see, else nothing."""
    titles = [article.title for article in visible]
    return found.title if found.title in titles else next(iter(titles), "")


def columns_by_country(articles: list[Article]) -> list[tuple[str, list[Article], int]]:
    """(country, its newest articles, how many more it has): who tells most first, then who told first."""
    by_country: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        by_country[article.source.country_id].append(article)
    columns = sorted(by_country.items(), key=lambda column: (-len(column[1]), column[1][-1].published_at))
    return [(iso, found[:PER_COLUMN], len(found[PER_COLUMN:])) for iso, found in columns]
