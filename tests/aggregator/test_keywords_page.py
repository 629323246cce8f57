"""The page of blocked keywords: adding with a preview, changing, undoing, lists in and out, and from a headline."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.utils import timezone

from accounts.excluding import Wanted, block, hide_languages, hide_source
from accounts.keywords import Where, parse_keyword
from accounts.models import BlockedKeyword
from aggregator import previewing, walking
from aggregator.blocked import count_stale, reasons_for
from aggregator.headline_words import words_to_block
from aggregator.models import DocumentFrequency
from aggregator.previewing import other_forms
from aggregator.spellings import is_alike, spellings_of
from tests.factories import make_article, make_reader, make_source, make_story

pytestmark = pytest.mark.django_db

PAGE = "/settings/keywords/"


@pytest.fixture
def reader(client):
    reader = make_reader()
    client.force_login(reader)
    return reader


def add(client, keyword: str, **more):
    return client.post(PAGE, {"keyword": keyword} | more, follow=True)


def texts(reader) -> list[str]:
    return sorted(reader.blocked_keywords.values_list("text", flat=True))


def test_a_keyword_typed_on_the_page_is_blocked_and_says_what_it_hides(client, reader):
    make_article(title="Football final")
    make_article(title="Football, long ago", minutes_ago=8 * 24 * 60)

    page = add(client, "football").content.decode()

    assert "“football” is blocked; it hides 1 article of the last week." in page
    assert texts(reader) == ["football"] and "Football final" not in client.get("/latest/").content.decode()


def test_undo_takes_it_back_and_brings_back_what_was_removed(client, reader):
    add(client, "football", where=["title"], until="7d")
    client.post(PAGE + "undo/")
    after_first = texts(reader)
    add(client, "football", where=["title"], until="7d")
    before = reader.blocked_keywords.get()

    client.post(f"{PAGE}{before.pk}/", {"do": "remove"})
    removed = texts(reader)
    client.post(PAGE + "undo/")

    again = reader.blocked_keywords.get()
    assert (after_first, removed) == ([], [])
    assert (again.text, again.where, again.until) == ("football", Where.TITLE.value, before.until)


def test_undo_works_once_and_is_offered_where_the_change_was_made(client, reader):
    page = add(client, "football").content.decode()
    assert f'action="{PAGE}undo/"' in page

    client.post(PAGE + "undo/")
    add(client, "rugby")
    client.post(PAGE + "undo/")
    client.post(PAGE + "undo/")

    assert texts(reader) == []


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({}, Where.TITLE_AND_DESCRIPTION),
        ({"where": "title"}, Where.TITLE),
        ({"where": "title_and_description"}, Where.TITLE_AND_DESCRIPTION),
        ({"where": ["title", "tags"]}, Where.TITLE | Where.TAGS),
        ({"where": "title,source"}, Where.TITLE | Where.SOURCE),
    ],
)
def test_a_keyword_looks_where_it_is_told_to(client, reader, said, kept):
    add(client, "football", **said)

    assert reader.blocked_keywords.get().where == kept.value


@pytest.mark.parametrize(
    ("until", "days"),
    [("24h", 1), ("7d", 7), ("30d", 30), ("", None), ("for_ever", None), ("day after tomorrow", "error")],
)
def test_a_keyword_ends_when_it_is_told_to(client, reader, until, days):
    answer = add(client, "football", until=until)

    if days == "error":
        assert answer.status_code == 422 and "Choose for how long" in answer.content.decode()
    elif days is None:
        assert reader.blocked_keywords.get().until is None
    else:
        left = reader.blocked_keywords.get().until - timezone.now()
        assert timedelta(days=days) - left < timedelta(minutes=1)


def test_a_day_ends_on_the_readers_clock(client, reader):
    client.cookies["tz"] = "Asia/Yerevan"
    day = (timezone.now() + timedelta(days=9)).date()

    add(client, "football", until=day.isoformat())

    assert reader.blocked_keywords.get().until.isoformat().endswith("20:00:00+00:00")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "This field is required"),
        ("*", "A star stands at the end"),
        ("x" * 101, "at most 100"),
        ("!!", "at least one letter"),
    ],
)
def test_what_is_no_keyword_is_refused_with_a_sentence_and_kept_in_the_field(client, reader, typed, sentence):
    answer = add(client, typed)

    assert answer.status_code == 422 and sentence in answer.content.decode() and not texts(reader)


def test_the_same_keyword_twice_is_refused_kindly(client, reader):
    add(client, "Expédition")

    assert "You block “Expédition” already." in add(client, "expedition").content.decode()


def test_a_program_adds_a_keyword_by_json(client, reader):
    answer = client.post(PAGE, {"keyword": "football"}, headers={"accept": "application/json"})
    again = client.post(PAGE, {"keyword": "football"}, headers={"accept": "application/json"})

    assert answer.status_code == 201 and answer.json()["keyword"] == "football"
    assert again.status_code == 422 and "already" in again.json()["error"]["message"]


def test_a_preview_says_how_many_it_hides_and_shows_some_before_anything_is_saved(client, reader):
    for number in range(7):
        make_article(title=f"Football {number}", minutes_ago=number)
    make_article(title="Harvest")

    page = client.get(PAGE + "preview/", {"keyword": "football"}).content.decode()

    assert "Hides <b>7</b> of the 8 articles" in page and page.count("<li>") == 5 and not texts(reader)
    assert "Hides <b>7</b> of the 8 articles" in client.get(PAGE, {"try": "football"}).content.decode()


def test_other_forms_of_a_word_stand_with_their_counts():
    for term, count in (("elections", 48), ("electoral", 12), ("electric", 90), ("election", 70), ("elbow", 5)):
        DocumentFrequency.objects.create(term=term, document_count=count)

    assert other_forms(parse_keyword("election")) == [("electric", 90), ("elections", 48), ("electoral", 12)]
    assert other_forms(parse_keyword("war")) == other_forms(parse_keyword("election*")) == []


def test_the_match_is_marked_in_what_a_preview_shows(client, reader):
    make_article(title="Final of Football’s year")
    make_article(title="An evening", description="They played football & lost.")

    page = client.get(PAGE + "preview/", {"keyword": "football"}).content.decode()
    of_titles = client.get(PAGE + "preview/", {"keyword": "football", "where": "title"}).content.decode()

    assert "Final of <mark>Football’s</mark> year" in page and "played <mark>football</mark> &amp; lost" in page
    assert "Hides <b>2</b>" in page and "Hides <b>1</b>" in of_titles and "<mark>football</mark>" not in of_titles


def test_a_preview_that_takes_too_long_tells_of_the_newest(client, reader, monkeypatch):
    make_article(title="Football final")
    asked = []

    def too_slow(ask, *, otherwise):
        asked.append(ask)
        return otherwise if len(asked) == 1 else ask()

    monkeypatch.setattr(previewing, "in_time", too_slow)

    assert "Hides <b>1</b> of the newest 1 articles" in client.get(f"{PAGE}preview/", {"keyword": "football"}).text


def test_a_question_is_broken_off_in_time():
    def sleep() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(30)")
        return "awake"

    assert previewing.in_time(sleep, otherwise="in time") == "in time"
    assert previewing.in_time(BlockedKeyword.objects.count, otherwise=-1) == 0


def test_another_spelling_is_found_among_those_who_tell_the_same_stories(client, reader):
    for _number in range(3):
        told = [
            make_article(title=f"Talks in {name} go on", country=iso) for name, iso in (("Kiev", "RU"), ("Kyiv", "GB"))
        ]
        make_story(told_by=(*told, make_article(title="Talks in Kyoto", country="JP")))
    for term, count in (("kyiv", 7), ("kiev", 5), ("kyoto", 3), ("talks", 9), ("", 1000)):
        DocumentFrequency.objects.create(term=term, document_count=count)

    page = client.get(PAGE + "preview/", {"keyword": "Kiev"}).content.decode()

    assert spellings_of(parse_keyword("Kiev"), timezone.now(), most=3) == [("kyiv", 7)]
    assert spellings_of(parse_keyword("Kyiv"), timezone.now(), most=3) == [("kiev", 5)]
    assert "The news may also spell it:" in page and 'name="keyword" value="kyiv"' in page
    add(client, "kyiv")
    assert 'value="kyiv" formnovalidate disabled' in client.get(PAGE + "preview/", {"keyword": "Kiev"}).content.decode()


@pytest.mark.parametrize(
    ("word", "other", "expected"),
    [
        ("kiev", "kyiv", True), ("zelensky", "zelenskyy", True), ("mohammed", "muhammad", True),
        ("odessa", "odesa", True), ("киев", "кiев", True), ("kiev", "kids", False),
        ("war", "wer", False), ("talks", "walks", False),
        ("kiev", "kiev", False), ("love", "have", False), ("strike", "struck", False),
    ],
)  # fmt: skip
def test_what_may_be_another_spelling(word, other, expected):
    assert is_alike(word, other) is expected


def test_another_word_is_blocked_by_one_press_and_what_was_typed_stays(client, reader):
    answer = client.post(PAGE, {"keyword": ["election", "elections"]})

    assert texts(reader) == ["elections"] and answer.headers["Location"] == f"{PAGE}?try=election"


def test_the_choices_of_a_keyword_are_changed_and_brought_back(client, reader):
    make_article(title="Cup", description="All of the football")
    add(client, "football", until="7d")
    before = reader.blocked_keywords.get()
    page = client.get(PAGE, {"edit": before.pk}).content.decode()
    assert '<details class="more-choices" open>' in page and 'value="as_it_is"' in page

    choices = {"do": "change", "where": ["title", "tags"], "until": "as_it_is", "any_case": "on"}
    said = client.post(f"{PAGE}{before.pk}/", choices, follow=True).content.decode()
    changed = reader.blocked_keywords.get()
    seen = client.get("/latest/").content.decode()
    client.post(PAGE + "undo/")
    after = reader.blocked_keywords.get()

    assert "it hides 0 articles" in said and "Cup" in seen and "Cup" not in client.get("/latest/").content.decode()
    assert (changed.where, changed.until, changed.capitals_matter) == (Where.TITLE | Where.TAGS, before.until, False)
    assert (after.where, after.until, after.capitals_matter) == (before.where, before.until, True)


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"until": "2020-01-01"}, "still to come"),
        ({"until": "soon"}, "Choose for how long"),
        ({"do": "nonsense"}, None),
    ],
)
def test_a_change_that_makes_no_sense_is_refused_and_changes_nothing(client, reader, choices, sentence):
    add(client, "football")
    keyword = reader.blocked_keywords.get()

    answer = client.post(f"{PAGE}{keyword.pk}/", {"do": "change"} | choices, follow=True)

    assert answer.status_code == 404 if sentence is None else sentence in answer.content.decode()
    assert reader.blocked_keywords.get().until is None


def test_a_change_that_would_ask_what_another_asks_is_refused(client, reader):
    for word in ("us", "US"):
        add(client, word)
    acronym = reader.blocked_keywords.get(text="US")

    answer = client.post(f"{PAGE}{acronym.pk}/", {"do": "change", "any_case": "on"}, follow=True)

    acronym.refresh_from_db()
    assert "You block “us” already." in answer.content.decode() and acronym.capitals_matter


def test_a_duplicate_is_named_with_the_way_to_change_it(client, reader):
    add(client, "Expédition")

    page = add(client, "expedition").content.decode()

    assert f'href="?edit={reader.blocked_keywords.get().pk}#list"' in page


def test_undo_takes_back_what_its_own_tab_did(client, reader):
    in_one_tab = add(client, "football").context["request"].session["keyword_changes"]
    name = next(iter(in_one_tab))
    add(client, "rugby")

    client.post(PAGE + "undo/", {"change": name})
    client.post(PAGE + "undo/", {"change": name})

    assert texts(reader) == ["rugby"]


def test_pausing_is_taken_back_and_a_removed_keyword_comes_back_paused(client, reader):
    add(client, "football", until="7d")
    keyword = reader.blocked_keywords.get()
    for _press in range(2):
        client.post(f"{PAGE}{keyword.pk}/", {"do": "pause"})
    client.post(PAGE + "undo/")
    taken_back = reader.blocked_keywords.get()

    client.post(f"{PAGE}{keyword.pk}/", {"do": "pause"})
    client.post(f"{PAGE}{keyword.pk}/", {"do": "remove"})
    client.post(PAGE + "undo/")
    again = reader.blocked_keywords.get()

    assert not taken_back.is_paused and taken_back.until == keyword.until
    assert again.is_paused and again.until == keyword.until
    client.post(f"{PAGE}{again.pk}/", {"do": "resume"})
    assert reader.blocked_keywords.get().until == keyword.until


def test_a_program_takes_back_what_it_did(client, reader):
    said = client.post(PAGE, {"keyword": "football"}, headers={"accept": "application/json"}).json()
    answer = client.post(said["undo"]["url"], said["undo"]["fields"], headers={"accept": "application/json"})

    assert answer.json()["message"] == "Taken back." and not texts(reader)


def test_what_is_hidden_by_source_or_language_says_so(client, reader):
    tabloid = make_source(name="The Tabloid")
    make_article(source=tabloid, title="Shock")
    make_article(title="Ernte", language="de")
    hide_source(reader, tabloid, timezone.now())
    hide_languages(reader, ["de"], timezone.now())

    page = client.get("/latest/").content.decode()
    shown = client.get("/latest/?hidden=show").content.decode()

    assert "2 articles hidden by your choices" in page
    assert "Hidden because of: source The Tabloid" in shown and "Hidden because of: language German" in shown


def test_the_page_of_a_reader_who_hides_nearly_all_ends_and_says_how_far_it_looked(client, reader, monkeypatch):
    monkeypatch.setattr(walking, "WALKED", 5)
    for number in range(12):
        make_article(title=f"Football {number}", minutes_ago=number + 5)
    make_article(title="Harvest", minutes_ago=30)
    add(client, "football")

    found, after, pages = [], "", 0
    while after or not pages:
        answer = client.get("/latest/", {"after": after})
        listing = answer.context["listing"]
        found += [article.title for article in listing.page.rows]
        if listing.page.next:
            assert listing.hidden == 5 and "looks back no further than" in answer.content.decode()
            assert 'rel="next"' in answer.content.decode()
        after, pages = listing.page.next, pages + 1

    assert found == ["Harvest"] and pages == 3


def test_a_paused_keyword_goes_on_and_an_ended_one_begins_anew(client, reader):
    add(client, "football")
    keyword = reader.blocked_keywords.get()

    client.post(f"{PAGE}{keyword.pk}/", {"do": "pause"})
    keyword.refresh_from_db()
    paused = keyword.is_paused
    client.post(f"{PAGE}{keyword.pk}/", {"do": "resume"})
    keyword.refresh_from_db()

    assert paused and not keyword.is_paused


def test_keywords_can_be_searched_and_ordered_by_what_they_hide(client, reader):
    make_article(title="Football final")
    for word in ("football", "zebra", "apple"):
        add(client, word)

    def listed(**query) -> list[str]:
        return [one.text for one in client.get(PAGE, query).context["keywords"]]

    assert listed() == ["apple", "zebra", "football"] and listed(sort="name") == ["apple", "football", "zebra"]
    assert listed(sort="hides")[0] == "football" and listed(q="bra") == ["zebra"] and listed(sort="'") == listed()


def test_what_was_exported_comes_back_as_it_was(client, reader):
    block(reader, Wanted("US", Where.TITLE | Where.TAGS, False, timezone.now() + timedelta(days=3)), timezone.now())
    block(reader, Wanted("trump + tariff"), timezone.now())
    before = list(reader.blocked_keywords.order_by("text").values_list("text", "where", "capitals_matter", "until"))

    for kind in ("csv", "json"):
        file = client.get(f"{PAGE}keywords.{kind}").content
        reader.blocked_keywords.all().delete()
        client.post(PAGE + "several/", {"file": BytesIO(file)})
        found = reader.blocked_keywords.order_by("text").values_list("text", "where", "capitals_matter", "until")
        assert list(found) == before, kind
    assert client.get(f"{PAGE}keywords.txt").content.decode().splitlines() == ["trump + tariff", "US"]


@pytest.mark.parametrize(
    "file", [b"\xff\xfe\x00", b"[1, 2", b'{"a": 1}', b'[{"word": "x"}]', b"x" * 600_000, b"[" * 100_000]
)
def test_a_file_that_is_no_list_is_refused_with_a_sentence_and_nothing_is_lost(client, reader, file):
    add(client, "football")

    page = client.post(PAGE + "several/", {"file": BytesIO(file)}, follow=True).content.decode()

    assert 'class="message error"' in page and texts(reader) == ["football"]


def test_no_exported_cell_is_a_formula(client, reader):
    block(reader, Wanted("=cmd + x"), timezone.now())

    assert not any(
        line.startswith(("=", '"=')) for line in client.get(f"{PAGE}keywords.csv").content.decode().splitlines()
    )


def test_a_list_is_blocked_but_for_what_is_wrong_in_it(client, reader):
    page = client.post(PAGE + "several/", {"list": "football\n*\n\nrugby\nFootball"}, follow=True).content.decode()

    assert texts(reader) == ["football", "rugby"]
    assert "2 keywords are blocked." in page and "You block “football” already." in page


def test_a_starter_list_blocks_what_is_left_ticked(client, reader):
    assert 'value="horoscope*"' in client.get(PAGE).content.decode()

    client.post(PAGE + "several/", {"keyword": ["horoscope*", "zodiac*"]})

    assert texts(reader) == ["horoscope*", "zodiac*"]


def test_every_word_of_a_starter_list_is_a_keyword():
    from accounts.keyword_lists import starter_lists  # noqa: PLC0415

    for words in starter_lists().values():
        for word in words:
            assert parse_keyword(word), word


def test_a_word_is_blocked_from_a_headline_and_one_is_back_where_one_was(client, reader):
    article = make_article(title="Champions League: Inter win in Munich")

    page = client.get(f"{PAGE}from/{article.pk}/", {"next": "/latest/"}).content.decode()
    answer = client.post(PAGE + "several/", {"keyword": ["Champions League"], "next": "/latest/"})

    assert 'value="Champions League"' in page and 'name="next" value="/latest/"' in page
    assert answer.headers["Location"] == "/latest/" and texts(reader) == ["Champions League"]
    assert "Inter win" not in client.get("/latest/").content.decode()


@pytest.mark.parametrize(
    ("headline", "offered"),
    [
        ("EU weighs a special envoy for talks with Russia", ["EU", "weighs", "special", "envoy", "talks", "Russia"]),
        ("A new plan by Angela Merkel for the south", ["Angela Merkel", "plan", "Angela", "Merkel", "south"]),
        ("俄乌战争", ["俄乌", "乌战", "战争"]),
        ("— 5 !", []),
    ],
)
def test_the_words_that_say_something_are_offered(headline, offered):
    assert words_to_block(headline) == offered


def test_why_an_article_would_be_hidden_is_known(reader):
    article = make_article(title="Football final in Rome")
    for word in ("football", "rome", "tennis"):
        block(reader, Wanted(word), timezone.now())

    assert sorted(reasons_for(article, reader, timezone.now())) == ["keyword “football”", "keyword “rome”"]


def test_what_keywords_hide_is_counted_again_after_hours(reader):
    now = timezone.now()
    keyword = block(reader, Wanted("football"), now)
    BlockedKeyword.objects.update(counted_at=now - timedelta(hours=7))
    make_article(title="Football final")

    assert count_stale(timezone.now()) == 1 and count_stale(timezone.now()) == 0
    keyword.refresh_from_db()
    assert keyword.hides_count == 1


def test_a_stranger_can_neither_see_nor_change_a_keyword(client, reader):
    keyword = block(make_reader(), Wanted("football"), timezone.now())

    for what in ("pause", "where"):
        assert client.post(f"{PAGE}{keyword.pk}/", {"do": what}).status_code == 404
    client.post(f"{PAGE}{keyword.pk}/", {"do": "remove"})
    client.post(PAGE + "undo/")
    keyword.refresh_from_db()
    assert not texts(reader) and not keyword.is_paused
    assert "football" not in client.get(PAGE, {"q": ""}).context["keywords"]
    assert json.loads(client.get(f"{PAGE}keywords.json").content) == []


@pytest.mark.parametrize("path", ["", "preview/", "keywords.txt"])
def test_a_reader_without_account_is_asked_to_log_in(client, path):
    assert client.get(PAGE + path).headers["Location"] == f"/accounts/login/?next={PAGE}{path}"


def test_no_cache_keeps_what_a_reader_blocks(client, reader):
    assert "no-store" in client.get(PAGE).headers["Cache-Control"]


def test_a_thousand_keywords_are_pages_of_few_queries_that_lose_none(client, reader, django_assert_max_num_queries):
    from accounts.excluding import block_all  # noqa: PLC0415

    block_all(reader, [Wanted(f"keyword{number}") for number in range(1000)], timezone.now())

    for sort in ("newest", "name", "hides"):
        found: list[str] = []
        after = ""
        while after or not found:
            with django_assert_max_num_queries(10):
                context = client.get(PAGE, {"sort": sort, "after": after}).context
            found += [one.text for one in context["keywords"]]
            after = context["page"].next
        assert len(found) == len(set(found)) == context["total"] == 1000, sort


def test_what_is_shown_all_the_same_says_why_it_is_hidden(client, reader):
    make_article(title="Football final")
    make_article(title="Harvest")
    block(reader, Wanted("football"), timezone.now())

    shown = client.get("/latest/?hidden=show").content.decode()

    assert shown.count("Hidden because of: keyword “football”") == 1 and "Harvest" in shown


def test_a_direct_link_opens_with_a_note_that_can_be_put_away_for_good(client, reader):
    article, other = make_article(title="Football final"), make_article(title="Football again")
    block(reader, Wanted("football"), timezone.now())

    page = client.get(article.get_absolute_url()).content.decode()
    answer = client.post(f"{PAGE}note/{article.pk}/")

    assert "Lists hide this article from you: keyword “football”." in page and "Football final" in page
    assert answer.headers["Location"] == article.get_absolute_url()
    assert "Lists hide this article" not in client.get(article.get_absolute_url()).content.decode()
    assert "Lists hide this article" in client.get(other.get_absolute_url()).content.decode()


def test_a_card_leads_to_blocking_a_word_of_its_headline_for_users_alone(client):
    article = make_article(title="Football final")
    link = f'href="{PAGE}from/{article.pk}/?next=%2Flatest%2F"'
    without = client.get("/latest/").content.decode()

    client.force_login(make_reader())

    assert link not in without and link in client.get("/latest/").content.decode()
