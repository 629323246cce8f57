"""What a reader is told of: the list, opening one, and what is read."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.logged_in import user_of
from accounts.models import Notification, User, display_name_of
from accounts.notice_words import NAMED, sentence_of
from accounts.notifications import mark_read, mark_unread, unread_count
from accounts.preferences import beside_of
from zisnews.answers import done
from zisnews.pagination import LARGEST_ID, Page, newest_page


@never_cache
@login_required
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """The newest first, all or the unread; JSON {"notices": [said_of(…)], "unread", "next"} for a program."""
    user, after = user_of(request), request.GET.get("after", "")
    tab = "unread" if request.GET.get("tab") == "unread" else "all"
    found = Notification.objects.filter(user=user)
    page = newest_page(found.unread() if tab == "unread" else found, after, moment="at")
    give_sentences(page)
    unread = beside_of(request, user).unread
    if not request.accepts("text/html"):
        rows = [said_of(row) for row in page.rows]
        return JsonResponse({"notices": rows, "unread": unread, "next": page.next or None})
    return render(request, "settings/notices.html", {"page": page, "after": after, "tab": tab, "unread_count": unread})


def give_sentences(page: Page[Notification]) -> None:
    """Give each row its `sentence`; the names are looked up together."""
    people = {person for row in page.rows for person in row.people[:NAMED]}
    found = User.objects.filter(pk__in=people).only("display_name") if people else []
    names = {person.pk: display_name_of(person) for person in found}
    for row in page.rows:
        row.sentence = sentence_of(row, names)  # type: ignore[attr-defined]


def said_of(row: Notification) -> dict[str, Any]:
    return {
        "id": row.pk,
        "kind": row.kind,
        "text": row.sentence,  # type: ignore[attr-defined]
        "count": row.count,
        "url": row.url,
        "at": row.at.isoformat(),
        "read": row.read_at is not None,
    }


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to what a notice tells of, and mark it read; a POST of read=yes or no only marks it."""
    user = user_of(request)
    row = get_object_or_404(Notification, pk=min(pk, LARGEST_ID), user=user)
    if request.method != "POST":
        mark_read(user, timezone.now(), pk=row.pk)
        return HttpResponseRedirect(row.url)
    wanted = request.POST.get("read")
    if wanted not in {"yes", "no"}:
        raise BadRequest("read is yes or no.")
    if wanted == "yes":
        mark_read(user, timezone.now(), pk=row.pk)
    else:
        mark_unread(user, pk=row.pk)
    words = _("Marked as read.") if wanted == "yes" else _("Marked as unread.")
    back = {"read": "no" if wanted == "yes" else "yes"}
    return done(
        request,
        words,
        otherwise=reverse("notices"),
        undo=reverse("notice", args=[pk]),
        fields=back,
        unread=unread_count(user),
    )


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all read that came up to `until`: what the page has shown, not what came while it was read."""
    user, now = user_of(request), timezone.now()
    until = moment_of(request, "until")
    count = mark_read(user, now, until=until or now)
    words = ngettext("%(count)d notice is read.", "%(count)d notices are read.", count) % {"count": count}
    undo = reverse("notices_unread") if count else ""
    return done(
        request,
        words,
        otherwise=reverse("notices"),
        undo=undo,
        fields={"read_at": now.isoformat()},
        unread=unread_count(user),
    )


@login_required
@require_POST
def unread_all(request: HttpRequest) -> HttpResponse:
    """Take back what read_all did at the moment `read_at`."""
    user, read_at = user_of(request), moment_of(request, "read_at")
    if read_at is None:
        raise BadRequest("read_at is missing.")
    count = mark_unread(user, read_at=read_at)
    words = ngettext("%(count)d notice is unread again.", "%(count)d notices are unread again.", count)
    return done(request, words % {"count": count}, otherwise=reverse("notices"), unread=unread_count(user))


def moment_of(request: HttpRequest, name: str) -> datetime | None:
    """A moment as our forms write it, None where there is none. Raises BadRequest for what is no moment."""
    written = request.POST.get(name, "")
    if not written:
        return None
    try:
        moment = parse_datetime(written)
        is_possible = moment is not None and timezone.is_aware(moment) and bool(moment.astimezone(UTC))
    except (ValueError, OverflowError):  # not a time; one before the year 1 or after 9999
        is_possible = False
    if not is_possible:
        raise BadRequest("Not a moment.")
    return moment
