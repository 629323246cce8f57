"""What a page says of itself to other programs, sitemaps, robots.txt, the manifest, well-known addresses."""

import json
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from aggregator.models import Story
from feeds.models import Display
from tests.factories import give_picture, make_article, make_source, make_story

pytestmark = pytest.mark.django_db

MAPS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "n": "http://www.google.com/schemas/sitemap-news/0.9"}


def page(client, path: str) -> str:
    return client.get(path).content.decode()


def structured(html: str) -> dict:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return json.loads(found[1]) if found else {}


def locations(client, path: str) -> list[str]:
    response = client.get(path)
    assert response.status_code == 200 and response.headers["Content-Type"].startswith("application/xml")
    return [
        place.text.removeprefix("http://testserver")
        for place in ElementTree.fromstring(response.content).iter(f"{{{MAPS['s']}}}loc")
    ]


def test_a_page_names_its_own_address_whatever_is_added_to_it(client, settings):
    settings.SITE_URL = "https://news.example"

    assert '<link rel="canonical" href="https://news.example/latest/">' in page(
        client, "/latest/?utm_source=x&hidden=show"
    )


def test_a_page_further_on_in_a_list_is_a_page_of_its_own(client):
    after = "2026-01-01T00:00:00+00:00~7"

    found = client.get("/latest/", {"after": after}).content.decode()

    assert 'rel="canonical" href="http://testserver/latest/?after=2026-01-01T00%3A00%3A00%2B00%3A00~7"' in found


def test_an_article_that_is_here_in_full_is_left_to_its_original_in_indexes(client):
    article = make_article(html="<p>All of it.</p>", text="All of it.", author="A. Writer", category="science")
    give_picture(article)

    found = page(client, article.get_absolute_url())
    said = structured(found)

    assert '<meta name="robots" content="noindex, follow">' in found
    assert f'<link rel="canonical" href="{article.url}">' in found
    assert said["@type"] == "NewsArticle" and said["isBasedOn"] == article.url
    assert said["publisher"]["name"] == article.source.name and said["author"]["name"] == "A. Writer"
    assert said["image"].endswith("-1280.webp")


def test_an_excerpt_is_our_own_page_and_no_article_to_machines(client):
    article = make_article(html="<p>All.</p>", text="All.", page_display=Display.EXCERPT)

    found = page(client, article.get_absolute_url())

    assert "noindex" not in found and not structured(found)
    assert f'<link rel="canonical" href="http://testserver{article.get_absolute_url()}">' in found


def test_a_shared_link_shows_headline_and_picture(client):
    article = make_article(title='Say "no" & <go>', description="In two lines.")
    give_picture(article)

    found = page(client, article.get_absolute_url())

    assert '<meta property="og:title" content="Say &quot;no&quot; &amp; &lt;go&gt;">' in found
    assert '<meta property="og:description" content="In two lines.">' in found
    assert re.search(r'property="og:image" content="http://testserver/media/[^"]+-1280.webp"', found)


def test_a_headline_can_not_leave_the_data_it_stands_in(client):
    article = make_article(title="</script><script>alert(1)</script>", text="All of it.")

    found = page(client, article.get_absolute_url())

    assert "<script>alert" not in found
    assert structured(found)["headline"] == "</script><script>alert(1)</script>"


def test_the_sitemap_leads_to_every_section_country_and_source(client):
    make_source(country="AM", slug="aravot")

    assert {"/", "/category/science/", "/country/am/", "/source/aravot/", "/about/"} <= set(
        locations(client, "/sitemap/pages.xml")
    )


def test_stories_of_several_sources_are_listed_by_the_day_they_last_grew(client):
    told = make_story(told_by=(make_article(minutes_ago=5), make_article(country="FR", minutes_ago=9)))
    alone = make_story(told_by=(make_article(),))
    day = told.newest_at.date().isoformat()

    index = locations(client, "/sitemap.xml")
    stories = locations(client, f"/sitemap/stories-{day}.xml")

    assert index[:2] == ["/sitemap/pages.xml", f"/sitemap/stories-{timezone.now().date().isoformat()}.xml"]
    assert told.get_absolute_url() in stories and alone.get_absolute_url() not in stories


def test_the_news_sitemap_has_the_stories_that_began_in_the_last_two_days(client):
    german = make_article(title="Gespräche", country="DE", language="de")
    new = make_story(told_by=(german, make_article(country="FR")))
    make_story(told_by=(make_article(), make_article()), first_at=timezone.now() - timedelta(days=3))

    root = ElementTree.fromstring(client.get("/news-sitemap.xml").content)

    assert [name.text for name in root.iter(f"{{{MAPS['n']}}}title")] == [new.title]
    assert next(root.iter(f"{{{MAPS['n']}}}language")).text == "de"

    head = make_article(title="Talks", language="en", story=new)
    Story.objects.filter(pk=new.pk).update(headlines={"en": head.pk, "": german.pk})
    root = ElementTree.fromstring(client.get("/news-sitemap.xml").content)
    assert [name.text for name in root.iter(f"{{{MAPS['n']}}}title")] == ["Talks"], "as its page has it"
    assert next(root.iter(f"{{{MAPS['n']}}}language")).text == "en"


@pytest.mark.parametrize("day", ["2026-13-01", "yesterday"])
def test_a_day_that_never_was_has_no_sitemap(client, day):
    assert client.get(f"/sitemap/stories-{day}.xml").status_code == 404


def test_robots_are_told_where_the_sitemaps_are_and_what_leads_nowhere(client, settings):
    settings.SITE_URL = "https://news.example"
    rules = client.get("/robots.txt").content.decode().splitlines()

    assert "Disallow: /search/" in rules and "Sitemap: https://news.example/sitemap.xml" in rules
    assert "Disallow: /" not in rules


def test_the_manifest_speaks_the_readers_language(client):
    said = client.get("/manifest.webmanifest", headers={"accept-language": "ar"})

    assert said.headers["Content-Type"] == "application/manifest+json"
    assert said.json()["dir"] == "rtl" and said.json()["start_url"] == "/"


def test_a_password_manager_finds_the_page_to_change_a_password(client):
    assert client.get("/.well-known/change-password").headers["Location"] == "/accounts/password/change/"


def test_whom_to_tell_of_a_hole_is_said_where_an_operator_gave_an_address(client, settings):
    assert client.get("/.well-known/security.txt").status_code == 404

    settings.ZIS_FETCH_CONTACT = "desk@news.example"

    assert b"Contact: mailto:desk@news.example\nExpires: " in client.get("/.well-known/security.txt").content
