"""Where a curator places ads: when, where and how often they are shown, how they look, and what became of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy, to_locale
from django.utils.translation import gettext_lazy as _

from accounts import ad_pictures
from accounts.ads import house_ad
from accounts.models import Ad, AdDay
from feeds.admin.charts import sparkline
from feeds.errors import FileNotKept, NotAPicture, SandboxError

DAYS = 30


def countries_to_choose() -> list[tuple[str, str]]:
    """(code, name) of the countries whose time zones readers may live by, by name."""
    from babel import Locale  # noqa: PLC0415
    from babel.core import get_global  # noqa: PLC0415

    names = Locale.parse(to_locale(get_language() or "en")).territories
    codes = set(get_global("zone_territories").values()) - {"001", "ZZ"}
    return sorted(((code, names.get(code, code)) for code in codes), key=lambda one: one[1].casefold())


class AdForm(forms.ModelForm):
    """An ad, with a picture to take in or to take off."""

    new_picture = forms.FileField(
        label=_("Picture"),
        required=False,
        help_text=_("JPEG, PNG, WebP, GIF or AVIF, at least 200 pixels wide; shown 16 to 10. It is made anew."),
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp,image/gif,image/avif"}),
    )
    without_picture = forms.BooleanField(label=_("Take the picture off"), required=False)
    countries = forms.MultipleChoiceField(
        label=_("Countries"),
        choices=countries_to_choose,
        required=False,
        widget=forms.SelectMultiple({"size": 8}),
        help_text=Ad._meta.get_field("countries").help_text,
    )

    class Meta:
        model = Ad
        fields = [
            "name", "slot", "headline", "text", "link", "advertiser", "starts_at", "ends_at", "weight", "countries",
            "cap_per_day", "is_active",
        ]  # fmt: skip

    def clean_new_picture(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["new_picture"]
        self.shrunk = None
        if file:
            body = file.read(ad_pictures.MAX_BYTES + 1)
            if len(body) > ad_pictures.MAX_BYTES:
                raise forms.ValidationError(_("The picture is too large: at most 5 MB."))
            try:
                self.shrunk = ad_pictures.made_anew(body)
                self.picture = ad_pictures.keep_files(self.shrunk)
            except (NotAPicture, SandboxError, FileNotKept) as error:
                raise forms.ValidationError(str(error)) from error
        return file

    def save(self, commit: bool = True) -> Ad:
        ad: Ad = self.instance
        if self.shrunk:
            ad_pictures.give(ad, self.picture, self.shrunk)
        elif self.cleaned_data["without_picture"]:
            ad_pictures.drop(ad)
        return super().save(commit)


class ListWithDays(ChangeList):
    """A list whose ads each have `days_shown`, how often they were shown on each of the last days."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        ads = list(self.result_list)
        days = days_of([ad.pk for ad in ads], timezone.now())
        for ad in ads:
            ad.days_shown = days[ad.pk]
        self.result_list = ads


def days_of(ads: list[int], now: datetime) -> dict[int, list[int]]:
    """How often each ad was shown on each of the last DAYS days (UTC), oldest first."""
    first = now.astimezone(UTC).date() - timedelta(days=DAYS - 1)
    days = {ad: [0] * DAYS for ad in ads}
    rows = AdDay.objects.filter(ad__in=ads, day__gte=first).order_by().values_list("ad_id", "day", "shown_count")
    for ad, day, count in rows:
        if (place := (day - first).days) < DAYS:
            days[ad][place] = count
    return days


def per_day(counts: list[int]) -> SafeString:
    """The sum of the last days as a number, and each of them as a bar."""
    total = number_format(sum(counts), force_grouping=True)
    return render_to_string("admin/feeds/_per_day.html", {"mean": total, "line": sparkline(counts)})


def state_of(ad: Ad, now: datetime) -> str:
    """Whether it is shown now, and if not why, in a word or two."""
    if not ad.is_active:
        return str(_("switched off"))
    if ad.starts_at > now:
        return str(_("not yet"))
    if ad.ends_at and ad.ends_at <= now:
        return str(_("ended"))
    return str(_("shown now"))


@admin.register(Ad)
class AdAdmin(admin.ModelAdmin):
    """Saved ads are on the pages at once."""

    class Media:
        css = {"all": ["css/admin.css"]}

    form = AdForm
    view_on_site = False  # its address leads out, and counts; the preview is the way to see it
    list_display = ["name", "slot", "state", "shown", "clicks", "last_days", "ends_at"]
    list_filter = ["slot", "is_active"]
    search_fields = ["name", "headline", "advertiser", "link"]
    actions = ["switch_on", "switch_off"]
    readonly_fields = ["preview", "counts"]
    fieldsets = [
        (None, {"fields": ["name", "slot", "is_active", "preview"]}),
        (_("What it says"), {"fields": ["headline", "text", "advertiser", "link", "new_picture", "without_picture"]}),
        (_("When and to whom"), {"fields": ["starts_at", "ends_at", "weight", "cap_per_day", "countries"]}),
        (_("What became of it"), {"fields": ["counts"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Ad]:
        sums = {"shown_sum": Sum("days__shown_count"), "click_sum": Sum("days__click_count")}
        return super().get_queryset(request).annotate(**sums)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ListWithDays]:
        return ListWithDays

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.preview_view)
        return [path("<int:pk>/preview/", view, name="accounts_ad_preview"), *super().get_urls()]

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The ad as a reader would see it, whether it is in force or not; nothing is counted."""
        ad = self.get_object(request, str(pk))
        if ad is None or not self.has_view_permission(request, ad):
            raise Http404
        return TemplateResponse(request, "ads/preview.html", {"ad": house_ad(ad)})

    @admin.display(description=_("state"))
    def state(self, ad: Ad) -> str:
        return state_of(ad, timezone.now())

    @admin.display(description=pgettext_lazy("how often an ad was", "shown"), ordering="shown_sum")
    def shown(self, ad: Ad) -> str:
        return number_format(ad.shown_sum or 0, use_l10n=True, force_grouping=True)  # type: ignore[attr-defined]

    @admin.display(description=pgettext_lazy("how often an ad was", "followed"), ordering="click_sum")
    def clicks(self, ad: Ad) -> str:
        shown, clicks = ad.shown_sum or 0, ad.click_sum or 0  # type: ignore[attr-defined]
        return f"{number_format(clicks)} ({clicks / shown:.1%})" if shown else number_format(clicks)

    @admin.display(description=_("shown in 30 days"))
    def last_days(self, ad: Ad) -> SafeString:
        return per_day(ad.days_shown)  # type: ignore[attr-defined]

    @admin.display(description=_("preview"))
    def preview(self, ad: Ad) -> str | SafeString:
        if not ad.pk:
            return str(_("Save it first."))
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:accounts_ad_preview", args=[ad.pk]), _("As readers see it")
        )

    @admin.display(description=_("counts"))
    def counts(self, ad: Ad) -> str | SafeString:
        if not ad.pk:
            return "–"
        counts = days_of([ad.pk], timezone.now())[ad.pk]
        return render_to_string("admin/ads/_days.html", {"bars": per_day(counts), "days": ad.days.all()[:DAYS]})

    @admin.action(description=_("Switch on"), permissions=["change"])
    def switch_on(self, request: HttpRequest, ads: QuerySet[Ad]) -> None:
        Ad.objects.filter(pk__in=ads.values("pk")).update(is_active=True)

    @admin.action(description=_("Switch off"), permissions=["change"])
    def switch_off(self, request: HttpRequest, ads: QuerySet[Ad]) -> None:
        Ad.objects.filter(pk__in=ads.values("pk")).update(is_active=False)

    def delete_model(self, request: HttpRequest, obj: Ad) -> None:
        ad_pictures.discard_later(ad_pictures.paths_of(obj))
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Ad]) -> None:
        for ad in queryset:
            ad_pictures.discard_later(ad_pictures.paths_of(ad))
        super().delete_queryset(request, queryset)
