"""Where a curator writes a source's rule for its pages and sees what it would change, before it is saved."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from feeds import previews
from feeds.clock import database_now
from feeds.errors import BadSelector, SandboxError
from feeds.language_codes import language_tag
from feeds.models import Entry, Source
from feeds.models.feeds import validate_fetchable
from feeds.orders import QueueAway
from feeds.selectors import refuse_bad_selector
from feeds.sites import same_publisher

PAGES_OFFERED = 15
LONGEST_LABEL = 90


class SelectorField(forms.CharField):
    """A CSS selector that was tried on a large page, in a limited process."""

    def __init__(self, *, label: Any, help_text: Any) -> None:
        attributes = {"size": 60, "spellcheck": "false", "autocapitalize": "off", "dir": "ltr", "class": "vTextField"}
        field = forms.TextInput(attributes)
        super().__init__(required=False, max_length=300, widget=field, label=label, help_text=help_text)

    def clean(self, value: Any) -> str:
        selector = super().clean(value)
        if selector:
            try:
                refuse_bad_selector(selector)
            except BadSelector as error:
                raise forms.ValidationError(str(error)) from error
            except SandboxError as error:
                raise forms.ValidationError(_("This selector could not be tried. Please try again.")) from error
        return selector


class SourceForm(forms.ModelForm):
    """A source, whose rule for its pages is one we can use."""

    text_selector = SelectorField(
        label=_("Where the text is"),
        help_text=_("A CSS selector, where the extractor misses the article's text; empty: it finds it by itself"),
    )
    clutter_selector = SelectorField(
        label=_("What to leave out"), help_text=_("A CSS selector of what is no part of the article")
    )

    def clean_language(self) -> str:
        try:
            return language_tag(self.cleaned_data["language"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def clean_site_url(self) -> str:
        """The home page is shown to readers, and asked for the source's mark: held to the rule of its feeds."""
        url: str = self.cleaned_data["site_url"]
        validate_fetchable(url)
        return url


class PreviewForm(forms.Form):
    """A rule, and the page of the source to try it on."""

    text_selector = SelectorField(label=_("Where the text is"), help_text=_("Such as article .story-body"))
    clutter_selector = SelectorField(label=_("What to leave out"), help_text=_("Such as .newsletter, .related"))
    page = forms.ChoiceField(label=_("On this page"), required=False)
    address = forms.URLField(
        label=_("Or on this one"),
        required=False,
        max_length=2000,
        assume_scheme="https",
        help_text=_("The address of any article of this source"),
        widget=forms.URLInput({"size": 60, "dir": "ltr", "class": "vURLField"}),
    )

    def __init__(self, source: Source, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source = source
        recent = Entry.objects.filter(feed__source=source, has_page=True).exclude(url="").order_by("-seen_at")
        self.recent = dict(recent.values_list("url", "title")[:PAGES_OFFERED])
        choices = [(url, title[:LONGEST_LABEL]) for url, title in self.recent.items()]
        self.fields["page"].choices = choices  # type: ignore[attr-defined]
        if not self.recent:
            del self.fields["page"]
        if self.initial.get("page") in self.recent:  # an address would win over the next choice
            self.initial.pop("address", None)

    def clean_address(self) -> str:
        address = self.cleaned_data["address"]
        if address and not address.startswith(("http://", "https://")):
            raise forms.ValidationError(_("Only http and https addresses are read."))
        known = (self.source.site_url, *self.recent)
        if address and not any(same_publisher(address, own) for own in known):
            raise forms.ValidationError(_("This address is of another site than the source's."))
        return address

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.page_url:
            self.add_error("address", _("Choose a page or give an address."))
        return cleaned

    @property
    def page_url(self) -> str:
        return self.cleaned_data.get("address") or self.cleaned_data.get("page") or ""

    @property
    def rule(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("text_selector", "clutter_selector")}


class PreviewsPages(admin.ModelAdmin):
    """Lets a source's admin page lead to the preview of its rule."""

    form = SourceForm

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.preview_view)
        return [path("<int:source_id>/preview/", view, name="feeds_source_preview"), *super().get_urls()]

    def preview_view(self, request: HttpRequest, source_id: int) -> HttpResponse:
        """Ask for a preview, show what came of one, or save the rule."""
        source = Source.objects.filter(pk=source_id).first()
        if source is None:
            raise Http404
        if not self.has_change_permission(request, source):
            raise PermissionDenied
        here = reverse("admin:feeds_source_preview", args=[source.pk])
        form = PreviewForm(source, request.POST or None)
        if request.method == "POST" and "save" in request.POST and save_rule(self, request, source, form):
            return HttpResponseRedirect(reverse("admin:feeds_source_change", args=[source.pk]))
        if request.method == "POST" and "save" not in request.POST and form.is_valid():
            try:
                key = previews.order(source.pk, form.page_url, **form.rule)
                return HttpResponseRedirect(f"{here}?result={key}")
            except QueueAway as error:
                form.add_error(None, str(error))
        try:
            preview = previews.find(request.GET.get("result", ""))
        except QueueAway:
            context = {**self.admin_site.each_context(request), "title": _("Preview of a rule"), "opts": self.opts}
            return TemplateResponse(request, "admin/feeds/source/away.html", context, status=503)
        if preview and preview.source_id != source.pk:
            preview = None
        if request.method != "POST":
            form = PreviewForm(source, initial=initial_of(source, preview))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Preview of a rule"),
            "opts": self.opts,
            "source": source,
            "form": form,
            "preview": preview,
            "is_lost": "result" in request.GET and preview is None,
            "is_overdue": bool(preview and preview.is_overdue(database_now())),
            "sides": sides_of(preview) if preview and preview.is_made and not preview.error else [],
        }
        return TemplateResponse(request, "admin/feeds/source/preview.html", context)


def save_rule(model_admin: admin.ModelAdmin, request: HttpRequest, source: Source, form: PreviewForm) -> bool:
    """Give the source the rule of this form, if that is one we can use; says whether it was."""
    form.is_valid()  # what page it was tried on is of no importance now
    if {"text_selector", "clutter_selector"} & set(form.errors):
        return False
    source.text_selector, source.clutter_selector = form.rule.values()
    source.save(update_fields=["text_selector", "clutter_selector"])
    model_admin.log_change(request, source, [{"changed": {"fields": ["text_selector", "clutter_selector"]}}])
    messages.success(request, _("The rule is saved. Pages read from now on are read by it."))
    return True


def initial_of(source: Source, preview: previews.Preview | None) -> dict[str, str]:
    """What the form begins with: the preview that is shown, else the rule the source has."""
    if preview is None:
        return {"text_selector": source.text_selector, "clutter_selector": source.clutter_selector}
    return {**preview.rule, "page": preview.url, "address": preview.url}


def sides_of(preview: previews.Preview) -> list[tuple[Any, previews.Side, SafeString]]:
    """Both readings with their headings. Their html is what the sanitiser returned, as it came from the extraction."""
    headed = ((_("Without the rule"), preview.without), (_("With the rule"), preview.with_rule))
    return [(heading, side, mark_safe(side.html)) for heading, side in headed]  # noqa: S308
