"""The forms by which readers write, change, delete and vote on comments."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from accounts.after_login import ask_to_log_in
from accounts.models import User
from accounts.preferences import preferences_of
from aggregator.models import Article
from aggregator.views.articles import article as article_page
from aggregator.views.lists import within_bigint
from comments import discussion
from comments.admission import guard, why_closed
from comments.drawing import name_of
from comments.errors import CommentError
from comments.markup import html_of
from comments.models import Comment
from comments.pages import address_in_thread, comment_number, one_comment
from comments.pending import COMMENT
from comments.texts import MAX_CHARACTERS, tidied
from comments.votes import CHOICES, set_vote
from zisnews.answers import back_to, done, refused, wants_part
from zisnews.limits import count, somebody

FORMS_PER_MINUTE, VOTES_PER_MINUTE = 30, 60
KEPT_CHARACTERS = MAX_CHARACTERS + 1  # of what is too long, enough to say so


@never_cache
def post_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a comment on an article: `body`, and `parent` where it answers another; `preview` only shows it.

    Whoever is not logged in is sent to do so, and their comment is posted then.
    """
    if request.method != "POST":
        return article_page(request, pk, "comments")  # an article may be called so
    articles = Article.objects.only("title", "slug", "language", "published_at", "comment_count")
    article = get_object_or_404(articles, pk=within_bigint(pk))
    parent = parent_of(request, article)
    body = request.POST.get("body", "")
    if not isinstance(request.user, User):
        kept = {"article": article.pk, "parent": parent.pk if parent else None, "body": body[:KEPT_CHARACTERS]}
        back = f"{article.get_absolute_url()}#comments"
        return ask_to_log_in(request, COMMENT, kept, back=back, words=_("Log in to comment"))
    count(somebody(request), "comment-forms", limit=FORMS_PER_MINUTE, seconds=60)
    about = {"article": article, "parent": parent, "text": body}
    now = timezone.now()
    try:
        if "preview" in request.POST:
            return form_again(request, about | {"preview": html_of(tidied(body))})
        guard(request.POST, now=now)
        comment = discussion.post(request.user, article, body, parent=parent, now=now)
    except CommentError as error:
        return form_again(request, about | {"error": str(error)}, status=422)
    except Article.DoesNotExist as error:
        raise Http404 from error
    words = _("Your comment is posted.") if comment.is_shown else _("A moderator looks at your comment first.")
    return written(request, comment, words)


@never_cache
@login_required
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The form to answer a comment."""
    shown = Comment.objects.shown().select_related("article", "author")
    parent = get_object_or_404(shown, pk=within_bigint(pk))
    return form(request, {"article": parent.article, "parent": parent})


@never_cache
@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a comment of one's own: `body`; `preview` only shows it."""
    comment = own_comment(request, pk)
    about: dict[str, Any] = {"article": comment.article, "comment": comment, "text": comment.body}
    if request.method != "POST":
        return form(request, about)
    count(somebody(request), "comment-forms", limit=FORMS_PER_MINUTE, seconds=60)
    about["text"] = body = request.POST.get("body", "")
    try:
        if "preview" in request.POST:
            return form_again(request, about | {"preview": html_of(tidied(body))})
        comment = discussion.edit(comment, body, timezone.now())
    except CommentError as error:
        return form_again(request, about | {"error": str(error)}, status=422)
    words = _("Your comment is changed.") if comment.is_shown else _("A moderator looks at your comment first.")
    return written(request, comment, words)


@never_cache
@login_required
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a comment of one's own; for an hour that can be undone."""
    comment = own_comment(request, pk)
    if request.method != "POST":
        return redirect(comment)
    back = f"{comment.article.get_absolute_url()}#comments"
    try:
        discussion.remove(comment, timezone.now())
    except CommentError as error:
        return refused(request, str(error), otherwise=back)
    undo, head = reverse("restore_comment", args=[pk]), head_of_discussion(comment.article_id)
    return done(request, _("Your comment is deleted."), otherwise=back, undo=undo, head=head)


@never_cache
@login_required
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo deleting a comment of one's own."""
    own = Comment.objects.filter(author=request.user.pk).select_related("article")
    comment = get_object_or_404(own, pk=within_bigint(pk))
    if request.method != "POST":
        return redirect(comment)
    back = address_in_thread(comment)
    try:
        discussion.restore(comment, timezone.now())
    except CommentError as error:
        return refused(request, str(error), otherwise=back)
    head = head_of_discussion(comment.article_id)
    return done(request, _("Your comment is there again."), otherwise=back, head=head)


@never_cache
@login_required
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what one thinks of a comment: `vote` is up, down or none."""
    assert isinstance(request.user, User)
    shown = Comment.objects.shown().select_related("article").only("article__slug")
    comment = get_object_or_404(shown, pk=within_bigint(pk))
    if request.method != "POST":
        return redirect(comment)
    kind = request.POST.get("vote", "")
    if kind not in CHOICES:
        raise BadRequest("vote is up, down or none.")
    count(somebody(request), "comment-votes", limit=VOTES_PER_MINUTE, seconds=60)
    page = back_to(request, "").partition("#")[0]
    back = f"{page}#comment-{pk}" if page else address_in_thread(comment)
    try:
        votes = set_vote(request.user, comment.pk, kind)
    except CommentError as error:
        return refused(request, str(error), otherwise=back)
    except Comment.DoesNotExist as error:
        raise Http404 from error
    if not request.accepts("text/html"):
        return JsonResponse({"up": votes.up, "down": votes.down, "vote": votes.own})
    if wants_part(request):
        return render(request, "comments/_votes.html", {"comment": comment, "votes": votes})
    return HttpResponseRedirect(back, status=303)


def parent_of(request: HttpRequest, article: Article) -> Comment | None:
    """The comment of this article that the form answers. Raises BadRequest for a number that is none."""
    if not (typed := request.POST.get("parent", "")):
        return None
    if (number := comment_number(typed)) is None:
        raise BadRequest("parent is the number of a comment.")
    there = Comment.objects.there_for(request.user).select_related("author")
    return get_object_or_404(there, pk=number, article=article)


def own_comment(request: HttpRequest, pk: int) -> Comment:
    assert isinstance(request.user, User)
    own = Comment.objects.of(request.user).select_related("article", "author")
    return get_object_or_404(own, pk=within_bigint(pk))


def form(request: HttpRequest, about: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """The form, as a page or as the part that a script puts where it belongs."""
    if wants_part(request):
        return render(request, "comments/_comment_form.html", about, status=status)
    zone = preferences_of(request).zone
    closed = "" if about.get("comment") else why_closed(about["article"], request.user, timezone.now(), zone)
    return render(request, "comments/write.html", about | {"heading": heading(about), "closed": closed}, status=status)


def form_again(request: HttpRequest, about: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """The form with what was typed, and either how it will look or why it can not be taken."""
    if not request.accepts("text/html"):
        if "error" in about:
            return JsonResponse({"error": {"code": status, "message": about["error"]}}, status=status)
        return JsonResponse({"html": about["preview"]})
    return form(request, about, status=status)


def heading(about: dict[str, Any]) -> str:
    if about.get("comment"):
        return _("Change your comment")
    if about.get("parent"):
        return _("Answer %(name)s") % {"name": name_of(about["parent"])}
    return _("Write a comment")


def head_of_discussion(article_id: int) -> str:
    """What stands above the comments on an article, in the words of comments/_thread.html."""
    n = Article.objects.values_list("comment_count", flat=True).get(pk=article_id)
    return ngettext("%(n)s comment", "%(n)s comments", n) % {"n": localize(n)} if n else _("Comments")


def written(request: HttpRequest, comment: Comment, words: str) -> HttpResponse:
    """Lead to a comment that was just written; the comment itself for a script to put in its place."""
    if wants_part(request):
        told = one_comment(request, comment)
        told.answers.clear()
        shown = {"told": told, "words": words, "head": head_of_discussion(comment.article_id)}
        return render(request, "comments/_comment.html", shown)
    return done(
        request,
        words,
        otherwise=address_in_thread(comment),
        level=messages.SUCCESS,
        id=comment.pk,
        state=comment.state,
        html=comment.html,
        url=comment.get_absolute_url(),
    )
