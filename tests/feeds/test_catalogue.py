"""Many sources in at once."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from feeds.catalogues.catalogue import NotACatalogue, load, read_catalogue
from feeds.models import Feed, Source

pytestmark = pytest.mark.django_db
OURS = Path(__file__).resolve().parents[2] / "zisnews" / "catalogue" / "sources.csv"
HEADER = "name,feed_url,site_url,country,language,category,status\n"


def csv_of(*rows: str) -> bytes:
    return (HEADER + "\n".join(rows)).encode()


def load_csv(*rows: str):
    return load(read_catalogue(csv_of(*rows), "sources.csv"))


def test_a_row_becomes_a_source_with_its_feed():
    load_csv("The Courier,https://courier.example/rss,https://courier.example,GB,en-GB,business,ok")

    feed = Feed.objects.get()
    assert (feed.url, feed.category_id) == ("https://courier.example/rss", "business")
    assert (feed.source.name, feed.source.country_id, feed.source.language) == ("The Courier", "GB", "en-GB")


def test_feeds_of_one_publisher_stand_under_one_source_named_by_what_their_names_share():
    load_csv(
        "The Courier,https://courier.example/rss,https://courier.example,GB,en,general,ok",
        "The Courier Business,https://courier.example/b,https://www.courier.example/business,GB,en,business,ok",
        "The Courier Sport,https://courier.example/s,https://courier.example/sport,GB,en,sports,ok",
    )

    source = Source.objects.get()
    assert (source.name, source.site_url, source.category_id) == ("The Courier", "https://courier.example", "general")
    assert set(source.feeds.values_list("category", flat=True)) == {None, "business", "sports"}


def test_different_papers_on_one_host_stay_different():
    load_csv(
        "Alba Times,https://host.example/1,https://host.example,GB,en,general,ok",
        "Borea Post,https://host.example/2,https://host.example,GB,en,general,ok",
    )
    assert Source.objects.count() == 2


def test_loading_twice_changes_nothing_and_says_so():
    rows = ["The Courier,https://courier.example/rss,https://courier.example,GB,en,general,ok"]
    load_csv(*rows)
    again = load_csv(*rows)
    assert (again.added, again.updated, again.unchanged) == ([], [], ["https://courier.example/rss"])
    assert Source.objects.count() == Feed.objects.count() == 1


def test_a_changed_row_updates_and_leaves_alone_what_a_curator_set():
    load_csv("The Courier,https://courier.example/rss,https://courier.example,GB,en,general,ok")
    Source.objects.update(display_policy="excerpt", is_paused=True)

    report = load_csv("The Courier,https://courier.example/rss,https://courier.example,IE,en,politics,ok")

    source = Source.objects.get()
    assert report.updated == ["https://courier.example/rss"]
    assert (source.country_id, source.display_policy, source.is_paused) == ("IE", "excerpt", True)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Nowhere,https://a.example/rss,https://a.example,XX,en,general,ok", "'XX' is not a country"),
        ("Odd,https://a.example/rss,https://a.example,GB,en,gossip,ok", "'gossip' is not one of our categories"),
        ("File,file:///etc/passwd,https://a.example,GB,en,general,ok", "Line 2"),
        ("Inside,http://127.0.0.1/rss,https://a.example,GB,en,general,ok", "127.0.0.1"),
        (",https://a.example/rss,https://a.example,GB,en,general,ok", "name"),
    ],
)
def test_a_row_that_can_not_be_loaded_is_refused_with_its_line_and_why_and_costs_no_other(row, reason):
    report = load_csv(row, "Good,https://good.example/rss,https://good.example,GB,en,general,ok")
    assert reason in " ".join(report.refused.values())
    assert report.added == ["https://good.example/rss"]


def test_a_feed_known_to_be_dead_is_kept_but_not_asked():
    load_csv("Gone,https://gone.example/rss,https://gone.example,GB,en,general,dead")
    assert Feed.objects.get().is_paused


def test_opml_is_read_with_its_folders_whatever_their_depth():
    opml = b"""<?xml version="1.0"?><opml version="2.0"><body><outline text="News"><outline text="A"
    type="rss" xmlUrl="https://a.example/rss" htmlUrl="https://a.example/"/></outline>
    <outline title="B" text="b" xmlUrl="https://b.example/rss"/></body></opml>"""
    report = load(read_catalogue(opml, "mine.opml"))
    assert sorted(report.added) == ["https://a.example/rss", "https://b.example/rss"]
    assert set(Source.objects.values_list("name", flat=True)) == {"A", "B"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'<!DOCTYPE o [<!ENTITY x "y">]><opml/>', "DOCTYPE"),
        (b"<opml><body>", "not well-formed"),
        (b"title,url\na,b", "lacks the columns"),
        (b"\xff\xfe\x00", "not CSV in UTF-8"),
        (b"x" * 3_000_000, "larger than"),
    ],
)
def test_a_file_that_is_no_catalogue_is_named_for_what_it_lacks(content, sentence):
    with pytest.raises(NotACatalogue, match=sentence):
        read_catalogue(content, "sources.csv")


def test_the_command_reports_as_json_and_names_a_file_that_is_not_there(tmp_path, capsys):
    file = tmp_path / "sources.csv"
    file.write_bytes(csv_of("The Courier,https://courier.example/rss,https://courier.example,GB,en,general,ok"))
    call_command("load_sources", str(file), "--json")
    assert json.loads(capsys.readouterr().out)["added"] == ["https://courier.example/rss"]
    with pytest.raises(CommandError, match="No such file"):
        call_command("load_sources", str(tmp_path / "none.csv"))


def test_a_catalogue_parted_by_semicolons_is_read_as_well():
    rows = HEADER.replace(",", ";") + "The Courier;https://courier.example/rss;https://courier.example;GB;en;general;ok"
    assert load(read_catalogue(rows.encode(), "sources.csv")).added == ["https://courier.example/rss"]


def test_a_catalogue_of_which_nothing_can_be_loaded_is_a_failure(tmp_path):
    file = tmp_path / "sources.csv"
    file.write_bytes(csv_of("Odd,https://a.example/rss,https://a.example,GB,en,gossip,ok"))
    with pytest.raises(CommandError, match="every row was refused"):
        call_command("load_sources", str(file))


def test_our_own_catalogue_loads_whole():
    report = load(read_catalogue(OURS.read_bytes(), OURS.name))
    assert (len(report.added), report.refused) == (626, {})
    assert Source.objects.values("country").distinct().count() == 157
    assert Source.objects.filter(name="BBC").exists()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"Long,https://long.example/{'a' * 2_000},https://long.example,GB,en,general,ok", "longer than 2,000"),
        ("N\0l,https://nul.example/rss,https://nul.example,GB,en,general,ok", "characters that no text may"),
        ("Nul,https://nul.example/rss,https://nul.example,GB,e\0,general,ok", "characters that no text may"),
    ],
)
def test_a_row_that_the_database_would_refuse_is_refused_with_a_sentence_and_costs_no_other(row, reason):
    loaded = load_csv(row, "The Courier,https://courier.example/rss,https://courier.example,GB,en,general,ok")
    assert loaded.added == ["https://courier.example/rss"]
    assert [reason in sentence for sentence in loaded.refused.values()] == [True]


@pytest.mark.parametrize(
    "site_url", ["javascript:alert(1)", "//x", "http://[", "x\0", "ftp://paper.example/", "h" * 600]
)
def test_a_home_page_that_no_reader_may_be_led_to_gives_way_to_that_of_the_feed(site_url):
    load_csv(f"The Paper,https://paper.example/rss,{site_url},GB,en,general,ok")
    assert Source.objects.get().site_url == "https://paper.example/"


def test_a_long_name_in_other_letters_still_makes_an_address():
    name = "".join(chr(number) for number in range(0x4E00, 0x4E00 + 90))
    load_csv(f"{name},https://paper.example/rss,,GB,zh,general,ok")
    assert 0 < len(Source.objects.get().slug) <= 100


def test_what_a_row_does_not_say_changes_nothing_that_is_here():
    load_csv("The Courier,https://courier.example/rss,https://courier.example,GB,en-GB,business,ok")
    report = load_csv("The Courier,https://courier.example/rss,,,,,")
    source = Source.objects.get()
    assert report.unchanged == ["https://courier.example/rss"]
    assert (source.country_id, source.language, source.feeds.get().category_id) == ("GB", "en-GB", "business")


def test_an_address_that_stands_twice_is_loaded_as_its_first_line_says():
    report = load_csv(
        "The Courier,https://courier.example/rss,https://courier.example,GB,en,world,ok",
        "Another Name,https://courier.example/rss,https://courier.example,GB,en,sports,ok",
    )
    assert [outcome.what for outcome in report.outcomes] == ["added", "repeated"]
    assert "line 2" in report.outcomes[1].sentence
    assert Feed.objects.get().category_id == "world"


def test_a_name_and_an_address_are_all_a_csv_needs():
    load(read_catalogue(b"Feed_URL,Name\nhttps://courier.example.ie/rss,The Courier\n", "mine.csv"))
    source = Source.objects.get()
    assert (source.name, source.country_id, source.category_id) == ("The Courier", "IE", "general")
