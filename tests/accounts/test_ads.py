"""House ads: who sees which, how often, how it is counted, and that nobody is followed for it."""

import random
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import connections
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts import ad_counts
from accounts.ads import HouseAd, ad_for, ads_in_force, choose, house_ad, not_over
from accounts.models import Ad, AdDay
from accounts.preferences import Preferences
from accounts.zones import country_of
from tests.factories import make_ad, make_article, make_curator, make_reader

pytestmark = pytest.mark.django_db

FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
BOT = {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}
NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
PAGES = ["/", "/latest/", "/country/gb/"]


@pytest.fixture
def newspaper() -> None:
    """Enough articles for a list with an ad in it."""
    for minutes in range(8):
        make_article(minutes_ago=minutes + 1)


def shown(slot: str = "list", zone: str = "UTC", now: datetime | None = None, number: float = 0.0) -> int | None:
    """The ad that a reader without account would see."""
    now = now or timezone.now()
    ad = ad_for(slot, Preferences(time_zone=zone), ads_in_force(now), now, is_registered=False, chance=lambda: number)
    return ad.pk if ad else None


def counts_of(ad: Ad) -> tuple[int, int]:
    ad_counts.write_gathered()
    days = AdDay.objects.filter(ad=ad)
    return sum(day.shown_count for day in days), sum(day.click_count for day in days)


def test_a_reader_sees_an_ad_in_each_slot_labelled_as_one(client, newspaper):
    for slot in ("list", "sidebar", "overlay"):
        make_ad(slot, headline=f"Offer of the {slot}", advertiser="Corner Shop")

    front, latest = client.get("/").content.decode(), client.get("/latest/").content.decode()

    assert "Offer of the sidebar" in front and "Offer of the overlay" in front
    assert "Offer of the list" in latest and "Offer of the overlay" in latest
    assert latest.count('<b>Ad</b><span class="dot"> </span><bdi>Corner Shop</bdi>') == 2
    assert latest.count('rel="sponsored nofollow noopener"') == 2


def test_no_ad_is_made_for_who_is_logged_in_in_no_slot(client, newspaper):
    for slot in ("list", "sidebar", "overlay"):
        make_ad(slot)
    client.force_login(make_reader())

    for address in PAGES:
        answer = client.get(address, headers=FIREFOX)
        assert "Offer" not in answer.content.decode() and 'class="over' not in answer.content.decode()

    assert not ad_counts.write_gathered()
    now = timezone.now()
    assert ad_for("overlay", Preferences(), ads_in_force(now), now, is_registered=True) is None


def test_where_there_is_no_ad_the_page_is_as_without_ads(client, newspaper):
    page = client.get("/latest/").content.decode()

    assert "<b>Ad</b>" not in page and 'class="row ad"' not in page and 'id="over"' not in page


def test_no_overlay_where_somebody_logs_in_or_asks_how_we_treat_them(client):
    make_ad("overlay")

    for address in ("/accounts/login/", "/accounts/signup/", "/privacy/", "/offline/", "/nowhere/"):
        assert 'id="over"' not in client.get(address).content.decode(), address


def test_a_page_with_ads_sets_no_cookie_and_asks_nobody_else(client, newspaper):
    for slot in ("list", "sidebar", "overlay"):
        make_ad(slot)

    for address in PAGES:
        assert not client.get(address, headers=FIREFOX).cookies


def test_an_ad_is_shown_from_its_beginning_to_its_end():
    make_ad(starts_at=NOON, ends_at=NOON + timedelta(hours=1))

    assert shown(now=NOON - timedelta(seconds=1)) is None
    assert shown(now=NOON) is not None
    assert shown(now=NOON + timedelta(minutes=59, seconds=59)) is not None
    assert shown(now=NOON + timedelta(hours=1)) is None


def test_an_ad_switched_off_or_of_another_slot_is_not_shown():
    make_ad(is_active=False)
    make_ad("sidebar")

    assert shown("list") is None


@pytest.mark.parametrize(
    ("zone", "is_shown"),
    [("Europe/Paris", True), ("Europe/Berlin", False), ("Asia/Calcutta", True), ("UTC", False), ("Etc/GMT+3", False)],
)
def test_an_ad_for_countries_is_for_readers_whose_zone_lies_there(zone, is_shown):
    make_ad(countries=["FR", "IN"])

    assert (shown(zone=zone) is not None) == is_shown


def test_zones_tell_their_country_by_their_old_names_too():
    assert [country_of(zone) for zone in ("Asia/Kolkata", "Asia/Calcutta", "Europe/Kiev", "UTC", "Nowhere")] == [
        "IN", "IN", "UA", "", "",
    ]  # fmt: skip


def test_ads_come_as_often_as_they_weigh():
    ads = [house_ad(make_ad(weight=weight)) for weight in (1, 3, 6)]
    dice = random.Random(7)

    found = Counter(choose(ads, dice.random()).weight for _ in range(20_000))

    for weight in (1, 3, 6):
        assert found[weight] / 20_000 == pytest.approx(weight / 10, abs=0.015)
    assert choose(ads, 0.0).weight == 1 and choose(ads, 0.999999).weight == 6


def test_an_ad_that_reached_its_cap_makes_room_for_another_until_the_next_day():
    capped, other = make_ad(cap_per_day=2, starts_at=NOON), make_ad(starts_at=NOON)

    assert [shown(now=NOON) for _ in range(4)] == [capped.pk, capped.pk, other.pk, other.pk]
    assert shown(now=NOON + timedelta(days=1)) == capped.pk


def test_a_cap_holds_and_no_showing_is_lost_when_many_ask_at_once():
    capped, free = make_ad(cap_per_day=50), make_ad("sidebar")
    ads = ads_in_force(timezone.now())
    seen: list[int] = []

    def ask() -> None:
        for _ in range(25):
            for slot in ("list", "sidebar"):
                found = ad_for(slot, Preferences(), ads, timezone.now(), is_registered=False)
                seen.extend([found.pk] if found else [])
        connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(seen) == {capped.pk: 50, free.pk: 200}
    assert (counts_of(capped), counts_of(free)) == ((50, 0), (200, 0))


@pytest.mark.django_db(transaction=True)
def test_workers_that_write_at_once_write_each_count_once():
    ad = make_ad()
    for _ in range(30):
        ad_counts.take(ad.pk, None, NOON)
        ad_counts.note_click(ad.pk, NOON)

    def write() -> None:
        ad_counts.write_gathered()
        connections.close_all()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert counts_of(ad) == (30, 30)
    ad_counts.take(ad.pk, None, NOON)
    assert counts_of(ad) == (31, 30)


def test_what_is_counted_of_an_ad_that_is_gone_harms_nobody():
    gone, ad = make_ad(), make_ad()
    ad_counts.take(gone.pk, None, NOON)
    ad_counts.take(ad.pk, None, NOON)
    gone.delete()

    assert counts_of(ad) == (1, 0)


def test_people_are_counted_programs_and_pages_fetched_ahead_are_not(client, newspaper):
    ad = make_ad()

    for headers in (FIREFOX, BOT, FIREFOX | {"Sec-Purpose": "prefetch"}):
        client.get("/latest/", headers=headers)

    assert counts_of(ad) == (1, 0)


def test_following_an_ad_leads_to_its_own_link_and_counts_a_double_click_once(client):
    ad = make_ad(link="https://shop.example/spring?a=1")

    answers = [client.get(f"/ad/{ad.pk}/?url=https://evil.example/", headers=FIREFOX) for _ in range(2)]
    client.get(f"/ad/{ad.pk}/", headers=BOT)

    assert {answer["Location"] for answer in answers} == {"https://shop.example/spring?a=1"}
    assert "no-store" in answers[0]["Cache-Control"] and not answers[0].cookies
    assert counts_of(ad) == (0, 1)


@pytest.mark.parametrize("pk", ["0", "999999", str(2**70)])
def test_there_is_no_way_out_by_an_ad_that_does_not_exist(client, pk):
    assert client.get(f"/ad/{pk}/").status_code == 404


def test_an_overlay_that_was_closed_stays_away_for_a_day(client, newspaper):
    make_ad("overlay")
    assert 'id="over"' in client.get("/").content.decode()

    answer = client.post("/ad/closed/", {"next": "/latest/"})

    assert (answer.status_code, answer["Location"]) == (303, "/latest/")
    assert answer.cookies["ad"]["max-age"] == 86_400
    assert 'id="over"' not in client.get("/latest/").content.decode()


def test_closing_leads_to_no_other_site_and_takes_no_strangers_form(client):
    assert client.post("/ad/closed/", {"next": "https://evil.example/"})["Location"] == "/"
    assert client.post("/ad/closed/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get("/ad/closed/").status_code == 405


@pytest.mark.parametrize(
    "link",
    ["http://shop.example/", "javascript:alert(1)", "https://", "https://a:b@shop.example/", "https://a b/", "//x"],
)
def test_an_ad_leads_to_https_only(link):
    ad = make_ad()
    ad.link = link

    with pytest.raises(ValidationError) as found:
        ad.full_clean()
    assert "link" in found.value.message_dict


@pytest.mark.django_db(transaction=True)
def test_pages_ask_the_database_for_ads_once_and_see_every_change_at_once(django_assert_num_queries):
    def seen() -> set[int]:
        return {ad.pk for ad in ads_in_force(timezone.now())}

    first = make_ad()
    assert seen() == {first.pk}
    with django_assert_num_queries(0):
        seen()

    second = make_ad()
    assert seen() == {first.pk, second.pk}
    Ad.objects.filter(pk=first.pk).update(is_active=False)
    assert seen() == {second.pk}
    second.delete()
    assert seen() == set()


@pytest.mark.django_db(transaction=True)
def test_what_was_read_just_before_a_change_is_not_kept_after_it(monkeypatch):
    first = make_ad()

    def then_another(now: datetime) -> tuple[HouseAd, ...]:
        found = not_over(now)
        monkeypatch.undo()
        make_ad()  # somebody places another before what was read is kept
        return found

    monkeypatch.setattr("accounts.ads.not_over", then_another)

    assert {ad.pk for ad in ads_in_force(timezone.now())} == {first.pk}
    assert len(ads_in_force(timezone.now())) == 2


def picture(width: int = 900, height: int = 600) -> BytesIO:
    file = BytesIO()
    Image.new("RGB", (width, height), "#3b5a6b").save(file, "PNG")
    file.seek(0)
    file.name = "offer.png"
    return file


FORM = {
    "name": "Spring", "slot": "list", "headline": "Spring at the corner", "text": "", "advertiser": "Corner Shop",
    "link": "https://shop.example/", "starts_at_0": "2026-01-01", "starts_at_1": "00:00", "ends_at_0": "",
    "ends_at_1": "", "weight": "1", "cap_per_day": "", "is_active": "on",
}  # fmt: skip


@pytest.fixture
def curator(client):
    client.force_login(make_curator())
    return client


def test_a_curator_places_an_ad_and_it_is_on_the_pages_at_once(
    curator, client, newspaper, django_capture_on_commit_callbacks
):
    assert ads_in_force(timezone.now()) == ()

    with django_capture_on_commit_callbacks(execute=True):
        answer = curator.post(reverse("admin:accounts_ad_add"), FORM | {"countries": ["FR", "AM"]})

    assert answer.status_code == 302
    ad = Ad.objects.get()
    assert sorted(ad.countries) == ["AM", "FR"]
    assert [found.pk for found in ads_in_force(timezone.now())] == [ad.pk]
    with django_capture_on_commit_callbacks(execute=True):
        curator.post(
            reverse("admin:accounts_ad_changelist"), {"action": "switch_off", "_selected_action": [str(ad.pk)]}
        )
    assert ads_in_force(timezone.now()) == ()


def test_its_picture_is_made_anew_and_goes_with_the_ad(curator, django_capture_on_commit_callbacks, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with django_capture_on_commit_callbacks(execute=True):
        curator.post(reverse("admin:accounts_ad_add"), FORM | {"new_picture": picture()})
    ad = Ad.objects.get()

    assert (ad.picture_width, ad.picture_height) == (900, 600)
    with default_storage.open(f"{ad.picture}-640.webp") as file:
        assert file.read()[8:12] == b"WEBP"
    page = curator.get(reverse("admin:accounts_ad_preview", args=[ad.pk])).content.decode()
    assert f"/media/{ad.picture}-320.webp 320w" in page and "Spring at the corner" in page

    change = reverse("admin:accounts_ad_change", args=[ad.pk])
    with django_capture_on_commit_callbacks(execute=True):
        curator.post(change, FORM | {"without_picture": "on"})
    assert not Ad.objects.get().picture and not default_storage.exists(f"{ad.picture}-640.webp")


def test_what_is_no_picture_is_refused_with_words(curator):
    drawing = BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    drawing.name = "offer.svg"

    answer = curator.post(reverse("admin:accounts_ad_add"), FORM | {"new_picture": drawing})

    assert "SVG pictures are not shown" in answer.content.decode()
    assert not Ad.objects.exists()


def test_curators_see_how_often_it_was_shown_without_a_query_for_each(curator, django_assert_max_num_queries):
    for _ in range(12):
        ad = make_ad()
        AdDay.objects.create(ad=ad, day=timezone.now().date(), shown_count=4000, click_count=100)

    with django_assert_max_num_queries(12):
        page = curator.get(reverse("admin:accounts_ad_changelist")).content.decode()

    assert page.count("100 (2.5%)") == 12 and page.count('class="sparkline"') == 12
    change = curator.get(reverse("admin:accounts_ad_change", args=[ad.pk])).content.decode()
    assert "4,000" in change


def test_only_those_who_may_see_ads_preview_them(client):
    ad = make_ad()
    client.force_login(make_reader())

    assert client.get(reverse("admin:accounts_ad_preview", args=[ad.pk])).status_code == 302


def test_hostile_words_of_an_ad_stay_words(client, newspaper):
    make_ad(headline="<script>alert(1)</script>", text="<b>x", advertiser='"><img src=x>')

    page = client.get("/latest/").content.decode()

    assert "<script>alert(1)" not in page and "<img src=x>" not in page
