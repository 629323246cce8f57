"""Addresses of what a reader chooses; a page of allauth that we change stands here, before allauth's own."""

from django.urls import path

from accounts import ad_views, settings_views, views

urlpatterns = [
    path("accounts/password/reset/", views.PasswordReset.as_view(), name="account_reset_password"),
    path("settings/", settings_views.index, name="settings"),
    path("ad/<int:pk>/", ad_views.follow, name="ad"),
    path("ad/closed/", ad_views.close, name="close_ad"),
    path("preferences/", views.set_preferences, name="preferences"),
]
