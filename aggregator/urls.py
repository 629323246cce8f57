"""Addresses of the pages people read."""

from django.urls import path
from django.views.generic import TemplateView

from aggregator.views import articles, countries, front, sources, stories


def plain_page(route: str, name: str):
    return path(route, TemplateView.as_view(template_name=f"aggregator/{name}.html"), name=name)


urlpatterns = [
    path("", front.front, name="front"),
    path("latest/", front.latest, name="latest"),
    path("category/<slug:slug>/", front.category, name="category"),
    path("country/", countries.countries, name="countries"),
    path("country/<slug:iso>/", countries.country, name="country"),
    path("source/", sources.sources, name="sources"),
    path("source/<slug:slug>/", sources.source, name="source"),
    path("story/<int:pk>/<str:slug>/", stories.story, name="story"),
    path("article/<int:pk>/<str:slug>/", articles.article, name="article"),
    plain_page("about/", "about"),
    plain_page("sources-policy/", "sources_policy"),
    plain_page("privacy/", "privacy"),
]
