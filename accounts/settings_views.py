"""The settings of how one reads and what one is told of; each choice is kept at once and can be taken back."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache


@never_cache
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Where each setting is found."""
    return render(request, "settings/index.html")
