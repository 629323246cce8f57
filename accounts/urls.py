"""Addresses of what a reader chooses."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("preferences/", views.set_preferences, name="preferences"),
]
