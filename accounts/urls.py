"""Addresses of what a reader chooses; a page of allauth that we change stands here, before allauth's own."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("accounts/password/reset/", views.PasswordReset.as_view(), name="account_reset_password"),
    path("preferences/", views.set_preferences, name="preferences"),
]
