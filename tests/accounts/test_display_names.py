"""Names readers appear under: what is one, whose is whose, and which would speak for us."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.display_names import DisplayNameError, clean_display_name, name_key, speaks_for_the_site
from accounts.models import User
from tests.factories import make_reader


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Anna", "Anna"),
        ("  Anna   B. ", "Anna B."),
        ("Ａｎｎａ", "Anna"),
        ("Սարգիս", "Սարգիս"),
        ("محمد علي", "محمد علي"),
        ("Анна-Мария", "Анна-Мария"),
        ("x" * 50, "x" * 50),
        ("Nguyễn", "Nguyễn"),
        ("7", "7"),
        ("न्यूज़ प्रेमी", "न्यूज़ प्रेमी"),
    ],
)
def test_a_name_is_kept_as_it_is_read(typed, name):
    assert clean_display_name(typed) == name


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "x" * 51,
        "a\u200bb",
        "a\u200db",
        "\u202egnp.exe",
        "a\u2066b",
        "a\x00b",
        "a\nb",
        "a\u2028b",
        "\ufeffAnna",
        "ㅤ",
        "\u2800",
        "👍",
        "...",
        "Z̸̡̢̛̗̘̙a",
        "anna@example.org",
        "Reader 5",
        "reader 17",
        "x" * 10_000,
        "\ue000x",
        "\U000e0041x",
    ],
)
def test_what_is_no_name_is_refused_with_a_sentence(typed):
    with pytest.raises(DisplayNameError, match=r"[.]$"):
        clean_display_name(typed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna", "anna"),
        ("Anna", "АNNA"),
        ("Anna", "Аnnа"),
        ("Straße", "STRASSE"),
        ("Anna B", "AnnaB"),
        ("Anna B", "anna_b"),
        ("pop", "рор"),
        ("Bob", "Воb"),
    ],
)
def test_names_that_read_alike_are_one(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("Anna", "Hanna"), ("Anna 1", "Anna 2"), ("Иван", "Анна"), ("Li", "Lu")])
def test_names_that_differ_are_two(one, other):
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize(
    "name",
    [
        "admin",
        "Admin",
        "ADMIN 2",
        "Аdmin",
        "4dmin",
        "@dmin".replace("@", "ａ"),
        "Moderator",
        "Mоderator",
        "moderator_anna",
        "ZisNews",
        "Zis News",
        "Z1sNews",
        "zis-news team",
        "ZІSNEWS",
        "Support",
        "Администратор",
        "Модератор",
        "مدير",
        "àdmin",
    ],
)
def test_a_name_that_would_speak_for_us_is_known(name):
    assert speaks_for_the_site(clean_display_name(name))


@pytest.mark.parametrize(
    "name", ["Anna", "Badminton fan", "Modesty", "Hans Moderow", "Steam", "Admiral Nelson", "Иван", "Tim", "Rootless"]
)
def test_others_are_left_alone(name):
    assert not speaks_for_the_site(name)


@given(st.text(max_size=80))
def test_whatever_is_typed_gives_a_stored_name_or_a_sentence(typed):
    try:
        name = clean_display_name(typed)
    except DisplayNameError as error:
        assert str(error)
        return
    assert 1 <= len(name) <= 50
    assert clean_display_name(name) == name, "a name that is stored can be saved again"
    assert name_key(name) or not name_key(name)
    speaks_for_the_site(name)


@pytest.mark.django_db
def test_the_database_lets_nobody_have_a_name_that_reads_like_anothers():
    make_reader(display_name="Anna")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_reader(display_name="АNNA")
    make_reader(display_name=""), make_reader(display_name="")
    assert User.objects.filter(name_key=None).count() == 2


@pytest.mark.django_db
def test_the_key_follows_the_name_however_it_is_saved():
    reader = make_reader(display_name="Anna")
    reader.display_name = "Bella"
    reader.save(update_fields=["display_name"])
    reader.refresh_from_db()
    assert reader.name_key == "bella"
