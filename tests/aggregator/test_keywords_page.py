"""The page of blocked keywords: adding, changing, pausing, undoing, and whose they are."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.excluding import Wanted, block
from accounts.keywords import Where
from tests.factories import make_article, make_reader
from tests.readers import KEYWORDS, add_keyword, keywords_of

pytestmark = pytest.mark.django_db


def test_a_keyword_typed_on_the_page_is_blocked_and_says_what_it_hides(client, reader):
    make_article(title="Football final")
    make_article(title="Football, long ago", minutes_ago=8 * 24 * 60)

    page = add_keyword(client, "football").content.decode()

    assert "“football” is blocked; it hides 1 article of the last week." in page
    assert keywords_of(reader) == ["football"] and "Football final" not in client.get("/latest/").content.decode()


def test_undo_takes_it_back_and_brings_back_what_was_removed(client, reader):
    add_keyword(client, "football", where=["title"], until="7d")
    client.post(KEYWORDS + "undo/")
    after_first = keywords_of(reader)
    add_keyword(client, "football", where=["title"], until="7d")
    before = reader.blocked_keywords.get()

    client.post(f"{KEYWORDS}{before.pk}/", {"do": "remove"})
    removed = keywords_of(reader)
    client.post(KEYWORDS + "undo/")

    again = reader.blocked_keywords.get()
    assert (after_first, removed) == ([], [])
    assert (again.text, again.where, again.until) == ("football", Where.TITLE.value, before.until)


def test_undo_works_once_and_is_offered_where_the_change_was_made(client, reader):
    page = add_keyword(client, "football").content.decode()
    assert f'action="{KEYWORDS}undo/"' in page

    client.post(KEYWORDS + "undo/")
    add_keyword(client, "rugby")
    client.post(KEYWORDS + "undo/")
    client.post(KEYWORDS + "undo/")

    assert keywords_of(reader) == []


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
    add_keyword(client, "football", **said)

    assert reader.blocked_keywords.get().where == kept.value


@pytest.mark.parametrize(
    ("until", "days"),
    [("24h", 1), ("7d", 7), ("30d", 30), ("", None), ("for_ever", None), ("day after tomorrow", "error")],
)
def test_a_keyword_ends_when_it_is_told_to(client, reader, until, days):
    answer = add_keyword(client, "football", until=until)

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

    add_keyword(client, "football", until=day.isoformat())

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
    answer = add_keyword(client, typed)

    assert answer.status_code == 422 and sentence in answer.content.decode() and not keywords_of(reader)


def test_the_same_keyword_twice_is_refused_kindly(client, reader):
    add_keyword(client, "Expédition")

    assert "You block “Expédition” already." in add_keyword(client, "expedition").content.decode()


def test_a_program_adds_a_keyword_by_json(client, reader):
    answer = client.post(KEYWORDS, {"keyword": "football"}, headers={"accept": "application/json"})
    again = client.post(KEYWORDS, {"keyword": "football"}, headers={"accept": "application/json"})

    assert answer.status_code == 201 and answer.json()["keyword"] == "football"
    assert again.status_code == 422 and "already" in again.json()["error"]["message"]


def test_another_word_is_blocked_by_one_press_and_what_was_typed_stays(client, reader):
    answer = client.post(KEYWORDS, {"keyword": ["election", "elections"]})

    assert keywords_of(reader) == ["elections"] and answer.headers["Location"] == f"{KEYWORDS}?try=election"


def test_the_choices_of_a_keyword_are_changed_and_brought_back(client, reader):
    make_article(title="Cup", description="All of the football")
    add_keyword(client, "football", until="7d")
    before = reader.blocked_keywords.get()
    page = client.get(KEYWORDS, {"edit": before.pk}).content.decode()
    assert '<details class="more-choices" open>' in page and 'value="as_it_is"' in page

    choices = {"do": "change", "where": ["title", "tags"], "until": "as_it_is", "any_case": "on"}
    said = client.post(f"{KEYWORDS}{before.pk}/", choices, follow=True).content.decode()
    changed = reader.blocked_keywords.get()
    seen = client.get("/latest/").content.decode()
    client.post(KEYWORDS + "undo/")
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
    add_keyword(client, "football")
    keyword = reader.blocked_keywords.get()

    answer = client.post(f"{KEYWORDS}{keyword.pk}/", {"do": "change"} | choices, follow=True)

    assert answer.status_code == 404 if sentence is None else sentence in answer.content.decode()
    assert reader.blocked_keywords.get().until is None


def test_a_change_that_would_ask_what_another_asks_is_refused(client, reader):
    for word in ("us", "US"):
        add_keyword(client, word)
    acronym = reader.blocked_keywords.get(text="US")

    answer = client.post(f"{KEYWORDS}{acronym.pk}/", {"do": "change", "any_case": "on"}, follow=True)

    acronym.refresh_from_db()
    assert "You block “us” already." in answer.content.decode() and acronym.capitals_matter


def test_a_duplicate_is_named_with_the_way_to_change_it(client, reader):
    add_keyword(client, "Expédition")

    page = add_keyword(client, "expedition").content.decode()

    assert f'href="?edit={reader.blocked_keywords.get().pk}#list"' in page


def test_undo_takes_back_what_its_own_tab_did(client, reader):
    in_one_tab = add_keyword(client, "football").context["request"].session["keyword_changes"]
    name = next(iter(in_one_tab))
    add_keyword(client, "rugby")

    client.post(KEYWORDS + "undo/", {"change": name})
    client.post(KEYWORDS + "undo/", {"change": name})

    assert keywords_of(reader) == ["rugby"]


def test_pausing_is_taken_back_and_a_removed_keyword_comes_back_paused(client, reader):
    add_keyword(client, "football", until="7d")
    keyword = reader.blocked_keywords.get()
    for _press in range(2):
        client.post(f"{KEYWORDS}{keyword.pk}/", {"do": "pause"})
    client.post(KEYWORDS + "undo/")
    taken_back = reader.blocked_keywords.get()

    client.post(f"{KEYWORDS}{keyword.pk}/", {"do": "pause"})
    client.post(f"{KEYWORDS}{keyword.pk}/", {"do": "remove"})
    client.post(KEYWORDS + "undo/")
    again = reader.blocked_keywords.get()

    assert not taken_back.is_paused and taken_back.until == keyword.until
    assert again.is_paused and again.until == keyword.until
    client.post(f"{KEYWORDS}{again.pk}/", {"do": "resume"})
    assert reader.blocked_keywords.get().until == keyword.until


def test_a_program_takes_back_what_it_did(client, reader):
    said = client.post(KEYWORDS, {"keyword": "football"}, headers={"accept": "application/json"}).json()
    answer = client.post(said["undo"]["url"], said["undo"]["fields"], headers={"accept": "application/json"})

    assert answer.json()["message"] == "Taken back." and not keywords_of(reader)


def test_a_paused_keyword_goes_on_and_an_ended_one_begins_anew(client, reader):
    add_keyword(client, "football")
    keyword = reader.blocked_keywords.get()

    client.post(f"{KEYWORDS}{keyword.pk}/", {"do": "pause"})
    keyword.refresh_from_db()
    paused = keyword.is_paused
    client.post(f"{KEYWORDS}{keyword.pk}/", {"do": "resume"})
    keyword.refresh_from_db()

    assert paused and not keyword.is_paused


def test_keywords_can_be_searched_and_ordered_by_what_they_hide(client, reader):
    make_article(title="Football final")
    for word in ("football", "zebra", "apple"):
        add_keyword(client, word)

    def listed(**query) -> list[str]:
        return [one.text for one in client.get(KEYWORDS, query).context["keywords"]]

    assert listed() == ["apple", "zebra", "football"] and listed(sort="name") == ["apple", "football", "zebra"]
    assert listed(sort="hides")[0] == "football" and listed(q="bra") == ["zebra"] and listed(sort="'") == listed()


def test_a_stranger_can_neither_see_nor_change_a_keyword(client, reader):
    keyword = block(make_reader(), Wanted("football"), timezone.now())

    for what in ("pause", "where"):
        assert client.post(f"{KEYWORDS}{keyword.pk}/", {"do": what}).status_code == 404
    client.post(f"{KEYWORDS}{keyword.pk}/", {"do": "remove"})
    client.post(KEYWORDS + "undo/")
    keyword.refresh_from_db()
    assert not keywords_of(reader) and not keyword.is_paused
    assert "football" not in client.get(KEYWORDS, {"q": ""}).context["keywords"]
    assert json.loads(client.get(f"{KEYWORDS}keywords.json").content) == []


@pytest.mark.parametrize("path", ["", "preview/", "keywords.txt"])
def test_a_reader_without_account_is_asked_to_log_in(client, path):
    assert client.get(KEYWORDS + path).headers["Location"] == f"/accounts/login/?next={KEYWORDS}{path}"


def test_no_cache_keeps_what_a_reader_blocks(client, reader):
    assert "no-store" in client.get(KEYWORDS).headers["Cache-Control"]


def test_a_thousand_keywords_are_pages_of_few_queries_that_lose_none(client, reader, django_assert_max_num_queries):
    from accounts.excluding import block_all  # noqa: PLC0415

    block_all(reader, [Wanted(f"keyword{number}") for number in range(1000)], timezone.now())

    for sort in ("newest", "name", "hides"):
        found: list[str] = []
        after = ""
        while after or not found:
            with django_assert_max_num_queries(10):
                context = client.get(KEYWORDS, {"sort": sort, "after": after}).context
            found += [one.text for one in context["keywords"]]
            after = context["page"].next
        assert len(found) == len(set(found)) == context["total"] == 1000, sort
