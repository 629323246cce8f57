"""Where a curator takes up the new address that was found for a lost feed, or turns it down."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from feeds.finding.suggestions import dismiss_suggestion, use_suggestion
from feeds.models import Feed


class OffersNewAddresses(admin.ModelAdmin):
    """Gives the pages of feeds the two answers to an offer: as actions of the list, and as buttons anywhere."""

    def get_urls(self) -> list[URLPattern]:
        answer = self.admin_site.admin_view(self.answer_view)
        return [path("<int:pk>/moved/", answer, name="feeds_feed_moved"), *super().get_urls()]

    def answer_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Use or dismiss what is on offer for one feed, then go back to where the button was."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        feed = get_object_or_404(Feed.objects.select_related("source"), pk=pk)
        if not self.has_change_permission(request, feed):
            raise PermissionDenied
        chosen = Feed.objects.filter(pk=feed.pk)
        (self.use_new_address if "use" in request.POST else self.dismiss_new_address)(request, chosen)
        back = request.POST.get("next", "")
        if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
            back = reverse("admin:feeds_feed_change", args=[feed.pk])
        return HttpResponseRedirect(back)

    @admin.action(description=_("Use the new address"), permissions=["change"])
    def use_new_address(self, request: HttpRequest, feeds: QuerySet[Feed]) -> None:
        used = 0
        for feed in Feed.objects.filter(pk__in=feeds.values_list("pk", flat=True)).select_related("source"):
            try:
                use_suggestion(feed)
            except ValidationError as error:
                self.message_user(request, f"{feed}: {' '.join(error.messages)}", messages.WARNING)
            else:
                used += 1
                self.log_change(request, feed, [{"changed": {"fields": ["url"]}}])
        if used:
            sentence = ngettext(
                "%d feed will be fetched at its new address in a few seconds.",
                "%d feeds will be fetched at their new addresses in a few seconds.",
                used,
            )
            self.message_user(request, sentence % used, messages.SUCCESS)

    @admin.action(description=_("Dismiss the new address"), permissions=["change"])
    def dismiss_new_address(self, request: HttpRequest, feeds: QuerySet[Feed]) -> None:
        offered = Feed.objects.filter(pk__in=feeds.values_list("pk", flat=True)).exclude(suggested_url="")
        for feed in offered:
            dismiss_suggestion(feed)
        self.message_user(request, _("That address is not offered again."), messages.SUCCESS)
