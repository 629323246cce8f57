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
FOR_EVER = ""
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


class KeywordForm(forms.Form):
    """A keyword with where and until. `wanted(now)` is what it says; errors are sentences for the reader."""

    keyword = forms.CharField(max_length=KEYWORD_MAX_LENGTH, label=_("Word or words"))
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
        if until in {FOR_EVER, *SPANS} or parse_moment(until) or is_day(until):
            return until
        raise ValidationError(_("Choose for how long, or give a date such as 2027-01-31."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if keyword := cleaned.get("keyword"):
            try:
                parse_keyword(keyword, where=self.place(), capitals_matter=not cleaned.get("any_case"))
            except KeywordError as error:
                self.add_error("keyword", str(error))
        return cleaned

    def place(self) -> Where:
        return places(self.cleaned_data.get("where") or [])

    def wanted(self, now: datetime, zone: ZoneInfo) -> Wanted:
        """What is to be blocked. zone: the reader's, in which a day ends."""
        cleaned = self.cleaned_data
        until = parse_moment(cleaned["until"])
        if cleaned["until"] in SPANS:
            until = now + SPANS[cleaned["until"]]
        if day := cleaned.get("until_day") or parse_date(cleaned["until"]):
            until = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(days=1)
        return Wanted(cleaned["keyword"], self.place(), not cleaned["any_case"], until)
