"""Whom a reader does not want to hear from: the button, and the list of them in the settings."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User, display_name_of
from comments import blocking
from zisnews.answers import done, refused
from zisnews.limits import count, somebody
from zisnews.pagination import LARGEST_ID, newest_page

BLOCKS_PER_HOUR = 60


@login_required
@require_POST
def block_reader(request: HttpRequest, pk: int) -> HttpResponse:
    """Block a reader, or let them be heard again: blocked=yes or no. Both may be said twice."""
    assert isinstance(request.user, User)
    wanted = request.POST.get("blocked", "yes")
    if wanted not in {"yes", "no"}:
        raise BadRequest("blocked is yes or no.")
    count(somebody(request), "blocks", limit=BLOCKS_PER_HOUR, seconds=3600)
    other = get_object_or_404(blocking.met_by(request.user).only("display_name"), pk=min(pk, LARGEST_ID))
    back, name = reverse("blocked_readers"), {"name": display_name_of(other)}
    if other == request.user:
        return refused(request, _("This is you."), otherwise=back)
    if wanted == "yes":
        blocking.block(request.user, other, now=timezone.now())
        words = _("%(name)s is blocked: their comments are folded away, and they can not answer you.") % name
    else:
        blocking.unblock(request.user, other.pk)
        words = _("%(name)s is not blocked any more.") % name
    undo, fields = reverse("block_reader", args=[other.pk]), {"blocked": "no" if wanted == "yes" else "yes"}
    return done(request, words, otherwise=back, undo=undo, fields=fields, blocked=wanted == "yes")


@never_cache
@login_required
@require_safe
def blocked_readers(request: HttpRequest) -> HttpResponse:
    """Whom the user blocks, last blocked first."""
    assert isinstance(request.user, User)
    after = request.GET.get("after", "")
    page = newest_page(blocking.blocked_by(request.user), after, moment="added_at")
    return render(request, "comments/blocked_readers.html", {"page": page, "after": after})
