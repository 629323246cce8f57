"""Where a curator adds a source by its home page: the feeds behind it are searched, shown and chosen from."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION, LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from feeds.clock import database_now
from feeds.errors import AddressRefused
from feeds.finding import searches
from feeds.finding.adding import Added, NewSource, add_source, known_feeds, sources_of_site
from feeds.finding.addresses import addresses_of
from feeds.language_codes import language_tag
from feeds.models import GENERAL, Category, Country
from feeds.orders import QueueAway

NEW = "new"
OF_THE_SOURCE = ("name", "site_url", "country", "language", "category")


class SearchForm(forms.Form):
    """The one thing a curator must know of a source: where it is."""

    address = forms.CharField(
        label=_("Home page"),
        max_length=2_000,
        widget=forms.TextInput({
            "class": "vTextField", "inputmode": "url", "autocapitalize": "off", "autocomplete": "off",
            "spellcheck": "false", "dir": "ltr", "autofocus": True, "placeholder": "example.com",
        }),
        help_text=_("Or the address of a feed, of any article, of a channel."),
    )  # fmt: skip

    def clean_address(self) -> str:
        address = self.cleaned_data["address"].strip()
        try:
            addresses_of(address)
        except AddressRefused as error:
            raise forms.ValidationError(error.reason) from error
        return address


class ChosenFeeds(forms.Form):
    """What a search found, for a curator to choose from: the source's fields are guesses to be mended."""

    to = forms.ChoiceField(label=_("Add to"), required=False)
    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput({"class": "vTextField"}))
    site_url = forms.URLField(
        label=_("Home page"), max_length=500, assume_scheme="https",
        widget=forms.URLInput({"class": "vURLField", "dir": "ltr"}),
    )  # fmt: skip
    country = forms.ModelChoiceField(Country.objects.all(), label=_("Country"), help_text=_("Where its readers are"))
    language = forms.CharField(
        label=_("Language"), max_length=12, help_text=_("BCP 47, such as en or pt-BR"),
        widget=forms.TextInput({"size": 8, "dir": "ltr", "autocapitalize": "off", "spellcheck": "false"}),
    )  # fmt: skip
    category = forms.ModelChoiceField(Category.objects.all(), label=_("Category"), empty_label=None)

    def __init__(self, found: dict[str, Any], data: Any = None) -> None:
        urls = [feed["url"] for feed in found["feeds"]]
        self.known = known_feeds(urls)
        self.sources = {source.pk: source for source in [feed.source for feed in self.known.values()]}
        self.sources |= {source.pk: source for source in sources_of_site(found["site_url"])}
        super().__init__(data, initial=self._guesses(found))
        names = [(str(source.pk), source.name) for source in self.sources.values()]
        self.fields["to"].choices = [*names, (NEW, _("a new source"))]  # type: ignore[attr-defined]
        if not names:
            del self.fields["to"]
        countries = sorted(((country.pk, country.name) for country in Country.objects.all()), key=lambda pair: pair[1])
        self.fields["country"].choices = [("", "–"), *countries]  # type: ignore[attr-defined]
        if (self.data.get("to") or NEW) != NEW:
            for name in OF_THE_SOURCE:
                self.fields[name].required = False
        self.previews = [self._add_feed(number, feed) for number, feed in enumerate(found["feeds"])]
        self._check_the_likeliest()

    def _guesses(self, found: dict[str, Any]) -> dict[str, Any]:
        source = next(iter(self.sources.values()), None)
        return {
            "to": str(source.pk) if source else NEW,
            "name": found["name"][:200],
            "site_url": found["site_url"][:500],
            "country": found["country"] or (source.country_id if source else ""),
            "language": found["language"][:12],
            "category": GENERAL,
        }

    def _add_feed(self, number: int, feed: dict[str, Any]) -> dict[str, Any]:
        """Give a feed that was found its fields, and return what the page shows of it."""
        known = self.known.get(feed["url"])
        if known is None:
            self.fields[f"take_{number}"] = forms.BooleanField(label=_("Add"), required=False)
            self.fields[f"category_{number}"] = forms.ModelChoiceField(
                Category.objects.sections(), label=_("Section"), required=False, empty_label=_("everything"),
                initial=feed["section"] or None,
            )  # fmt: skip
        return {
            "feed": feed,
            "known": known,
            "take": None if known else self[f"take_{number}"],
            "category": None if known else self[f"category_{number}"],
        }

    def _check_the_likeliest(self) -> None:
        """Check the feed of the whole site, or where there is none, those of all sections; empty ones never."""
        offered = [preview for preview in self.previews if not preview["known"]]
        if len(offered) < len(self.previews):
            return  # the site is here already: what more of it is wanted, only the curator knows
        alive = [preview for preview in offered if preview["feed"]["preview"]["item_count"]]
        whole = [preview for preview in alive if not preview["feed"]["section"]]
        for preview in whole[:1] or alive:
            self.fields[preview["take"].name].initial = True

    @property
    def has_choice(self) -> bool:
        """Whether any of the feeds is not here yet."""
        return len(self.known) < len(self.previews)

    @property
    def chosen(self) -> dict[str, str]:
        """Address → category of the feeds that are checked; those that came here since the page was shown as well."""
        taken = [place for place in range(len(self.previews)) if self.data.get(f"take_{place}")]
        urls = [self.previews[place]["feed"]["url"] for place in taken]
        sections = [self.cleaned_data.get(f"category_{place}") for place in taken]
        return {url: section.pk if section else "" for url, section in zip(urls, sections, strict=True)}

    def clean_language(self) -> str:
        language: str = self.cleaned_data["language"]
        try:
            return language_tag(language) if language else ""
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.chosen:
            raise forms.ValidationError(_("Choose at least one feed."))
        return cleaned

    def save(self) -> Added:
        """Add what was chosen. Raises ValidationError."""
        values = self.cleaned_data
        if (values.get("to") or NEW) != NEW:
            return add_source(self.sources[int(values["to"])], self.chosen)
        name, site_url, country, language, category = (values[field] for field in OF_THE_SOURCE)
        return add_source(NewSource(name, site_url, country.pk, language, category.pk), self.chosen)


class AddsByHomePage(admin.ModelAdmin):
    """Lets the list of sources lead to the search for a new one."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("find/", wrap(self.search_view), name="feeds_source_find"),
            path("find/<str:key>/", wrap(self.found_view), name="feeds_source_found"),
            *super().get_urls(),
        ]

    def search_view(self, request: HttpRequest) -> HttpResponse:
        """Take an address and have it searched."""
        self._refuse_others(request)
        given = request.POST if request.method == "POST" else request.GET if "address" in request.GET else None
        form = SearchForm(given)
        if request.method == "POST" and form.is_valid():
            try:
                key = searches.order(curator_of(request), form.cleaned_data["address"])
                return HttpResponseRedirect(reverse("admin:feeds_source_found", args=[key]))
            except QueueAway as error:
                form.add_error(None, str(error))
        if request.method != "POST" and given:
            form = SearchForm(initial={"address": given["address"][:2_000]})
        return self._page(request, "find", {"title": _("Add a source"), "form": form})

    def found_view(self, request: HttpRequest, key: str) -> HttpResponse:
        """Show how far a search is, then what it found; add what is chosen."""
        self._refuse_others(request)
        try:
            search = searches.find(curator_of(request), key)
        except QueueAway:
            return self._page(request, "away", {"title": _("Add a source")}, status=503)
        if search is None:
            messages.warning(request, _("This search is no longer kept. Please search again."))
            return HttpResponseRedirect(reverse("admin:feeds_source_find"))
        context: dict[str, Any] = {"title": _("Add a source"), "search": search, "found": search.found}
        context["is_overdue"] = search.is_overdue(database_now())
        if search.found and search.found["feeds"]:
            form = ChosenFeeds(search.found, request.POST if request.method == "POST" else None)
            if request.method == "POST" and form.is_valid():
                try:
                    return self._added(request, form.save())
                except ValidationError as error:
                    form.add_error(None, error)
            context["form"] = form
        elif search.found:
            context["form"] = SearchForm(initial={"address": search.typed})
        return self._page(request, "found", context)

    def _added(self, request: HttpRequest, added: Added) -> HttpResponse:
        """Say what was added and what was here already, and lead to the source."""
        if added.feeds:
            sentence = ngettext(
                "%(count)d feed of %(source)s was added and will be fetched in a few seconds.",
                "%(count)d feeds of %(source)s were added and will be fetched in a few seconds.",
                len(added.feeds),
            )
            values = {"count": len(added.feeds), "source": added.source}
            self.message_user(request, sentence % values, messages.SUCCESS)
            what: list[dict[str, Any]] = [{"added": {"name": "feed", "object": feed.url[:200]}} for feed in added.feeds]
            LogEntry.objects.log_actions(curator_of(request), [added.source], ADDITION, what, single_object=True)
        for feed in added.already_here:
            said = _("%(feed)s is here already, under %(source)s.") % {"feed": feed.url, "source": feed.source}
            self.message_user(request, said, messages.WARNING)
        return HttpResponseRedirect(reverse("admin:feeds_source_change", args=[added.source.pk]))

    def _refuse_others(self, request: HttpRequest) -> None:
        if not self.has_add_permission(request):
            raise PermissionDenied

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, f"admin/feeds/source/{name}.html", shared | context, status=status)


def curator_of(request: HttpRequest) -> int:
    """Return the id of who asks; the admin's pages are shown to nobody who is not logged in."""
    return int(request.user.pk or 0)
