"""The living page of the design system, for who builds the site: every component in every state."""

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.models import User
from aggregator.front import Block
from aggregator.lists import Listing
from aggregator.models import Article
from aggregator.samples import sample_articles, sample_category
from zisnews.pagination import Page

COLOURS = (
    "paper",
    "card",
    "wash",
    "line",
    "edge",
    "soft",
    "ink",
    "accent",
    "good",
    "good-wash",
    "bad",
    "bad-wash",
    "mark",
)
SIZES = ("3xl", "2xl", "xl", "l", "m", "s", "xs")


class SampleForm(forms.Form):
    """A field of each kind."""

    name = forms.CharField(help_text="What others see.")
    address = forms.EmailField()
    about = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    country = forms.ChoiceField(choices=[("", "—"), ("FR", "France")])
    rhythm = forms.ChoiceField(choices=[("day", "Every day"), ("week", "Every week")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="I have read the terms")


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state, from the partials that the pages are made of. With DEBUG only."""
    if not settings.DEBUG:
        raise Http404
    samples = sample_articles(timezone.now())
    context = {
        "colours": COLOURS,
        "sizes": SIZES,
        "samples": samples,
        "pictured": Article.objects.exclude(picture="").cards().newest_first().first(),
        "shelf": Block(sample_category(), list(samples.values())),
        "listings": {
            "The first page": _listing(following="next"),
            "A page in the middle": _listing(following="next", after="here"),
            "The last page": _listing(after="here"),
        },
        "empty": _listing(),
        "past_the_end": _listing(after="here"),
        "all_hidden": _listing(hidden=14),
        "reader": User(pk=7, email="reader@paper.example", is_staff=True),
        "form": SampleForm(),
        "form_with_errors": SampleForm({"wrong-address": "nobody", "wrong-country": "FR"}, prefix="wrong"),
    }
    return render(request, "styleguide/styleguide.html", context)


def _listing(*, following: str = "", after: str = "", hidden: int = 0) -> Listing:
    return Listing(Page([], following), hidden, after)
