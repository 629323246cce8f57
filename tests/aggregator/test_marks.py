"""A source's mark on pages: its icon, or a monogram."""

import re
from pathlib import Path

import pytest
from django.urls import reverse

from aggregator.templatetags.marks import TONES, letter_of, mark, tone_of
from feeds.models import Source
from tests.factories import give_picture, make_article, make_source

STYLES = Path(__file__).parent.parent.parent / "static" / "css" / "parts.css"
TEMPLATES = Path(__file__).parent.parent.parent / "templates"
LARGE_TEXT, VISIBLE = 4.5, 2.0  # WCAG's contrast for text; enough to see a plate on the dark theme's paper


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.mark.django_db
def test_an_article_without_a_picture_shows_its_sources_mark_in_its_place(client):
    make_article(source=make_source(mark="marks/7-0a1b2c3d.webp"))
    page = client.get(reverse("latest")).content.decode()
    assert re.search(r'<a class="thumb stand-in"[^>]*><img class="emblem" src="/media/marks/7-0a1b2c3d.webp"', page)


@pytest.mark.django_db
def test_an_article_with_a_picture_shows_that_alone_in_a_list(client):
    give_picture(make_article())
    assert "stand-in" not in client.get(reverse("latest")).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["article", "source", "sources"])
def test_the_mark_stands_beside_the_sources_name(client, place):
    article = make_article(source=make_source(name="Harbour Herald", mark="marks/7-0a1b2c3d.webp"))
    addresses = {
        "article": article.get_absolute_url(),
        "source": reverse("source", args=[article.source.slug]),
        "sources": reverse("sources"),
    }
    assert "/media/marks/7-0a1b2c3d.webp" in client.get(addresses[place]).content.decode()


def test_a_source_without_an_icon_has_a_monogram_of_its_name():
    monogram = mark(Source(name="<The Harbour> Herald"))
    assert re.fullmatch(r'<span class="emblem tone-\d+" aria-hidden="true">T</span>', monogram)


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("The Guardian", "G"),
        ("Le Monde", "M"),
        ("Die Zeit", "Z"),
        ("élan", "É"),
        ("Онежский курьер", "О"),
        ("منارة الساحل", "م"),
        ("江南快报", "江"),
        ("  24 Kitchen", "2"),
        ("¡Ya!", "Y"),
        ("The ", "T"),
        ("…", "·"),
        ("ß-News", "S"),
    ],
)
def test_a_monogram_is_the_first_letter_of_the_name_itself(name, letter):
    assert letter_of(name) == letter


def luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_a_monogram_is_read_well_in_each_of_its_colours_in_light_and_dark():
    tones = dict(re.findall(r"\.tone-(\d+) \{\s+background: (#[0-9a-f]{6});", STYLES.read_text(encoding="utf-8")))
    assert sorted(map(int, tones)) == list(range(TONES))
    for colour in tones.values():
        assert contrast(colour, "#ffffff") >= LARGE_TEXT
        assert contrast(colour, "#14161a") >= VISIBLE


def test_the_colour_follows_from_the_name_alone():
    names = [f"Paper {number}" for number in range(200)]
    tones = [tone_of(name) for name in names]
    assert tones == [tone_of(name) for name in names]
    assert len(set(tones)) == TONES


# Drawn here for its owner alone; widths of a picture that a curator uploaded and we encoded anew.
OURS_BY_NAME = ('src="{{ totp_svg_data_uri }}"', 'src="{{ found.0.0 }}"')


def test_no_template_shows_a_picture_that_is_not_ours():
    """Each <img> in a template is written by a tag of ours, leads to a static file, or is known to be ours."""
    for path in TEMPLATES.rglob("*.html"):
        for image in re.findall(r"<img\b[^>]*>", path.read_text(encoding="utf-8")):
            assert any(known in image for known in ('src="{% static', *OURS_BY_NAME)), path
