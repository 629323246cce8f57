"""What a user types to say what they do not want to see."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from accounts.excluding import Wanted
from accounts.keyword_lists import LAST_YEAR, PLACES, parse_moment, places
from accounts.keywords import KEYWORD_MAX_LENGTH, KeywordError, Where, parse_keyword

SPANS = {"24h": timedelta(hours=24), "7d": timedelta(days=7), "30d": timedelta(days=30)}
FOR_EVER, AS_IT_IS = "", "as_it_is"
CHOICES_UNTIL = [(FOR_EVER, _("for ever")), ("24h", _("24 hours")), ("7d", _("7 days")), ("30d", _("30 days"))]
CHOICES_WHERE = [
    ("title", _("headline")),
    ("description", _("description")),
    ("tags", _("tags")),
    ("source", _("name of the source")),
]


def is_day(text: str) -> bool:
    try:
        day = parse_date(text)
        return day is not None and day.year <= LAST_YEAR
    except ValueError:  # the 31st of February
        return False


class Until(forms.CharField):
    """For ever (empty), one of SPANS, a day (its end in the reader's zone is meant), or an aware moment."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or FOR_EVER
        return FOR_EVER if text.lower() in {"for_ever", "forever", "never"} else text


class ChoicesForm(forms.Form):
    """Where a keyword looks, until when, and whether capitals matter."""

    where = forms.MultipleChoiceField(choices=CHOICES_WHERE, required=False, widget=forms.CheckboxSelectMultiple)
    until = Until(required=False)
    until_day = forms.DateField(required=False, validators=[MaxValueValidator(date(LAST_YEAR, 12, 31))])
    any_case = forms.BooleanField(required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        if data is not None and set(data.getlist("where")) - set(PLACES):  # "title_and_description", "title,tags"
            data = data.copy()
            said = [part for name in data.getlist("where") for part in name.replace("_and_", ",").split(",")]
            data.setlist("where", [name.strip() for name in said if name.strip()])
        super().__init__(data, **kwargs)

    def clean_until(self) -> str:
        until = self.cleaned_data["until"]
        if until in {FOR_EVER, AS_IT_IS, *SPANS} or parse_moment(until) or is_day(until):
            return until
        raise ValidationError(_("Choose for how long, or give a date such as 2027-01-31."))

    def place(self) -> Where:
        return places(self.cleaned_data.get("where") or [])

    def ends(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """When the keyword is to end, None for never. zone: the reader's, in which a day ends."""
        until = self.cleaned_data["until"]
        if day := self.cleaned_data.get("until_day") or parse_date(until):
            return datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(days=1)
        return now + SPANS[until] if until in SPANS else parse_moment(until)

    def choices(self, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
        """What is chosen for a keyword that is there, as accounts.excluding.change takes it.

        Raises KeywordError where its end is over already.
        """
        chosen = {"where": self.place().value, "capitals_matter": not self.cleaned_data["any_case"]}
        if self.cleaned_data["until"] == AS_IT_IS and not self.cleaned_data.get("until_day"):
            return chosen
        until = self.ends(now, zone)
        if until and until <= now:
            raise KeywordError(_("Choose a time that is still to come."))
        return chosen | {"until": until}


class KeywordForm(ChoicesForm):
    """A keyword with its choices. `wanted(now)` is what it says; errors are sentences for the reader."""

    keyword = forms.CharField(max_length=KEYWORD_MAX_LENGTH, label=_("Word or words"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if keyword := cleaned.get("keyword"):
            try:
                parse_keyword(keyword, where=self.place(), capitals_matter=not cleaned.get("any_case"))
            except KeywordError as error:
                self.add_error("keyword", str(error))
        return cleaned

    def wanted(self, now: datetime, zone: ZoneInfo) -> Wanted:
        """What is to be blocked. zone: the reader's, in which a day ends."""
        cleaned = self.cleaned_data
        return Wanted(cleaned["keyword"], self.place(), not cleaned["any_case"], self.ends(now, zone))
