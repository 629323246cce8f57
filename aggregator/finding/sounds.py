"""Names as they sound, so that Зеленский, Zelensky and ゼレンスキー meet: their consonants in Latin letters.

After Soundex (Russell 1918) and its like: vowels go, letters that languages swap are one (r and l, v, w and f, k and q),
and what sets a case at the end of a Slavic name goes. Scripts are read by the names Unicode gives their letters
("KATAKANA LETTER PU", "DEVANAGARI LETTER KA"); Cyrillic, Greek, Arabic and Hebrew letters have a table.
"""

import re

FEWEST = 3  # consonants; fewer say too little

_TABLE = str.maketrans(
    dict(zip("абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґђјљњћџў", [
        *"a b v g d e z z i i k l m n o p r s t u f h c c s s".split(), "", *"i".split(), "", *"e u a i i e g d i l n c c u".split(),
    ], strict=True))
    | dict(zip("αβγδεζηθικλμνξοπρσςτυφχψω", "a v g d e z i t i k l m n ks o p r s s t i f h ps o".split(), strict=True))
    | dict(zip("ابتثجحخدذرزسشصضطظعغفقكلمنهويءةىپچژگکی", [
        *"a b t t g h h d d r z s s s d t z".split(), "", *"g f k k l m n h v i".split(), "", *"a a b c z g k i".split(),
    ], strict=True))
    | dict(zip("אבגדהוזחטיכךלמםנןסעפףצץקרשת", [
        *"a b g d h v z h t i k k l m m n n s".split(), "", *"b b c c k r s t".split(),
    ], strict=True))
)  # fmt: skip
_SLAVIC_ENDING = re.compile(r"(?<=...)(?:ого|ему|ому|ыми|ими|ами|ями|ого|его|ым|им|ом|ем|ой|ей|ую|ых|их|ах|ях|ов|ев)$")
_SPELLINGS = (
    ("sch", "s"), ("tch", "c"), ("tsch", "c"), ("sh", "s"), ("ch", "c"), ("kh", "h"), ("gh", "g"), ("ph", "f"),
    ("th", "t"), ("zh", "z"), ("dj", "c"), ("ts", "c"), ("tz", "c"), ("ck", "k"), ("qu", "k"), ("x", "ks"),
)  # fmt: skip
_SAME = str.maketrans({"q": "k", "w": "f", "v": "f", "l": "r", "z": "s", "j": "c", "p": "b", "d": "t", "g": "k"})
_VOWELS = re.compile(r"[^bcdfghjklmnpqrstvwxz]+")
_DOUBLE = re.compile(r"(.)\1+")
_LABIAL = re.compile(r"m(?=b)")
