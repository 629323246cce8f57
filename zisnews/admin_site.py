"""The admin as curators see it: sections and names in their words, the work of every day first."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

# What is in none of them comes last, so that nothing is lost.
SECTIONS = {
    "sources": (_("Sources"), ["feeds.Source", "feeds.Feed", "feeds.Category", "feeds.Country"]),
    "news": (_("What came in"), ["feeds.Entry", "aggregator.Article", "aggregator.Story"]),
    "to-do": (
        _("To be dealt with"),
        ["comments.Comment", "feeds.Notice", "feeds.PublisherRequest", "comments.ModerationAction"],
    ),
    "ads": (_("Ads"), ["accounts.Ad"]),
    "people": (_("Readers and curators"), ["accounts.User", "auth.Group", "account.EmailAddress", "mfa.Authenticator"]),
}
REST = ("works", _("How it works"))
NAMES = {
    "feeds.Entry": _("Items that feeds announced"),
    "feeds.Host": _("Servers we ask"),
    "feeds.Subscription": _("Hubs that push news to us"),
    "aggregator.CategoryModel": _("What categories are told by"),
    "account.EmailAddress": _("E-mail addresses"),
    "comments.ModerationAction": _("What was done about comments"),
    "auth.Group": _("Groups and what they may do"),
    "mfa.Authenticator": _("Second steps of logging in"),
}


class CuratorsSite(AdminSite):
    """Django's own, but for how its lists are named and put together."""

    site_header = site_title = "ZisNews"

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff, and with a second factor: a password that got about opens nothing here."""
        return super().has_permission(request) and is_secured(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Where staff without a second factor are led to set one up; all others allauth logs in (zisnews.urls)."""
        if super().has_permission(request) and not is_secured(request):
            return render(request, "admin/second_factor.html", status=403)
        return super().login(request, extra_context)

    def password_change(  # type: ignore[override]  # Django shows a page of its own
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """allauth's page: it counts how often somebody guesses the old one, and tells whose password it was."""
        return redirect("account_change_password")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """The lists a curator may see, by section; those of one app alone stay together as Django has them."""
        apps = super().get_app_list(request, app_label)
        lists = {model["model"]._meta.label: model for app in apps for model in app["models"]}
        for label, name in NAMES.items():
            if label in lists:
                lists[label]["name"] = name
        return apps if app_label else sections_of(lists)


def is_secured(request: HttpRequest) -> bool:
    """Whether who asks has a second factor; looked up once for a request, which asks several times."""
    from accounts.second_factors import has_second_factor  # noqa: PLC0415  models are loaded only now

    if not hasattr(request, "has_second_factor"):
        request.has_second_factor = has_second_factor(request.user)  # type: ignore[attr-defined, arg-type]
    return bool(request.has_second_factor)  # type: ignore[attr-defined]


def sections_of(lists: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Put lists (by label of their model) into SECTIONS, as the admin's templates read apps; empty ones are out."""
    placed = [
        (key, name, [lists.pop(label) for label in labels if label in lists])
        for key, (name, labels) in SECTIONS.items()
    ]
    index = reverse("admin:index")
    return [
        {"name": name, "app_label": key, "app_url": f"{index}#{key}", "has_module_perms": True, "models": models}
        for key, name, models in [*placed, (*REST, list(lists.values()))]
        if models
    ]
