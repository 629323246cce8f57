"""Addresses are written as reverse() writes them."""

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse, set_script_prefix

from aggregator.addresses import article_address, media_address, source_address, story_address

SLUGS = ["a-plain-slug", "выборы-в-армении", "über_50%-mehr", "a+b=c;d@e,f!", "说-明", "-"]


@pytest.fixture(params=["/", "/news/"])
def script_prefix(request):
    set_script_prefix(request.param)
    yield
    set_script_prefix("/")


@pytest.mark.usefixtures("script_prefix")
@pytest.mark.parametrize("slug", SLUGS)
def test_an_address_is_the_one_that_its_route_has(slug):
    assert article_address(7, slug) == reverse("article", args=[7, slug])
    assert story_address(1_000_000, slug) == reverse("story", args=[1_000_000, slug])


def test_what_has_no_slug_has_an_address_all_the_same():
    assert article_address(7, "") == reverse("article", args=[7, "-"])
    assert story_address(7, "") == reverse("story", args=[7, "-"])


def test_a_source_has_the_address_of_its_route():
    assert source_address("the-daily_news") == reverse("source", args=["the-daily_news"])


@pytest.mark.parametrize("name", ["pictures/007/7-0a1b2c3d-640.webp", "marks/é %20.png"])
def test_a_stored_file_has_the_address_its_storage_gives(name):
    assert media_address(name) == default_storage.url(name)
