"""Lists of feeds, in and out."""

import json

import pytest
from django.core.management import CommandError, call_command

from feeds.catalogues.catalogue import NotACatalogue, load, read_catalogue
from feeds.catalogues.exporting import export
from feeds.models import Category, Feed, Source
from tests.factories import make_feed, make_source

pytestmark = pytest.mark.django_db
FEED = "https://courier.example/rss"


def opml(*outlines: str, head: str = '<?xml version="1.0" encoding="utf-8"?>') -> bytes:
    return f'{head}<opml version="2.0"><head><title>Mine</title></head><body>{"".join(outlines)}</body></opml>'.encode()


def outline(url: str = FEED, *, name: str = "The Courier", more: str = "") -> str:
    return f'<outline type="rss" text="{name}" xmlUrl="{url}" {more}/>'


def folder(name: str, *outlines: str) -> str:
    return f'<outline text="{name}">{"".join(outlines)}</outline>'


def load_opml(*outlines: str, **options):
    return load(read_catalogue(opml(*outlines), "mine.opml"), **options)


def outcomes(loaded) -> list[tuple[str, str]]:
    return [(outcome.name, outcome.what) for outcome in loaded.outcomes]


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("World", "world"),
        ("sports", "sports"),
        ("Sport", "sports"),
        ("Tech News", "technology"),
        ("Wirtschaft", "business"),
        ("Política", "politics"),
        ("科技", "technology"),
        ("General", None),
        ("Linux", None),
    ],
)
def test_a_folder_is_a_category_by_its_name_in_the_languages_we_know(name, category):
    load_opml(folder(name, outline()))
    assert Feed.objects.get().category_id == category


def test_of_nested_folders_the_innermost_we_know_counts_and_one_we_know_not_is_named():
    loaded = load_opml(
        folder("News", folder("Sport", folder("My own", outline("https://a.example/rss", name="A")))),
        folder("My own", outline("https://b.example/rss", name="B")),
        outline("https://c.example/rss", name="C"),
    )
    assert dict(Feed.objects.values_list("title", "category")) == {"A": "sports", "B": None, "C": None}
    remark = "Its folder “My own” is none of our categories; it stands in none."
    assert [outcome.sentence for outcome in loaded.outcomes] == ["", remark, ""]


def test_the_category_an_outline_gives_itself_goes_before_its_folder():
    load_opml(folder("Sport", outline(more='category="/Papers/Business,/x"')))
    assert Feed.objects.get().category_id == "business"


def test_each_outline_has_its_line_in_the_report_in_the_order_of_the_file():
    make_feed(url="https://here.example/rss")
    loaded = load_opml(
        outline("https://new.example/rss", name="New"),
        outline("https://here.example/rss", name="Here"),
        outline("http://www.here.example/rss/", name="Here too"),
        outline("https://new.example/rss", name="New again"),
        outline("file:///etc/passwd", name="Inside"),
        '<outline type="rss" text="Nowhere"/>',
        '<outline type="link" text="A page" url="https://page.example/"/>',
        '<outline text="Only a note"/>',
    )
    assert outcomes(loaded) == [
        ("New", "added"), ("Here", "unchanged"), ("Here too", "unchanged"), ("New again", "repeated"),
        ("Inside", "refused"), ("Nowhere", "refused"),
    ]  # fmt: skip
    assert loaded.outcomes[2].sentence == "It is here as https://here.example/rss."
    assert "no address (xmlUrl)" in loaded.outcomes[5].sentence


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("feed://courier.example/rss", "http://courier.example/rss"),
        ("feed:https://courier.example/rss", FEED),
        ("https://courier.example/?a=1&amp;b=2", "https://courier.example/?a=1&b=2"),
        ("https://courier.example/?a=1&b=2", "https://courier.example/?a=1&b=2"),  # as it may not be written, but is
        (f" {FEED}\n", FEED),
    ],
)
def test_addresses_are_taken_however_they_are_written(written, url):
    load_opml(outline(written))
    assert Feed.objects.get().url == url


@pytest.mark.parametrize("attributes", [f'XMLURL="{FEED}"', f'xmlurl="{FEED}"', f'type="rss" url="{FEED}"'])
def test_an_address_is_found_under_other_names_of_its_attribute(attributes):
    load_opml(f"<outline text='The Courier' {attributes}/>")
    assert Feed.objects.get().url == FEED


def test_another_programs_list_renames_nothing_that_is_here():
    source = make_source(name="The Courier of London", country="GB", category_id="business")
    make_feed(url=FEED, source=source, title="Front page", category_id="world")

    loaded = load_opml(folder("Sport", outline(name="courier")))

    source.refresh_from_db()
    assert outcomes(loaded) == [("courier", "unchanged")]
    assert (source.name, source.country_id, source.category_id) == ("The Courier of London", "GB", "business")
    assert (source.feeds.get().title, source.feeds.get().category_id) == ("Front page", "world")


def test_the_country_of_a_new_source_is_guessed_where_the_list_says_none():
    load_opml(outline("https://avisen.example.dk/rss", more='htmlUrl="https://avisen.example.dk/"'))
    assert Source.objects.get().country_id == "DK"


def test_a_trial_says_what_would_be_done_and_does_nothing():
    assert outcomes(load_opml(outline(), is_trial=True)) == [("The Courier", "added")]
    assert not Source.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_a_list_is_read_in_whatever_encoding_it_is_in(encoding):
    declared = encoding.removesuffix("-sig")
    content = opml(outline(name="Café"), head=f'<?xml version="1.0" encoding="{declared}"?>').decode()
    load(read_catalogue(content.encode(encoding), "mine.opml"))
    assert Source.objects.get().name == "Café"


def test_a_list_that_declares_a_wrong_encoding_or_holds_what_xml_forbids_is_read_all_the_same():
    content = opml(outline(name="Caf\u00e9\x0b Courier"), head='<?xml version="1.0" encoding="us-ascii"?>')
    load(read_catalogue(content, "mine.opml"))
    assert Source.objects.get().name == "Café Courier"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \n", "is empty"),
        (b"<!DOCTYPE html><html><head><title>Log in</title></head></html>", "a web page.*Log in"),
        (b"<html><body><p>No<br></body></html>", "a web page"),
        (b"<rss version='2.0'><channel><title>x</title></channel></rss>", "a feed, not a list of feeds"),
        (b"<?xml version='1.0'?><urlset><url/></urlset>", "a sitemap"),
        (b'<?xml version="1.0"?><!DOCTYPE opml SYSTEM "x.dtd"><opml/>', "has a DOCTYPE"),
        (b'<!-- <opml> --><!doctype o [<!ENTITY a "b">]><opml/>', "has a DOCTYPE"),
        (opml(outline())[:-9], "breaks off"),
        (b"<opml>" + b"<outline>" * 400 + b"</outline>" * 400 + b"</opml>", "nested deeper than 256"),
        (b"<opml " + b"a" * 3_000_000, "larger than 2 MB"),
    ],
)
def test_what_is_no_list_of_feeds_is_named_for_what_it_is(content, sentence):
    with pytest.raises(NotACatalogue, match=f"(?s){sentence}"):
        read_catalogue(content, "mine.opml")


HOSTILE = '"><script>alert(1)</script> & \'quoted\' ]]> =HYPERLINK("x") \u202e'


def make_some_sources() -> None:
    """Sources as curators have them: sections, pauses, odd names, two of one name, unknown countries."""
    paper = make_source(name="The Paper", category_id="world", language="en-GB", site_url="https://paper.example/")
    make_feed(source=paper, title="Front page")
    make_feed(source=paper, title="Sport", category_id="sports")
    make_feed(source=paper, is_paused=True)
    make_feed(source=make_source(name="The Paper", country="IN", site_url="https://paper.example.in/"), title="")
    make_feed(source=make_source(name=HOSTILE, country="ZZ", language="und"), title=f"={HOSTILE}"[:300])
    make_feed(source=make_source(name="Paused", is_paused=True), category_id="health")
    make_feed(source=make_source(name="general"), url="https://x.example/?a=1&b=<2>&c='3'")


def facts() -> list[tuple]:
    return [
        (feed.url, feed.title or feed.source.name, feed.category_id or feed.source.category_id,
         feed.is_paused or feed.source.is_paused, feed.source.name, feed.source.site_url, feed.source.country_id,
         feed.source.language)
        for feed in Feed.objects.select_related("source").order_by("url")
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["opml", "csv"])
def test_what_is_exported_and_loaded_again_changes_nothing(kind):
    make_some_sources()
    before = list(Source.objects.order_by("pk").values()), list(Feed.objects.order_by("pk").values())

    loaded = load(read_catalogue(export(kind), f"mine.{kind}"))

    assert {outcome.what for outcome in loaded.outcomes} == {"unchanged"}
    assert (list(Source.objects.order_by("pk").values()), list(Feed.objects.order_by("pk").values())) == before


@pytest.mark.parametrize("kind", ["opml", "csv"])
def test_an_empty_site_becomes_the_one_that_was_exported(kind):
    make_some_sources()
    before, file = facts(), export(kind)
    Source.objects.all().delete()

    loaded = load(read_catalogue(file, f"mine.{kind}"))

    assert {outcome.what for outcome in loaded.outcomes} == {"added"}
    assert facts() == before
    assert Source.objects.count() == 5
    assert [row.split(b"dateCreated")[0] for row in export(kind).splitlines()] == [
        row.split(b"dateCreated")[0] for row in file.splitlines()
    ]


def test_an_export_has_a_folder_for_each_category_and_what_other_readers_ask_for():
    source = make_source(name="The Courier", language="de", site_url="https://courier.example/", category_id="world")
    make_feed(source=source, url=FEED)
    written = export("opml").decode()
    assert '<outline text="World" title="World">' in written
    for attribute in ('type="rss"', f'xmlUrl="{FEED}"', 'htmlUrl="https://courier.example/"', 'language="de"'):
        assert attribute in written


def test_a_spreadsheet_takes_no_cell_of_an_export_for_a_formula():
    make_feed(source=make_source(name="=1+1"), title="@SUM(A1)")
    assert b"'@SUM(A1)" in export("csv")
    assert b"'=1+1" in export("csv")


def test_five_thousand_outlines_are_loaded_and_exported_in_a_few_queries(django_assert_max_num_queries):
    content = opml(
        *(folder("World", *(outline(f"https://paper{n}.example/rss", name=f"Paper {n}") for n in range(a, a + 100)))
          for a in range(0, 5_000, 100))
    )  # fmt: skip
    with django_assert_max_num_queries(60):
        assert len(load(read_catalogue(content, "mine.opml")).added) == 5_000
        assert len(load(read_catalogue(content, "mine.opml")).unchanged) == 5_000
        file = export("opml")
    assert len(load(read_catalogue(file, "mine.opml")).unchanged) == 5_000


def test_the_commands_write_and_read_a_file(tmp_path, capsys):
    make_some_sources()
    for name in ("mine.opml", "mine.csv"):
        call_command("export_sources", str(tmp_path / name))
        call_command("load_sources", str(tmp_path / name), "--json")
        report = json.loads(capsys.readouterr().out)
        assert (len(report["unchanged"]), report["added"], report["refused"]) == (7, [], {})
    call_command("export_sources", "-", "--format", "csv")
    assert capsys.readouterr().out.startswith("name,feed_url,")


def test_a_file_that_can_not_be_written_or_has_no_known_ending_is_named(tmp_path):
    with pytest.raises(CommandError, match="neither"):
        call_command("export_sources", str(tmp_path / "mine.txt"))
    with pytest.raises(CommandError, match="can not be written"):
        call_command("export_sources", str(tmp_path / "none" / "mine.csv"))


def test_the_categories_are_listed_where_one_is_unknown():
    content = b"name,feed_url,category\nThe Courier,https://courier.example/rss,gossip\n"
    [reason] = load(read_catalogue(content, "mine.csv")).refused.values()
    assert all(slug in reason for slug in Category.objects.values_list("slug", flat=True))
