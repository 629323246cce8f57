"""The forms readers send about an article."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_safe

from accounts.after_login import ask_to_log_in
from accounts.models import User
from aggregator.kept_lists import kept_listing
from aggregator.models import Article
from aggregator.templatetags.cards import answer_counts
from aggregator.views.articles import article as article_page
from comments import frames
from comments.models import Reaction
from comments.pending import REACTION
from comments.reactions import CHOICES, set_reaction
from zisnews.answers import done, wants_part
from zisnews.limits import count, somebody

REACTIONS_PER_MINUTE = 60


@csrf_exempt  # a reader without account has no token; a user's is asked for below
def reaction(request: HttpRequest, pk: int) -> HttpResponse:
    """Like or dislike an article, or take it back: `kind` is like, dislike or none.

    Whoever is not logged in is sent to do so; what they answered is done as soon as they are, and they are back.
    """
    if request.method != "POST":
        return article_page(request, pk, "reaction")  # an article may be called so
    kind = request.POST.get("kind", "")
    if kind not in CHOICES:
        raise BadRequest("kind is like, dislike or none.")
    article = get_object_or_404(Article.objects.only("title", "slug", "comment_count"), pk=pk)
    if request.user.is_authenticated:
        return answer(request, article, kind)
    kept = {"article": article.pk, "kind": kind}
    return ask_to_log_in(request, REACTION, kept, back=address_of_reactions(article), words=_("Log in to like."))


@csrf_protect
def answer(request: HttpRequest, article: Article, kind: str) -> HttpResponse:
    """Store a user's answer; the counts as JSON, the changed part of the page, or the page anew."""
    count(somebody(request), "reactions", limit=REACTIONS_PER_MINUTE, seconds=60)
    try:
        answers = set_reaction(request.user, article.pk, kind)  # type: ignore[arg-type]
    except Article.DoesNotExist as error:
        raise Http404 from error
    if wants_part(request):
        return HttpResponse(frames.reactions(article, answers, get_token(request)))
    if request.accepts("text/html") and "next" not in request.POST:  # on its own page the buttons say what was done
        return HttpResponseRedirect(address_of_reactions(article), status=303)
    article.like_count, article.dislike_count = answers.likes, answers.dislikes
    return done(
        request, words_of(kind), otherwise=address_of_reactions(article),
        undo=reverse("reaction", args=[article.pk]), fields={"kind": answers.before},
        likes=answers.likes, dislikes=answers.dislikes, kind=answers.own,
        counts=answer_counts(article),
    )  # fmt: skip


def words_of(kind: str) -> str:
    """What is said after a choice."""
    said = {"like": _("You like this article."), "dislike": _("You do not like this article.")}
    return said.get(kind) or _("Your reaction is taken back.")


@never_cache
@login_required
@require_safe
def likes(request: HttpRequest) -> HttpResponse:
    """The articles the user likes, those first that they liked last."""
    assert isinstance(request.user, User)
    listing = kept_listing(Reaction.objects.filter(user=request.user, kind=Reaction.Kind.LIKE), request)
    return render(request, "comments/likes.html", {"listing": listing, "articles": listing.articles})


def address_of_reactions(article: Article) -> str:
    return f"{article.get_absolute_url()}#reactions"
