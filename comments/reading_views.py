"""Pages of comments: a permanent address, a thread, one's own."""

from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.preferences import preferences_of
from aggregator.models import Article
from aggregator.views.lists import within_bigint
from comments.admission import why_closed
from comments.models import Comment
from comments.pages import address_in_thread, eyes_of
from comments.threads import Told, thread_from
from zisnews.pagination import Page, newest_page

ARTICLE = ("article__title", "article__slug", "article__language", "article__published_at", "article__comment_count")


def permalink(request: HttpRequest, pk: int) -> HttpResponse:
    """To the comment on the page of its article, with its thread around it."""
    return HttpResponseRedirect(address_in_thread(seen_comment(request, pk)))


def thread(request: HttpRequest, pk: int) -> HttpResponse:
    """A comment with all answers to it."""
    root, now, after = seen_comment(request, pk), timezone.now(), request.GET.get("after", "")
    trees, more = thread_from(root, eyes_of(request, root.article, now), after=after)
    closed = why_closed(root.article, request.user, now, preferences_of(request).zone)
    context = {"article": root.article, "root": root, "trees": trees, "more": more, "after": after, "closed": closed}
    return render(request, "comments/thread.html", context)


@never_cache
@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What the user has written, newest first."""
    assert isinstance(request.user, User)
    own = Comment.objects.of(request.user).select_related("article", "author").only(
        "article_id", "path", "html", "posted_at", "edited_at", "state", "up_count", "down_count", "answer_count",
        "author__display_name", *ARTICLE,
    )  # fmt: skip
    after = request.GET.get("after", "")
    page = newest_page(own, after, moment="posted_at")
    shown: Page[Comment] = replace(page, rows=[Told(comment, is_own=True) for comment in page.rows])  # type: ignore[misc]
    under = Article.objects.filter(pk__in={comment.article_id for comment in page.rows})
    hidden = set(under.hidden_from(preferences_of(request)).values_list("pk", flat=True))
    return render(request, "comments/mine.html", {"page": shown, "after": after, "hidden": hidden})


def seen_comment(request: HttpRequest, pk: int) -> Comment:
    """A comment that has a place for whoever asks, with its article; Http404 for others."""
    comments = Comment.objects.there_for(request.user).select_related("article").only("path", "article_id", *ARTICLE)
    return get_object_or_404(comments, pk=within_bigint(pk))
