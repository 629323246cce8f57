"""Where the sources have it from: whom they name as having reported it."""

import pytest

from aggregator.comparing.origins import origins
from aggregator.comparing.reading import read
from aggregator.comparing.sections import Report
from aggregator.comparing.tellings import Telling
from tests.aggregator.comparing_stories import NOON, hours, telling


def origins_in(*told: Telling) -> list[tuple[str, int]]:
    timeline = [Report(one.article, one.source, one.country, one.published_at) for one in told]
    return [(one.text, one.sources) for one in origins(read(told), timeline)]


def test_an_outlet_that_two_sources_name_is_an_origin_with_their_sentences_and_its_own_report():
    # Reuters is named by three sources of two countries and has no report here; the Guardian by one, and has one;
    # Tehran Times by one alone, and the BBC by itself: neither counts.
    told = [
        telling("The bridge is old. It is closed, an official told Reuters.", "GB", "Guardian", published_at=hours(0)),
        telling("PARIS (Reuters) - The bridge is closed.", "FR", "Matin", published_at=hours(1)),
        telling("The Guardian first reported it. Reuters reported it too.", "FR", "Soir", published_at=hours(2)),
        telling("It is closed, according to the Tehran Times. He told the BBC so.", "IR", "BBC Persian",
                published_at=hours(3)),
    ]  # fmt: skip
    timeline = [Report(one.article, one.source, one.country, one.published_at) for one in told]

    reuters, guardian = origins(read(told), timeline)

    assert (reuters.text, reuters.sources, reuters.countries) == ("Reuters", 3, ("GB", "FR"))
    assert (reuters.named_at, reuters.article, reuters.first_at) == (NOON, None, None)
    assert [one.sentence for one in reuters.evidence] == [
        "It is closed, an official told Reuters.",
        "PARIS (Reuters) - The bridge is closed.",
        "Reuters reported it too.",
    ]
    [(begin, end)] = reuters.evidence[0].marks
    assert reuters.evidence[0].sentence[begin:end] == "Reuters"
    assert (guardian.text, guardian.sources, guardian.countries) == ("The Guardian", 1, ("FR",))
    assert (guardian.named_at, guardian.article, guardian.first_at) == (hours(2), told[0].article, NOON)


def test_an_outlet_is_known_by_a_source_s_name_by_a_paper_s_nouns_and_by_what_is_said_before_it():
    for text, name in [
        ("The mayor told the Plain Voice that it is closed.", "The Plain Voice"),
        ("It is closed, the Kansas City Star reported.", "Kansas City Star"),
        ("The news agency Zorba reported that it is closed.", "Zorba"),
    ]:
        own = telling("It is closed.", source="The Plain Voice")
        assert origins_in(own, telling(text), telling(text, "FR")) == [(name, 2)]


def test_an_outlet_is_none_where_nothing_says_that_it_reported():
    text = (
        "People told Congress. Reporters of CNN were beaten. Times Square was full. He told the Post Office. "
        "ABC Supply reported profits. The Guardian of the bridge said no. A bild of it. Photo: Ann Lee/AFP/Getty."
    )
    assert origins_in(telling(text), telling(text, "FR")) == []


@pytest.mark.parametrize(
    ("language", "name", "text"),
    [
        ("ru", "Interfax", "Об этом сообщает «Интерфакс» со ссылкой на пресс-службу."),
        ("ru", "Reuters", "Президент готов к переговорам, сообщило агентство Рейтер."),
        ("ru", "TASS", "МОСКВА, 5 мая. /ТАСС/. Министр заявил о мире."),
        ("uk", "Interfax-Ukraine", "Про це повідомляє Інтерфакс-Україна."),
        ("hy", "Armenpress", "Այս մասին հաղորդում է «Արմենպրես»-ը։"),
        ("ar", "Reuters", "وقال مسؤول لرويترز إن المفاوضات مستمرة."),
        ("ar", "AFP", "وأفادت وكالة فرانس برس بأن الجسر أغلق."),
        ("zh", "Reuters", "据路透社报道，大桥已关闭。"),
        ("zh", "Xinhua", "新华社北京11月17日电 记者获悉，大桥已关闭。"),
        ("ja", "The New York Times", "米紙ニューヨーク・タイムズは橋が閉鎖されたと報じた。"),
        ("ja", "Axios", "米ニュースサイト「アクシオス」によると、合意した。"),
        ("de", "DPA", "Das sagte der Minister der Nachrichtenagentur dpa."),
        ("de", "BBC", "Die Brücke ist zu, wie der britische Sender BBC am Dienstag berichtete."),
        ("fr", "AFP", "Le pont est fermé, a déclaré le maire à l'AFP."),
        ("fr", "Le Monde", "Selon « Le Monde », le pont est fermé."),
        ("es", "EFE", "El puente está cerrado, informó la agencia EFE."),
        ("it", "ANSA", "Il ponte è chiuso, secondo l'Ansa."),
    ],
)
def test_origins_are_named_in_the_languages_of_our_sources(language, name, text):
    assert origins_in(telling(text, language=language), telling(text, language=language)) == [(name, 2)]


def test_one_outlet_is_known_again_across_languages():
    told = [telling("据路透社报道，大桥已关闭。", "CN", language="zh"), telling("Reuters reported it.", "GB")]

    assert origins_in(*told) == [("Reuters", 2)]
