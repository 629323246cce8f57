import pytest

from feeds.language_tags import primary_tag
from feeds.languages import language_of

SENTENCES = {
    "en": "The minister said on Tuesday that the bridge would be closed for repairs until the end of the summer.",
    "de": "Die Ministerin sagte am Dienstag, die Brücke werde wegen Reparaturen bis zum Ende des Sommers gesperrt.",
    "fr": "La ministre a déclaré mardi que le pont serait fermé pour réparations jusqu'à la fin de l'été.",
    "es": "La ministra dijo el martes que el puente permanecerá cerrado por reparaciones hasta el final del verano.",
    "pt": "A ministra disse na terça-feira que a ponte ficará fechada para reparações até ao fim do verão.",
    "id": "Menteri mengatakan pada hari Selasa bahwa jembatan akan ditutup untuk perbaikan sampai akhir musim panas.",
    "tr": "Bakan salı günü köprünün onarım nedeniyle yaz sonuna kadar kapalı kalacağını söyledi.",
    "ru": "Министр сообщила во вторник, что мост будет закрыт на ремонт до конца лета.",
    "uk": "Міністерка повідомила у вівторок, що міст буде закрито на ремонт до кінця літа.",
    "ar": "قالت الوزيرة يوم الثلاثاء إن الجسر سيغلق للإصلاحات حتى نهاية الصيف.",
    "fa": "وزیر روز سه‌شنبه گفت که پل برای تعمیرات تا پایان تابستان بسته خواهد بود.",
    "hi": "मंत्री ने मंगलवार को कहा कि पुल की मरम्मत के लिए गर्मियों के अंत तक बंद रहेगा।",
    "zh": "部长周二表示，这座桥将关闭维修，直到夏末。",
    "ja": "大臣は火曜日、この橋は夏の終わりまで修理のため閉鎖されると述べた。",
    "ko": "장관은 화요일 이 다리가 여름이 끝날 때까지 보수를 위해 폐쇄될 것이라고 말했다.",
    "th": "รัฐมนตรีกล่าวเมื่อวันอังคารว่าสะพานจะปิดซ่อมแซมจนถึงสิ้นฤดูร้อน",
    "he": "השרה אמרה ביום שלישי כי הגשר ייסגר לתיקונים עד סוף הקיץ.",
    "el": "Η υπουργός δήλωσε την Τρίτη ότι η γέφυρα θα κλείσει για επισκευές μέχρι το τέλος του καλοκαιριού.",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_is_recognised_without_a_hint(language):
    assert language_of(SENTENCES[language]) == language


@pytest.mark.parametrize("language", SENTENCES)
def test_a_long_text_is_believed_against_a_wrong_hint(language):
    text = " ".join([SENTENCES[language]] * 6)
    assert language_of(text, hint="nl") == language


def test_a_short_text_is_believed_to_be_what_the_feed_says():
    assert language_of("Breaking news", hint="fr-FR") == "fr"
    assert language_of("iPhone 16 Pro Max", hint="de") == "de"


def test_a_hint_of_another_script_is_not_believed():
    assert language_of("मुख्यमंत्री", hint="en") == "hi"
    assert language_of("今日のニュース", hint="en") == "ja"


def test_what_has_no_letters_is_in_the_language_of_the_hint_or_in_none():
    assert language_of("2026: 3,5 %", hint="de-AT") == "de"
    assert language_of("", hint="") == ""
    assert language_of("12345") == ""


def test_a_word_alone_without_a_hint_is_in_no_language():
    assert language_of("Wikileaks") == ""


@pytest.mark.parametrize(
    ("tag", "primary"),
    [
        ("en-GB", "en"),
        ("EN_us", "en"),
        ("iw", "he"),
        ("zh-Hant-TW", "zh"),
        ("nb-NO", "no"),
        ("", ""),
        ("und", ""),
        ("x", ""),
    ],
)
def test_a_tag_is_cut_to_its_primary_language(tag, primary):
    assert primary_tag(tag) == primary


def test_the_cost_of_a_long_text_is_bounded():
    assert language_of(SENTENCES["en"] * 100_000) == "en"
