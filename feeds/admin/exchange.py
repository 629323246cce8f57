"""Where a curator takes in a list of feeds (OPML, CSV), sees first what it would do, and takes one out."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from feeds.catalogues.catalogue import (
    MAX_BYTES,
    REFUSED,
    REPEATED,
    Loaded,
    NotACatalogue,
    Outcome,
    load,
    read_catalogue,
)
from feeds.catalogues.exporting import FORMATS, export
from feeds.catalogues.loading import ADDED, UNCHANGED, UPDATED
from feeds.clock import database_now
from feeds.errors import SandboxError
from feeds.models import Category, Feed, FeedQuerySet, Source
from feeds.orders import QueueAway, asking_redis

KEPT_SECONDS = 3600
WORDS = {
    ADDED: pgettext_lazy("a feed of a list", "added"),
    UPDATED: pgettext_lazy("a feed of a list", "updated"),
    UNCHANGED: pgettext_lazy("a feed of a list", "already here"),
    REPEATED: pgettext_lazy("a feed of a list", "twice in the list"),
    REFUSED: pgettext_lazy("a feed of a list", "refused"),
}


class UploadForm(forms.Form):
    """A list of feeds as a file; once it is valid, its rows are read."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("OPML from any feed reader, or CSV with the columns name and feed_url; at most 2 MB"),
        widget=forms.ClearableFileInput({"accept": ".opml,.xml,.csv,text/x-opml,text/xml,text/csv"}),
        error_messages={"empty": _("The file is empty.")},
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        content = file.read(MAX_BYTES + 1)
        try:
            rows = read_catalogue(content, str(file.name))
        except (NotACatalogue, SandboxError) as error:
            raise forms.ValidationError(str(error)) from error
        if not rows:
            raise forms.ValidationError(_("There is no feed in this file."))
        self.content = content
        return file


class ExchangesLists(admin.ModelAdmin):
    """Lets the list of sources lead to the import and export of lists of feeds."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("import/", wrap(self.import_view), name="feeds_source_import"),
            path("import/<str:key>/", wrap(self.imported_view), name="feeds_source_imported"),
            path("export/<str:kind>/", wrap(self.export_view), name="feeds_source_export"),
            *super().get_urls(),
        ]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Take a file and lead to what it would do."""
        self._refuse_who_may_not_load(request)
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            key = secrets.token_urlsafe(24)
            kept = {"name": str(form.cleaned_data["file"].name)[:200], "content": form.content, "outcomes": None}
            try:
                with asking_redis():
                    cache.set(_name(request, key), kept, KEPT_SECONDS)
                return HttpResponseRedirect(reverse("admin:feeds_source_imported", args=[key]))
            except QueueAway:
                form.add_error(None, _("The cache (Redis) does not answer. Please choose the file again in a moment."))
        categories = Category.objects.all()
        return self._lists_page(request, "import", {"title": _("Import"), "form": form, "categories": categories})

    def imported_view(self, request: HttpRequest, key: str) -> HttpResponse:
        """Show what a file would do; load it on the curator's word, once; then show what it did."""
        self._refuse_who_may_not_load(request)
        name = _name(request, key)
        try:
            with asking_redis():
                kept = cache.get(name) if len(key) < 100 else None
        except QueueAway:
            return self._lists_page(request, "away", {"title": _("Import")}, status=503)
        if kept is None:
            messages.warning(request, _("This file is no longer kept. Please choose it again."))
            return HttpResponseRedirect(reverse("admin:feeds_source_import"))
        if request.method == "POST":
            if kept["outcomes"] is None and cache.add(f"{name}:loading", True, 60):
                loaded = load(read_catalogue(kept["content"], kept["name"]))
                kept = {**kept, "content": b"", "outcomes": [asdict(outcome) for outcome in loaded.outcomes]}
                cache.set(name, kept, KEPT_SECONDS)
            return HttpResponseRedirect(request.path)
        is_done = kept["outcomes"] is not None
        if is_done:
            loaded = Loaded([Outcome(**outcome) for outcome in kept["outcomes"]])
        else:
            loaded = load(read_catalogue(kept["content"], kept["name"]), is_trial=True)
        context = {"title": _("Import"), "file": kept["name"], "is_done": is_done} | report_of(loaded)
        return self._lists_page(request, "imported", context)

    def export_view(self, request: HttpRequest, kind: str) -> HttpResponse:
        """Give all sources as a file."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if kind not in FORMATS:
            raise Http404
        return file_of(kind)

    @admin.action(description=_("Export as OPML"), permissions=["view"])
    def export_opml(self, request: HttpRequest, sources: QuerySet[Source]) -> HttpResponse:
        return file_of("opml", Feed.objects.filter(source__in=sources.values("pk")))

    @admin.action(description=_("Export as CSV"), permissions=["view"])
    def export_csv(self, request: HttpRequest, sources: QuerySet[Source]) -> HttpResponse:
        return file_of("csv", Feed.objects.filter(source__in=sources.values("pk")))

    def _refuse_who_may_not_load(self, request: HttpRequest) -> None:
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied

    def _lists_page(self, request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, f"admin/feeds/source/{name}.html", shared | context, status=status)


def counted(counts: Mapping[str, int]) -> dict[str, str]:
    """How many feeds of a list became what, as a person reads it."""
    added, updated, here = counts[ADDED], counts[UPDATED], counts[UNCHANGED]
    repeated, refused = counts[REPEATED], counts[REFUSED]
    return {
        ADDED: ngettext("%(n)d feed added", "%(n)d feeds added", added) % {"n": added},
        UPDATED: ngettext("%(n)d feed updated", "%(n)d feeds updated", updated) % {"n": updated},
        UNCHANGED: ngettext("%(n)d feed already here", "%(n)d feeds already here", here) % {"n": here},
        REPEATED: ngettext("%(n)d line repeated", "%(n)d lines repeated", repeated) % {"n": repeated},
        REFUSED: ngettext("%(n)d line refused", "%(n)d lines refused", refused) % {"n": refused},
    }


def report_of(loaded: Loaded) -> dict[str, Any]:
    """What a page shows of a load: how many of each kind, what needs an eye, and the rest."""
    said = [(outcome, WORDS[outcome.what]) for outcome in loaded.outcomes]
    return {
        "counts": [sentence for what, sentence in counted(loaded.counts).items() if loaded.counts[what]],
        "remarkable": [line for line in said if line[0].sentence],
        "ordinary": [line for line in said if not line[0].sentence],
        "can_load": bool(loaded.counts[ADDED] or loaded.counts[UPDATED]),
    }


def file_of(kind: str, feeds: FeedQuerySet | None = None) -> HttpResponse:
    """A download of these feeds, or all."""
    name = f"zisnews-sources-{database_now():%Y-%m-%d}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(export(kind, feeds), content_type=f"{FORMATS[kind]}; charset=utf-8", headers=headers)


def _name(request: HttpRequest, key: str) -> str:
    return f"import:{request.user.pk}:{key}"
