"""What readers and publishers send us."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from feeds.models import Notice, PublisherRequest, Source
from zisnews.limits import TooMany

MOST_OPEN, MOST_OF_AN_HOUR = 1_000, 60  # more are no publishers


class PublisherRequestForm(forms.ModelForm):
    """A publisher's wish. `url` is a trap: people do not see it, programs that fill every field do."""

    url = forms.CharField(required=False, max_length=200)

    class Meta:
        model = PublisherRequest
        fields = ["site", "wish", "email", "message"]
        labels = {
            "site": _("Your site"),
            "wish": _("What we shall do"),
            "email": _("Your e-mail address, at that site where you have one"),
            "message": _("What else we should know"),
        }
        widgets = {"message": forms.Textarea(attrs={"rows": 4}), "wish": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].widget.attrs |= {"autocomplete": "url", "placeholder": "www.example.com"}
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        self.fields["wish"].choices = PublisherRequest.Wish.choices  # type: ignore[attr-defined]  # without an empty one

    def clean_site(self) -> str:
        host = host_of(self.cleaned_data["site"])
        if "." not in host:
            raise ValidationError(_("Give the address of your site, such as www.example.com."))
        return host

    def keep(self, now: datetime) -> None:
        """Store the wish, once however often it is sent, and leave curators a notice.

        What programs filled in is dropped. Raises TooMany beyond the limits, or anybody could fill the table.
        """
        if self.cleaned_data["url"]:
            return
        wishes = PublisherRequest.objects
        too_many = wishes.open()[:MOST_OPEN].count() >= MOST_OPEN
        too_fast = wishes.filter(at__gt=now - timedelta(hours=1)).count() >= MOST_OF_AN_HOUR
        if too_many or too_fast:
            raise TooMany(retry_after=3600)
        wish = {name: self.cleaned_data[name] for name in ("site", "wish", "email")}
        rest = {"message": self.cleaned_data["message"], "source": source_at(wish["site"]), "at": now}
        request, is_new = wishes.get_or_create(**wish, done_at=None, defaults=rest)
        if is_new:
            Notice.objects.tell(None, f"A publisher asks: {request}. It waits under publishers' requests.")


def host_of(address: str) -> str:
    """The host of what somebody calls their site, in lower case and without www; "" where there is none."""
    try:
        parts = urlsplit(address if "//" in address else f"//{address}")
        return (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def source_at(host: str) -> Source | None:
    """The source whose home page is at this host, if we have one."""
    with_www = (f"{scheme}://{www}{host}" for scheme in ("https", "http") for www in ("", "www."))
    wanted = [address + end for address in with_www for end in ("", "/")]
    return Source.objects.filter(site_url__in=wanted).first()
