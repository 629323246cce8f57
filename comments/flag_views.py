"""The form by which a reader says that a comment breaks the rules, and takes that back."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from comments import flags
from comments.models import Comment, Flag
from zisnews.answers import done, refused
from zisnews.limits import count, somebody
from zisnews.pagination import LARGEST_ID

FLAGS_PER_HOUR = 30
NONE = "none"


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def flag_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """The reasons to choose from; a POST of `reason` (of Flag.Reason) and `note` flags, reason=none takes it back."""
    assert isinstance(request.user, User)
    seen = Comment.objects.exclude(state=Comment.State.HELD)  # of a held one nobody knows but its author
    comment = seen.select_related("author", "article").filter(pk=min(pk, LARGEST_ID)).first()
    if comment is None:
        raise Http404
    if request.method == "POST":
        return take(request, request.user, comment)
    if not comment.is_shown:
        return refused(request, _("This comment is not shown any more."), otherwise=comment.article.get_absolute_url())
    own = Flag.objects.filter(user=request.user, comment=comment).first()
    return render(
        request, "comments/flag.html", {"comment": comment, "own": own, "reasons": Flag.Reason.choices, "most": 300}
    )


def take(request: HttpRequest, user: User, comment: Comment) -> HttpResponse:
    reason, back = request.POST.get("reason", ""), comment.get_absolute_url()
    count(somebody(request), "flags", limit=FLAGS_PER_HOUR, seconds=3600)
    if reason == NONE:
        flags.withdraw(user, comment.pk)
        return done(request, _("Your report is taken back."), otherwise=back, flagged=False)
    if reason not in Flag.Reason.values:
        raise BadRequest("reason is one of spam, abuse, hate, private, other; or none.")
    try:
        comment = flags.flag(user, comment.pk, reason, note=request.POST.get("note", ""), now=timezone.now())
    except flags.CannotFlag as error:
        return refused(request, str(error), otherwise=back)
    except Comment.DoesNotExist as error:  # its article left at this moment
        raise Http404 from error
    if flags.is_settled(user, comment):
        return done(request, _("A moderator has looked at this comment already."), otherwise=back, flagged=True)
    words = _("Thank you. A moderator will look at it.")
    undo = reverse("flag_comment", args=[comment.pk])
    return done(request, words, otherwise=back, undo=undo, fields={"reason": NONE}, flagged=True)
