"""Names as they sound, so that Зеленский, Zelensky and ゼレンスキー meet: their consonants in Latin letters.

After Soundex (Russell 1918) and its like: vowels go, letters that languages swap are one (r and l, v and w, k and g),
and what sets a case at the end of a Slavic name goes. Scripts are read by the names Unicode gives their letters
("KATAKANA LETTER PU", "DEVANAGARI LETTER KA"); Cyrillic, Greek, Arabic and Hebrew letters have a table.
"""

import re
import unicodedata
from functools import lru_cache

FEWEST = 3  # consonants; fewer say too little
_WAW = "وו"  # inside a word mostly a vowel

_TABLE = {
    **dict(zip("абвгдежзийклмнопрстуфхцчшщыэюяіїєґђјљњћџў", "abvgdezziiklmnoprstufhscssieuaiiegdilnccu", strict=True)),
    **dict(zip("αβγδεζηθικλμνξοπρσςτυφχω", "avgdezitiklmnsoprsstifho", strict=True)),
    **dict(zip("ابتثجحخدذرزسشصضطظغفقكلمنهويءةىپچژگکی", "abttghhddrzsssdtzgfkklmnhviaaabczgki", strict=True)),
    **dict(zip("אבגדהוזחטיכךלמםנןספףצץקרשת", "abgdhvzhtikklmmnnsbbccкrst".replace("к", "k"), strict=True)),
}
_SLAVIC_ENDING = re.compile(r"(?<=...)(?:ого|ему|ому|ыми|ими|ами|ями|его|ым|им|ом|ем|ой|ей|ую|ых|их|ах|ях|ов|ев)$")
_SPELLINGS = (
    ("tsch", "c"), ("sch", "s"), ("tch", "c"), ("sh", "s"), ("ch", "c"), ("kh", "h"), ("gh", "g"), ("ph", "f"),
    ("th", "t"), ("zh", "z"), ("dj", "c"), ("ts", "s"), ("tz", "s"), ("ck", "k"), ("qu", "k"), ("x", "ks"),
)  # fmt: skip
_SAME = str.maketrans({"q": "k", "w": "f", "v": "f", "l": "r", "z": "s", "j": "c", "p": "b", "d": "t", "g": "k"})
_VOWELS = re.compile(r"[^bcdfghjklmnpqrstvwxz]+")
_DOUBLE = re.compile(r"(.)\1+")
_HARD_C = re.compile(r"c(?=[aourlnt]|$)")
_LABIAL = re.compile(r"m(?=b)")


@lru_cache(maxsize=30_000)
def sound_of(word: str) -> str:
    """The consonants of a name in lower case; of one with two, which say little, vowels too; nothing for fewer."""
    if not word.isascii():
        word = _SLAVIC_ENDING.sub("", word)
        word = "".join([_latin(letter) for place, letter in enumerate(word) if not (place and letter in _WAW)])
    for spelling, sound in _SPELLINGS:
        word = word.replace(spelling, sound)
    word = _HARD_C.sub("k", word)
    word = (word[:1] + word[1:].replace("j", "")).translate(_SAME).replace("h", "")
    sound = _LABIAL.sub("n", _DOUBLE.sub(r"\1", _VOWELS.sub("", word)))
    if len(sound) >= FEWEST:
        return sound
    short = _DOUBLE.sub(r"\1", word).rstrip("aeiouy").replace("y", "i")
    return short if len(sound) == 2 and len(short) >= 3 else ""


@lru_cache(maxsize=5_000)
def _latin(letter: str) -> str:
    """A letter's sound in Latin letters, as near as its own table or its name in Unicode tells; signs have none."""
    if letter.isascii() or letter in _TABLE:
        return _TABLE.get(letter, letter)
    plain = unicodedata.normalize("NFD", letter)[0]
    if plain.isascii() or plain in _TABLE:
        return _TABLE.get(plain, plain)
    words = unicodedata.name(letter, "").lower().split()
    if words[-1:] == ["anusvara"]:
        return "n"
    return words[-1] if len(words) > 2 and (words[-2] in {"letter", "syllable", "small"} or "vowel" in words) else ""
