"""Addresses of the pages people read."""

from django.urls import path
from django.views.generic import TemplateView

from aggregator import views


def plain_page(route: str, name: str):
    return path(route, TemplateView.as_view(template_name=f"aggregator/{name}.html"), name=name)


urlpatterns = [
    path("", views.front, name="front"),
    path("latest/", views.latest, name="latest"),
    path("category/<slug:slug>/", views.category, name="category"),
    path("country/", views.countries, name="countries"),
    path("country/<slug:iso>/", views.country, name="country"),
    path("source/", views.sources, name="sources"),
    path("source/<slug:slug>/", views.source, name="source"),
    path("story/<int:pk>/<str:slug>/", views.story, name="story"),
    path("article/<int:pk>/<str:slug>/", views.article, name="article"),
    plain_page("about/", "about"),
    plain_page("sources-policy/", "sources_policy"),
    plain_page("privacy/", "privacy"),
]
