"""What is guessed of a source and its feeds: the country, the section."""

import csv

import pytest

from feeds.finding.guesses import country_of, section_of


@pytest.mark.parametrize(
    ("url", "languages", "country"),
    [
        ("https://www.bbc.co.uk/", ["en-GB"], "GB"),
        ("https://dr.example.dk/", [], "DK"),
        ("https://paper.com/", ["en-IN"], "IN"),
        ("https://paper.com/", ["en-US"], ""),
        ("https://paper.com/", ["en-US", "ja"], "JP"),
        ("https://paper.tv/", ["pt-BR"], "BR"),
        ("https://paper.io/", ["en"], ""),
        ("not a url", [], ""),
    ],
)
def test_the_country_is_guessed_from_the_domain_then_the_language(url, languages, country):
    assert country_of(url, languages) == country


@pytest.mark.parametrize(
    ("url", "title", "section"),
    [
        ("https://feeds.paper.example/news/world/rss.xml", "Paper", "world"),
        ("https://paper.example/deportes.xml", "Diario", "sports"),
        ("https://paper.example/1", "The Paper - Business", "business"),
        ("https://paper.example/1", "The Paper Sport", "sports"),
        ("https://paper.example/it/rss", "Il Giornale", ""),
        ("https://paper.example/feed", "The Paper", ""),
    ],
)
def test_the_section_of_a_feed_is_guessed_from_its_address_and_title(url, title, section):
    assert section_of(url, title, "The Paper") == section


def test_the_country_of_real_sources_is_guessed_right_or_not_at_all(corpus):
    with (corpus / "sources.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    guesses = [(country_of(row["site_url"], [row["language"]]), row["country"]) for row in rows]
    told = [guess == country for guess, country in guesses if guess]
    assert len(told) > 0.4 * len(rows)
    assert sum(told) > 0.98 * len(told)
