"""Addresses of the pages people read."""

from django.urls import path
from django.views.generic import TemplateView

from aggregator.views import articles, countries, front, keywords, machines, search, sources, stories, syndication


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
    path("stories/", stories.stories, name="stories"),
    path("story/<int:pk>/", stories.story),
    path("story/<int:pk>/<str:slug>/", stories.story, name="story"),
    path("search/", search.search, name="search"),
    path("article/<int:pk>/", articles.article),
    path("article/<int:pk>/<str:slug>/", articles.article, name="article"),
    path("feed/", syndication.front, name="feed_front"),
    path("feed/latest/", syndication.latest, name="feed_latest"),
    path("feed/category/<slug:slug>/", syndication.category, name="feed_category"),
    path("feed/country/<slug:iso>/", syndication.country, name="feed_country"),
    path("feed/source/<slug:slug>/", syndication.source, name="feed_source"),
    path("feed/story/<int:pk>/", syndication.story, name="feed_story"),
    path("feed/stories/", syndication.stories, name="feed_stories"),
    path("feed/search/", syndication.search, name="feed_search"),
    path("feed/search.opml", syndication.search_opml, name="feed_search_opml"),
    path("feed/sources.opml", syndication.sources_opml, name="feed_sources_opml"),
    path("settings/keywords/", keywords.keywords, name="keywords"),
    path("settings/keywords/preview/", keywords.preview, name="keyword_preview"),
    path("settings/keywords/several/", keywords.several, name="keywords_several"),
    path("settings/keywords/undo/", keywords.undo, name="keywords_undo"),
    path("settings/keywords/keywords.<slug:kind>", keywords.export, name="keywords_export"),
    path("settings/keywords/<int:pk>/", keywords.change, name="keyword"),
    path("settings/keywords/from/<int:pk>/", keywords.from_headline, name="block_from_headline"),
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.sitemap_index, name="sitemap_index"),
    path("sitemap/pages.xml", machines.sitemap_pages, name="sitemap_pages"),
    path("sitemap/stories-<slug:day>.xml", machines.sitemap_stories, name="sitemap_stories"),
    path("news-sitemap.xml", machines.news_sitemap, name="news_sitemap"),
    path("manifest.webmanifest", machines.manifest, name="manifest"),
    path("favicon.ico", machines.favicon),
    path(".well-known/change-password", machines.change_password),
    path(".well-known/security.txt", machines.security_txt),
    plain_page("about/", "about"),
    path("sources-policy/", sources.sources_policy, name="sources_policy"),
    plain_page("terms/", "terms"),
    plain_page("app/", "app"),
    plain_page("privacy/", "privacy"),
]
