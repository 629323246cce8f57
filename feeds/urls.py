"""Addresses of feeds: none for readers, one for hubs."""

from django.urls import re_path

from feeds.websub import views

urlpatterns = [re_path(r"^websub/(?P<token>[A-Za-z0-9_-]{43})/$", views.callback, name="websub_callback")]
