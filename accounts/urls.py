"""Addresses of what a reader chooses; a page of allauth that we change stands here, before allauth's own."""

from django.urls import path

from accounts import settings_views, views

urlpatterns = [
    path("accounts/password/reset/", views.PasswordReset.as_view(), name="account_reset_password"),
    path("settings/", settings_views.index, name="settings"),
    path("preferences/", views.set_preferences, name="preferences"),
]
