"""STORAGE_URL: a folder, another folder, a bucket; and what is said where it is none of them."""

from pathlib import Path

import pytest

from zisnews import picture_places
from zisnews.picture_places import bucket, picture_place

DATA = Path("/var/zis")


def test_pictures_lie_in_the_data_folder_or_in_one_that_is_named():
    assert picture_place("", DATA).root == DATA / "media"
    elsewhere = picture_place("file:///srv/our%20pictures", DATA)
    assert (elsewhere.root, elsewhere.url, elsewhere.origin) == (Path("/srv/our pictures"), "/media/", "")


def test_a_bucket_is_told_by_its_address():
    place = bucket("s3://KEY:se%2Fcret@s3.example:9000/news/pictures?region=eu-1&public=https://cdn.example/p/")
    options = place.backend["OPTIONS"]

    assert (place.url, place.origin, place.root) == ("https://cdn.example/p/", "https://cdn.example", None)
    assert options["endpoint_url"] == "https://s3.example:9000"
    assert (options["access_key"], options["secret_key"]) == ("KEY", "se/cret")
    assert (options["bucket_name"], options["location"], options["region_name"]) == ("news", "pictures", "eu-1")


def test_without_a_public_address_browsers_load_from_the_bucket_itself():
    assert bucket("s3://s3.example/news").url == "https://s3.example/news/"
    assert bucket("s3+http://127.0.0.1:9000/news").url == "http://127.0.0.1:9000/news/"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("/srv/pictures", "of the form file:///folder"),
        ("file://srv/pictures", "of the form file:///folder"),
        ("s3://s3.example", "of the form file:///folder"),
        ("ftp://example/pictures", "of the form file:///folder"),
    ],
)
def test_what_can_not_be_read_is_said(url, said):
    with pytest.raises(ValueError, match=said):
        picture_place(url, DATA)


def test_a_word_a_bucket_does_not_know_is_named():
    with pytest.raises(ValueError, match="knows region and public, not zone"):
        bucket("s3://s3.example/news?zone=a")


def test_without_its_packages_a_bucket_says_what_to_install(monkeypatch):
    monkeypatch.setattr(picture_places, "find_spec", lambda name: None)
    with pytest.raises(ValueError, match='pip install "django-storages'):
        picture_place("s3://s3.example/news", DATA)
