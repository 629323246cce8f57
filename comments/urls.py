"""Addresses of what readers answer."""

from django.urls import path

from comments import views

urlpatterns = [
    path("article/<int:pk>/reaction/", views.reaction, name="reaction"),
]
