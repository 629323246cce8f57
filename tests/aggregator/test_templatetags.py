"""What templates can say: ages, moments, places, excerpts."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import translation

from accounts.preferences import Preferences
from aggregator.models import Article
from aggregator.templatetags.moments import age_in_words, full_moment, short_moment, zone_name
from aggregator.templatetags.places import country_name, flag, flags, language_name
from aggregator.templatetags.reading import body, readable_address
from feeds.keeping import first_words
from feeds.models import Country, Display, Source
from tests.factories import A_WEDNESDAY

KOLKATA = ZoneInfo("Asia/Kolkata")


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=-30), "now"),
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=23, minutes=59), "23 h"),
        (timedelta(days=1), "1 d"),
        (timedelta(days=6, hours=23), "6 d"),
        (timedelta(days=7), "Jan 7"),
        (timedelta(days=30), "Dec 15, 2025"),
    ],
)
def test_an_age_is_told_in_the_largest_unit_then_by_its_date(passed, words):
    assert age_in_words(A_WEDNESDAY - passed, A_WEDNESDAY, KOLKATA) == words


def test_a_moment_is_told_in_the_readers_zone_and_language():
    assert full_moment(A_WEDNESDAY, KOLKATA) == "Jan 14, 2026 21:29 IST"
    assert short_moment(A_WEDNESDAY, ZoneInfo("Pacific/Auckland")) == "Jan 15, 04:59"
    with translation.override("de"):
        assert full_moment(A_WEDNESDAY, ZoneInfo("Europe/Berlin")) == "14. Jan. 2026 16:59 CET"


@pytest.mark.parametrize(
    ("zone", "name"),
    [("UTC", "UTC"), ("Asia/Yerevan", "UTC+4"), ("Asia/Kathmandu", "UTC+5:45"), ("America/Sao_Paulo", "UTC-3")],
)
def test_a_zone_has_its_letters_or_its_offset(zone, name):
    assert zone_name(A_WEDNESDAY.astimezone(ZoneInfo(zone))) == name


def test_summer_time_has_another_name_than_winter_time():
    berlin = ZoneInfo("Europe/Berlin")

    assert zone_name(datetime(2026, 7, 1, tzinfo=UTC).astimezone(berlin)) == "CEST"
    assert zone_name(datetime(2026, 1, 1, tzinfo=UTC).astimezone(berlin)) == "CET"


def test_a_page_without_a_reader_tells_times_in_utc():
    page = Template("{% load moments %}{% full moment %}")

    assert "15:59 UTC" in page.render(Context({"moment": A_WEDNESDAY}))
    assert "21:29 IST" in page.render(Context({"moment": A_WEDNESDAY, "preferences": Preferences("Asia/Kolkata")}))


@pytest.mark.django_db
def test_every_country_with_a_name_of_its_own_has_a_flag():
    without = {country.iso for country in Country.objects.all() if country.iso.lower() not in flags()}

    assert without <= {"CP", "CQ", "DG", "EA", "QO", "UN", "XB", "ZZ"}  # no country of the world of news


def test_a_flag_names_its_country_unless_the_name_stands_beside_it():
    assert flag("RU").count("Russia") == 1 and "<title>Russia</title>" in flag("RU")
    assert 'aria-hidden="true"' in flag("RU", named=False) and "Russia" not in flag("RU", named=False)
    assert "flags.svg#ru" in flag("ru".upper())


def test_without_a_flag_the_name_stands_there():
    assert flag("QQ") == "QQ" and flag("QQ", named=False) == ""


def test_places_are_named_in_the_language_of_the_page():
    assert (country_name("DE"), language_name("de")) == ("Germany", "German")
    with translation.override("fr"):
        assert (country_name("DE"), language_name("de")) == ("Allemagne", "allemand")


@pytest.mark.parametrize("tag", ["", "xx-nonsense-tag", "zxx", "../.."])
def test_a_language_nobody_named_stays_as_it_is(tag):
    assert language_name(tag) == tag


def test_an_excerpt_ends_at_a_word_and_keeps_its_paragraphs():
    assert first_words("one two\n\nthree four five", 4) == "one two\n\nthree four…"
    assert first_words("one two", 4) == "one two"


def test_an_excerpt_of_a_text_without_spaces_ends_too():
    assert len(first_words("字" * 10_000, 60)) < 2500


def test_an_address_is_shown_as_people_read_it():
    assert readable_address("https://www.paper.example/%D0%BC%D0%B8%D1%80/") == "paper.example/мир"


def test_what_turns_or_hides_letters_of_an_address_stays_a_code():
    assert readable_address("https://evil.example/%E2%80%AEmoc%00%20") == "evil.example/%E2%80%AEmoc%00 "


def test_arabic_dates_and_decimals_have_no_latin_comma():
    with translation.override("ar"):
        assert short_moment(A_WEDNESDAY, KOLKATA) == "14 يناير، 21:29"
        assert Template("{{ rate|floatformat:1 }}").render(Context({"rate": 2.5})) == "2.5"


def test_embedded_things_are_named_in_the_language_of_the_page():
    article = Article(
        source=Source(display_policy=Display.FULL_TEXT),
        html='<p>Text.</p><p><a href="https://y.example/">Video at YouTube</a></p>',
    )
    with translation.override("de"):
        shown = body(article)

    assert '<p><a href="https://y.example/"><span lang="de" dir="auto">' in shown and "YouTube</span></a></p>" in shown
    own_words = Article(
        source=Source(display_policy=Display.FULL_TEXT),
        html='<p>See <a href="https://y.example/">Video at YouTube</a>.</p>',
    )
    assert body(own_words) == own_words.html
