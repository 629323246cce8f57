"""A reader's own pages about what we hold on them: to take it along, and to have it erased."""

import tempfile

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.account_forms import EraseForm
from accounts.models import User
from zisnews.limits import count, somebody
from zisnews.personal_data import about, erase, export

EXPORTS_PER_HOUR = 10
IN_MEMORY = 1024 * 1024  # bytes; a larger file is put on disk until it is sent


@never_cache
@login_required
def your_data(request: HttpRequest) -> HttpResponse:
    """What there is, a form that gives it as one file, and one that erases it."""
    return page(request, EraseForm(user=request.user))  # type: ignore[arg-type]


def page(request: HttpRequest, form: EraseForm) -> HttpResponse:
    shown = {"form": form, "kinds": about().values()}
    return render(request, "settings/data.html", shown, status=422 if form.errors else 200)


@never_cache
@login_required
@require_POST
def export_data(request: HttpRequest) -> HttpResponseBase:
    """All we hold on who asks, as a ZIP of JSON."""
    count(somebody(request), "exports", limit=EXPORTS_PER_HOUR, seconds=3600)
    now = timezone.now()
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  the response closes it
    export(request.user, file, now)  # type: ignore[arg-type]
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"zisnews-{now:%Y-%m-%d}.zip")


@never_cache
@login_required
@require_POST
@sensitive_post_parameters("password")
def erase_account(request: HttpRequest) -> HttpResponse:
    """Erase the account of who asks: with their password, or, where there is none, another way to show who they are."""
    user: User = request.user  # type: ignore[assignment]
    if user.is_staff:
        raise PermissionDenied  # the page says so, and shows no form
    form = EraseForm(request.POST, user=user)
    if not form.is_valid():
        if request.accepts("text/html"):
            return page(request, form)
        words = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return JsonResponse({"error": {"code": 422, "message": words}}, status=422)
    if not user.has_usable_password() and not did_recently_reauthenticate(request):
        raise ReauthenticationRequired
    email, pk = user.email, user.pk
    did_erase = erase(pk)  # the second press of a double click finds nobody
    logout(request)
    if did_erase and settings.EMAIL_IS_CONFIGURED:
        get_adapter(request).send_mail("account/email/erased", email, {})
    return HttpResponseRedirect(reverse("account_erased"), status=303)


def account_erased(request: HttpRequest) -> HttpResponse:
    """Says that it is done; anybody may read it, there is nothing of anybody in it."""
    return render(request, "settings/erased.html")
