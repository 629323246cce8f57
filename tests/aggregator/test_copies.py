"""One text under many addresses: many articles, known to be copies of the first."""

import random
import time
from datetime import timedelta

import pytest
from django.db import connection

from aggregator import copies
from aggregator.copying import note_copies
from aggregator.models import Article
from aggregator.publishing import publish_ready
from feeds.models import Entry
from tests.aggregator.test_publishing import page_of
from tests.factories import A_WEDNESDAY, make_article, make_entry, make_feed, make_source, make_story, numbers

WORDS = (
    "harbour lock gate council vote repair crack insurer winter cover engineer report river barge pilot crane budget "
    "mayor tender spring flood basin quay keeper ferry cargo tide wall stone pump crew delay order"
).split()


def report(seed: int = 1, words: int = 300) -> str:
    """A report in words of its own."""
    chosen = random.Random(seed)
    return " ".join(chosen.choice(WORDS) for _ in range(words))


def has_text_of(later: str, earlier: str) -> bool:
    return copies.is_copy(copies.shingles(later), copies.shingles(earlier))


def test_a_text_with_another_beginning_and_end_is_a_copy():
    assert has_text_of(f"LONDON (AP) - {report()} The Associated Press.", report())


def test_the_beginning_of_a_text_is_a_copy_of_the_whole_and_not_the_other_way_round():
    beginning = report()[: len(report()) // 2]
    assert has_text_of(beginning, report())
    assert not has_text_of(report(), beginning)


def test_another_report_of_the_same_event_is_none():
    assert not has_text_of(report(1), report(2))
    assert not has_text_of(report(1, 200) + report(2, 100), report(1, 200) + report(3, 200))


@pytest.mark.parametrize("marks", ["“”", '""', "«»", "„“", "「」"])
def test_two_reports_that_quote_the_same_people_at_length_are_none(marks):
    quoted = f" {marks[0]}{report(9, 100)}{marks[1]} "
    assert not has_text_of(report(1, 70) + quoted, report(2, 70) + quoted)


def test_a_quotation_that_is_never_closed_hides_no_text():
    assert has_text_of("“" + report(), "“" + report())


def test_strings_of_titles_and_names_are_nobodys_text():
    names = " and ".join(f"Secretary-General Ada{n} Quill{n} of the Harbour Council" for n in range(60))
    assert len(copies.shingles(names)) < copies.FEWEST_SHINGLES


@pytest.mark.parametrize(
    "signs", ["船闸关闭修理工程师报告裂缝保险公司拒绝冬季续保市长", "ประตูน้ำปิดซ่อมวิศวกรรายงานรอยร้าว"]
)
def test_scripts_without_spaces_are_compared_by_their_signs(signs):
    one, other = ("".join(random.Random(seed).choices(signs, k=400)) for seed in (1, 2))
    assert has_text_of(one[:300], one)
    assert not has_text_of(other, one)


def test_a_text_too_short_to_tell_has_no_sketch():
    assert copies.sketch_of(copies.shingles(report(words=40))) == []


def test_sketches_of_copies_share_much_and_others_nothing():
    one, copied, other = (
        set(copies.sketch_of(copies.shingles(text))) for text in (report(), report()[900:], report(2))
    )
    assert len(one & copied) >= copies.SHARED_HASHES
    assert len(one & other) < copies.SHARED_HASHES


def test_a_sketch_is_the_same_on_every_machine_and_fits_a_bigint():
    sketch = copies.sketch_of(copies.shingles(report()))
    assert sketch[0] == 3296026342142607
    assert all(0 <= number < 1 << 63 for number in sketch)


@pytest.mark.parametrize("part", ["“", "A ", "“a", "A of the ", "Aa ", '"' + "a" * 300, "\0", "漢"])
def test_a_hostile_text_takes_no_longer_than_its_length_asks(part):
    begin = time.process_time()
    copies.shingles(part * (1_000_000 // len(part)))
    assert time.process_time() - begin < 0.5


def test_chains_end_at_the_first_whatever_the_order_of_finding():
    assert copies.origins([1, 2, 3], {2: {1}, 3: {2}}) == {2: 1, 3: 1}
    assert copies.origins([1, 2, 3], {1: {2, 3}, 2: {1, 3}, 3: {1, 2}}) == {2: 1, 3: 1}
    assert copies.origins([3, 2, 1], {1: {2}, 2: {3}}) == {1: 3, 2: 3}
    assert copies.origins([1, 2], {}) == {}


def told(text: str, *, hours: float = 0, name: str = "", country: str = "GB", url: str = "") -> Entry:
    """An entry that is ready, by a source of its own, about one event."""
    source = make_source(country=country, **({"name": name} if name else {}))
    url = url or f"https://paper.example/{next(numbers)}"
    return make_entry(
        state="ready", feed=make_feed(source=source), title="Old harbour lock closes for repairs", url=url,
        description="The harbour council closes the old lock.", published_at=A_WEDNESDAY + timedelta(hours=hours),
        page=page_of(url, text=text, html=f"<p>{text}</p>"),
    )  # fmt: skip


def origins() -> dict[str, str | None]:
    """Whose copy each article is, by the names of sources."""
    return dict(Article.objects.values_list("source__name", "copy_of__source__name"))


@pytest.mark.django_db
@pytest.mark.parametrize("order", ["ABCD", "DCBA", "BDAC"])
@pytest.mark.parametrize("batch", [1, 50])
def test_a_wire_text_under_many_addresses_is_copies_of_the_earliest_in_whatever_order_they_come(order, batch):
    text = {"A": report(), "B": f"{report()} By our staff.", "C": report()[:-60], "D": report(2)}
    for name in order:
        told(text[name], hours="ABCD".index(name), name=name)
        if batch == 1:
            publish_ready()
    publish_ready()
    assert origins() == {"A": None, "B": "A", "C": "A", "D": None}


@pytest.mark.django_db
def test_a_text_that_is_rewritten_is_no_copy_any_more():
    told(report(), name="Wire")
    entry = told(report(), hours=1, name="Paper")
    publish_ready()
    assert origins() == {"Wire": None, "Paper": "Wire"}

    Entry.objects.filter(pk=entry.pk).update(state="ready", page=page_of(entry.url, text=report(5), html="<p>…</p>"))
    publish_ready()

    assert origins() == {"Wire": None, "Paper": None}


@pytest.mark.django_db
def test_when_the_first_leaves_its_copies_stay_without_it():
    for name in ("Wire", "Paper"):
        told(report(), hours=len(name), name=name)
    publish_ready()
    Article.objects.filter(copy_of=None).delete()
    assert Article.objects.get().copy_of is None


@pytest.mark.django_db
def test_the_article_page_says_whose_text_it_is(client):
    told(report(), name="The Wire & Co")
    told(report(), hours=1, name="Paper")
    publish_ready()
    first, second = Article.objects.order_by("published_at")

    page = " ".join(client.get(second.get_absolute_url()).content.decode().split())

    assert f'Same text as <a href="{first.get_absolute_url()}"><bdi>The Wire &amp; Co</bdi></a>' in page
    assert "Same text as" not in client.get(first.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_looking_for_copies_in_a_story_of_hundreds_stays_quick():
    source = make_source()
    articles = [
        make_article(source=source, sketch=sorted(random.Random(n).sample(range(1 << 40), 48))) for n in range(300)
    ]
    make_story(told_by=tuple(articles))
    fresh = articles[:50]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE aggregator_article")
    took = []
    for _ in range(3):
        begin = time.monotonic()
        assert note_copies(fresh) == 0
        took.append(time.monotonic() - begin)
    assert min(took) < 2  # whatever else the machine does
